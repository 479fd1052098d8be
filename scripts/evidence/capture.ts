import type { HttpClient, Json } from "../../packages/local-cluster/test/contract/http-client.ts";

/** What the cluster has shown of one case so far. */
export interface Observed {
  job: Json;
  pod: Json;
  podDeleted: boolean;
  jobDeleted: boolean;
  events: readonly Json[];
  node: Json;
}

export interface CaseContext {
  readonly client: HttpClient;
  readonly namespace: string;
  readonly jobPath: string;
  /** Host and port of a registry that refuses in several ways. */
  readonly registry: string;
  readonly nodeName: string;
  podName(): string;
  pause(milliseconds: number): Promise<void>;
  taint(taints: readonly Json[]): Promise<void>;
  kubelet(action: "stop" | "start"): Promise<void>;
  /** `True`, `False` or `Unknown`. */
  nodeReady(): Promise<string | undefined>;
}

export type JobSpec = Readonly<Record<string, Json>>;

export interface EvidenceCase {
  readonly name: string;
  readonly description: string;
  /** The Job's spec. */
  readonly job: JobSpec | ((context: CaseContext) => JobSpec);
  readonly before?: (context: CaseContext) => Promise<void>;
  readonly during?: {
    readonly when: (seen: Observed) => boolean;
    readonly act: (context: CaseContext) => Promise<void>;
  };
  readonly until: (seen: Observed) => boolean;
  readonly after?: (context: CaseContext) => Promise<void>;
  readonly withNode?: boolean;
  readonly logContainer?: string;
  readonly timeoutMilliseconds?: number;
}

/** What a fixture file holds. */
export interface Evidence {
  readonly name: string;
  readonly description: string;
  readonly kubernetesVersion: string;
  readonly job: Json;
  /** As last seen, which for a pod that was deleted is how the watch showed it at its removal. */
  readonly pod: Json;
  readonly podDeleted: boolean;
  readonly jobDeleted: boolean;
  readonly events: readonly Json[];
  readonly node: Json;
  /** The answer to a read of the log after the ending. */
  readonly logsAfter: { readonly status: number; readonly body: string } | null;
  /** Every different status of the pod on the way, oldest first. */
  readonly podHistory: readonly Json[];
  readonly jobHistory: readonly Json[];
}

export interface Environment {
  readonly client: HttpClient;
  readonly kubernetesVersion: string;
  readonly registry: string;
  readonly nodeName: string;
  readonly kubelet: (action: "stop" | "start") => Promise<void>;
}

const JOB_NAME = "run";

export async function captureCase(environment: Environment, evidenceCase: EvidenceCase): Promise<Evidence> {
  const { client, nodeName } = environment;
  const namespace = `evidence-${evidenceCase.name}`;
  const jobPath = `/apis/batch/v1/namespaces/${namespace}/jobs/${JOB_NAME}`;
  const seen: Observed = {
    job: null,
    pod: null,
    podDeleted: false,
    jobDeleted: false,
    events: [],
    node: null,
  };
  const context: CaseContext = {
    client,
    namespace,
    jobPath,
    registry: environment.registry,
    nodeName,
    podName: () => seen.pod.metadata.name,
    pause,
    taint: async (taints) =>
      void (await client.patch(`/api/v1/nodes/${nodeName}`, {
        spec: { taints: taints.length === 0 ? null : taints },
      })),
    kubelet: environment.kubelet,
    nodeReady: async () => readyStatus((await client.get(`/api/v1/nodes/${nodeName}`)).json),
  };
  await makeNamespace(client, namespace);
  const podHistory: Json[] = [];
  const jobHistory: Json[] = [];
  const stopWatching = new AbortController();
  const watches = [
    watch(client, `/api/v1/namespaces/${namespace}/pods`, stopWatching.signal, (type, pod) => {
      if (pod.metadata.labels?.["batch.kubernetes.io/job-name"] !== JOB_NAME) return;
      seen.pod = pod;
      seen.podDeleted = type === "DELETED";
      keepState(podHistory, pod);
    }),
    watch(client, `/apis/batch/v1/namespaces/${namespace}/jobs`, stopWatching.signal, (type, job) => {
      seen.job = job;
      seen.jobDeleted = type === "DELETED";
      keepState(jobHistory, job);
    }),
  ];
  try {
    await evidenceCase.before?.(context);
    const spec = typeof evidenceCase.job === "function" ? evidenceCase.job(context) : evidenceCase.job;
    await createJob(client, namespace, spec);
    await follow(evidenceCase, context, seen);
    // Events are written by several hands, and the last of them often after the state they tell about.
    await pause(1500);
    seen.events = await readEvents(client, namespace);
    const logsAfter =
      seen.pod === null ? null : await readLog(context, seen, evidenceCase.logContainer ?? "agent");
    return {
      name: evidenceCase.name,
      description: evidenceCase.description,
      kubernetesVersion: environment.kubernetesVersion,
      job: seen.job,
      pod: seen.pod,
      podDeleted: seen.podDeleted,
      jobDeleted: seen.jobDeleted,
      events: seen.events,
      node: evidenceCase.withNode === true ? seen.node : null,
      logsAfter,
      podHistory,
      jobHistory,
    };
  } finally {
    await evidenceCase.after?.(context);
    stopWatching.abort();
    await Promise.allSettled(watches);
    await client.delete(`/api/v1/namespaces/${namespace}`);
  }
}

