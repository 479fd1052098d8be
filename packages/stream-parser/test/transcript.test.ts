import { expect, test } from "vitest";
import { createStreamParser } from "../src/index.ts";
import { transcriptOfEvent, transcriptOfLine } from "../src/transcript/index.ts";
import { recording, recordingNames } from "./recordings.ts";

function linesOf(name: string): string[] {
  return new TextDecoder().decode(recording(name)).split("\n");
}

function kindsOf(name: string): string[] {
  return linesOf(name)
    .flatMap(transcriptOfLine)
    .map((entry) => entry.kind);
}

test("a run reads as it happened", () => {
  expect(kindsOf("simple-text")).toEqual(["init", "assistant", "result"]);
  expect(kindsOf("background-disabled")).toEqual(["init", "tool_call", "tool_result", "assistant", "result"]);
});

test("a sub-agent's entries name the call that started it", () => {
  const entries = linesOf("subagent").flatMap(transcriptOfLine);
  const agent = entries.find((entry) => entry.kind === "tool_call" && entry.name === "Agent");
  const inner = entries.find((entry) => entry.kind === "tool_call" && entry.name === "Bash");
  expect(agent?.kind === "tool_call" && agent.toolUseId).toBe(inner?.parentToolUseId);
});

test("a sub-agent's prompt is no user's", () => {
  const entries = linesOf("subagent-foreground").flatMap(transcriptOfLine);
  expect(entries.filter(({ kind }) => kind === "user")).toEqual([]);
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: "system", text: expect.stringMatching(/^Prompt for the sub-agent: /) }),
  );
  const replayed = linesOf("input-stream-json").flatMap(transcriptOfLine);
  expect(replayed.some(({ kind }) => kind === "user")).toBe(true);
});

test("a result says whether its answer was shown before", () => {
  const shown = (name: string) => {
    const entries = linesOf(name).flatMap(transcriptOfLine);
    const said = new Set(entries.flatMap((entry) => (entry.kind === "assistant" ? [entry.text] : [])));
    return entries.flatMap((entry) =>
      entry.kind === "result" && entry.text !== "" ? [[said.has(entry.text), entry.isAnswerShown]] : [],
    );
  };
  for (const name of recordingNames.filter((recorded) => !recorded.includes("structured"))) {
    const wrong = shown(name).filter(
      ([wasSaid, isAnswerShown]) => isAnswerShown === true && wasSaid === false,
    );
    expect([name, wrong]).toEqual([name, []]);
  }
  expect(shown("simple-text")).toEqual([[true, true]]);
  expect(shown("structured-output")).toEqual([[false, false]]);
  expect(shown("max-turns").flat()).not.toContain(true);
});

test("an API failure's text is the CLI's, not the model's", () => {
  const entries = linesOf("credit-balance-400").flatMap(transcriptOfLine);
  expect(entries.filter((entry) => entry.kind === "assistant")).toEqual([]);
  expect(entries).toContainEqual({
    kind: "system",
    level: "error",
    text: "Credit balance is too low",
    timestamp: expect.any(String),
    parentToolUseId: null,
  });
  expect(entries.at(-1)).toMatchObject({ kind: "result", isError: true, text: "Credit balance is too low" });
});

test("a turn cut short is an error though old releases say otherwise", () => {
  const last = linesOf("v2.0.77--max-turns").flatMap(transcriptOfLine).at(-1);
  expect(last).toMatchObject({ kind: "result", subtype: "error_max_turns", isError: true });
});

test("a result carries this turn's tokens and cost, not the session's", () => {
  const last = linesOf("resume-2-ok").flatMap(transcriptOfLine).at(-1);
  expect(last).toMatchObject({
    kind: "result",
    inputTokens: 12 + 1024,
    cachedTokens: 2048,
    outputTokens: 10,
    costUsd: 0.005777599999999999,
  });
});

test("lines that are no frames are shown as they are, blank ones not", () => {
  expect(transcriptOfLine("Error: EPIPE\r\n")).toEqual([
    { kind: "stdout", text: "Error: EPIPE", timestamp: null, parentToolUseId: null },
  ]);
  expect(transcriptOfLine("  \n")).toEqual([]);
});

test("streamed text is not shown twice", () => {
  const texts = linesOf("partial-messages")
    .flatMap(transcriptOfLine)
    .flatMap((entry) => (entry.kind === "assistant" ? [entry.text] : []));
  expect(texts).toEqual(["Let me look.", "There are two entries."]);
});

test("line by line a recording gives the same entries as the stream does", () => {
  for (const name of recordingNames) {
    const parser = createStreamParser();
    const streamed = [...parser.push(recording(name)), ...parser.end()].flatMap(transcriptOfEvent);
    expect([name, linesOf(name).flatMap(transcriptOfLine)]).toEqual([name, streamed]);
  }
});
