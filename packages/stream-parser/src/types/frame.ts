import type { JsonObject } from "../json.ts";

/** What every event has. */
export interface LineOrigin {
  /**
   * Bytes of the line that the event came from, its line end included; of the part of the line where one holds several frames. 0
   * for an event that follows from another one. The sum over all events is the stream's length, that of
   * UTF-16 counted as in UTF-8.
   */
  readonly lineBytes: number;
}

/** What every event that came as a frame of Claude Code has. */
export interface FrameOrigin extends LineOrigin {
  readonly uuid: string | null;
  /** Resume only the one of `init`. `/clear` changes it within a run. */
  readonly sessionId: string | null;
  /** The frame as it came, with the fields that this version does not know. */
  readonly raw: JsonObject;
}

/** A frame of a sub-agent carries the id of the `Agent` (older releases: `Task`) tool call that started it. */
export interface AgentOrigin {
  /** `null` = the main loop. */
  readonly parentToolUseId: string | null;
  readonly agentId: string | null;
  readonly subagentType: string | null;
  readonly taskDescription: string | null;
}
