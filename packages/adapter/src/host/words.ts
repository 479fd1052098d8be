import { type Failure, formatComment, formatPlain } from "@claude-k8s/diagnostics";

import type { Course } from "./courses.ts";
import { mostContinuations } from "./failure-chain.ts";

export interface GoingOn {
  readonly course: Course;
  /** Continued so often that it now waits for a person. */
  readonly isExhausted: boolean;
  /** The next run goes on with Claude's session: it is known, and its files outlive the pod. */
  readonly keepsSession: boolean;
  /** Refused because nothing has changed since the run before. */
  readonly isVain: boolean;
}

/** The comment in the agent's name. */
export function commentOf(failure: Failure, goingOn: GoingOn): string {
  return formatComment(failure, { more: sentencesOf(goingOn).join(" ") });
}

/** The red paragraph of the run's page, and in lists its first 40 characters. */
export function messageOf(failure: Failure, goingOn: GoingOn): string {
  const plain = formatPlain(failure, { maxLength: 1500 });
  return [plain, ...sentencesOf(goingOn)].join(" ");
}

function sentencesOf({ course, isExhausted, isVain, keepsSession }: GoingOn): readonly string[] {
  const exhausted = isExhausted
    ? [
        `So have the ${mostContinuations - 1} runs before it ended, so it is not continued by itself any more.`,
      ]
    : [];
  const vain = isVain
    ? [
        "The run was not started: the one before ended like this, and neither the settings nor the issue's comments have changed since.",
      ]
    : [];
  return [...exhausted, ...vain, ...courseWords(course, keepsSession)];
}

function courseWords(course: Course, keepsSession: boolean): readonly string[] {
  switch (course) {
    case "person":
      return ["Paperclip does not try again by itself: a comment on the issue starts the next run."];
    case "retry":
    case "later":
    case "at-a-time":
      return ["Paperclip tries again by itself."];
    case "continue":
    case "deadline":
      return [`Paperclip continues by itself${keepsSession ? ", in the same session" : ""}.`];
    case "stopped":
      return [];
  }
}
