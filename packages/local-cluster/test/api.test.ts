import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { connect } from "node:http2";
import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  finished,
  jobBody,
  jobsPath,
  podBody,
  podOf,
  podsPath,
  secretsPath,
  until,
  ended,
} from "./support/api.ts";
import { clusterForEachTest } from "./support/cluster.ts";

const start = clusterForEachTest();
const leasesPath = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
const status = (answer: { status: number; json: { reason?: string; message?: string } }) => [
  answer.status,
  answer.json.reason,
  answer.json.message,
];

test("the kubeconfig works with the official client library", async () => {
  const { cluster } = await start({ namespaces: ["agents"] });
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  const { items } = await config.makeApiClient(CoreV1Api).listNamespace();
  expect(items.map((item) => item.metadata?.name)).toContain("agents");
  expect(parse(cluster.kubeconfig)).toMatchObject({ kind: "Config", "current-context": "local" });
});

test("one port speaks HTTP/2, a hundred streams a connection, and drops it on a restart", async () => {
  const { cluster } = await start();
  const session = connect(cluster.url, { ca: cluster.certificateAuthority });
  const settings = await new Promise<{ maxConcurrentStreams?: number }>((resolve) => {
    session.once("remoteSettings", resolve);
  });
  expect(settings.maxConcurrentStreams).toBe(100);
  const stream = session.request({ ":path": "/version", authorization: `Bearer ${cluster.token}` });
  let text = "";
  for await (const part of stream) text += String(part);
  expect(JSON.parse(text)).toMatchObject({ major: "1", minor: "34" });
  const closed = new Promise((resolve) => session.once("close", resolve));
  session.on("error", () => undefined);
  await cluster.apiServer.restart();
  await closed;
});

