import { type Failure, formatLine } from "@claude-k8s/diagnostics";

import { type SessionRecord } from "../claude/session.ts";
import type { Ending } from "../ending.ts";
import { billing } from "./billing.ts";
import type { CancellationRequest } from "./cancellation.ts";
import type { ExecutionResult } from "./contract.ts";
import { acknowledgement, bootstrapRecovery, continuation } from "./recovery.ts";
import { sessionParams } from "./session-codec.ts";

/** What a result is made of besides the ending itself. */
export interface ResultContext {
  /** The host's request to end the run; `null`: there was none. */
  readonly cancellation: CancellationRequest | null;
  /** What the session of this run belongs to, but for its id. */
  readonly session: Omit<SessionRecord, "sessionId"> | null;
  /** Variables of the pod, for the way it is billed. */
  readonly environment: Readonly<Record<string, string>>;
  /** As configured, for a run that ended before it told its model. */
  readonly model: string | null;
  /** ISO 8601. */
  readonly now: string;
}

/**
 * An ending in the host's words. Rules of the host that shape it: an exit code of null without a message is a success, any
 * `signal` or `errorMessage` is a failure, and a failure without a recovery flag locks its issue.
 */
export function toResult(ending: Ending, context: ResultContext): ExecutionResult {
  const { diagnosis } = ending;
  return {
    ...(diagnosis.outcome === "success" ? succeeded() : failed(ending, diagnosis)),
    ...spent(ending, context),
    ...sessionOf(ending, context.session),
    summary: summaryOf(ending),
    resultJson: {
      ...details(ending),
      ...(diagnosis.outcome === "failure" && !diagnosis.bootstrap && continuation()),
      ...(context.cancellation !== null && stopped(ending, context.cancellation, context.now)),
    },
  };
}

function succeeded(): Pick<ExecutionResult, "exitCode" | "signal" | "timedOut" | "errorMessage"> {
  // Also when the process was stopped behind its result: with its 143 the host would call the run failed.
  return { exitCode: 0, signal: null, timedOut: false, errorMessage: null };
}

function failed({ exit }: Ending, diagnosis: Failure): ExecutionResult {
  const exitCode = "exitCode" in exit ? (exit.exitCode ?? null) : null;
  return {
    // An exit code of 0 and the failure's message would contradict each other in the host's list of runs.
    exitCode: exitCode === 0 ? 1 : exitCode,
    signal: "signal" in exit ? (exit.signal ?? null) : null,
    timedOut: diagnosis.code === "timeout",
    errorCode: diagnosis.code,
    errorMessage: messageOf(diagnosis),
    errorFamily: diagnosis.family,
    ...(diagnosis.notBefore !== null && { retryNotBefore: diagnosis.notBefore }),
    ...(diagnosis.bootstrap && bootstrapRecovery()),
  };
}

function messageOf(diagnosis: Failure): string {
  const line = formatLine(diagnosis, { maxLength: 1500 });
  const fix = diagnosis.fix.map((step) => `- ${step}`).join("\n");
  return fix === "" ? line : `${line}\n${fix}`;
}

function spent({ summary }: Ending, context: ResultContext): Partial<ExecutionResult> {
  const model = summary?.model ?? context.model;
  const paid = billing(context.environment, summary?.apiKeySource ?? null);
  if (summary === null || summary.frames === 0) return { ...paid, model };
  const { usage, costUsd } = summary.cost.own;
  return {
    ...paid,
    model,
    // This process's own share: the CLI's totals of a resumed session begin with the earlier runs'.
    usageBasis: "per_run",
    usage: {
      inputTokens: usage.inputTokens + usage.cacheCreationInputTokens,
      outputTokens: usage.outputTokens,
      cachedInputTokens: usage.cacheReadInputTokens,
    },
    ...(costUsd !== null && { costUsd }),
  };
}

function sessionOf(
  { diagnosis, summary }: Ending,
  session: ResultContext["session"],
): Partial<ExecutionResult> {
  if (diagnosis.session === "clear") return { clearSession: true, sessionId: null, sessionParams: null };
  // Only `init` names a session that exists: an id from anywhere else makes the next run fail.
  const sessionId = summary?.sessionId ?? null;
  if (sessionId === null || session === null) return {};
  return {
    sessionId,
    sessionParams: sessionParams({ ...session, sessionId }),
    sessionDisplayId: sessionId,
  };
}

/** Posted as a comment when the agent made none itself: what it answered, never an error's text. */
function summaryOf({ diagnosis, summary }: Ending): string | null {
  if (summary === null) return null;
  const text = diagnosis.outcome === "success" ? summary.finalText : null;
  return text || summary.lastAssistantText || null;
}

function stopped(
  { exit, diagnosis }: Ending,
  request: CancellationRequest,
  now: string,
): Record<string, unknown> {
  const forced = exit.kind === "stopped" && exit.forced === true;
  // A run that was taken down before the agent started must not be started again by the host's own hand.
  const flags = diagnosis.outcome === "success" ? {} : continuation();
  return request.byPerson ? { ...flags, ...acknowledgement(now, forced) } : flags;
}

/** Kept with the run: for the reader of a failure, and for whoever looks for the Job. */
function details({ exit, diagnosis, ref, evidence, summary }: Ending): Record<string, unknown> {
  const result = summary?.result ?? null;
  return {
    ...(diagnosis.code === "max_turns_exhausted" && { stopReason: "max_turns_exhausted" }),
    ...(result !== null && {
      subtype: result.subtype,
      is_error: result.isError,
      result: result.text,
      num_turns: summary?.turns ?? null,
      duration_ms: summary?.durationMs ?? null,
    }),
    diagnosis: {
      outcome: diagnosis.outcome,
      code: diagnosis.code,
      title: diagnosis.title,
      cause: diagnosis.cause,
      certainty: diagnosis.certainty,
      evidence: diagnosis.evidence,
      fix: diagnosis.fix,
      notes: diagnosis.notes,
    },
    kubernetes: {
      ending: exit.kind,
      namespace: ref?.namespace ?? evidence?.namespace ?? null,
      job: ref?.jobName ?? evidence?.jobName ?? null,
      jobUid: ref?.jobUid ?? null,
      pod: evidence?.pod?.name ?? null,
      node: evidence?.pod?.nodeName ?? null,
      timings: evidence?.timings ?? null,
      outputBytes: evidence?.outputBytes ?? null,
      outputComplete: evidence?.logComplete ?? null,
      gaps: evidence?.gaps ?? [],
    },
  };
}
