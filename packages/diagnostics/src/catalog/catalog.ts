import type { FailureCode } from "../codes.ts";
import { claudeAnswers } from "./claude-answers.ts";
import { claudeProcess } from "./claude-process.ts";
import { clusterRun } from "./cluster-run.ts";
import { clusterStart } from "./cluster-start.ts";
import type { CatalogEntry } from "./entry.ts";
import { own } from "./own.ts";

/** Every code of a failure, with what is the same for all runs that end so. */
export const catalog: readonly CatalogEntry[] = [
  ...claudeAnswers,
  ...claudeProcess,
  ...clusterStart,
  ...clusterRun,
  ...own,
];

export function catalogEntry(code: FailureCode): CatalogEntry {
  const entry = catalog.find((candidate) => candidate.code === code);
  if (entry === undefined) throw new TypeError(`The catalogue has no entry for ${code}`);
  return entry;
}
