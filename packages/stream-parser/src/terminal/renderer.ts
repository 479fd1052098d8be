import type { TranscriptEntry, TranscriptResult } from "../transcript/entries.ts";
import { transcriptOfEvent } from "../transcript/transcript.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { AssistantEvent, TextEvent } from "../types/message-events.ts";
import { inputLine } from "./input.ts";
import { plainText } from "./sanitize.ts";
import { createStyle } from "./style.ts";
import type { Paint, Style } from "./style.ts";

export interface TerminalOptions {
  /** Default false: colours are for terminals, and only the caller knows where it writes. */
  readonly color?: boolean;
  /** Columns, default 80; less than 20 counts as 20. */
  readonly width?: number;
  /** Lines of a tool's result to show, default 5; 0 shows none. */
  readonly resultLines?: number;
  /** Show the model's thinking, default false. */
  readonly thinking?: boolean;
}

export interface TerminalRenderer {
  /** What to write for the next event: whole lines, or the next piece of a streamed text; empty where there is nothing to show. */
  render(event: ClaudeEvent): string;
  /** What to write at the end: the line end of a text that broke off. */
  end(): string;
}

/** Renders a run's events for a terminal, in their order. Nothing in them can control the terminal. */
export function createTerminalRenderer(options: TerminalOptions = {}): TerminalRenderer {
  const style = createStyle(options.color ?? false, options.width ?? 80);
  const resultLines = options.resultLines ?? 5;
  const thinking = options.thinking ?? false;
  /** The streamed text that stands on the terminal without a line end. */
  let open: { readonly messageId: string | null; readonly index: number } | null = null;
  /** The newest message whose text was streamed: its finished frames would show it again. */
  let streamedMessageId: string | null = null;
  /** Whether the main loop has said something: then the answer stands above the result. */
  let hasSpoken = false;

  function closeOpen(): string {
    if (open === null) return "";
    open = null;
    return "\n";
  }

  function stream(event: TextEvent): string {
    if (event.channel !== "text" || event.parentToolUseId !== null || event.messageId === null) return "";
    const continues = open !== null && open.messageId === event.messageId && open.index === event.index;
    const head = continues ? "" : `${closeOpen()}${style.bold("●")} `;
    open = { messageId: event.messageId, index: event.index };
    streamedMessageId = event.messageId;
    hasSpoken = true;
    return head + plainText(event.delta).replaceAll("\n", "\n  ");
  }

  function entriesOf(event: ClaudeEvent): readonly TranscriptEntry[] {
    const entries = transcriptOfEvent(event);
    return event.type === "assistant" && wasStreamed(event)
      ? entries.filter((entry) => entry.kind !== "assistant")
      : entries;
  }

  function wasStreamed(event: AssistantEvent): boolean {
    return (
      event.parentToolUseId === null && event.messageId !== null && event.messageId === streamedMessageId
    );
  }

  return {
    render(event) {
      if (event.type === "text") return stream(event);
      if (event.type === "retraction") {
        const wasOpen = closeOpen();
        const note =
          event.reason === "abandoned" ? "the answer above broke off; another attempt follows" : null;
        return note === null ? wasOpen : `${wasOpen}${style.block(style.yellow("!"), style.dim(note))}\n`;
      }
      const entries = entriesOf(event);
      const blocks = entries
        .map((entry) => renderEntry(entry, style, { resultLines, thinking, hasSpoken }))
        .filter((block) => block !== "");
      hasSpoken ||= entries.some(
        ({ kind, parentToolUseId }) => kind === "assistant" && parentToolUseId === null,
      );
      return blocks.length === 0 ? "" : `${closeOpen()}${blocks.join("\n")}\n`;
    },
    end: closeOpen,
  };
}

interface Shown {
  readonly resultLines: number;
  readonly thinking: boolean;
  readonly hasSpoken: boolean;
}

function renderEntry(entry: TranscriptEntry, style: Style, shown: Shown): string {
  // A sub-agent's lines stand under the main loop's.
  const margin = entry.parentToolUseId === null ? "" : "  ";
  const block = (mark: string, text: string, mostLines?: number, paint?: Paint) =>
    style.block(margin + mark, plainText(text), mostLines, paint);
  switch (entry.kind) {
    case "init": {
      const parts = ["Claude Code", entry.cliVersion, entry.model, entry.sessionId];
      return block("▸", parts.filter((part) => part !== null).join(" · "), undefined, style.dim);
    }
    case "assistant":
      return block("●", entry.text);
    case "thinking":
      return shown.thinking ? block("∴", entry.text, undefined, style.dim) : "";
    case "user":
      return block(">", entry.text, shown.resultLines === 0 ? 1 : shown.resultLines);
    case "tool_call":
      return block("→", `${entry.name} ${inputLine(entry.input)}`.trim(), 2, style.cyan);
    case "tool_result": {
      if (shown.resultLines === 0 && !entry.isError) return "";
      const lines = Math.max(1, shown.resultLines);
      const text = entry.content === "" ? "(no output)" : entry.content;
      return entry.isError ? block("✗", text, lines, style.red) : block(" ", text, lines, style.dim);
    }
    case "system":
      return block("!", entry.text, 5, entry.level === "info" ? style.dim : paintOf(entry.level, style));
    case "stdout":
      return block("│", entry.text, 5, style.dim);
    case "result":
      return renderResult(entry, style, shown.hasSpoken);
  }
}

function paintOf(level: "warning" | "error", style: Style): Paint {
  return level === "warning" ? style.yellow : style.red;
}

/**
 * The last line tells the outcome, and the words of a failure. The answer was shown when it came, if it came: a result that stands
 * alone, as `--output-format json` gives it, is all there is.
 */
function renderResult(result: TranscriptResult, style: Style, hasSpoken: boolean): string {
  const cost = `$${result.costUsd.toFixed(4)}`;
  const tokens = `${result.inputTokens + result.cachedTokens} tokens in, ${result.outputTokens} out`;
  const turns =
    result.numTurns === null ? null : `${result.numTurns} turn${result.numTurns === 1 ? "" : "s"}`;
  const time = result.durationMs === null ? null : `${(result.durationMs / 1000).toFixed(1)} s`;
  const facts = [turns, time, tokens, cost].filter((part) => part !== null).join(", ");
  const words = plainText(result.text);
  if (!result.isError) {
    const done = style.block("✓", `done: ${facts}`, undefined, style.green);
    return hasSpoken || words === "" ? done : `${style.block("●", words)}\n${done}`;
  }
  const what = result.subtype === "success" ? "failed" : plainText(result.subtype);
  return style.block("✗", words === "" ? `${what}: ${facts}` : `${what}: ${facts}\n${words}`, 10, style.red);
}
