import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "tsup";
import { afterAll, beforeAll, expect, test } from "vitest";

import { parseStdoutLine } from "../src/ui-parser.ts";
import type { TranscriptEntry } from "../src/ui/entries.ts";
import { uiParser } from "../tsup.config.ts";

const recordings = new URL("../../stream-parser/test/fixtures/recordings/", import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));
const outDir = mkdtempSync(path.join(tmpdir(), "ui-parser-"));
const ts = "2026-11-22T18:00:00.000Z";
let built: { parseStdoutLine: typeof parseStdoutLine };

beforeAll(async () => {
  const entry = { "ui-parser": path.join(root, "src/ui-parser.ts") };
  await build({ ...uiParser, entry, outDir, config: false, silent: true });
  const source = readFileSync(path.join(outDir, "ui-parser.cjs"), "utf8");
  // As the host's page does in its worker: no imports, and neither `self` nor `globalThis`.
  const module = { exports: {} };
  // oxlint-disable-next-line typescript/no-implied-eval
  const evaluate = new Function(
    "exports",
    "module",
    "self",
    "globalThis",
    `"use strict";\n{\n${source}\n}`,
  ) as (...given: unknown[]) => void;
  evaluate(module.exports, module, undefined, undefined);
  built = module.exports as typeof built;
});
afterAll(() => rmSync(outDir, { recursive: true }));

function linesOf(name: string): readonly string[] {
  return readFileSync(new URL(`${name}.ndjson`, recordings), "utf8").split("\n");
}

test("the built file does what its source does, for every line of every recording", () => {
  const names = readdirSync(recordings).filter((name) => name.endsWith(".ndjson"));
  expect(names.length).toBeGreaterThan(50);
  for (const name of names)
    for (const line of linesOf(name.replace(".ndjson", "")))
      expect(built.parseStdoutLine(line, ts)).toEqual(parseStdoutLine(line, ts));
});

test("a line's entries do not depend on the lines before it", () => {
  const lines = linesOf("tool-parallel");
  const forwards = lines.map((line) => built.parseStdoutLine(line, ts));
  const backwards = lines.toReversed().map((line) => built.parseStdoutLine(line, ts));
  expect(backwards.toReversed()).toEqual(forwards);
});

test("the entries are the host's", () => {
  const entries = linesOf("tool-parallel").flatMap((line) => built.parseStdoutLine(line, ts));
  const kinds = new Set(entries.map((entry: TranscriptEntry) => entry.kind));
  expect(kinds).toEqual(new Set(["init", "thinking", "assistant", "tool_call", "tool_result", "result"]));
  const result = entries.find((entry) => entry.kind === "result");
  expect(result).toMatchObject({
    ts,
    inputTokens: 3108,
    outputTokens: 222,
    cachedTokens: 6144,
    isError: false,
  });
});

test("the answer stands in the transcript once, and a failure's words stay in its result", () => {
  const entries = linesOf("simple-text").flatMap((line) => built.parseStdoutLine(line, ts));
  const answers = entries.filter((entry) => "text" in entry && entry.text !== "").map(({ kind }) => kind);
  expect(answers).toEqual(["assistant"]);
  const failed = linesOf("credit-balance-400").flatMap((line) => built.parseStdoutLine(line, ts));
  expect(failed.at(-1)).toMatchObject({ kind: "result", text: "Credit balance is too low" });
});

test("a sub-agent's prompt is a system entry, not the user's", () => {
  const entries = linesOf("subagent-foreground").flatMap((line) => built.parseStdoutLine(line, ts));
  expect(entries.filter(({ kind }) => kind === "user")).toEqual([]);
  expect(entries.some((entry) => entry.kind === "system" && entry.text.startsWith("Prompt for"))).toBe(true);
});

test("what is no frame is shown as it is", () => {
  expect(built.parseStdoutLine("plain words", ts)).toEqual([{ kind: "stdout", ts, text: "plain words" }]);
});
