/** What a soak says at its end. */

import { localKinds, processRotation } from "./disturbances.ts";
import { execKinds } from "./exec/breaking-exec.ts";
import { proxyKinds } from "./faults.ts";
import { repeatCommand } from "./settings.ts";
import type { Settings } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

export interface Figures {
  readonly runs: number;
  readonly seconds: number;
  readonly processes: number;
  readonly swept: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly verdict: Verdict;
  /** Of no run in particular. */
  readonly problems: readonly string[];
  /** Kinds that cannot happen here, with why. */
  readonly skipped: ReadonlyMap<string, string>;
  /** One more line of figures. */
  readonly more?: string;
}

export const ownKinds = [
  "supervisor killed",
  "supervisor killed in a spool write",
  "full disk",
  "log rotated",
  "log rotated at the exit",
] as const;

/** True: nothing was wrong. */
export function report(settings: Settings, figures: Figures): boolean {
  const { counts, verdict, seconds, skipped } = figures;
  const { totals } = verdict;
  const kinds = kindsOf(settings, counts).filter((kind) => !skipped.has(kind));
  const problems = [...figures.problems, ...shortages(settings, kinds, counts)];
  for (const { slot, problem } of verdict.problems) {
    const where = slot === "" ? "" : `${slot} (seed ${settings.seed}): `;
    console.log(`${where}${problem}${slot === "" ? "" : `\n    again: ${repeatCommand(settings, slot)}`}`);
  }
  for (const problem of problems) console.log(problem);
  const width = Math.max(...kinds.map((kind) => kind.length));
  for (const kind of kinds) console.log(`${kind.padEnd(width)} ${String(counts.get(kind) ?? 0).padStart(6)}`);
  for (const [kind, reason] of skipped) console.log(`${kind}: skipped, ${reason}`);
  console.log(
    `${figures.runs} runs, ${totals.lines} lines, ${sum(counts)} faults in ${Math.round(seconds)} s; ` +
      `${figures.processes} processes, ${totals.adopted} adoptions (${totals.fromSpool} from the spool, ` +
      `${totals.fromCursor} from a cursor, ${totals.fromStart} from the first byte), ` +
      `${totals.refusedStarts} starts and ${totals.refusedCleanUps} clean-ups refused and asked again, ${figures.swept} objects of dead processes swept`,
  );
  console.log(
    `${totals.gaps} gaps, ${totals.lost} lines lost in them, ${totals.neverSeen} rotated away before any process had read one`,
  );
  if (figures.more !== undefined) console.log(figures.more);
  if (settings.recorded) console.log(`${totals.recorded} runs had a record of their output`);
  if (totals.unwritten + totals.neverRan > 0)
    console.log(
      `${totals.unwritten} lines that a killed runtime never wrote, ${totals.neverRan} containers that it never started`,
    );
  const all = verdict.problems.length + problems.length;
  console.log(`seed ${settings.seed}: ${all} problems`);
  return all === 0;
}

/** The kinds that can happen with these settings, and those that did. */
function kindsOf(settings: Settings, counts: ReadonlyMap<string, number>): string[] {
  const local = settings.kubeconfig === null;
  const expected = [
    ...(settings.strength > 0 && settings.kinds === null ? proxyKinds : []),
    ...(settings.kills ? ownKinds.slice(0, 2) : []),
    ...(settings.fullDisk && !settings.adapter ? ["full disk"] : []),
    ...(local && settings.rotation && !settings.adapter ? ownKinds.slice(3) : []),
    ...(local && settings.disturbances ? localKinds : []),
    ...(settings.recorded || settings.adapter ? [...execKinds, "supervisor killed in an exec"] : []),
    ...(local && (settings.recorded || settings.adapter) && settings.rotation ? [processRotation] : []),
  ];
  return [...new Set([...expected, ...counts.keys()])];
}

function shortages(
  settings: Settings,
  kinds: readonly string[],
  counts: ReadonlyMap<string, number>,
): string[] {
  const { floor, faults } = settings;
  const few = kinds.filter((kind) => (counts.get(kind) ?? 0) < floor);
  return [
    ...few.map((kind) => `too few: ${kind} happened ${counts.get(kind) ?? 0} times, not ${floor}`),
    ...(sum(counts) < faults ? [`too few: ${sum(counts)} faults in all, not ${faults}`] : []),
  ];
}

function sum(counts: ReadonlyMap<string, number>): number {
  let all = 0;
  for (const count of counts.values()) all += count;
  return all;
}
