import { stopReasons, type StopReason } from "@claude-k8s/diagnostics";
import type { RunSummary } from "@claude-k8s/stream-parser";

/** What a run may take. `null`: no limit. */
export interface GuardLimits {
  /** Seconds that a process may stay, silent, after its result. */
  readonly lingerSeconds: number | null;
  /** Seconds without any output while no tool runs. */
  readonly stallSeconds: number | null;
  /** Seconds without any output while a tool, or after the result a background task, runs. */
  readonly toolStallSeconds: number | null;
  /** US dollars of this run, sub-agents included. */
  readonly budgetUsd: number | null;
}

/** A run as it is seen from here, at one moment. Times are milliseconds of one clock, the caller's. */
export interface GuardView {
  readonly summary: RunSummary;
  /**
   * When something was heard last: output, the start of the container, or the return of a log that could not be read.
   * `null`: nothing is known, because the container has not started or its log cannot be read now. Silence proves nothing then.
   */
  readonly heardAt: number | null;
  /** Since when the log could be read without a break: a further turn before that may not have been seen. */
  readonly readableSince: number;
  /** The newest result, or the newest frame of a background task after it, with no frame of a further turn after it. */
  readonly resultAt: number | null;
  /** Milliseconds of waiting that the newest frame announced (`api_retry`), 0 otherwise. */
  readonly announcedMilliseconds: number;
  /** When the spend reached the budget, and how many API messages there were; `null`: it has not. */
  readonly overBudget: { readonly at: number; readonly messages: number } | null;
}

export type GuardVerdict =
  /** Look again at this time, or after the next output; `null`: only output can change it. */
  | { readonly kind: "go-on"; readonly until: number | null }
  /** `detail` says what the run was doing. */
  | { readonly kind: "stop"; readonly reason: StopReason; readonly detail: string };

/**
 * A Claude Code that keeps `--max-budget-usd` ends by itself, with a result, when the message that reached the cap is complete.
 * One that asks the API again, or is still at work after so long, does not keep it.
 */
const budgetGraceMilliseconds = 15_000;

/** May the run go on? The first limit that is broken decides; a run that is only unreadable is never stopped. */
export function judgeRun(view: GuardView, limits: GuardLimits, now: number): GuardVerdict {
  const verdicts = [budget(view, limits, now), silence(view, limits, now)];
  const stop = verdicts.find((verdict) => verdict.kind === "stop");
  if (stop !== undefined) return stop;
  const times = verdicts.flatMap((verdict) =>
    verdict.kind === "go-on" && verdict.until !== null ? [verdict.until] : [],
  );
  return { kind: "go-on", until: times.length === 0 ? null : Math.min(...times) };
}

/** Claude Code itself gives up at once on a longer `retry-after`; a stream that announces more is not believed. */
const longestAnnouncement = 3_600_000;

const unlimited: GuardVerdict = { kind: "go-on", until: null };

function budget(
  { overBudget, resultAt, summary }: GuardView,
  limits: GuardLimits,
  now: number,
): GuardVerdict {
  if (overBudget === null || resultAt !== null || limits.budgetUsd === null) return unlimited;
  const until = overBudget.at + budgetGraceMilliseconds;
  if (summary.messages === overBudget.messages && now < until) return { kind: "go-on", until };
  const spent = summary.cost.own.costUsd ?? limits.budgetUsd;
  return {
    kind: "stop",
    reason: stopReasons.budget,
    detail: `${spent.toFixed(4)} of ${limits.budgetUsd} US dollars were spent`,
  };
}

function silence(view: GuardView, limits: GuardLimits, now: number): GuardVerdict {
  const { heardAt, readableSince, resultAt, announcedMilliseconds } = view;
  if (heardAt === null) return unlimited;
  const limit = resultAt === null ? stallLimit(view, limits) : lingerLimit(view, limits);
  if (limit.seconds === null) return unlimited;
  // What a process prints after its result besides frames, such as a server's log, is no reason to wait for it.
  const since = resultAt === null ? heardAt : Math.max(resultAt, readableSince);
  const until = since + limit.seconds * 1000 + Math.min(announcedMilliseconds, longestAnnouncement);
  if (now < until) return { kind: "go-on", until };
  const seconds = Math.round((now - since) / 1000);
  return { kind: "stop", reason: limit.reason, detail: `${limit.words} for ${seconds} s ${limit.doing}` };
}

interface SilenceLimit {
  readonly reason: StopReason;
  readonly seconds: number | null;
  readonly words: "silent" | "the process stayed";
  readonly doing: string;
}

function stallLimit({ summary }: GuardView, limits: GuardLimits): SilenceLimit {
  const [oldest] = summary.tools.open;
  const common = { reason: stopReasons.stalled, words: "silent" } as const;
  if (oldest !== undefined)
    return { ...common, seconds: limits.toolStallSeconds, doing: `while the tool ${oldest.name} ran` };
  const doing = summary.contentSeen
    ? "while no tool ran"
    : summary.frames === 0
      ? "before its first frame"
      : "before its first answer";
  return { ...common, seconds: limits.stallSeconds, doing };
}

/** A background task that is still open keeps the process for a reason, and starts a further turn when it ends. */
function lingerLimit({ summary }: GuardView, limits: GuardLimits): SilenceLimit {
  const [task] = summary.backgroundTasks.open;
  const common = { reason: stopReasons.lingering, words: "the process stayed" } as const;
  if (task === undefined) return { ...common, seconds: limits.lingerSeconds, doing: "after its result" };
  return {
    ...common,
    seconds: longer(limits.lingerSeconds, limits.toolStallSeconds),
    doing: `after its result, with a background task open (${task.description ?? task.taskId})`,
  };
}

function longer(first: number | null, second: number | null): number | null {
  return first === null || second === null ? null : Math.max(first, second);
}
