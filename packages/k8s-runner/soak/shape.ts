/** What each run of a soak does and how it is read: drawn from the seed and the run's number, nothing else. */

import { between, createRandom, pick } from "./random.ts";

/** All supervisors of a soak are one server. */
export const soakKey = "the-key-of-the-soak";

export interface RunShape {
  readonly slot: string;
  readonly lines: number;
  readonly linesABurst: number;
  readonly burstMilliseconds: number;
  /** Every 97th line is longer than the 16 KiB of one record. */
  readonly longLines: boolean;
  /** Whether the last line ends in one. */
  readonly newlineAtEnd: boolean;
  readonly exitCode: number;
  /** Has a Secret for its payload. */
  readonly payload: boolean;
  /**
   * `replay`: an adoption gets the whole output again, from the spool. `cursor`: the consumer keeps the cursor beside what it
   * wrote and goes on behind it.
   */
  readonly sink: "replay" | "cursor";
  /** How long the consumer takes over each of its first chunks. */
  readonly slowMilliseconds: number;
  /** On the local cluster: the log is rotated behind these lines. */
  readonly rotateBehind: readonly number[];
  /** On the local cluster: rotated so many lines before the end, and these are printed at once with the exit. */
  readonly exitLines: number | null;
  /** Its output has a record beside the log. */
  readonly recorded: boolean;
}

export interface ShapeOptions {
  readonly seed: number;
  /** About how many lines a run prints. */
  readonly lines: number;
  readonly rotation: boolean;
  /** Some runs record their output. */
  readonly recorded: boolean;
}

/** A rotation before anybody can have read the first line takes away what nobody can know of. */
const UNROTATED_MILLISECONDS = 5000;

export function slotOf(seed: number, index: number): string {
  return `soak-${seed}-${index}`;
}

export function shapeOf({ seed, lines, rotation, recorded }: ShapeOptions, index: number): RunShape {
  const random = createRandom(seed, `run ${index}`);
  const big = random() < 0.04;
  const count = big ? lines * 20 : between(random, Math.ceil(lines * 0.5), Math.ceil(lines * 1.5));
  const linesABurst = big ? 100 : pick(random, [1, 3, 5, 10]);
  const burstMilliseconds = big ? 100 : pick(random, [30, 60, 120]);
  const unrotated = Math.ceil(UNROTATED_MILLISECONDS / burstMilliseconds) * linesABurst;
  const rotations = Array.from({ length: between(random, 0, 3) }, () => between(random, 0, count)).sort(
    (one, other) => one - other,
  );
  const exitLines = random() < 0.4 ? between(random, 1, 20) : 0;
  return {
    slot: slotOf(seed, index),
    lines: count,
    linesABurst,
    burstMilliseconds,
    longLines: random() < 0.3,
    newlineAtEnd: random() < 0.7,
    exitCode: random() < 0.2 ? 3 : 0,
    payload: random() < 0.4,
    sink: pick(random, ["replay", "cursor"] as const),
    slowMilliseconds: big || random() < 0.1 ? between(random, 100, 600) : 0,
    rotateBehind: rotation ? rotations.filter((line) => line > unrotated) : [],
    // Drawn by itself, so that all else is as without it.
    recorded: recorded && createRandom(seed, `recorded ${index}`)() < 0.5,
    exitLines: rotation && exitLines > 0 && count - exitLines > unrotated ? exitLines : null,
  };
}

export function lineOf(index: number, longLines: boolean): string {
  if (longLines && index % 97 === 50) return `${index} ${"y".repeat(17_000 + ((index * 7919) % 30_000))} é✓`;
  return `${index} ${"x".repeat((index * 37) % 300)} é✓`;
}

/** The lines from `from` on that are printed together. */
export function burstOf(shape: RunShape, from: number, until: number): string {
  let text = "";
  for (let index = from; index < until; index++)
    text += lineOf(index, shape.longLines) + (index < shape.lines - 1 || shape.newlineAtEnd ? "\n" : "");
  return text;
}

/** The same output from a process in a container. */
export function commandOf(shape: RunShape): string[] {
  const script = `
    ${lineOf.toString()}
    ${burstOf.toString()}
    const shape = ${JSON.stringify(shape)};
    let index = 0;
    const timer = setInterval(() => {
      const until = Math.min(shape.lines, index + shape.linesABurst);
      process.stdout.write(burstOf(shape, index, until));
      index = until;
      if (index < shape.lines) return;
      clearInterval(timer);
      process.exitCode = shape.exitCode;
    }, shape.burstMilliseconds);`;
  return ["node", "-e", script];
}
