/** All results of a soak together: what is wrong, and how often everything happened. */

import { readFileSync } from "node:fs";
import { judge } from "./judge.ts";
import type { Truth } from "./judge.ts";
import type { LogGap } from "../src/index.ts";
import type { Fact, Records, SlotResult } from "./records.ts";
import { lineOf } from "./shape.ts";
import type { RunShape } from "./shape.ts";

export interface Verdict {
  readonly problems: readonly { readonly slot: string; readonly problem: string }[];
  readonly totals: Readonly<Record<Total, number>>;
}

const totals = [
  "lines",
  "gaps",
  "lost",
  "neverSeen",
  "unwritten",
  "neverRan",
  "rotatedRuns",
  "adopted",
  "fromSpool",
  "fromCursor",
  "fromStart",
  "refusedStarts",
  "refusedCleanUps",
  "fullDisk",
  "recorded",
] as const;
type Total = (typeof totals)[number];

export interface VerdictOptions {
  readonly records: Records;
  readonly shapes: readonly RunShape[];
  /** `null`: what the log files held is not known. */
  readonly truth: ((slot: string) => Truth | null) | null;
  readonly starts: ((slot: string) => number) | null;
  readonly mayRotate: boolean;
  /** A command kills parts of the cluster, the container runtime perhaps among them. */
  readonly disturbed: boolean;
}

export function verdictOf(options: VerdictOptions): Verdict {
  const { records, shapes } = options;
  const sums = Object.fromEntries(totals.map((name) => [name, 0])) as Record<Total, number>;
  const problems: { slot: string; problem: string }[] = [];
  const facts = records.facts();
  for (const shape of shapes) {
    for (const problem of problemsOf(shape, { ...options, facts }, sums))
      problems.push({ slot: shape.slot, problem });
  }
  const spooless = new Set<string>();
  for (const fact of facts) {
    if (fact.fact === "adopted") {
      sums.adopted += 1;
      if (fact.replay === "spool") sums.fromSpool += 1;
      else if (fact.replay === "cursor") sums.fromCursor += 1;
      else sums.fromStart += 1;
    } else if (fact.fact === "refused") sums.refusedStarts += 1;
    else if (fact.fact === "clean-up-refused") sums.refusedCleanUps += 1;
    else if (fact.fact === "vanished")
      problems.push({ slot: fact.slot, problem: `its Job vanished: ${fact.message}` });
    else if (fact.fact === "supervision-lost")
      problems.push({ slot: fact.slot, problem: `a living process lost it to ${fact.message}` });
    else if (fact.fact === "warning" && fact.message.includes("ENOSPC")) spooless.add(fact.slot);
    else if (fact.fact === "left-open")
      problems.push({
        slot: "",
        problem: `a process that had closed its runner still has ${fact.resources.join(", ")}`,
      });
  }
  sums.fullDisk = spooless.size;
  return { problems, totals: sums };
}

function problemsOf(
  shape: RunShape,
  {
    records,
    facts,
    truth,
    starts,
    mayRotate,
    disturbed,
  }: VerdictOptions & { readonly facts: readonly Fact[] },
  sums: Record<Total, number>,
): string[] {
  const { slot } = shape;
  const result = records.result(slot);
  if (result === null) return ["hangs: no process has told its end"];
  if (result.exit === "hangs") return [`hangs: ${JSON.stringify(result.lastEvents.slice(-12))}`];
  if (disturbed && neverRan(result)) {
    sums.neverRan += 1;
    return [];
  }
  const known = truth?.(slot) ?? null;
  const gaps = gapsOf(result, records.outputPath(slot, null), facts);
  const judged = judge(readFileSync(result.outputPath, "utf8"), shape, {
    gaps,
    truth: known,
    mayRotate,
    runtimeStopped: runtimeStopped(shape, facts),
    readAnew: facts.some((fact) => fact.fact === "adopted" && fact.slot === slot),
    headWasRead: records
      .outputs(slot)
      .some((path) => path !== result.outputPath && startsWithHead(path, shape)),
  });
  sums.lines += shape.lines;
  sums.gaps += gaps.length;
  sums.lost += judged.lost;
  sums.neverSeen += judged.neverSeen;
  sums.unwritten += judged.unwritten;
  if ((known?.rotations ?? 0) > 0) sums.rotatedRuns += 1;
  const problems = [...judged.problems];
  if (shape.recorded) {
    sums.recorded += 1;
    const missing = judged.lost + judged.neverSeen;
    if (gaps.length + missing > 0)
      problems.push(`recorded, and yet ${missing} lines are missing in ${gaps.length} gaps`);
  }
  if (result.exit !== "exited") problems.push(`declared dead: ${result.exit}`);
  else if (result.exitCode !== shape.exitCode)
    problems.push(`exit code ${result.exitCode} instead of ${shape.exitCode}`);
  if (!result.complete && result.gaps.length === 0) problems.push("its log was not read to the end");
  if (result.complete && result.gaps.length > 0) problems.push("its log is called complete, and has gaps");
  const of = facts.filter((fact) => "slot" in fact && fact.slot === slot).map(({ fact }) => fact);
  const begun = of.filter((fact) => fact === "started").length;
  if (begun > 1) problems.push(`its run was thrown away and begun again ${begun - 1} times`);
  // A start may be refused behind the release of its Job, which is removed then.
  else if ((starts?.(slot) ?? 1) > 1 && !of.includes("refused"))
    problems.push("its container was started again");
  return problems;
}

/** A runtime that is killed while it starts a container says so, and the container is dead. */
function neverRan({ exit, outputPath }: SlotResult): boolean {
  return exit.includes('"kind":"container-start-failed"') && readFileSync(outputPath, "utf8") === "";
}

/** A start, and an end that is told, may be late by so much. */
const lateMilliseconds = 20_000;

/** While the container ran. */
function runtimeStopped(
  { slot, lines, linesABurst, burstMilliseconds }: RunShape,
  facts: readonly Fact[],
): boolean {
  const started = facts.find((fact) => fact.fact === "started" && fact.slot === slot);
  if (started?.fact !== "started") return false;
  const until = started.at + Math.ceil(lines / linesABurst) * burstMilliseconds + lateMilliseconds;
  return facts.some(
    (fact) =>
      fact.fact === "disturbed" && fact.part === "containerd" && fact.from < until && fact.to > started.at,
  );
}

/** One file for all processes of a run also has the gaps that the earlier ones were told. */
function gapsOf(
  { slot, outputPath, gaps }: SlotResult,
  sharedPath: string,
  facts: readonly Fact[],
): readonly LogGap[] {
  if (outputPath !== sharedPath) return gaps;
  const told = facts.flatMap((fact) => (fact.fact === "gap" && fact.slot === slot ? [fact.gap] : []));
  return [...new Map([...told, ...gaps].map((gap) => [`${gap.after}/${gap.before}`, gap])).values()];
}

function startsWithHead(path: string, shape: RunShape): boolean {
  return readFileSync(path, "utf8").startsWith(lineOf(0, shape.longLines));
}
