import { expect, vi } from "vitest";
import { randomBytes } from "node:crypto";

import type { LocalCluster } from "../../src/index.ts";
import type { HttpClient, Json } from "./http-client.ts";

export interface Control {
  /** Restarts the part and waits until it answers again. The API server begins its watch history anew. */
  restart(part: "apiserver" | "kubelet"): Promise<void>;
}

/** The cluster that a behaviour is shown on. */
export interface Subject {
  readonly kind: "local" | "real";
  readonly client: HttpClient;
  /** A user that may do nothing. */
  readonly powerless: HttpClient;
  readonly nodeName: string;
  /** An image that has sh and node. */
  readonly image: string;
  /** An image name whose pull fails because there is no such image or registry. */
  readonly missingImage: string;
  /** A resourceVersion from which nothing can be watched any more. */
  forgottenVersion(): Promise<string>;
  /** Breaks parts of the cluster; `null` where nobody told how. */
  readonly control: Control | null;
  /** What only the local cluster can do. */
  readonly local: LocalCluster | null;
  /** Makes the kubelet evict a running pod for the disk it uses. */
  diskEviction(): {
    readonly container: Json;
    readonly afterStart: (namespace: string, pod: string) => Promise<void>;
  };
}

/** What one behaviour works with: a namespace of its own, and the words that all behaviours share. */
export interface Scene extends Subject {
  readonly namespace: string;
  readonly path: (resource: string) => string;
  readonly jobs: string;
  readonly pods: string;
  readonly create: (path: string, body: Json) => Promise<Json>;
  /** Creates a Job with one container named `main`, and returns it. */
  readonly job: (
    name: string,
    container: Json,
    options?: { readonly pod?: Json; readonly spec?: Json },
  ) => Promise<Json>;
  /** Creates a bare pod with one container named `main`. */
  readonly pod: (name: string, container: Json, options?: { readonly pod?: Json }) => Promise<Json>;
  /** Lists and watches until an object satisfies the condition, and returns it. */
  readonly until: (resource: string, accept: (object: Json) => boolean, name?: string) => Promise<Json>;
  readonly untilGone: (resource: string, name: string) => Promise<void>;
  readonly podOf: (job: string, accept?: (pod: Json) => boolean) => Promise<Json>;
  readonly finishedJob: (name: string) => Promise<Json>;
  readonly log: (
    pod: string,
    query?: string,
  ) => Promise<{ readonly status: number; readonly text: string; readonly json: Json }>;
}

export interface Behaviour {
  readonly name: string;
  /** Why the local cluster does not have it. */
  readonly realOnly?: string;
  /** Why it cannot be shown on a real one. */
  readonly localOnly?: string;
  /** It breaks parts of the cluster by `Subject.control`. */
  readonly needsControl?: true;
  /** It disturbs the whole node: not beside others. */
  readonly alone?: boolean;
  readonly show: (scene: Scene) => Promise<void>;
}

/** Longer than anything a cluster on a busy machine needs for one step; a test's own limit comes after it. */
export const UNTIL_MILLISECONDS = 100_000;
/** After a restart the parts of a real cluster need up to a minute to find each other again. */
const UNTIL_AFTER_RESTART_MILLISECONDS = 150_000;
/** A test takes more than one step. */
export const TEST_MILLISECONDS = 2 * UNTIL_AFTER_RESTART_MILLISECONDS;

