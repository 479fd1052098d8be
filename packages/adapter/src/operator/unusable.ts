import type { FailureLike } from "@claude-k8s/diagnostics";

import type { OperatorWord } from "./operator.ts";

/** Nothing runs by rules that nobody knows. */
export function fileUnusable({
  file,
  problems,
}: Extract<OperatorWord, { readonly kind: "unusable" }>): Extract<
  FailureLike,
  { readonly kind: "not-allowed" }
> {
  const [first = "it cannot be read", ...others] = problems;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return {
    kind: "not-allowed",
    file,
    refusals: [
      {
        setting: "CLAUDE_K8S_CONFIG",
        rule: `the operator's file cannot be used, and nothing runs until it is corrected: ${first}${more}`,
        allow: null,
      },
    ],
  };
}
