/** The names of a run's payload Secrets, as its Job tells them. What stands on a Job may have been written by anybody: it is bounded here. */

import { annotations, attemptForm, payloadSecretName } from "./names.ts";

/** About half a gigabyte; more than any API server stores for one run. */
export const mostPayloadSecrets = 500;

/** `[]` where the annotations are missing, or are nothing that the runner would have written. */
export function payloadSecretsOf(job: unknown): readonly string[] {
  const { metadata } = (job ?? {}) as {
    readonly metadata?: { readonly name?: unknown; readonly annotations?: unknown };
  };
  const { name } = metadata ?? {};
  const written = (metadata?.annotations ?? {}) as Readonly<Record<string, unknown>>;
  const attempt = written[annotations.attempt];
  const count = countOf(written[annotations.payloadSecrets]);
  if (typeof name !== "string" || typeof attempt !== "string" || !attemptForm.test(attempt)) return [];
  return Array.from({ length: count }, (_, index) => payloadSecretName(name, attempt, index));
}

function countOf(text: unknown): number {
  if (typeof text !== "string" || !/^\d{1,4}$/.test(text)) return 0;
  const count = Number(text);
  return count <= mostPayloadSecrets ? count : 0;
}
