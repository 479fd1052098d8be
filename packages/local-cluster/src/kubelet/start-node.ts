import type { Registry } from "../api/registry.ts";
import type { ClusterClock } from "../clock.ts";
import type { EventRecorder } from "../controllers/events.ts";
import { defaultNodeGraceMilliseconds } from "../controllers/node-lifecycle.ts";
import type { LocalClusterOptions, NodeOptions } from "../options.ts";
import { startKubelet, type Kubelet } from "./kubelet.ts";
import { createNodeClock } from "./node-clock.ts";
import { nodeObject } from "./node-object.ts";
import type { Reaper } from "./reaper.ts";

const logMaxBytes = 10 * 1024 * 1024;

export interface NodeParts {
  readonly registry: Registry;
  /** The API server's own clock may be stepped; this one is not. */
  readonly base: ClusterClock;
  readonly reaper: Reaper;
  readonly directory: string;
  /** Of the API server, on this machine. */
  readonly port: number;
  /** By the node's name: a new one is entered here. */
  readonly kubelets: Map<string, Kubelet>;
  readonly recorderFor: (node: string) => EventRecorder;
}

/** How a node of this cluster comes up: its object, and its kubelet. */
export function createNodeStarter(
  { registry, base, reaper, directory, port, kubelets, recorderFor }: NodeParts,
  options: LocalClusterOptions,
): (node: NodeOptions) => void {
  const settings = {
    logMaxBytes: options.kubelet?.logMaxBytes ?? logMaxBytes,
    logMaxFiles: options.kubelet?.logMaxFiles ?? 5,
    startMilliseconds: options.kubelet?.startMilliseconds ?? 0,
    terminatedDelayMilliseconds: options.kubelet?.terminatedDelayMilliseconds ?? 0,
    followLimit: options.kubelet?.followLimit ?? null,
  };
  const nodeGraceMilliseconds = options.nodeGraceMilliseconds ?? defaultNodeGraceMilliseconds;
  const intervals = {
    logCheckMilliseconds: options.kubelet?.logCheckMilliseconds ?? 10_000,
    heartbeatMilliseconds: Math.min(10_000, nodeGraceMilliseconds / 4),
  };

  return (node) => {
    registry.store.create("nodes", nodeObject(node, registry.clock));
    const context = {
      name: node.name,
      registry,
      clock: base,
      nodeClock: createNodeClock(base, options.kubelet?.utcOffsetMinutes ?? 0),
      events: recorderFor(node.name),
      reaper,
      directory,
      settings,
      lookUpImage: options.images ?? (() => ({ kind: "present" }) as const),
      scriptFor: options.containers ?? (() => null),
      pulled: new Set<string>(),
      apiServer: { host: "127.0.0.1", port },
    };
    kubelets.set(node.name, startKubelet(context, intervals));
  };
}
