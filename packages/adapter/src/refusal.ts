import { type ExitLike, type SettingRefusal, diagnose } from "@claude-k8s/diagnostics";

import type { Ending } from "./ending.ts";

export type Refusal = Extract<ExitLike, { readonly kind: "refused" }>["failure"];

/** The ending of a run that never became one. */
export function refusalOf(failure: Refusal, config: Readonly<Record<string, unknown>>): Ending {
  const exit: ExitLike = { kind: "refused", failure };
  return { exit, summary: null, diagnosis: diagnose({ exit, settings: config }), ref: null, evidence: null };
}

export function notAllowed(
  {
    operatorFile,
    config,
  }: { readonly operatorFile: string | null; readonly config: Readonly<Record<string, unknown>> },
  refusals: readonly SettingRefusal[],
): Ending {
  return refusalOf({ kind: "not-allowed", refusals, file: operatorFile }, config);
}
