import { describe, expect, test } from "vitest";
import { emptySummary, summarize } from "../src/index.ts";
import { createLogParser } from "../src/logs/index.ts";
import { foldOf } from "./streams.ts";

/** Inputs rebuilt from public bug reports, after the parser was done with those that it was built with. */
const session = "7f0c2a54-1d6e-4b3a-9c58-0a1b2c3d4e5f";
const frames = [
  {
    type: "system",
    subtype: "init",
    session_id: session,
    model: "claude-opus-4-8",
    tools: ["Bash"],
    uuid: "u1",
  },
  {
    type: "assistant",
    message: { id: "m", model: "claude-opus-4-8", content: [{ type: "text", text: "Counted: 41. { [ }" }] },
    session_id: session,
    uuid: "u2",
  },
  {
    type: "result",
    subtype: "success",
    is_error: false,
    result: "Counted: 41.",
    session_id: session,
    total_cost_usd: 0.5,
    uuid: "u3",
  },
];
const lines = frames.map((frame) => JSON.stringify(frame));
const stamp = (index: number) => `2026-11-20T10:00:${String(index % 60).padStart(2, "0")}.${index}Z `;

function logOf(input: string) {
  const parser = createLogParser();
  return [...parser.push(input), ...parser.end()].reduce(summarize, emptySummary());
}

describe("both parsers read", () => {
  test.each([
    [
      "a pretty-printed run in a job's log, a time before each line (claude-code-action)",
      JSON.stringify(frames, null, 2)
        .split("\n")
        .map((line, index) => `${stamp(index)}${line}\n`)
        .join(""),
    ],
    [
      "the same by kubectl --prefix",
      frames
        .map((frame) => JSON.stringify(frame, null, 2))
        .join("\n")
        .replaceAll(/^/gm, "[pod/run-1/main] "),
    ],
    [
      "a log that was truncated while it was written: NULs before its rest",
      `${"\0".repeat(5000)}${lines.join("\n")}`,
    ],
    ["frames with a carriage return in place of a line end", lines.join("\r")],
    [
      "a progress line that a carriage return ends",
      `Downloading 10 %\rDownloading 100 %\r${lines.join("\n")}`,
    ],
    ["a list that breaks off", `[${lines.join(",")},{"type":"assistant","message":{"id":"m2","cont`],
    ["a byte order mark in the middle, of files put together", lines.join("\n\ufeff")],
    [
      "an objects' list with spaces, as Python writes it",
      `[${lines.map((l) => l.replaceAll('":"', '": "')).join(", ")}]`,
    ],
  ])("%s", (_what, input) => {
    for (const summary of [foldOf([input]), logOf(input)]) {
      expect(summary).toMatchObject({ inits: 1, results: 1, finalText: "Counted: 41.", contradictions: [] });
      expect(summary.cost.own.costUsd).toBe(0.5);
    }
  });
});

describe("the log parser reads", () => {
  const broken = (size: number) =>
    lines.flatMap((line) => line.match(new RegExp(`.{1,${size}}`, "gs")) ?? []).join("\n");

  test.each([
    ["frames that a line length broke in two (SDK reports on buffers)", broken(100)],
    ["frames that a line length broke in many", broken(17)],
    [
      "the same behind times",
      broken(60)
        .split("\n")
        .map((line, index) => stamp(index) + line)
        .join("\n"),
    ],
    ["frames in a relay's events", lines.map((data) => JSON.stringify({ type: "claude", data })).join("\n")],
    [
      "frames parsed into a relay's events",
      frames.map((payload) => JSON.stringify({ id: 1, payload })).join("\n"),
    ],
  ])("%s", (_what, input) => {
    expect(logOf(input)).toMatchObject({ inits: 1, results: 1, finalText: "Counted: 41." });
  });

  test("words after a frame that was torn, without joining what does not belong together", () => {
    const [first = "", second = "", third = ""] = lines;
    const input = [first, second.slice(0, 60), "Error: killed", third].join("\n");
    expect(logOf(input)).toMatchObject({
      inits: 1,
      results: 1,
      noise: [second.slice(0, 60), "Error: killed"],
    });
  });
});

describe("a log's prefix that nobody knows is noise once", () => {
  test.each([
    ["GitLab", (time: string) => `${time}00O `],
    ["Heroku", (time: string) => `${time}app[worker.1]: `],
    ["CloudWatch", (time: string) => `${time}run/main/0a1b2c3d4e `],
    ["Loki", (time: string) => `${time}{pod="run-1", app="claude"} `],
    ["Python's logging", () => "INFO:root:"],
    ["stern", () => "run-1-abcde main "],
  ])("%s", (_what, prefix) => {
    const input = lines.map((line, index) => `${prefix(stamp(index))}${line}\n`).join("");
    const summary = foldOf([input]);
    expect(summary).toMatchObject({ inits: 1, results: 1, finalText: "Counted: 41." });
    expect(summary.noiseLines).toBeLessThanOrEqual(1);
  });

  test("words that only look alike stay", () => {
    const input = lines.map((line, index) => `${["red", "green", "blue"][index]} ${line}\n`).join("");
    expect(foldOf([input]).noise).toEqual(["red ", "green ", "blue "]);
  });
});

test("a frame in a field of logfmt is read by the log parser", () => {
  const input = lines
    .map((line, index) => `time=${stamp(index).trim()} level=info msg=${JSON.stringify(line)} pod=run-1\n`)
    .join("");
  expect(logOf(input)).toMatchObject({ inits: 1, results: 1, finalText: "Counted: 41.", noise: [] });
  expect(logOf('level=info msg="no frame" n=1\n').noise).toEqual(['level=info msg="no frame" n=1']);
});

test("a result that alone names the model is charged at that model's price", () => {
  const result = { type: "result", subtype: "success", is_error: false, model: "claude-haiku-4-5" };
  const { own } = foldOf([
    JSON.stringify({ ...result, usage: { input_tokens: 1_000_000, output_tokens: 0 } }),
  ]).cost;
  expect(own).toMatchObject({ costUsd: 1, estimated: true });
});
