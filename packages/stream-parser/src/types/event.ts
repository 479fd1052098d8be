import type { FrameOrigin, LineOrigin } from "./frame.ts";
import type { AssistantEvent, RetractionEvent, StreamEvent, TextEvent, UserEvent } from "./message-events.ts";
import type {
  ApiRetryEvent,
  CompactBoundaryEvent,
  InformationalEvent,
  InitEvent,
  ModelFallbackEvent,
  ModelRefusalEvent,
  RateLimitEvent,
  ResultEvent,
  SessionWritesLostEvent,
  StatusEvent,
} from "./run-events.ts";
import type {
  BackgroundTasksChangedEvent,
  ControlEvent,
  ConversationResetEvent,
  HookOutputEvent,
  HookStartedEvent,
  NoticeEvent,
  PermissionDeniedEvent,
  SessionStateChangedEvent,
  TaskNotificationEvent,
  TaskProgressEvent,
  TaskStartedEvent,
  TaskUpdatedEvent,
  ThinkingTokensEvent,
  ToolProgressEvent,
  ToolUseSummaryEvent,
} from "./work-events.ts";

/** A frame of a type that this version does not know: normal, nothing is dropped. */
export interface UnknownEvent extends FrameOrigin {
  readonly type: "unknown";
  /** The frame's `type`, with its `subtype` after a slash where there is one. */
  readonly frameType: string;
}

/** A frame that came before in this stream: it adds nothing to a summary, and nothing is shown of it. */
export interface RepeatedEvent extends FrameOrigin {
  readonly type: "repeated";
  /** The `type` of the event that it was the first time. */
  readonly eventType: string;
}

/** A line that is no frame: stderr that a container's log mixes in, a wrapper's output, a blank line (`text` is empty). */
export interface NoiseEvent extends LineOrigin {
  readonly type: "noise";
  /** Without its line end. */
  readonly text: string;
}

/** A line longer than the parser's `maxLineBytes`: left out, and the stream goes on. */
export interface OverflowEvent extends LineOrigin {
  readonly type: "overflow";
  /** The line's first bytes, at most 1024, as text. */
  readonly head: string;
  readonly maxLineBytes: number;
}

/** The last line, without a line end and not whole: what is there of it. */
export interface PartialEvent extends LineOrigin {
  readonly type: "partial";
  readonly text: string;
}

/**
 * Everything a stream of Claude Code can hold. `type` is the frame's own `type`; for `system` frames it is their `subtype`;
 * `text`, `retraction`, `unknown`, `repeated`, `noise`, `overflow` and `partial` are the parser's. More may come in minor releases: a
 * `switch` over it needs a `default`.
 */
export type ClaudeEvent =
  | InitEvent
  | AssistantEvent
  | UserEvent
  | ResultEvent
  | StreamEvent
  | TextEvent
  | RetractionEvent
  | StatusEvent
  | CompactBoundaryEvent
  | ApiRetryEvent
  | ModelFallbackEvent
  | ModelRefusalEvent
  | InformationalEvent
  | SessionWritesLostEvent
  | RateLimitEvent
  | HookStartedEvent
  | HookOutputEvent
  | TaskStartedEvent
  | TaskProgressEvent
  | TaskUpdatedEvent
  | TaskNotificationEvent
  | BackgroundTasksChangedEvent
  | PermissionDeniedEvent
  | ToolProgressEvent
  | ToolUseSummaryEvent
  | ThinkingTokensEvent
  | ConversationResetEvent
  | SessionStateChangedEvent
  | ControlEvent
  | NoticeEvent
  | UnknownEvent
  | RepeatedEvent
  | NoiseEvent
  | OverflowEvent
  | PartialEvent;
