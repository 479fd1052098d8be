/** What is true of the output of one run: nothing repeated, nothing broken, nothing lost but what a rotation took away. */

import type { LogGap } from "../src/index.ts";
import { lineOf } from "./shape.ts";
import type { RunShape } from "./shape.ts";

/** What the container's log files held, where that is known. */
export interface Truth {
  /** How often the log was rotated. */
  readonly rotations: number;
  /** Lines up to here were in files that are not the newest any more; -1: none. */
  readonly rotatedUpTo: number;
}

export interface JudgeOptions {
  readonly gaps: readonly LogGap[];
  /** `null`: not known; then a rotation may have happened where `mayRotate`. */
  readonly truth: Truth | null;
  readonly mayRotate: boolean;
  /** The container runtime was killed meanwhile: what it had taken from the container and not written is in no file. */
  readonly runtimeStopped: boolean;
  /** Whether a process that died had got the first line already. */
  readonly headWasRead: boolean;
  /** Its first process died: one that is behind may find that nothing is left to read. */
  readonly readAnew: boolean;
}

export interface Judgement {
  readonly lost: number;
  /** Lines that were rotated away before any process had read one: of these nobody can know. Not counted as lost. */
  readonly neverSeen: number;
  /** Lines that the killed runtime had not written: it goes on in the middle of the last of them. Not counted as lost. */
  readonly unwritten: number;
  /** In each case, what is wrong. */
  readonly problems: readonly string[];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** What a stopped runtime leaves: the end of its last line is there, or nothing comes behind it. */
  readonly torn: boolean;
}

export function judge(output: string, shape: RunShape, options: JudgeOptions): Judgement {
  const { gaps, truth, mayRotate, headWasRead, readAnew } = options;
  const problems: string[] = [];
  const stretches = read(output, shape, { problems, runtimeStopped: options.runtimeStopped });
  const unwritten = linesIn(stretches.filter(({ torn }) => torn));
  let missing = stretches.filter(({ torn }) => !torn);
  const rotated = truth === null ? mayRotate : truth.rotations > 0;
  const head = missing[0];
  // A rotation behind the last line takes everything.
  const rotatedUpTo = truth?.rotatedUpTo ?? (readAnew ? shape.lines - 1 : 0);
  const mayBeGone = Math.max(shape.lines - 2, rotatedUpTo);
  let neverSeen = 0;
  if (head?.from === 0 && head.to <= mayBeGone && rotated && !headWasRead && missing.length > gaps.length) {
    neverSeen = head.to + 1;
    missing = missing.slice(1);
    if (truth !== null && head.to > truth.rotatedUpTo)
      problems.push(`lines ${describe(head)} are lost, and no rotation removed the last of them`);
  }
  if (missing.length > gaps.length)
    problems.push(`lost without a gap: lines ${missing.map(describe).join(", ")}, ${gaps.length} gaps told`);
  if (gaps.length > 0 && !rotated)
    problems.push(`${gaps.length} gaps without a rotation: ${JSON.stringify(gaps[0])}`);
  for (const gap of gaps)
    if (gap.reason !== "rotated" && gap.reason !== "clock-stepped")
      problems.push(`a gap that no rotation made: ${JSON.stringify(gap)}`);
  const readable = truth === null ? undefined : missing.find(({ to }) => to > truth.rotatedUpTo);
  if (readable !== undefined)
    problems.push(`lines ${describe(readable)} are lost, and no rotation removed the last of them`);
  return { lost: linesIn(missing), neverSeen, unwritten, problems: problems.slice(0, 5) };
}

function linesIn(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** The stretches that are missing. */
function read(
  output: string,
  shape: RunShape,
  { problems, runtimeStopped }: { readonly problems: string[]; readonly runtimeStopped: boolean },
): Stretch[] {
  const missing: Stretch[] = [];
  const got = output.split("\n");
  const rest = got.pop() ?? "";
  if (rest !== "") got.push(rest);
  let next = 0;
  let fragment: string | null = null;
  for (const line of got) {
    const index = Number(line.slice(0, line.indexOf(" ")));
    if (line === "" || !Number.isInteger(index) || line !== lineOf(index, shape.longLines)) {
      if (runtimeStopped && fragment === null) fragment = line;
      else problems.push(`broken: ${line.slice(0, 60)}`);
      continue;
    }
    const torn = fragment !== null && index > next && lineOf(index - 1, shape.longLines).endsWith(fragment);
    if (fragment !== null && !torn) problems.push(`broken: ${fragment.slice(0, 60)}`);
    fragment = null;
    if (index < next) problems.push(`repeated: line ${index} after ${next - 1}`);
    else {
      if (index > next) missing.push({ from: next, to: index - 1, torn });
      next = index + 1;
    }
  }
  if (fragment !== null) problems.push(`broken: ${fragment.slice(0, 60)}`);
  // A container that ends while nobody takes what it prints takes the rest with it.
  if (next < shape.lines) missing.push({ from: next, to: shape.lines - 1, torn: runtimeStopped && next > 0 });
  else if ((rest === "") !== shape.newlineAtEnd)
    problems.push(`the end of the last line is ${rest === "" ? "made up" : "missing"}`);
  return missing;
}

function describe({ from, to }: Pick<Stretch, "from" | "to">): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}
