import type { Failure } from "@claude-k8s/diagnostics";

import { type Course, courseOf } from "./courses.ts";

/** The last failure of a task, as the next run of that task has to know it. */
export interface LastFailure {
  /** Equal for equal trouble: the diagnosis's own. */
  readonly key: string;
  readonly course: Course;
  /** How many runs in a row have failed like that, this one included. */
  readonly runs: number;
  /** Of the settings that the run had. */
  readonly settings: string;
  /** The newest comment that the run knew. */
  readonly commentId: string | null;
  /** For a run that is refused because nothing has changed: what it would end with again. */
  readonly failure: Failure;
}

/** What a run brings that could make a difference to the one before. */
export interface Circumstances {
  readonly settings: string;
  /** The comment that woke the agent. A retry by the host carries that of the run before. */
  readonly commentId: string | null;
  /** The host starts it by itself after a failure, and nobody has asked for it. */
  readonly isRetry: boolean;
}

/** Runs of one task in a row that may reach their limit of turns, or of time, and be continued. */
export const mostContinuations = 3;

export interface Link {
  /** To be remembered for the next run. */
  readonly last: LastFailure;
  /** It is a new failure, which people have not been told yet. */
  readonly isNews: boolean;
  /** Continued often enough: from now on it waits for a person. */
  readonly isExhausted: boolean;
}

/** A failure joins the chain of equal ones before it, as long as neither settings nor comments have changed. */
export function joinChain(before: LastFailure | null, failure: Failure, now: Circumstances): Link {
  const usual = courseOf(failure);
  const goesOn = before !== null && before.key === failure.key && !hasChanged(before, now);
  const runs = goesOn ? before.runs + 1 : 1;
  const isExhausted = isContinued(usual) && runs >= mostContinuations;
  return {
    last: {
      key: failure.key,
      course: isExhausted ? "person" : usual,
      runs,
      settings: now.settings,
      commentId: now.commentId ?? before?.commentId ?? null,
      failure,
    },
    // That it is not continued any more is news as well.
    isNews: !goesOn || (isExhausted && before.course !== "person"),
    isExhausted,
  };
}

/** The host starts a run by itself although the last one waits for a person, and nothing has changed: it would end the same. */
export function isVain(before: LastFailure | null, now: Circumstances): before is LastFailure {
  return before !== null && before.course === "person" && now.isRetry && !hasChanged(before, now);
}

function hasChanged(before: LastFailure, now: Circumstances): boolean {
  return before.settings !== now.settings || (now.commentId !== null && now.commentId !== before.commentId);
}

function isContinued(course: Course): boolean {
  return course === "continue" || course === "deadline";
}
