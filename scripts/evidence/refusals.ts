import type { HttpClient, Json } from "../../packages/local-cluster/test/contract/http-client.ts";

/** A request that the API server refuses, with its whole answer. */
export interface Refusal {
  readonly name: string;
  readonly description: string;
  readonly kubernetesVersion: string;
  readonly request: string;
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
}

const NAMESPACE = "evidence-refusals";
const JOBS = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;

function job(name: string, container: Json = {}, spec: Json = {}): Json {
  const containers = [
    { name: "agent", image: "lab/base:1", imagePullPolicy: "Never", command: ["true"], ...container },
  ];
  return {
    metadata: { name },
    spec: {
      backoffLimit: 0,
      suspend: true,
      template: { spec: { restartPolicy: "Never", containers } },
      ...spec,
    },
  };
}

export async function captureRefusals(
  client: HttpClient,
  kubernetesVersion: string,
): Promise<readonly Refusal[]> {
  const captured: Refusal[] = [];

  async function refuse(
    name: string,
    description: string,
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<void> {
    const answer = await client.send(method, path, {
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status < 400) throw new Error(`${name} was not refused`);
    const retryAfter = answer.headers["retry-after"];
    captured.push({
      name,
      description,
      kubernetesVersion,
      request: `${method} ${path}`,
      answer: {
        status: answer.status,
        headers: {
          "content-type": answer.headers["content-type"] ?? "",
          ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
        },
        body: answer.text.startsWith("{") ? answer.json : answer.text,
      },
    });
  }

  await client.post("/api/v1/namespaces", { metadata: { name: NAMESPACE } });
  await refuse("job-invalid-name", "The Job's name has upper case.", "POST", JOBS, job("Run_1"));
  await refuse("job-invalid-several", "Several fields are wrong at once.", "POST", JOBS, {
    metadata: { name: "several" },
    spec: {
      backoffLimit: -1,
      template: {
        metadata: { labels: { team: "not valid!" } },
        spec: { restartPolicy: "Always", containers: [{ name: "Agent", image: "" }] },
      },
    },
  });
  await refuse(
    "job-invalid-quantity",
    "A quantity cannot be parsed.",
    "POST",
    JOBS,
    job("quantity", { resources: { limits: { memory: "much" } } }),
  );
  await refuse(
    "job-invalid-limits",
    "The request is above the limit.",
    "POST",
    JOBS,
    job("limits", { resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } }),
  );
  await refuse(
    "job-name-too-long",
    "The Job's name is longer than 63 characters.",
    "POST",
    JOBS,
    job("n".repeat(64)),
  );
  await refuse("job-annotations-too-long", "The annotations are larger than 256 KiB.", "POST", JOBS, {
    ...job("large"),
    metadata: { name: "large", annotations: { note: "x".repeat(300_000) } },
  });
  await refuse(
    "job-too-large",
    "The object is larger than etcd takes.",
    "POST",
    JOBS,
    job("huge", { args: ["x".repeat(1_800_000)] }),
  );
  await refuse(
    "job-request-too-large",
    "The request is larger than the API server reads.",
    "POST",
    JOBS,
    job("enormous", { args: ["x".repeat(3_300_000)] }),
  );
  await refuse(
    "job-wrong-type",
    "A field has the wrong type.",
    "POST",
    JOBS,
    job("typed", {}, { backoffLimit: "none" }),
  );
  await refuse("job-malformed", "The body is no JSON object.", "POST", JOBS, []);
  await client.post(JOBS, job("twin"));
  await refuse("job-exists", "A Job of that name exists.", "POST", JOBS, job("twin"));
  await refuse(
    "job-namespace-missing",
    "The namespace does not exist.",
    "POST",
    "/apis/batch/v1/namespaces/evidence-absent/jobs",
    job("run"),
  );
  await refuse("job-not-found", "The Job does not exist.", "GET", `${JOBS}/absent`);
  await refuse("job-delete-other-uid", "The Job to delete has another UID.", "DELETE", `${JOBS}/twin`, {
    preconditions: { uid: "00000000-0000-0000-0000-000000000000" },
  });
  const someone = {
    "impersonate-user": "system:serviceaccount:agents:runner",
    "impersonate-group": "system:authenticated",
  };
  await refuse("job-forbidden", "The user may not create Jobs.", "POST", JOBS, job("mine"), someone);
  await refuse(
    "log-forbidden",
    "The user may not read logs.",
    "GET",
    `/api/v1/namespaces/${NAMESPACE}/pods/run/log`,
    undefined,
    someone,
  );
  await refuse(
    "secrets-forbidden",
    "The user may not create Secrets.",
    "POST",
    `/api/v1/namespaces/${NAMESPACE}/secrets`,
    { metadata: { name: "payload" } },
    someone,
  );
  await refuse("unauthorized", "The token is not known.", "GET", JOBS, undefined, {
    authorization: "Bearer nobody",
  });
  await refuse(
    "secret-too-large",
    "The Secret is larger than 1 MiB.",
    "POST",
    `/api/v1/namespaces/${NAMESPACE}/secrets`,
    { metadata: { name: "large" }, data: { prompt: Buffer.alloc(1_100_000).toString("base64") } },
  );
  await refuse("path-unknown", "The API server has no such resource.", "GET", "/apis/batch/v9/jobs");
  await client.post(`/api/v1/namespaces/${NAMESPACE}/resourcequotas`, {
    metadata: { name: "jobs" },
    spec: { hard: { "count/jobs.batch": "1" } },
  });
  // The quota counts once its controller has seen what is there.
  for (let used; used === undefined;) {
    const quota = await client.get(`/api/v1/namespaces/${NAMESPACE}/resourcequotas/jobs`);
    used = quota.json.status?.used?.["count/jobs.batch"];
  }
  await refuse(
    "job-quota-exceeded",
    "The namespace's quota of Jobs is used up.",
    "POST",
    JOBS,
    job("second"),
  );
  await client.post(`/api/v1/namespaces/${NAMESPACE}/configmaps`, {
    metadata: { name: "keeper", finalizers: ["lab.example/keep"] },
  });
  await client.delete(`/api/v1/namespaces/${NAMESPACE}`);
  await refuse("job-namespace-terminating", "The namespace is being deleted.", "POST", JOBS, job("late"));
  await client.patch(`/api/v1/namespaces/${NAMESPACE}/configmaps/keeper`, { metadata: { finalizers: null } });
  return captured;
}
