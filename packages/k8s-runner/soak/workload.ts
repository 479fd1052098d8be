/** The containers of a soak on the local cluster: what they print, when their log is rotated, and what its files held. */

import type { ContainerContext, ContainerScript, PodReference, ScriptStep } from "@claude-k8s/local-cluster";
import type { Truth } from "./judge.ts";
import { burstOf } from "./shape.ts";
import type { RunShape } from "./shape.ts";

export interface Workload {
  script(context: ContainerContext): ContainerScript | null;
  truth(slot: string): Truth | null;
  /** How many containers were started for the slot. */
  starts(slot: string): number;
  readonly rotations: { readonly running: number; readonly atExit: number };
}

interface Written {
  rotations: number;
  rotatedUpTo: number;
  starts: number;
}

export function createWorkload(
  shapes: ReadonlyMap<string, RunShape>,
  /** Does it at once. */
  rotate: (pod: PodReference) => Promise<void>,
): Workload {
  const known = new Map<string, Written>();
  const rotations = { running: 0, atExit: 0 };

  function* steps(shape: RunShape, pod: PodReference, written: Written): Generator<ScriptStep> {
    let printed = 0;
    const turn = (): void => {
      rotate(pod).catch(() => undefined);
      written.rotations += 1;
      written.rotatedUpTo = printed - 1;
    };
    const pending = [...shape.rotateBehind];
    const exitAt = shape.exitLines === null ? shape.lines : Math.max(0, shape.lines - shape.exitLines);
    while (printed < exitAt) {
      const until = Math.min(exitAt, printed + shape.linesABurst);
      yield { afterMilliseconds: shape.burstMilliseconds, stdout: burstOf(shape, printed, until) };
      printed = until;
      while (pending[0] !== undefined && pending[0] < printed) {
        pending.shift();
        rotations.running += 1;
        turn();
      }
    }
    if (printed === shape.lines) return;
    rotations.atExit += 1;
    turn();
    yield { stdout: burstOf(shape, printed, shape.lines) };
  }

  return {
    rotations,
    script({ namespace, pod, environment }) {
      const shape = shapes.get(environment["SOAK_SLOT"] ?? "");
      if (shape === undefined) return null;
      // Its file and what prints it are those of processes.
      if (shape.recorded) return null;
      const starts = (known.get(shape.slot)?.starts ?? 0) + 1;
      const written: Written = { rotations: 0, rotatedUpTo: -1, starts };
      known.set(shape.slot, written);
      return {
        steps: steps(shape, { namespace, name: pod }, written),
        ending: { exitCode: shape.exitCode },
      };
    },
    truth: (slot) => known.get(slot) ?? null,
    starts: (slot) => known.get(slot)?.starts ?? 0,
  };
}
