import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test, vi } from "vitest";

import { cliAdapter, formatClaudeStreamEvent, printClaudeStreamEvent } from "../src/event-printer.ts";
import * as entry from "../src/index.ts";

const folder = new URL("..", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as {
  readonly exports: Readonly<
    Record<string, string | { readonly default?: string; readonly "@claude-k8s/source"?: string }>
  >;
  readonly paperclip: Readonly<Record<string, string>>;
};

test("the host's loaders find what they look for", () => {
  const target = (name: string) => {
    const given = manifest.exports[name];
    return typeof given === "string" ? given : given?.default;
  };
  // They take a text, or `import` or `default` of one object, and nothing nested deeper.
  expect(target(".")).toBe("./dist/index.js");
  expect(target("./server")).toBe(target("."));
  expect(target("./ui-parser")).toBe("./dist/ui-parser.cjs");
  expect(target("./cli")).toBe("./dist/event-printer.js");
  expect(manifest.paperclip["adapterUiParser"]?.split(".")[0]).toBe("1");
  const sources = Object.values(manifest.exports).flatMap((given) =>
    typeof given === "object" ? (given["@claude-k8s/source"] ?? []) : [],
  );
  expect(sources.filter((source) => !existsSync(fileURLToPath(new URL(source, folder))))).toEqual([]);
});

test("the entry names what the local adapter's entry names", () => {
  expect(entry).toMatchObject({ type: "claude_k8s", label: expect.any(String), models: expect.any(Array) });
  expect(entry.agentConfigurationDoc).toContain("claude_k8s");
  expect(entry.models.map(({ id }) => id)).toContain("claude-opus-5-5");
});

test("the adapter answers all that the host asks of a module", async () => {
  const adapter = entry.createServerAdapter();
  expect(adapter.sessionManagement).toEqual({
    supportsSessionResume: true,
    nativeContextManagement: "confirmed",
    defaultSessionCompaction: {
      enabled: true,
      maxSessionRuns: 0,
      maxRawInputTokens: 0,
      maxSessionAgeHours: 0,
    },
  });
  expect(Object.keys(adapter)).toEqual(
    expect.arrayContaining(["listModels", "refreshModels", "detectModel", "getQuotaWindows", "syncSkills"]),
  );
});

test("a line of a run for a terminal", () => {
  const said = JSON.stringify({
    type: "assistant",
    message: { id: "m", content: [{ type: "text", text: "hello \u001B[2J" }] },
  });
  expect(formatClaudeStreamEvent(said)).toMatch(/hello/);
  expect(formatClaudeStreamEvent(said)).not.toContain("\u001B[2J");
  expect(formatClaudeStreamEvent("")).toBe("");
  expect(cliAdapter).toMatchObject({ type: "claude_k8s", formatStdoutEvent: printClaudeStreamEvent });
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    const silent = JSON.stringify({ type: "keep_alive" });
    printClaudeStreamEvent(said, false);
    printClaudeStreamEvent("", true);
    printClaudeStreamEvent(silent, false);
    const before = written.length;
    printClaudeStreamEvent(silent, true);
    expect(written.length - before).toBe(1);
  } finally {
    spy.mockRestore();
  }
  expect(written[0]).toContain("hello");
});
