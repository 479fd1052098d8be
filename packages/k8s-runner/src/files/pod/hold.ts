/**
 * The container that keeps the volume after the command has ended. It also ends the command when it is asked to, since the kubelet
 * can only end all containers of a pod together, and this one with them.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { stateNames } from "./config.ts";
import type { PodConfig } from "./config.ts";
import { mainProcess } from "./main-process.ts";
import { hasMark, readMark } from "./state.ts";

export type HoldEnd = "released" | "never-started" | "nobody-came";

const lookMilliseconds = 100;

export async function hold(config: PodConfig, terminated: AbortSignal): Promise<HoldEnd> {
  const main = mainProcess(config);
  const begun = performance.now();
  let endedAt: number | null = null;
  let stop: { readonly at: number; readonly graceMilliseconds: number } | null = null;
  for (;;) {
    const now = performance.now();
    const state = main.state();
    if (state === "not-started") {
      if (terminated.aborted || now - begun > config.startSeconds * 1000) return "never-started";
    } else if (state === "running") {
      const graceSeconds = stopGrace(config, terminated);
      if (stop === null && graceSeconds !== null) {
        main.signal("SIGTERM");
        stop = { at: now, graceMilliseconds: graceSeconds * 1000 };
      }
      if (stop !== null && now - stop.at >= stop.graceMilliseconds) main.signal("SIGKILL");
    } else {
      endedAt ??= now;
      if (hasMark(config, stateNames.released)) return "released";
      if (now - endedAt > config.holdSeconds * 1000) return "nobody-came";
    }
    await sleep(lookMilliseconds);
  }
}

/** `null`: nobody has asked. */
function stopGrace(config: PodConfig, terminated: AbortSignal): number | null {
  const asked = readMark(config, stateNames.stop);
  if (asked !== null) return Number(asked) >= 0 ? Number(asked) : config.graceSeconds;
  return terminated.aborted ? config.graceSeconds : null;
}

/** For a program that must not begin before the command has ended. */
export async function untilEnded(config: PodConfig): Promise<void> {
  const main = mainProcess(config);
  while (main.state() === "running") await sleep(lookMilliseconds);
}

/** For the container before the command's: until somebody has brought the files. */
export async function untilReceived(config: PodConfig): Promise<void> {
  while (!hasMark(config, stateNames.received)) await sleep(lookMilliseconds);
  // The one that brought them still has to say so.
  await sleep(lookMilliseconds * 5);
}
