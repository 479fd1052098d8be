import { readPaperclipIssueWorkModeFromContext } from "@paperclipai/adapter-utils/server-utils";

import { record } from "../plain-values.ts";

/** What woke the agent: the plain values of the host's context that the pod's environment carries. */
export interface Wake {
  readonly taskId: string | null;
  readonly reason: string | null;
  readonly commentId: string | null;
  readonly approvalId: string | null;
  readonly approvalStatus: string | null;
  readonly linkedIssueIds: readonly string[];
  readonly workMode: string | null;
}

export function readWake(context: Readonly<Record<string, unknown>>): Wake {
  const { issueIds } = context;
  return {
    taskId: words(context["taskId"]) ?? words(context["issueId"]),
    reason: words(context["wakeReason"]),
    commentId: words(context["wakeCommentId"]) ?? words(context["commentId"]),
    approvalId: words(context["approvalId"]),
    approvalStatus: words(context["approvalStatus"]),
    linkedIssueIds: Array.isArray(issueIds) ? issueIds.flatMap((id) => words(id) ?? []) : [],
    workMode: readPaperclipIssueWorkModeFromContext({ ...context }),
  };
}

/** `null` for what is no text or says nothing. */
export function words(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

export { record };

export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
}
