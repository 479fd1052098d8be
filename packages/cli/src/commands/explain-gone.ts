import { diagnose, evidenceOf } from "@claude-k8s/diagnostics";
import { plainLine } from "@claude-k8s/stream-parser/terminal";

import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { ageOf } from "../screen/age.ts";
import { showFacts } from "../screen/facts.ts";
import { showDiagnosis } from "../screen/show.ts";
import type { Streams } from "../streams.ts";
import type { ExplainFormat } from "./explain-options.ts";

/** As the API server writes it. */
interface ClusterEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
}

interface Target {
  readonly namespace: string;
  readonly jobName: string;
}

/**
 * Of a Job that is gone only its events are left, for about an hour. Where the cluster itself ended the run they tell it; how the
 * command ended they never tell, and nothing is made of that.
 */
export function explainGone(
  streams: Streams,
  { namespace, jobName }: Target,
  events: readonly ClusterEvent[],
  format: ExplainFormat,
): number {
  const diagnosis = diagnose(evidenceOf({ events }));
  if (diagnosis.code?.startsWith("k8s_") === true) {
    streams.errors.write(`▸ Job ${plainLine(jobName)} is gone; the cluster still has its events.\n`);
    // What it explains is what was asked for: data, in words as well.
    showDiagnosis({ ...streams, errors: streams.output }, diagnosis, format);
    return exitCodeOf(diagnosis);
  }
  const told = events.map(
    ({ reason, message, involvedObject: { kind, name }, lastTimestamp, eventTime }) => ({
      at: lastTimestamp ?? eventTime ?? null,
      reason: reason ?? "?",
      on: `${(kind ?? "object").toLowerCase()}/${name ?? "?"}`,
      message: message ?? "",
    }),
  );
  told.sort((one, other) => (one.at ?? "").localeCompare(other.at ?? ""));
  const now = Date.now();
  const lines = [
    "● How the run ended cannot be said any more: its Job and its pod are gone, and its output with them",
    `  Job ${jobName} in namespace ${namespace}; a Job stays for a while with \`run --retain\``,
    "  What the cluster still tells of it:",
    ...told.map(({ at, reason, on, message }) => `  - ${ageOf(at, now)} ago: ${reason} on ${on}: ${message}`),
  ];
  showFacts(streams, { job: jobName, namespace, state: "gone", events: told }, lines, format);
  return exitCodes.failure;
}
