import type { RunEvent } from "@claude-k8s/k8s-runner";
import type { ClaudeEvent, RunSummary } from "@claude-k8s/stream-parser";

import { type GuardLimits, type GuardVerdict, type GuardView, judgeRun } from "./judge-run.ts";

/** Time and a timer, so that hours pass at once in a test. */
export interface GuardClock {
  now(): number;
  /** Calls back once after so many milliseconds; the returned function calls it off. */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemGuardClock: GuardClock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, Math.min(milliseconds, 2 ** 31 - 1));
    // A guard is no reason to keep a process alive.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface RunWatch {
  /** A chunk is being worked on: a slow host is not a silent run, so no silence is counted until `idle`. */
  busy(): void;
  /** Everything that has come is worked in; from now on it is silent. */
  idle(summary: RunSummary): void;
  /** Called with each event of the stream, before `idle`. */
  frame(event: ClaudeEvent, summary: RunSummary): void;
  /** Called with each event of the run: whether the log can be read decides what silence means. */
  runEvent(event: RunEvent): void;
  close(): void;
}

type Stop = Extract<GuardVerdict, { readonly kind: "stop" }>;

/** Watches one run, and asks once for its stop when it breaks a limit. */
export function watchRun(
  limits: GuardLimits,
  empty: RunSummary,
  stop: (verdict: Stop) => void,
  clock: GuardClock = systemGuardClock,
): RunWatch {
  let view: GuardView = {
    summary: empty,
    heardAt: null,
    readableSince: 0,
    resultAt: null,
    announcedMilliseconds: 0,
    overBudget: null,
  };
  let started = false;
  let readable = true;
  let working = false;
  let callOff = (): void => {};
  let open = true;

  function look(): void {
    callOff();
    if (!open || working) return;
    const verdict = judgeRun(view, limits, clock.now());
    if (verdict.kind === "stop") {
      open = false;
      stop(verdict);
    } else if (verdict.until !== null) callOff = clock.after(Math.max(1, verdict.until - clock.now()), look);
  }
  function nowReadable(is: boolean): void {
    if (is && !readable) view = { ...view, readableSince: clock.now() };
    readable = is;
  }
  function heard(): void {
    view = { ...view, heardAt: started && readable ? clock.now() : null };
    look();
  }
  return {
    busy() {
      working = true;
      callOff();
    },
    idle(summary) {
      working = false;
      // Output proves that the container runs and that its log can be read, whatever an event has said.
      started = true;
      view = { ...view, summary };
      nowReadable(true);
      heard();
    },
    frame(event, summary) {
      const now = clock.now();
      view = {
        ...view,
        summary,
        resultAt: resultAfter(event, view.resultAt, now),
        announcedMilliseconds: event.type === "api_retry" ? (event.retryDelayMs ?? 0) : 0,
        overBudget: view.overBudget ?? crossing(summary, limits, now),
      };
    },
    runEvent(event) {
      const effect = effectOf(event.type);
      if (effect === null) return;
      if (effect === "started") started = true;
      nowReadable(effect !== "unreadable");
      heard();
    },
    close() {
      open = false;
      callOff();
    },
  };
}

function crossing(summary: RunSummary, { budgetUsd }: GuardLimits, at: number): GuardView["overBudget"] {
  const spent = summary.cost.own.costUsd;
  return budgetUsd !== null && spent !== null && spent >= budgetUsd
    ? { at, messages: summary.messages }
    : null;
}

const furtherTurn: ReadonlySet<string> = new Set([
  "init",
  "assistant",
  "stream_event",
  "user",
  "tool_progress",
]);
const backgroundWork: ReadonlySet<string> = new Set([
  "task_started",
  "task_progress",
  "task_updated",
  "task_notification",
  "background_tasks_changed",
]);

/** Notices and hooks may follow a result; a frame of a background task says that its turn is still to come. */
function resultAfter({ type }: ClaudeEvent, resultAt: number | null, now: number): number | null {
  if (type === "result") return now;
  if (furtherTurn.has(type)) return null;
  return resultAt !== null && backgroundWork.has(type) ? now : resultAt;
}

const readableAgain: ReadonlySet<string> = new Set([
  "log-connected",
  "log-polling",
  "log-following",
  "api-reachable",
  "node-reachable",
]);
const unreadable: ReadonlySet<string> = new Set(["log-disconnected", "api-unreachable", "node-unreachable"]);

/** What an event says of the log; `null`: nothing. */
function effectOf(type: RunEvent["type"]): "started" | "readable" | "unreadable" | null {
  if (type === "container-started") return "started";
  if (readableAgain.has(type)) return "readable";
  return unreadable.has(type) ? "unreadable" : null;
}
