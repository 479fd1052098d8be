import type { FailureCode } from "../codes.ts";
import { claudeAnswers } from "./claude-answers.ts";
import { claudeProcess } from "./claude-process.ts";
import { clusterAdmission } from "./cluster-admission.ts";
import { clusterRun } from "./cluster-run.ts";
import { clusterStart } from "./cluster-start.ts";
import type { CatalogEntry, EntryWords } from "./entry.ts";
import { own } from "./own.ts";
import { workspace } from "./workspace.ts";

/** The type makes a code without an entry, and an entry without a code, an error of compilation. */
function entriesByCode(): Readonly<Record<FailureCode, EntryWords>> {
  return {
    ...claudeAnswers,
    ...claudeProcess,
    ...clusterStart,
    ...clusterAdmission,
    ...clusterRun,
    ...workspace,
    ...own,
  };
}

function allEntries(): readonly CatalogEntry[] {
  return (Object.keys(entriesByCode()) as FailureCode[]).map(catalogEntry);
}

/** Every code of a failure, with what is the same for all runs that end so. */
export const catalog: readonly CatalogEntry[] = /* @__PURE__ */ allEntries();

export function catalogEntry(code: FailureCode): CatalogEntry {
  return { code, ...entriesByCode()[code] };
}