test("tokens: none is anonymous, a wrong one 401, a limited one 403, and the old one 401 after a rotation", async () => {
  const { api, cluster } = await start({
    users: [
      {
        token: "reader-token",
        name: "reader",
        rules: [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"], namespaces: ["default"] }],
      },
    ],
  });
  expect(status(await api.call("GET", podsPath, undefined, { token: null }))).toEqual([
    403,
    "Forbidden",
    'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
  ]);
  expect(status(await api.call("GET", podsPath, undefined, { token: "wrong" }))).toEqual([
    401,
    "Unauthorized",
    "Unauthorized",
  ]);
  expect((await api.call("GET", podsPath, undefined, { token: "reader-token" })).status).toBe(200);
  expect(status(await api.call("DELETE", `${podsPath}/x`, undefined, { token: "reader-token" }))).toEqual([
    403,
    "Forbidden",
    'pods "x" is forbidden: User "reader" cannot delete resource "pods" in API group "" in the namespace "default"',
  ]);
  const review = (verb: string, token: string) =>
    api
      .call(
        "POST",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        { spec: { resourceAttributes: { verb, resource: "pods", namespace: "default" } } },
        { token },
      )
      .then(({ json }) => json.status.allowed);
  expect([await review("list", "reader-token"), await review("create", "reader-token")]).toEqual([
    true,
    false,
  ]);
  const old = cluster.token;
  expect(cluster.apiServer.rotateToken()).toContain(cluster.token);
  expect((await api.call("GET", podsPath, undefined, { token: old })).status).toBe(401);
  expect((await api.call("GET", podsPath, undefined, { token: cluster.token })).status).toBe(200);
});

test("a Job's name is a lock; preconditions guard its deletion", async () => {
  const { api } = await start();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      api.call("POST", jobsPath, jobBody("slot", { command: ["true"] }, { suspend: true })),
    ),
  );
  expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([
    201,
    ...Array.from({ length: 19 }, () => 409),
  ]);
  expect(status(await api.call("POST", jobsPath, jobBody("slot", {})))).toEqual([
    409,
    "AlreadyExists",
    'jobs.batch "slot" already exists',
  ]);
  const { uid } = (await api.call("GET", `${jobsPath}/slot`)).json.metadata;
  expect(status(await api.call("DELETE", `${jobsPath}/slot`, { preconditions: { uid: "other" } }))).toEqual([
    409,
    "Conflict",
    `Operation cannot be fulfilled on Job.batch "slot": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
  ]);
  const gone = await api.call("DELETE", `${jobsPath}/slot`, {
    preconditions: { uid },
    propagationPolicy: "Background",
  });
  expect(gone.json).toMatchObject({
    kind: "Status",
    status: "Success",
    details: { name: "slot", group: "batch" },
  });
});

test("a suspended Job makes no pod until it is released, by either kind of patch", async () => {
  const { api } = await start();
  const patches = [
    { type: "application/merge-patch+json", body: { spec: { suspend: false } } },
    { type: "application/json-patch+json", body: [{ op: "replace", path: "/spec/suspend", value: false }] },
  ];
  for (const [index, { type, body }] of patches.entries()) {
    const name = `held-${index}`;
    await api.call("POST", jobsPath, jobBody(name, { command: ["true"] }, { suspend: true }));
    const held = await until(api, jobsPath, name, (job) => job.status.conditions?.length > 0);
    expect(held.status.conditions).toMatchObject([
      { type: "Suspended", status: "True", reason: "JobSuspended" },
    ]);
    expect((await api.call("GET", podsPath)).json.items).toHaveLength(index);
    expect((await api.call("PATCH", `${jobsPath}/${name}`, body, { type })).status).toBe(200);
    const done = await until(api, jobsPath, name, finished);
    expect(done.status.conditions.map((condition: { type: string }) => condition.type)).toEqual([
      "Suspended",
      "SuccessCriteriaMet",
      "Complete",
    ]);
    expect(done.status).toMatchObject({
      succeeded: 1,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    });
  }
});

test("deleting in the foreground holds the name until the pods are gone; without a policy they are orphaned", async () => {
  const { api } = await start();
  const slow = { command: ["sh", "-c", "trap 'sleep 0.3; exit 1' TERM; while :; do sleep 0.05; done"] };
  await api.call("POST", jobsPath, jobBody("held", slow));
  const pod = await podOf(api, "held");
  await until(api, podsPath, pod, (object) => object?.status.phase === "Running");
  const watch = await api.stream(`${podsPath}?watch=true&fieldSelector=metadata.name%3D${pod}`);
  await api.call("DELETE", `${jobsPath}/held`, { propagationPolicy: "Foreground" });
  expect((await api.call("POST", jobsPath, jobBody("held", {}))).status).toBe(409);
  await watch.until(/"type":"DELETED"/u);
  watch.close();
  await expect.poll(async () => (await api.call("GET", `${jobsPath}/held`)).status).toBe(404);

  await api.call("POST", jobsPath, jobBody("orphaning", { command: ["true"] }));
  await until(api, jobsPath, "orphaning", finished);
  await api.call("DELETE", `${jobsPath}/orphaning`);
  await expect.poll(async () => (await api.call("GET", `${jobsPath}/orphaning`)).status).toBe(404);
  const [left] = (await api.call("GET", podsPath)).json.items;
  expect(left.metadata).not.toHaveProperty("ownerReferences");
});

test("a pod that is orphaned while it runs is counted by nobody any more, and can be deleted", async () => {
  const { api } = await start();
  await api.call("POST", jobsPath, jobBody("leaving", { command: ["sh", "-c", "sleep 60"] }));
  const pod = await podOf(api, "leaving");
  await until(api, podsPath, pod, (object) => object?.status.phase === "Running");
  await api.call("DELETE", `${jobsPath}/leaving`, { propagationPolicy: "Orphan" });
  await until(api, podsPath, pod, (object) => object?.metadata.finalizers === undefined);
  await api.call("DELETE", `${podsPath}/${pod}`, { gracePeriodSeconds: 0 });
  await expect.poll(async () => (await api.call("GET", `${podsPath}/${pod}`)).status).toBe(404);
});

test("what a Job owns goes with it", async () => {
  const { api } = await start();
  const { metadata } = (await api.call("POST", jobsPath, jobBody("owner", {}, { suspend: true }))).json;
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "owner", uid: metadata.uid };
  await api.call("POST", secretsPath, { metadata: { name: "owned", ownerReferences: [owner] } });
  await api.call("DELETE", `${jobsPath}/owner`, { propagationPolicy: "Background" });
  await expect.poll(async () => (await api.call("GET", `${secretsPath}/owned`)).status).toBe(404);
  // An owner that never was: collected as well.
  await api.call("POST", secretsPath, {
    metadata: { name: "stray", ownerReferences: [{ ...owner, uid: "none" }] },
  });
  await expect.poll(async () => (await api.call("GET", `${secretsPath}/stray`)).status).toBe(404);
});

test("a Job ends by its deadline, its pods deleted, and leaves after its TTL", async () => {
  const { api } = await start();
  await api.call(
    "POST",
    jobsPath,
    jobBody(
      "late",
      { command: ["sleep", "60"] },
      { activeDeadlineSeconds: 1, ttlSecondsAfterFinished: 1 },
      { terminationGracePeriodSeconds: 1 },
    ),
  );
  const job = await until(api, jobsPath, "late", finished);
  expect(job.status.conditions).toMatchObject([
    { type: "FailureTarget", reason: "DeadlineExceeded" },
    { type: "Failed", reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" },
  ]);
  expect(job.status.failed).toBe(1);
  expect((await api.call("GET", podsPath)).json.items).toEqual([]);
  await expect
    .poll(async () => (await api.call("GET", `${jobsPath}/late`)).status, { timeout: 5000 })
    .toBe(404);
});

test("leases compare and swap by resourceVersion, in updates and in patches", async () => {
  const { api } = await start();
  const lease = (holder: string, resourceVersion?: string) => ({
    metadata: { name: "lease", ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: { holderIdentity: holder, leaseDurationSeconds: 20, renewTime: "2026-01-01T00:00:00.000001Z" },
  });
  const { resourceVersion } = (await api.call("POST", leasesPath, lease("first"))).json.metadata;
  const takers = await Promise.all(
    ["a", "b", "c"].map((holder) => api.call("PUT", `${leasesPath}/lease`, lease(holder, resourceVersion))),
  );
  expect(takers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
  expect(status(await api.call("PUT", `${leasesPath}/lease`, lease("d")))).toEqual([
    422,
    "Invalid",
    'leases.coordination.k8s.io "lease" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  ]);
  const patched = await api.call("PATCH", `${leasesPath}/lease`, lease("e", resourceVersion), {
    type: "application/merge-patch+json",
  });
  expect([patched.status, patched.json.reason]).toEqual([409, "Conflict"]);
});

test("watches resume from a version, mark progress, and answer 410 when it is forgotten", async () => {
  const { api, cluster } = await start({ bookmarkIntervalMilliseconds: 50 });
  const first = (await api.call("GET", secretsPath)).json.metadata.resourceVersion;
  await api.call("POST", secretsPath, { metadata: { name: "one", labels: { a: "b" } } });
  await api.call(
    "PATCH",
    `${secretsPath}/one`,
    { metadata: { labels: { a: "c" } } },
    { type: "application/merge-patch+json" },
  );
  const resumed = await api.stream(
    `${secretsPath}?watch=true&resourceVersion=${first}&labelSelector=a%3Db&allowWatchBookmarks=true`,
  );
  const lines = (await resumed.lines(3)).map((line) => JSON.parse(line));
  // Leaving the selector is a deletion to this watcher.
  expect(lines.map(({ type }) => type)).toEqual(["ADDED", "DELETED", "BOOKMARK"]);
  cluster.apiServer.compact();
  const late = await api.stream(`${secretsPath}?watch=true&resourceVersion=${first}`);
  expect(JSON.parse(await late.ended)).toMatchObject({
    type: "ERROR",
    object: { kind: "Status", code: 410, reason: "Expired" },
  });
  // A running watch goes on.
  await api.call("POST", secretsPath, { metadata: { name: "two", labels: { a: "b" } } });
  await resumed.until(/"name":"two"/u);
  resumed.close();
  const bounded = await api.stream(`${secretsPath}?watch=true&timeoutSeconds=1`);
  await bounded.ended;
});

test("a restarted API server forgets its watch history only when told so", async () => {
  const { api, cluster } = await start();
  const version = (await api.call("GET", secretsPath)).json.metadata.resourceVersion;
  await api.call("POST", secretsPath, { metadata: { name: "one" } });
  const open = await api.stream(`${secretsPath}?watch=true`);
  await cluster.apiServer.restart({ downMilliseconds: 20 });
  await open.ended;
  const kept = await api.stream(`${secretsPath}?watch=true&resourceVersion=${version}`);
  await kept.until(/"name":"one"/u);
  kept.close();
  await cluster.apiServer.restart({ loseWatchHistory: true });
  const lost = await api.stream(`${secretsPath}?watch=true&resourceVersion=${version}`);
  expect(await lost.ended).toContain('"code":410');
});

test("lists page by limit and continue", async () => {
  const { api } = await start();
  for (const name of ["a", "b", "c"]) await api.call("POST", secretsPath, { metadata: { name } });
  const first = (await api.call("GET", `${secretsPath}?limit=2`)).json;
  expect(first.metadata.remainingItemCount).toBe(1);
  const second = (await api.call("GET", `${secretsPath}?limit=2&continue=${first.metadata.continue}`)).json;
  expect([...first.items, ...second.items].map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
  expect(second.metadata).not.toHaveProperty("continue");
});

test("a refusal of a pod is an event on its Job, again and again, and no condition", async () => {
  const { api } = await start({
    namespaces: ["strict"],
    admission: { podQuota: { default: 0 }, podSecurity: { strict: "restricted" } },
  });
  await api.call("POST", jobsPath, jobBody("over", { command: ["true"] }));
  const events = await api.stream("/api/v1/namespaces/default/events?watch=true");
  const text = await events.until(/FailedCreate/u);
  expect(text).toContain(
    "is forbidden: exceeded quota: local-quota, requested: pods=1, used: pods=0, limited: pods=0",
  );
  events.close();
  expect((await api.call("GET", `${jobsPath}/over`)).json.status).not.toHaveProperty("conditions");

  const strict = jobsPath.replace("default", "strict");
  await api.call("POST", strict, jobBody("loose", { command: ["true"] }));
  const strictEvents = await api.stream("/api/v1/namespaces/strict/events?watch=true");
  expect(await strictEvents.until(/FailedCreate/u)).toContain(
    String.raw`violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (container \"main\" must set securityContext.allowPrivilegeEscalation=false)`,
  );
  strictEvents.close();
  const noAccount = podBody("nobody", {}, { serviceAccountName: "robot" });
  expect(status(await api.call("POST", podsPath, noAccount))).toEqual([
    403,
    "Forbidden",
    'pods "nobody" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found',
  ]);
});

test("an unschedulable pod waits in the scheduler's words until a node has room", async () => {
  const { api, cluster } = await start({ nodes: [{ name: "small", cpu: "1" }] });
  const big = { command: ["true"], resources: { requests: { cpu: "4" } } };
  await api.call("POST", podsPath, podBody("big", big));
  const waiting = await until(api, podsPath, "big", (pod) => pod.status.conditions?.length > 0);
  expect(waiting.status.conditions).toMatchObject([
    {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message:
        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    },
  ]);
  expect((await api.call("GET", `${podsPath}/big/log`)).status).toBe(204);
  cluster.scheduler.addNode({ name: "large", cpu: "8" });
  expect((await until(api, podsPath, "big", ended)).spec.nodeName).toBe("large");
});

test("bad input gets the API's own kind of error", async () => {
  const { api } = await start();
  expect((await api.call("GET", "/apis/nope/v1/things")).text).toBe("404 page not found\n");
  expect(status(await api.call("GET", "/api/v1/namespaces/default/things"))).toEqual([
    404,
    "NotFound",
    "the server could not find the requested resource",
  ]);
  expect((await api.call("POST", jobsPath, "{bad")).json.reason).toBe("BadRequest");
  expect((await api.call("PUT", podsPath, {})).status).toBe(405);
  expect((await api.call("PATCH", `${podsPath}/x`, {}, { type: "application/json" })).status).toBe(415);
  const invalid = await api.call("POST", jobsPath, jobBody("Bad_Name", {}, { backoffLimit: -1 }));
  expect(invalid.json).toMatchObject({
    code: 422,
    reason: "Invalid",
    details: {
      kind: "Job",
      group: "batch",
      causes: [{ field: "metadata.name" }, { field: "spec.backoffLimit" }],
    },
  });
  const tooBig = await api.call("POST", secretsPath, {
    metadata: { name: "big" },
    data: { a: Buffer.alloc(1_048_577).toString("base64") },
  });
  expect(status(tooBig)).toEqual([
    422,
    "Invalid",
    'Secret "big" is invalid: data: Too long: may not be more than 1048576 bytes',
  ]);
  const huge = await api.call("POST", secretsPath, {
    metadata: { name: "huge" },
    stringData: { a: "x".repeat(3_200_000) },
  });
  expect(huge.status).toBe(413);
});

test.each([
  ["not-found", "ErrImagePull"],
  ["denied", "ErrImagePull"],
  ["unreachable", "ErrImagePull"],
] as const)("an image that is %s waits with %s, then backs off", async (kind, reason) => {
  const { api } = await start({ images: () => ({ kind }) });
  await api.call("POST", podsPath, podBody("pulling", {}));
  const state = (pod: { status: { containerStatuses?: { state: { waiting?: { reason: string } } }[] } }) =>
    pod.status.containerStatuses?.[0]?.state.waiting?.reason;
  await until(api, podsPath, "pulling", (pod) => state(pod) === reason);
  expect((await api.call("GET", `${podsPath}/pulling/log`)).json.message).toContain(
    "waiting to start: image can't be pulled",
  );
  await until(api, podsPath, "pulling", (pod) => state(pod) === "ImagePullBackOff");
});
