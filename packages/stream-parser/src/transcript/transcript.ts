import { isBlank } from "../decoration.ts";
import { isDeeperThan } from "../json.ts";
import { parseLine } from "../parse-line.ts";
import type { ClaudeEvent } from "../types/event.ts";
import type { AssistantEvent, UserEvent } from "../types/message-events.ts";
import type { ResultEvent } from "../types/run-events.ts";
import type { TranscriptEntry, TranscriptResult } from "./entries.ts";
import { systemWords } from "./words.ts";

/** Whoever shows an input makes JSON of it, which ends in a RangeError in some engines a few thousand levels down. */
const DEEPEST_INPUT = 200;

/**
 * The entries of one line of output. Pure: the same line gives the same entries, whatever came before it, so a user interface
 * may parse lines in any order and keep what it parsed. Never throws.
 */
export function transcriptOfLine(line: string): TranscriptEntry[] {
  return parseLine(line).flatMap(transcriptOfEvent);
}

/**
 * The entries of one event. Streamed pieces of text (`stream_event`, `text`) give none: the finished block follows as an
 * `assistant` frame, and showing both would show it twice.
 */
export function transcriptOfEvent(event: ClaudeEvent): TranscriptEntry[] {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- systemWords knows the rest
  switch (event.type) {
    case "init":
      return [
        {
          kind: "init",
          ...mainLoop(null),
          model: event.model,
          sessionId: event.sessionId,
          cliVersion: event.cliVersion,
        },
      ];
    case "assistant":
      return ofAssistant(event);
    case "user":
      return ofUser(event);
    case "result":
      return [{ ...mainLoop(null), ...resultOf(event) }];
    case "noise":
    case "partial":
      return isBlank(event.text) ? [] : [{ kind: "stdout", ...mainLoop(null), text: event.text }];
    default: {
      const words = systemWords(event);
      return words === null ? [] : [{ kind: "system", ...mainLoop(null), ...words }];
    }
  }
}

function mainLoop(timestamp: string | null) {
  return { timestamp, parentToolUseId: null };
}

function ofAssistant(event: AssistantEvent): TranscriptEntry[] {
  const { timestamp, parentToolUseId } = event;
  const origin = { timestamp, parentToolUseId };
  const entries: TranscriptEntry[] = [];
  for (const block of event.content) {
    switch (block.type) {
      case "text":
        if (block.text === "") break;
        // An API failure's text is the CLI's, not the model's.
        if (event.error === null) entries.push({ kind: "assistant", ...origin, text: block.text });
        else entries.push({ kind: "system", ...origin, level: "error", text: block.text });
        break;
      case "thinking":
        if (block.text !== "") entries.push({ kind: "thinking", ...origin, text: block.text });
        break;
      case "tool_use":
        entries.push({
          kind: "tool_call",
          ...origin,
          name: block.name,
          input: isDeeperThan(block.input, DEEPEST_INPUT) ? "(nested too deeply to show)" : block.input,
          toolUseId: block.id,
        });
        break;
      case "tool_result":
      case "other":
        break;
    }
  }
  return entries;
}

function ofUser(event: UserEvent): TranscriptEntry[] {
  const { timestamp, parentToolUseId } = event;
  const origin = { timestamp, parentToolUseId };
  const entries: TranscriptEntry[] = [];
  for (const block of event.content) {
    if (block.type === "text" && block.text !== "") {
      const text = ownWordsOf(event, block.text);
      if (text !== null) entries.push({ kind: "system", ...origin, level: "info", text });
      else entries.push({ kind: "user", ...origin, text: block.text });
    } else if (block.type === "tool_result") {
      const { toolUseId, isError, text } = block;
      entries.push({ kind: "tool_result", ...origin, toolUseId, content: text, isError });
    }
  }
  return entries;
}

/** A text in the user's place that no user wrote: what the CLI put in, and the prompt that an agent gave its sub-agent. */
function ownWordsOf(event: UserEvent, text: string): string | null {
  if (event.isSynthetic) return text;
  return event.parentToolUseId === null ? null : `Prompt for the sub-agent: ${text}`;
}

/** A structured answer was a tool's input, never words; and the words of a run without a turn are a hook's or a command's. */
function isAnswerShown(event: ResultEvent): boolean {
  const hasAnswered = event.subtype === "success" && !event.isError && event.numTurns !== 0;
  return hasAnswered && !event.hasStructuredOutput;
}

function resultOf(event: ResultEvent): TranscriptResult {
  let inputTokens = 0;
  let outputTokens = 0;
  let cachedTokens = 0;
  let modelCostUsd = 0;
  for (const usage of Object.values(event.modelUsageSinceLastResult ?? event.modelUsage)) {
    inputTokens += usage.inputTokens + usage.cacheCreationInputTokens;
    outputTokens += usage.outputTokens;
    cachedTokens += usage.cacheReadInputTokens;
    modelCostUsd += usage.costUsd;
  }
  const costUsd =
    event.modelUsageSinceLastResult === null ? (event.totalCostUsd ?? modelCostUsd) : modelCostUsd;
  return {
    kind: "result",
    text: event.result ?? event.errors.join("\n"),
    isAnswerShown: isAnswerShown(event),
    subtype: event.subtype,
    isError: event.isError || event.subtype !== "success",
    errors: event.errors,
    inputTokens,
    outputTokens,
    cachedTokens,
    costUsd,
    numTurns: event.numTurns,
    durationMs: event.durationMs,
  };
}
