import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  startFaultProxy,
  startLocalCluster,
  type FaultProxy,
  type LocalCluster,
} from "@claude-k8s/local-cluster";
import { KubeConfig } from "@kubernetes/client-node";
import { asset } from "./assets.ts";
import { createCrew, type Crew } from "./crew.ts";
import { createDemoObjects, DEMO_LABEL, replayName, RUN_LABEL, type DemoObjects } from "./objects.ts";
import type { DemoOptions } from "./options.ts";
import { paceOf } from "./pace.ts";
import { readKubeconfig, targetOf, type Target } from "./target.ts";
import { DemoError, reasonOf } from "./trouble.ts";

/** Where the demo plays: a cluster, a proxy in front of it, a folder for what the host keeps. */
export interface World {
  readonly kind: "local" | "real";
  readonly target: Target;
  readonly proxy: FaultProxy;
  readonly objects: DemoObjects;
  readonly image: string;
  readonly recording: Buffer;
  readonly crew: Crew;
  /** For the host's logs and the supervisors' home. */
  readonly folder: string;
  /** The adapter's settings for one run. */
  settingsFor(run: string, ending: ReplayEnding): Readonly<Record<string, unknown>>;
  /** On the local cluster, whose containers have no memory limit of their own, the kubelet is told; a real one sees for itself. */
  exhaustMemory(run: string): Promise<void>;
  /** Removes everything. Gives what could not be removed. */
  close(): Promise<readonly string[]>;
}

export type ReplayEnding =
  | { readonly kind: "complete" }
  | { readonly kind: "out-of-memory"; readonly afterLines: number };

/** The whole replay at speed 1: long enough for the death of a supervisor and the end of its Lease, short enough for a demo. */
const REPLAY_MILLISECONDS = 27_000;
const MEMORY_LIMIT = "96Mi";
const MOUNT = "/demo";
const TERMINATION_MESSAGE = "/dev/termination-log";
const STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const DEFAULT_IMAGE = "node:24-alpine";

export async function openWorld(options: DemoOptions): Promise<World> {
  const closers: (() => Promise<readonly string[] | void>)[] = [];
  async function close(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const closer of closers.splice(0).toReversed()) {
      try {
        left.push(...((await closer()) ?? []));
      } catch (error) {
        left.push(`not removed: ${reasonOf(error)}`);
      }
    }
    return left;
  }

  try {
    const id = randomBytes(4).toString("hex");
    const folder = mkdtempSync(join(tmpdir(), "claude-k8s-demo-"));
    closers.push(async () => rmSync(folder, { recursive: true, force: true }));
    const crew = createCrew(join(folder, "home"));
    closers.push(() => crew.dismiss());
    crew.prepare(1);
    const cluster = options.kubeconfig === null ? await openLocal(options.port) : null;
    if (cluster !== null) closers.push(() => cluster.close());
    const target = cluster === null ? await openReal(options) : await localTarget(cluster, options.namespace);
    const objects = createDemoObjects({ config: target.config, namespace: target.namespace, id });
    await objects.check();
    const proxy = await startFaultProxy({ target: target.kubeconfig, seed: options.seed });
    closers.push(() => proxy.close());
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, proxy.kubeconfig, { mode: 0o600 });
    const recording = readFileSync(asset("recording/fix-the-failing-tests.ndjson"));
    const pace = paceOf(recording, { totalMilliseconds: REPLAY_MILLISECONDS, speed: options.speed });
    closers.push(() => objects.removeAll());
    await objects.createReplay({ recording: recording.toString("utf8"), pace });
    const image = options.image ?? DEFAULT_IMAGE;

    return {
      kind: cluster === null ? "real" : "local",
      target,
      proxy,
      objects,
      image,
      recording,
      crew,
      folder,
      settingsFor: (run, ending) => ({
        namespace: target.namespace,
        kubeconfig,
        image,
        imagePullPolicy: "IfNotPresent",
        // The node of a test is small, and many runs share it.
        "resources.requests.cpu": "10m",
        "resources.requests.memory": "64Mi",
        labels: `${DEMO_LABEL}=${id}\n${RUN_LABEL}=${run}`,
        // The local cluster cannot exec, by which sessions travel; a recording has none to go on with.
        sessionMode: "home",
        // The pod's status holds the container's own count; the demo removes the Job when it has read it.
        retainJobs: true,
        podTemplate: JSON.stringify(podTemplate(id, ending, cluster === null)),
        ...(ending.kind === "out-of-memory" ? { "resources.limits.memory": MEMORY_LIMIT } : {}),
      }),
      async exhaustMemory(run) {
        const name = cluster === null ? null : await objects.podOf(run);
        if (name !== null) await cluster?.kubelet.oomKill({ namespace: target.namespace, name });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openLocal(port: number): Promise<LocalCluster> {
  try {
    return await startLocalCluster({ port });
  } catch (error) {
    const busy = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    const why = busy ? `port ${port} is taken; leave --port out, or name another` : reasonOf(error);
    throw new DemoError(`cannot start the local cluster: ${why}`, { cause: error });
  }
}

function openReal(options: DemoOptions): Promise<Target> {
  return readKubeconfig(options.kubeconfig ?? "", options);
}

function localTarget(cluster: LocalCluster, namespace: string | null): Promise<Target> {
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  return targetOf(config, "of the local cluster", namespace);
}

/** What a person writes into the adapter's setting "Pod template overlay" to bring a program of their own. */
function podTemplate(id: string, ending: ReplayEnding, real: boolean): object {
  // A container of the local cluster is a process of this machine: its Node is the one that runs the demo.
  const path = [MOUNT, ...(real ? [] : [dirname(process.execPath)]), STANDARD_PATH].join(":");
  const endingVariables =
    ending.kind === "complete"
      ? []
      : [
          { name: "REPLAY_ENDING", value: real ? "allocate" : "wait" },
          { name: "REPLAY_LINES", value: String(ending.afterLines) },
        ];
  return {
    spec: {
      volumes: [{ name: "replay", configMap: { name: replayName(id), defaultMode: 0o555 } }],
      containers: [
        {
          name: "main",
          terminationMessagePath: TERMINATION_MESSAGE,
          volumeMounts: [{ name: "replay", mountPath: MOUNT }],
          env: [
            { name: "PATH", value: path },
            { name: "REPLAY_TERMINATION_MESSAGE", value: TERMINATION_MESSAGE },
            ...endingVariables,
          ],
        },
      ],
    },
  };
}
