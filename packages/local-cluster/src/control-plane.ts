import { disrupt } from "./api/eviction.ts";
import type { Listener } from "./api/http/server.ts";
import type { Registry } from "./api/registry.ts";
import type { SteppedClock } from "./clock.ts";
import type { Scheduler } from "./controllers/scheduler.ts";
import { UnknownObjectError } from "./errors.ts";
import type { NodeOptions } from "./options.ts";
import type { Store } from "./store/store.ts";
import type { LocalCluster } from "./types.ts";

/** The hands on the API server. `rotateToken`: the kubeconfig with the new token. */
export function createApiServerControls(
  listener: Listener,
  store: Store,
  clock: SteppedClock,
  rotateToken: () => string,
): LocalCluster["apiServer"] {
  return {
    async restart(restart = {}) {
      await listener.stop();
      if (restart.loseWatchHistory === true) store.compact();
      const down = restart.downMilliseconds ?? 0;
      if (down > 0) await new Promise<void>((resolve) => void clock.after(down, resolve));
      await listener.start();
    },
    compact: () => store.compact(),
    stepClock: (milliseconds) => clock.step(milliseconds),
    rotateToken,
  };
}

/** The hands on the scheduler. */
export function createSchedulerControls(
  registry: Registry,
  scheduler: Scheduler,
  addNode: (node: NodeOptions) => void,
): LocalCluster["scheduler"] {
  return {
    async preempt({ namespace, name }) {
      if (registry.store.get("pods", namespace, name) === undefined) {
        throw new UnknownObjectError(`no pod ${namespace}/${name}`);
      }
      disrupt(registry, namespace, name, {
        reason: "PreemptionByScheduler",
        message: "default-scheduler: preempting to accommodate a higher priority pod",
      });
    },
    addNode,
    pause: () => scheduler.pause(),
    resume: () => scheduler.resume(),
  };
}