export async function createScene(
  subject: Subject,
  { needsControl = false }: { readonly needsControl?: boolean } = {},
): Promise<{ readonly scene: Scene; readonly close: () => Promise<void> }> {
  const untilMilliseconds = needsControl ? UNTIL_AFTER_RESTART_MILLISECONDS : UNTIL_MILLISECONDS;
  const namespace = `contract-${randomBytes(4).toString("hex")}`;
  const { client } = subject;
  const made = await client.post("/api/v1/namespaces", { metadata: { name: namespace } });
  if (made.status !== 201) throw new Error(`namespace: ${made.status} ${made.text}`);
  const core = `/api/v1/namespaces/${namespace}`;
  // A controller makes it, and without it no pod is admitted.
  const account = async () => (await client.get(`${core}/serviceaccounts/default`)).status;
  await vi.waitFor(async () => expect(await account()).toBe(200), untilMilliseconds);
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const path = (resource: string): string => {
    if (resource === "jobs") return jobs;
    if (resource === "leases") return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    return `${core}/${resource}`;
  };

  async function create(target: string, body: Json): Promise<Json> {
    const answer = await client.post(target, body);
    if (answer.status !== 201) throw new Error(`POST ${target}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  function podSpec(container: Json, pod: Json = {}): Json {
    return {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 2,
      ...pod,
      containers: [{ name: "main", image: subject.image, imagePullPolicy: "Never", ...container }],
    };
  }

  async function until(resource: string, accept: (object: Json) => boolean, name?: string): Promise<Json> {
    const found = await observe(
      client,
      path(resource),
      name,
      (type, object) => type !== "DELETED" && accept(object),
      untilMilliseconds,
    );
    return found;
  }

  const scene: Scene = {
    ...subject,
    namespace,
    path,
    jobs,
    pods: `${core}/pods`,
    create,
    job: (name, container, options = {}) =>
      create(jobs, {
        metadata: { name },
        spec: {
          backoffLimit: 0,
          podReplacementPolicy: "Failed",
          ...options.spec,
          template: { spec: podSpec(container, options.pod) },
        },
      }),
    pod: (name, container, options = {}) =>
      create(`${core}/pods`, { metadata: { name }, spec: podSpec(container, options.pod) }),
    until,
    async untilGone(resource, name) {
      await observe(client, path(resource), name, (type) => type === "DELETED", untilMilliseconds);
    },
    podOf: (job, accept = () => true) =>
      until("pods", (pod) => pod.metadata.labels?.["batch.kubernetes.io/job-name"] === job && accept(pod)),
    finishedJob: (name) => until("jobs", isFinished, name),
    log: (pod, query = "") => client.get(`${core}/pods/${pod}/log${query}`),
  };

  return {
    scene,
    close: async () => {
      await client.delete(`/api/v1/namespaces/${namespace}`);
    },
  };
}

/** The first object, from a list and then a watch, that `accept` takes; an object that is not in the list counts as DELETED. */
async function observe(
  client: HttpClient,
  path: string,
  name: string | undefined,
  accept: (type: string, object: Json) => boolean,
  milliseconds: number,
): Promise<Json> {
  const signal = AbortSignal.timeout(milliseconds);
  const selector = name === undefined ? "" : `&fieldSelector=metadata.name%3D${name}`;
  let last: Json = null;
  for (;;) {
    const list = await client.get(`${path}?${selector.slice(1)}`);
    for (const object of list.json.items) {
      last = object;
      if (accept("ADDED", object)) return object;
    }
    if (name !== undefined && list.json.items.length === 0 && accept("DELETED", null)) return null;
    const version: string = list.json.metadata.resourceVersion;
    try {
      for await (const event of watchEvents(
        client,
        `${path}?watch=true&resourceVersion=${version}${selector}`,
        signal,
      )) {
        if (event.type === "ERROR") break;
        last = event.object;
        if (accept(event.type, event.object)) return event.object;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Error(`not seen within ${milliseconds} ms; last: ${JSON.stringify(last?.status ?? last)}`, {
        cause: error,
      });
    }
  }
}

export async function* watchEvents(
  client: HttpClient,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Json> {
  const answer = await client.open(path, signal);
  try {
    for await (const line of linesOf(answer.body)) yield JSON.parse(line);
  } finally {
    answer.close();
  }
}

export async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending = "";
  for await (const chunk of body) {
    const lines = (pending + chunk.toString("utf8")).split("\n");
    pending = lines.pop() ?? "";
    yield* lines;
  }
  if (pending !== "") yield pending;
}

export const sh = (script: string): Json => ({ command: ["sh", "-c", script] });

/** Runs until it is told to end, and says so. */
export const UNTIL_TERM = sh("echo started; trap 'echo stopping; exit 143' TERM; sleep 600 & wait");

export function isFinished(job: Json): boolean {
  return (job.status?.conditions ?? []).some(
    (entry: Json) => ["Complete", "Failed"].includes(entry.type) && entry.status === "True",
  );
}

export const isRunning = (pod: Json): boolean => stateOf(pod)?.running !== undefined;
export const isTerminated = (pod: Json): boolean => stateOf(pod)?.terminated !== undefined;
export const isOver = (pod: Json): boolean => ["Succeeded", "Failed"].includes(pod.status?.phase);

export const waitsFor =
  (...reasons: string[]) =>
  (pod: Json): boolean =>
    reasons.includes(stateOf(pod)?.waiting?.reason);

export function stateOf(pod: Json, container = "main"): Json {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses.find((status: Json) => status.name === container)?.state;
}

export function condition(object: Json, type: string): Json {
  return (object.status?.conditions ?? []).find((entry: Json) => entry.type === type);
}
