import type { Failure } from "@claude-k8s/diagnostics";

import { type SessionRecord } from "../claude/session.ts";
import type { Ending } from "../ending.ts";
import { billing } from "./billing.ts";
import type { CancellationRequest } from "./cancellation.ts";
import type { ExecutionResult } from "./contract.ts";
import { type Course, courseOf, hostWordFor } from "./courses.ts";
import { provesEnd } from "./proof-of-end.ts";
import { acknowledgement, bootstrapRecovery, continuation } from "./recovery.ts";
import { sessionParams } from "./session-codec.ts";
import { commentOf, messageOf } from "./words.ts";

/** What a result is made of besides the ending itself. */
export interface ResultContext {
  /** The host's request to end the run; `null`: there was none. */
  readonly cancellation: CancellationRequest | null;
  /** What the session of this run belongs to, but for its id. */
  readonly session: Omit<SessionRecord, "sessionId" | "claudeVersion"> | null;
  /** The session's files outlive the pod. Default: that is not known. */
  readonly sessionLasts?: boolean;
  /** Variables of the pod, for the way it is billed. */
  readonly environment: Readonly<Record<string, string>>;
  /** As configured, for a run that ended before it told its model. */
  readonly model: string | null;
  /** The Job of an earlier run, which this one followed to its end first: what it has cost is this run's, too. */
  readonly before?: Ending | null;
  /** ISO 8601. */
  readonly now: string;
  /** What the runs of the same task before it mean for this failure. Default: it is the first of its kind. */
  readonly chain?: FailureChain;
}

export interface FailureChain {
  /** People have not been told yet. */
  readonly isNews: boolean;
  /** It was continued often enough, and waits for a person now. */
  readonly isExhausted: boolean;
  /** The run was refused: nothing has changed since it failed before. */
  readonly isVain: boolean;
  /** How many runs in a row have ended like that, this one included. Default: 1. */
  readonly runs?: number;
}

const firstOfItsKind: FailureChain = { isNews: true, isExhausted: false, isVain: false };

/**
 * An ending in the host's words. Rules of the host that shape it: an exit code of null without a message is a success, any
 * `signal` or `errorMessage` is a failure, and a failure without a recovery flag locks its issue.
 */
export function toResult(ending: Ending, context: ResultContext): ExecutionResult {
  const { diagnosis } = ending;
  const course = diagnosis.outcome === "failure" ? wayOn(diagnosis, context) : null;
  return {
    ...(diagnosis.outcome === "failure" && course !== null
      ? failed(ending, diagnosis, course, context)
      : succeeded()),
    ...spent(ending, context),
    ...sessionOf(ending, context),
    summary: summaryOf(ending, course, context),
    resultJson: {
      ...details(ending),
      ...(context.before && { takenOver: briefly(context.before) }),
      ...(course === "continue" && { stopReason: "max_turns_exhausted" }),
      // Retries of a start that failed need both flags: without this one, the issue takes no comment once they are used up.
      ...(diagnosis.outcome === "failure" && !(diagnosis.bootstrap && course === "person") && continuation()),
      ...(context.cancellation !== null && stopped(ending, context.cancellation, context.now)),
    },
  };
}

function succeeded(): Pick<ExecutionResult, "exitCode" | "signal" | "timedOut" | "errorMessage"> {
  // Also when the process was stopped behind its result: with its 143 the host would call the run failed.
  return { exitCode: 0, signal: null, timedOut: false, errorMessage: null };
}

function wayOn(diagnosis: Failure, { chain = firstOfItsKind }: ResultContext): Course {
  return chain.isExhausted || chain.isVain ? "person" : courseOf(diagnosis);
}

function failed(
  ending: Ending,
  diagnosis: Failure,
  course: Course,
  context: ResultContext,
): Partial<ExecutionResult> & Pick<ExecutionResult, "exitCode" | "signal" | "timedOut"> {
  const { exit } = ending;
  const { now, chain = firstOfItsKind } = context;
  const exitCode = "exitCode" in exit ? (exit.exitCode ?? null) : null;
  const notBefore =
    diagnosis.notBefore ?? (course === "later" ? minutesAfter(now, laterMinutes(chain)) : null);
  return {
    // An exit code of 0 and the failure's message would contradict each other in the host's list of runs.
    exitCode: exitCode === 0 ? 1 : exitCode,
    signal: "signal" in exit ? (exit.signal ?? null) : null,
    // The host continues a run that it holds for timed out, whatever its code says.
    timedOut: diagnosis.code === "timeout" && course === "deadline",
    errorCode: hostWordFor(course, diagnosis) ?? diagnosis.code,
    errorMessage: messageOf(diagnosis, { course, keepsSession: keepsSession(ending, context), ...chain }),
    errorFamily: course === "later" ? "transient_upstream" : diagnosis.family,
    ...(notBefore !== null && { retryNotBefore: notBefore }),
    ...(diagnosis.bootstrap && provesEnd(ending) && bootstrapRecovery()),
  };
}

