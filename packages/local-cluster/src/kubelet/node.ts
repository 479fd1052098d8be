import type { Registry } from "../api/registry.ts";
import type { ClusterClock } from "../clock.ts";
import type { EventRecorder } from "../controllers/events.ts";
import type { ContainerContext, ContainerScript, ImageState } from "../options.ts";
import type { NodeClock } from "./node-clock.ts";
import type { Reaper } from "./reaper.ts";

/** What every part of one node's kubelet works with. */
export interface NodeContext {
  readonly name: string;
  readonly registry: Registry;
  readonly clock: ClusterClock;
  readonly nodeClock: NodeClock;
  readonly events: EventRecorder;
  readonly reaper: Reaper;
  /** Pod files and logs live below it. */
  readonly directory: string;
  readonly settings: KubeletSettings;
  readonly lookUpImage: (image: string) => ImageState;
  readonly scriptFor: (context: ContainerContext) => ContainerScript | null;
  /** Images that were pulled to this node. */
  readonly pulled: Set<string>;
  readonly apiServer: { readonly host: string; readonly port: number };
}

/** Settings that controls may change while the cluster runs. */
export interface KubeletSettings {
  logMaxBytes: number;
  logMaxFiles: number;
  startMilliseconds: number;
  terminatedDelayMilliseconds: number;
  followLimit: number | null;
}

/** Waits on the cluster's clock; resolves early when the signal aborts. */
export function pause(clock: ClusterClock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const finish = () => {
      cancel();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.after(milliseconds, finish);
    signal.addEventListener("abort", finish, { once: true });
  });
}
