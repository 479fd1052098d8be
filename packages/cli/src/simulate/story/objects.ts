import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiException,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1ObjectMeta,
} from "@kubernetes/client-node";
import { asset } from "./assets.ts";
import { attempt } from "./trouble.ts";
import { parseTruth, type Truth } from "./truth.ts";

/** The demo's own requests: straight to the API server, so that what it observes and clears away is not subject to its faults. */
export interface DemoObjects {
  /** Permission, namespace and reachability, before anything is made. */
  check(): Promise<void>;
  createReplay(files: ReplayFiles): Promise<void>;
  /** The container's own count of this run, from its pod's status. */
  truthOf(run: string): Promise<Truth | null>;
  podOf(run: string): Promise<string | null>;
  /** Which Job it is and who supervises it. */
  jobOf(run: string): Promise<SupervisedJob | null>;
  /** Removes everything that carries the demo's label, and waits until it is gone. Gives what is left. */
  removeAll(): Promise<readonly string[]>;
}

export interface ReplayFiles {
  readonly recording: string;
  readonly pace: readonly number[];
}

export interface SupervisedJob {
  readonly name: string;
  readonly uid: string;
  readonly supervisor: string | null;
}

export interface DemoObjectsOptions {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** Unique for this demo: label value and part of names. */
  readonly id: string;
}

export const DEMO_LABEL = "demo.claude-k8s.io/id";
export const RUN_LABEL = "demo.claude-k8s.io/run";
const SUPERVISOR_ANNOTATION = "claude-k8s.io/supervisor";
const REMOVAL_SECONDS = 15;

export function replayName(id: string): string {
  return `claude-k8s-demo-${id}`;
}

export function createDemoObjects({ config, namespace, id }: DemoObjectsOptions): DemoObjects {
  const core = config.makeApiClient(CoreV1Api);
  const batch = config.makeApiClient(BatchV1Api);
  const labelSelector = `${DEMO_LABEL}=${id}`;
  /** Every supervisor has a Lease of its own name; one that was killed leaves it behind. */
  const supervisors = new Set<string>();

  async function podsOf(run: string) {
    const { items } = await attempt(`list pods in namespace ${namespace}`, () =>
      core.listNamespacedPod({ namespace, labelSelector: `${labelSelector},${RUN_LABEL}=${run}` }),
    );
    return items;
  }

  function noteSupervisor(metadata: V1ObjectMeta | undefined): string | null {
    const supervisor = metadata?.annotations?.[SUPERVISOR_ANNOTATION] ?? null;
    if (supervisor !== null) supervisors.add(supervisor);
    return supervisor;
  }

  return {
    async check() {
      await attempt(`list Jobs in namespace ${namespace}`, () =>
        batch.listNamespacedJob({ namespace, labelSelector }),
      );
    },
    async createReplay({ recording, pace }) {
      const program = (name: string) => readFileSync(asset(`replay/${name}`), "utf8");
      await attempt(`create a ConfigMap in namespace ${namespace}`, () =>
        core.createNamespacedConfigMap({
          namespace,
          body: {
            metadata: { name: replayName(id), labels: { [DEMO_LABEL]: id } },
            data: {
              claude: program("claude"),
              "replay.cjs": program("replay.cjs"),
              "transcript.ndjson": recording,
              "pace.json": JSON.stringify(pace),
            },
          },
        }),
      );
    },
    async truthOf(run) {
      const statuses = (await podsOf(run)).flatMap(({ status }) => status?.containerStatuses ?? []);
      const main = statuses.find(({ name }) => name === "main");
      return parseTruth(main?.state?.terminated?.message ?? "");
    },
    async podOf(run) {
      return (await podsOf(run))[0]?.metadata?.name ?? null;
    },
    async jobOf(run) {
      const { items } = await attempt(`list Jobs in namespace ${namespace}`, () =>
        batch.listNamespacedJob({ namespace, labelSelector: `${labelSelector},${RUN_LABEL}=${run}` }),
      );
      const metadata = items[0]?.metadata;
      if (metadata?.name === undefined || metadata.uid === undefined) return null;
      return { name: metadata.name, uid: metadata.uid, supervisor: noteSupervisor(metadata) };
    },
    removeAll: () => removeAll({ config, namespace, id }, supervisors, noteSupervisor),
  };
}

/** Deletes; what is not there is as good as deleted. */
async function gone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== 404) throw error;
  }
}

/** Everything that carries the demo's label, and waits until it is gone. */
async function removeAll(
  { config, namespace, id }: DemoObjectsOptions,
  supervisors: ReadonlySet<string>,
  noteSupervisor: (metadata: V1ObjectMeta | undefined) => unknown,
): Promise<readonly string[]> {
  const core = config.makeApiClient(CoreV1Api);
  const batch = config.makeApiClient(BatchV1Api);
  const coordination = config.makeApiClient(CoordinationV1Api);
  const labelSelector = `${DEMO_LABEL}=${id}`;
  async function leftovers(): Promise<readonly string[]> {
    const [jobs, pods] = await Promise.all([
      batch.listNamespacedJob({ namespace, labelSelector }),
      core.listNamespacedPod({ namespace, labelSelector }),
    ]);
    return [
      ...jobs.items.map(({ metadata }) => `Job ${metadata?.name}`),
      ...pods.items.map(({ metadata }) => `Pod ${metadata?.name}`),
    ];
  }

  async function removeJobs(): Promise<void> {
    const { items } = await batch.listNamespacedJob({ namespace, labelSelector });
    for (const { metadata } of items) {
      noteSupervisor(metadata);
      await gone(() =>
        batch.deleteNamespacedJob({
          namespace,
          name: metadata?.name ?? "",
          propagationPolicy: "Background",
          gracePeriodSeconds: 0,
        }),
      );
    }
  }

  await removeJobs();
  for (const name of supervisors) await gone(() => coordination.deleteNamespacedLease({ namespace, name }));
  await gone(() => core.deleteNamespacedConfigMap({ namespace, name: replayName(id) }));
  const deadline = Date.now() + REMOVAL_SECONDS * 1000;
  let left = await leftovers();
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(250);
    left = await leftovers();
  }
  return left;
}