/** The run that stands in the way may last for hours, and the host tries twice. */
function laterMinutes({ runs = 1 }: FailureChain): number {
  return runs === 1 ? 5 : 60;
}

function minutesAfter(iso: string, minutes: number): string {
  return new Date(Date.parse(iso) + minutes * 60_000).toISOString();
}

function spent(ending: Ending, context: ResultContext): Partial<ExecutionResult> {
  const summaries = [context.before?.summary ?? null, ending.summary].filter(
    (summary) => summary !== null && summary.frames > 0,
  );
  const last = summaries.at(-1);
  const model = last?.model ?? context.model;
  const paid = billing(context.environment, last?.apiKeySource ?? null);
  if (summaries.length === 0) return { ...paid, model };
  // Each process's own share: the CLI's totals of a resumed session begin with the earlier runs'.
  const shares = summaries.flatMap((summary) => (summary === null ? [] : [summary.cost.own]));
  const sum = (of: (usage: (typeof shares)[number]["usage"]) => number): number =>
    shares.reduce((total, { usage }) => total + of(usage), 0);
  const costs = shares.map(({ costUsd }) => costUsd);
  return {
    ...paid,
    model,
    usageBasis: "per_run",
    usage: {
      inputTokens: sum((usage) => usage.inputTokens + usage.cacheCreationInputTokens),
      outputTokens: sum((usage) => usage.outputTokens),
      cachedInputTokens: sum((usage) => usage.cacheReadInputTokens),
    },
    // A part that no price is known for would make the sum look small.
    ...(!costs.includes(null) && { costUsd: costs.reduce<number>((total, cost) => total + (cost ?? 0), 0) }),
  };
}

function sessionOf(
  { diagnosis, summary: last }: Ending,
  { session, before }: ResultContext,
): Partial<ExecutionResult> {
  // One that never began leaves the conversation where the Job before it did.
  const summary = last?.sessionId ? last : (before?.summary ?? last);
  if (diagnosis.session === "clear") return { clearSession: true, sessionId: null, sessionParams: null };
  // Only `init` names a session that exists: an id from anywhere else makes the next run fail.
  const sessionId = summary?.sessionId ?? null;
  if (sessionId === null || session === null) return {};
  return {
    sessionId,
    sessionParams: sessionParams({ ...session, sessionId, claudeVersion: summary?.cliVersion ?? null }),
    sessionDisplayId: sessionId,
  };
}

function keepsSession({ diagnosis, summary }: Ending, { sessionLasts = false }: ResultContext): boolean {
  return sessionLasts && diagnosis.session === "keep" && (summary?.sessionId ?? null) !== null;
}

/**
 * Posted as a comment when the agent made none itself: what it answered, or what became of it instead. A failure is told once in a
 * chain of equal ones. Claude Code's own sentence for an error is no answer of the agent.
 */
function summaryOf(ending: Ending, course: Course | null, context: ResultContext): string | null {
  const { diagnosis, summary } = ending;
  const { chain = firstOfItsKind } = context;
  if (diagnosis.outcome === "success") return summary?.finalText || summary?.lastAssistantText || null;
  if (course === null || course === "stopped" || !chain.isNews) return null;
  return commentOf(diagnosis, { course, keepsSession: keepsSession(ending, context), ...chain });
}

function stopped(ending: Ending, request: CancellationRequest, now: string): Record<string, unknown> {
  const { exit, diagnosis } = ending;
  const forced = exit.kind === "stopped" && exit.forced === true;
  // A run that was taken down before the agent started must not be started again by the host's own hand.
  const flags = diagnosis.outcome === "success" ? {} : continuation();
  if (!request.byPerson) return flags;
  return provesEnd(ending) ? { ...flags, ...acknowledgement(now, forced) } : { ...flags, ...unconfirmed };
}

/** What became of the Job that this run has followed before its own. */
function briefly({ ref, diagnosis, takenOver }: Ending): Record<string, unknown> {
  return {
    runId: takenOver?.runId ?? null,
    job: ref?.jobName ?? null,
    outcome: diagnosis.outcome,
    code: diagnosis.code,
    title: diagnosis.title,
  };
}

/** Without an acknowledgement the host says that the stop could not be confirmed, which is so. */
const unconfirmed = {
  stop: {
    confirmed: false,
    reason:
      "nothing shows that the run's process has ended: its node does not answer, or its Job could not be removed",
  },
};

/** Kept with the run: for the reader of a failure, and for whoever looks for the Job. */
function details({ exit, diagnosis, ref, evidence, summary }: Ending): Record<string, unknown> {
  const result = summary?.result ?? null;
  const structured = summary?.structuredOutput?.value ?? null;
  return {
    ...(result !== null && {
      subtype: result.subtype,
      is_error: result.isError,
      // The host posts what it finds under `result` as the agent's comment where there is no summary.
      [diagnosis.outcome === "success" ? "result" : "claudeSaid"]: result.text,
      num_turns: summary?.turns ?? null,
      duration_ms: summary?.durationMs ?? null,
    }),
    ...(structured !== null && { structuredOutput: structured }),
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
