import { type TranscriptEntry as ParserEntry, transcriptOfLine } from "@claude-k8s/stream-parser/transcript";

import type { TranscriptEntry } from "./ui/entries.ts";

/**
 * One line of a run's output → what the host's page shows of it. A pure function: the page calls it in any order, several
 * times for a line, and caches the answers.
 */
export function parseStdoutLine(line: string, ts: string): TranscriptEntry[] {
  const status = statusOf(line);
  if (status !== null) return [{ kind: "system", ts, text: status }];
  return transcriptOfLine(line).map((entry) => toHostEntry(entry, ts));
}

/** Lines that the adapter and the host write between those of Claude Code. */
function statusOf(line: string): string | null {
  const [, text = null] = /^\[(?:claude_k8s|paperclip)\] (.*)$/s.exec(line.trimEnd()) ?? [];
  return text;
}

function toHostEntry(entry: ParserEntry, ts: string): TranscriptEntry {
  switch (entry.kind) {
    case "assistant":
      // A sub-agent's words are not the run's answer.
      return {
        kind: "assistant",
        ts,
        text: entry.text,
        ...(entry.parentToolUseId !== null && { channel: "progress" as const }),
      };
    case "thinking":
    case "user":
    case "system":
    case "stdout":
      return { kind: entry.kind, ts, text: entry.text };
    case "tool_call":
      return { kind: "tool_call", ts, name: entry.name, input: entry.input, toolUseId: entry.toolUseId };
    case "tool_result":
      return {
        kind: "tool_result",
        ts,
        toolUseId: entry.toolUseId,
        content: entry.content,
        isError: entry.isError,
      };
    case "init":
      return { kind: "init", ts, model: entry.model ?? "unknown", sessionId: entry.sessionId ?? "" };
    case "result":
      return {
        kind: "result",
        ts,
        text: entry.isAnswerShown ? "" : entry.text,
        inputTokens: entry.inputTokens,
        outputTokens: entry.outputTokens,
        cachedTokens: entry.cachedTokens,
        costUsd: entry.costUsd,
        subtype: entry.subtype,
        isError: entry.isError,
        errors: [...entry.errors],
      };
  }
}
