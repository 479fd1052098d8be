/** The kinds of the host's transcript entries that this adapter makes; `ts` is the time the host gave the line. */
export type TranscriptEntry =
  | {
      kind: "assistant";
      ts: string;
      text: string;
      delta?: boolean;
      channel?: "progress" | "final" | "unknown";
    }
  | { kind: "thinking"; ts: string; text: string; delta?: boolean }
  | { kind: "user"; ts: string; text: string }
  | { kind: "tool_call"; ts: string; name: string; input: unknown; toolUseId?: string }
  | { kind: "tool_result"; ts: string; toolUseId: string; content: string; isError: boolean }
  | { kind: "init"; ts: string; model: string; sessionId: string }
  | {
      kind: "result";
      ts: string;
      text: string;
      inputTokens: number;
      outputTokens: number;
      cachedTokens: number;
      costUsd: number;
      subtype: string;
      isError: boolean;
      errors: string[];
    }
  | { kind: "system"; ts: string; text: string }
  | { kind: "stdout"; ts: string; text: string };
