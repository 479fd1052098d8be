/** All runs of a soak together. */

import type { Records } from "../../k8s-runner/soak/records.ts";
import type { Verdict } from "../../k8s-runner/soak/verdict.ts";
import { judgeTurn } from "./judge.ts";
import { workspaceOf } from "./host.ts";
import type { TurnRecords } from "./records.ts";
import type { TaskShape } from "./shape.ts";
import { differenceOf, readJournal } from "./tree.ts";

export interface Sums {
  runs: number;
  /** Changes of files that were made in pods and are on the server. */
  changes: number;
  /** Runs whose files went with their pod. */
  filesLost: number;
  recorded: number;
  /** Calls of `execute` that were killed. */
  again: number;
}

export interface VerdictOptions {
  readonly shapes: readonly TaskShape[];
  readonly records: Records;
  readonly turns: TurnRecords;
  readonly home: string;
  /** `null`: not known. */
  readonly starts: ((slot: string, turn: number) => number) | null;
  readonly rotated: boolean;
}

export function adapterVerdict(options: VerdictOptions): { readonly verdict: Verdict; readonly sums: Sums } {
  const { shapes, records, turns, home, starts, rotated } = options;
  const problems: { slot: string; problem: string }[] = [];
  const sums: Sums = { runs: 0, changes: 0, filesLost: 0, recorded: 0, again: 0 };
  const totals = { lines: 0, gaps: 0, lost: 0, neverSeen: 0, refusedStarts: 0 };
  for (const shape of shapes) {
    const { slot } = shape;
    for (const turn of shape.turns) {
      const told = turns.result(slot, turn.turn);
      if (told === null) {
        problems.push({ slot, problem: `run ${turn.turn} hangs: no process has told its end` });
        break;
      }
      const earlier = turns.outputs(slot, turn.turn).filter((path) => path !== told.outputPath);
      const judged = judgeTurn({
        shape,
        turn,
        told,
        before: turn.turn === 0 ? null : turns.result(slot, turn.turn - 1),
        earlier,
        stops: turns.stops(slot, turn.turn),
        starts: starts?.(slot, turn.turn) ?? null,
        rotated,
      });
      for (const problem of judged.problems)
        problems.push({ slot, problem: `run ${turn.turn} (${shape.keeps}, ${turn.ending}): ${problem}` });
      sums.runs += 1;
      sums.again += earlier.length;
      if (shape.recorded) sums.recorded += 1;
      if (judged.filesLost) sums.filesLost += 1;
      totals.lines += judged.lines;
      totals.gaps += judged.gaps;
      totals.lost += judged.lost;
      totals.neverSeen += judged.neverSeen;
    }
    if (shape.keeps !== "copied") continue;
    const workspace = workspaceOf(home, slot);
    const difference = differenceOf(slot, workspace);
    if (difference !== null)
      problems.push({ slot, problem: `its files are wrong in the end: ${difference}` });
    sums.changes += readJournal(workspace).reduce((sum, { step }) => sum + step, 0);
  }
  for (const fact of records.facts())
    if (fact.fact === "refused") totals.refusedStarts += 1;
    else if (fact.fact === "left-open")
      problems.push({
        slot: "",
        problem: `a process that had closed everything still has ${fact.resources.join(", ")}`,
      });
  return { verdict: { problems, totals: { ...noTotals, ...totals } }, sums };
}

const noTotals: Verdict["totals"] = {
  lines: 0,
  gaps: 0,
  lost: 0,
  neverSeen: 0,
  unwritten: 0,
  neverRan: 0,
  rotatedRuns: 0,
  adopted: 0,
  fromSpool: 0,
  fromCursor: 0,
  fromStart: 0,
  refusedStarts: 0,
  refusedCleanUps: 0,
  fullDisk: 0,
  recorded: 0,
};
