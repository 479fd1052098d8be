import type { Pod } from "../objects/types.ts";

const firstMilliseconds = 10_000;
const mostMilliseconds = 300_000;
/** A container that ran for so long is not in a crash loop. */
const forgivenAfterMilliseconds = 600_000;

export interface Restarts {
  /** Does the pod's policy want a container that ended with this code again? */
  isDue(exitCode: number): boolean;
  /** How long the kubelet waits: not at all, then 10 s, doubled each time, five minutes at most. */
  delayAfter(ranMilliseconds: number): number;
  /** As Go writes a duration: `10s`, `1m20s`, `5m0s`. */
  durationText(milliseconds: number): string;
}

export function createRestarts(pod: Pod, isInit: boolean): Restarts {
  const policy = pod.spec.restartPolicy ?? "Always";
  let next = 0;
  return {
    isDue: (exitCode) => policy !== "Never" && (exitCode !== 0 || (policy === "Always" && !isInit)),
    delayAfter(ranMilliseconds) {
      if (ranMilliseconds >= forgivenAfterMilliseconds) next = 0;
      const delay = next;
      next = next === 0 ? firstMilliseconds : Math.min(next * 2, mostMilliseconds);
      return delay;
    },
    durationText(milliseconds) {
      const seconds = Math.round(milliseconds / 1000);
      return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
    },
  };
}