async function follow(evidenceCase: EvidenceCase, context: CaseContext, seen: Observed): Promise<void> {
  const deadline = performance.now() + (evidenceCase.timeoutMilliseconds ?? 90_000);
  let acted = evidenceCase.during === undefined;
  for (;;) {
    seen.events = await readEvents(context.client, context.namespace);
    if (evidenceCase.withNode === true) {
      const node = await context.client.get(`/api/v1/nodes/${context.nodeName}`);
      seen.node = node.status === 200 ? node.json : null;
    }
    if (!acted && evidenceCase.during?.when(seen) === true) {
      acted = true;
      await evidenceCase.during.act(context);
    } else if (acted && evidenceCase.until(seen)) {
      return;
    }
    if (performance.now() > deadline)
      throw new Error(
        `${evidenceCase.name}: not reached: ${JSON.stringify(seen.pod?.status ?? seen.job?.status)}`,
      );
    await pause(300);
  }
}

async function makeNamespace(client: HttpClient, namespace: string): Promise<void> {
  for (;;) {
    const made = await client.post("/api/v1/namespaces", { metadata: { name: namespace } });
    if (made.status === 201) break;
    if (made.status !== 409) throw new Error(`namespace: ${made.text}`);
    await pause(1000);
  }
  // A new namespace has no default service account for a moment, and a pod without one is refused.
  while ((await client.get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`)).status !== 200)
    await pause(100);
}

async function createJob(client: HttpClient, namespace: string, spec: Json): Promise<void> {
  const created = await client.post(`/apis/batch/v1/namespaces/${namespace}/jobs`, {
    metadata: { name: JOB_NAME },
    spec,
  });
  if (created.status !== 201) throw new Error(`job: ${created.status} ${created.text}`);
}

async function watch(
  client: HttpClient,
  path: string,
  signal: AbortSignal,
  onEvent: (type: string, object: Json) => void,
): Promise<void> {
  const list = await client.get(path);
  const version: string = list.json.metadata.resourceVersion;
  try {
    const answer = await client.open(
      `${path}?watch=true&resourceVersion=${version}&timeoutSeconds=600`,
      signal,
    );
    let pending = "";
    for await (const chunk of answer.body) {
      const lines = (pending + chunk.toString("utf8")).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) {
        const { type, object } = JSON.parse(line);
        onEvent(type, object);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function keepState(history: Json[], object: Json): void {
  const state = { deletionTimestamp: object.metadata.deletionTimestamp ?? null, status: object.status };
  if (JSON.stringify(history.at(-1)) !== JSON.stringify(state)) history.push(state);
}

async function readEvents(client: HttpClient, namespace: string): Promise<readonly Json[]> {
  const list = await client.get(`/api/v1/namespaces/${namespace}/events`);
  return (list.json.items ?? [])
    .filter((event: Json) => event.involvedObject.name !== "important")
    .toSorted((first: Json, second: Json) => timeOf(first) - timeOf(second));
}

function timeOf(event: Json): number {
  return Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp);
}

async function readLog(
  context: CaseContext,
  seen: Observed,
  container: string,
): Promise<{ status: number; body: string }> {
  const path = `/api/v1/namespaces/${context.namespace}/pods/${seen.pod.metadata.name}/log?container=${container}&timestamps=true&limitBytes=4096`;
  const answer = await context.client.get(path);
  return { status: answer.status, body: answer.text };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export function readyStatus(node: Json): string | undefined {
  return node?.status?.conditions?.find((condition: Json) => condition.type === "Ready")?.status;
}
