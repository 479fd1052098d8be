import type { ResultEvent } from "../types/run-events.ts";
import type { PermissionDenialSummary } from "../types/summary.ts";
import type { PermissionDeniedEvent } from "../types/work-events.ts";
import { append, cutText } from "./bounds.ts";
import type { Draft } from "./draft.ts";

const MOST_DENIALS = 20;
const MOST_IDS = 500;
const MOST_MESSAGE = 1000;

/** A denial comes as an event, in the result, or in both: the tool call's id tells them apart. */
function add(draft: Draft, denial: PermissionDenialSummary): void {
  const id = denial.toolUseId;
  const { deniedIds } = draft.tracking;
  if (id !== null && deniedIds.includes(id)) return;
  draft.permissionDenials = {
    count: draft.permissionDenials.count + 1,
    last: append(draft.permissionDenials.last, denial, MOST_DENIALS),
  };
  if (id !== null) draft.tracking = { ...draft.tracking, deniedIds: append(deniedIds, id, MOST_IDS) };
}

export function foldResultDenials(draft: Draft, event: ResultEvent): void {
  for (const { toolName, toolUseId } of event.permissionDenials) {
    add(draft, { toolName, toolUseId, message: null });
  }
}

export function foldPermissionDenied(draft: Draft, event: PermissionDeniedEvent): void {
  add(draft, {
    toolName: event.toolName,
    toolUseId: event.toolUseId,
    message: event.message === null ? null : cutText(event.message, MOST_MESSAGE),
  });
}
