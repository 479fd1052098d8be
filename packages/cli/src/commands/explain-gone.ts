import { diagnose, evidenceOf } from "@claude-k8s/diagnostics";
import { plainLine } from "@claude-k8s/stream-parser/terminal";

import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { ageOf } from "../screen/age.ts";
import { plainJson } from "../screen/plain.ts";
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
    showDiagnosis(streams, diagnosis, format);
    return exitCodeOf(diagnosis);
  }
  const told = events.map(
    ({ reason, message, involvedObject: { kind, name }, lastTimestamp, eventTime }) => ({
      at: new Date(lastTimestamp ?? eventTime ?? Number.NaN),
      reason: reason ?? "?",
      on: `${(kind ?? "object").toLowerCase()}/${name ?? "?"}`,
      message: message ?? "",
    }),
  );
  if (format === "json") {
    const plain = told.map((event) => ({ ...event, at: timeOf(event.at) }));
    streams.output.write(`${plainJson({ job: jobName, namespace, state: "gone", events: plain })}\n`);
    return exitCodes.failure;
  }
  const now = Date.now();
  const lines = [
    "● How the run ended cannot be said any more: its Job and its pod are gone, and its output with them",
    `  Job ${jobName} in namespace ${namespace}; a Job stays for a while with \`run --retain\``,
    "  What the cluster still tells of it:",
    ...told.map(
      ({ at, reason, on, message }) => `  - ${ageOf(timeOf(at), now)} ago: ${reason} on ${on}: ${message}`,
    ),
  ];
  streams.output.write(lines.map((line) => `${plainLine(line)}\n`).join(""));
  return exitCodes.failure;
}

function timeOf(at: Date): string | null {
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
