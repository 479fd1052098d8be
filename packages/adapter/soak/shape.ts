/** What each task of a soak of the adapter does: drawn from the seed and its number, nothing else. */

import { between, createRandom, pick } from "../../k8s-runner/soak/random.ts";
import { slotOf } from "../../k8s-runner/soak/shape.ts";
import type { TurnPlan } from "./program.ts";

export interface TaskShape {
  readonly slot: string;
  /** `copied`: with the workspace's files and its session; `session`: with the session alone; `plain`: nothing is kept. */
  readonly keeps: "copied" | "session" | "plain";
  readonly recorded: boolean;
  /** Its runs, one after the other. */
  readonly turns: readonly TurnShape[];
}

export type TurnShape = Pick<
  TurnPlan,
  "turn" | "lines" | "linesABurst" | "burstMilliseconds" | "longLines" | "ending" | "steps"
>;

export interface TaskShaping {
  readonly seed: number;
  readonly lines: number;
  /** Their nodes can be told to evict a pod. */
  readonly local: boolean;
}

const unhappy = ["failed", "crash", "oom", "evict", "stop"] as const;

export function taskShapeOf({ seed, lines, local }: TaskShaping, index: number): TaskShape {
  const random = createRandom(seed, `task ${index}`);
  const keeps = (["copied", "plain", "copied", "session"] as const)[index % 4] ?? "plain";
  const recorded = random() < 0.4;
  const count = keeps === "plain" ? 1 : between(random, 2, 3);
  // In turn, so that a short soak has them all.
  let next = Math.floor(index / 2) + between(random, 0, unhappy.length - 1);
  const turns = Array.from({ length: count }, (_, turn): TurnShape => {
    const happy = turn === count - 1 ? random() < 0.7 : random() < 0.4;
    const drawn = happy ? "success" : (unhappy[next++ % unhappy.length] ?? "success");
    return {
      turn,
      lines: between(random, Math.ceil(lines * 0.5), Math.ceil(lines * 1.5)) + 4,
      linesABurst: pick(random, [1, 3, 5, 10]),
      burstMilliseconds: pick(random, [30, 60, 120]),
      longLines: random() < 0.3,
      ending: drawn === "evict" && !local ? "crash" : drawn,
      steps: keeps === "copied" ? between(random, 1, 9) : 0,
    };
  });
  return { slot: slotOf(seed, index), keeps, recorded, turns };
}
