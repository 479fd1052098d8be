/** Whether a run that takes over the Job of another one has something to say that the other one's prompt did not. Pure. */

import { createHash } from "node:crypto";

import { record, records, readWake, words } from "../claude/wake.ts";
import type { ExecutionContext } from "../host/contract.ts";
import type { Settings } from "../settings/settings.ts";

/** What a prompt was about, in ids: short enough for an annotation, and nothing of it is secret. */
export interface WakeMark {
  readonly reason: string | null;
  /** Ids of the comments that the prompt carried. */
  readonly comments: readonly string[];
  /** An approval and its state. */
  readonly approval: string | null;
  /** Digest of the agent's own templates. */
  readonly templates: string;
}

/** On a Job: what its prompt was about. It stays what it is when the Job is taken over. */
export const wakeAnnotation = "paperclip.io/wake";
/** On a Job that was taken over: the run that has still to say something when the Job has ended. */
export const waitingRunAnnotation = "paperclip.io/waiting-run";

/** The reason of a wake that is only to have a Job taken over. */
export const successorReason = "claude_k8s_run_outlived_server";

const mostComments = 200;

export function wakeMarkOf({ context }: ExecutionContext, { claude }: Pick<Settings, "claude">): WakeMark {
  const { reason, commentId, approvalId, approvalStatus } = readWake(context);
  const payload = record(context["paperclipWake"]);
  const comments = [
    commentId,
    ...records(payload["comments"]).map(({ id }) => words(id)),
    ...(Array.isArray(payload["commentIds"]) ? payload["commentIds"] : []).map(words),
  ].filter((id) => id !== null);
  const templates = JSON.stringify([claude.promptTemplate, claude.bootstrapPromptTemplate]);
  return {
    reason,
    comments: [...new Set(comments)].slice(-mostComments),
    approval: approvalId === null ? null : `${approvalId} ${approvalStatus ?? ""}`,
    templates: createHash("sha256").update(templates).digest("hex").slice(0, 16),
  };
}

/** `null`: the text is no mark. */
export function readWakeMark(text: string | undefined): WakeMark | null {
  try {
    const { reason, comments, approval, templates } = record(JSON.parse(text ?? ""));
    if (!Array.isArray(comments) || typeof templates !== "string") return null;
    return {
      reason: words(reason),
      comments: comments.filter((id) => typeof id === "string"),
      approval: words(approval),
      templates,
    };
  } catch {
    return null;
  }
}

/** The host's and our own ways to run the same work once more. */
function repeats({ reason }: WakeMark): boolean {
  return reason !== null && (reason === successorReason || reason.endsWith("_retry"));
}

/** `before`: what the Job's prompt was about; `null`: nobody knows, as it is of an earlier release. */
export function bringsNews(now: WakeMark, before: WakeMark | null): boolean {
  const again = repeats(now);
  if (before === null) return !again || now.comments.length > 0;
  if (now.comments.some((id) => !before.comments.includes(id))) return true;
  if (now.approval !== null && now.approval !== before.approval) return true;
  return !again && (now.reason !== before.reason || now.templates !== before.templates);
}
