import { expect, test } from "vitest";
import { createStreamParser, parseLine } from "../src/index.ts";
import { createTerminalRenderer } from "../src/terminal/index.ts";
import type { TerminalOptions } from "../src/terminal/index.ts";
import { recording, recordingNames } from "./recordings.ts";

function rendered(name: string, options: TerminalOptions = {}): string {
  const parser = createStreamParser();
  const renderer = createTerminalRenderer(options);
  const events = [...parser.push(recording(name)), ...parser.end()];
  return events.map((event) => renderer.render(event)).join("") + renderer.end();
}

test("a run with a tool", () => {
  expect(rendered("background-disabled")).toMatchInlineSnapshot(`
    "▸ Claude Code · 2.1.330 · claude-opus-5-5 · e1b98b0a-dd27-4f8a-939b-77f05279acb7
    → Bash sleep 1; echo foreground
    ✗ <tool_use_error>InputValidationError: Bash failed due to the following issue:
      An unexpected parameter \`run_in_background\` was provided</tool_use_error>
    ● Done.
    ✓ done: 2 turns, 0.2 s, 6168 tokens in, 52 out, $0.0122
    "
  `);
});

test("a result that stands alone shows the answer", () => {
  const result = JSON.stringify({
    type: "result",
    subtype: "success",
    is_error: false,
    num_turns: 2,
    result: "Two files changed.",
  });
  const renderer = createTerminalRenderer();
  const shown = createStreamParser()
    .push(`${result}\n`)
    .map((event) => renderer.render(event));
  expect(shown.join("")).toBe("● Two files changed.\n✓ done: 2 turns, 0 tokens in, 0 out, $0.0000\n");
});

test("a sub-agent's words are not the answer", () => {
  const said = (parent: string | null) =>
    `${JSON.stringify({ type: "assistant", parent_tool_use_id: parent, message: { id: "m1", role: "assistant", content: [{ type: "text", text: "Words." }] } })}\n`;
  const result = `${JSON.stringify({ type: "result", subtype: "success", is_error: false, num_turns: 1, result: "Words." })}\n`;
  const count = (parent: string | null) => {
    const renderer = createTerminalRenderer();
    const events = createStreamParser().push(said(parent) + result);
    return (
      events
        .map((event) => renderer.render(event))
        .join("")
        .split("Words.").length - 1
    );
  };
  expect([count(null), count("toolu_1")]).toEqual([1, 2]);
});

test("streamed text appears once, as it grows", () => {
  const text = rendered("partial-messages");
  expect(text.split("There are two entries.")).toHaveLength(2);
});

test("an abandoned attempt is marked", () => {
  expect(rendered("stream-reset-recovers")).toMatchInlineSnapshot(`
    "▸ Claude Code · 2.1.330 · claude-opus-5-5 · 73a5efea-4eaa-4431-841c-5cfffbea5df4
    ● This sentence will n
    ! the answer above broke off; another attempt follows
    ! API retry 1 of 10 in 0.6 s: no response unknown
    ● Second attempt worked.
    ✓ done: 1 turn, 0.9 s, 6168 tokens in, 20 out, $0.0116
    "
  `);
});

test("a sub-agent is indented", () => {
  expect(rendered("subagent", { resultLines: 1 })).toMatchInlineSnapshot(`
    "▸ Claude Code · 2.1.330 · claude-opus-5-5 · e0b1cfc4-6388-4d18-9ac3-eb6208e05acc
    ● Delegating.
    → Agent List sources
      Async agent launched successfully. (This tool result is internal metadata —
      …
    ● Waiting for the subagent.
      ● Looking.
      → Bash ls src
        add.js
      ● SUBAGENT REPORT: one file, add.js.
    ! Background task completed: SUBAGENT REPORT: one file, add.js.
    ▸ Claude Code · 2.1.330 · claude-opus-5-5 · e0b1cfc4-6388-4d18-9ac3-eb6208e05acc
    ● The subagent found one file.
    ✓ done: 2 turns, 0.2 s, 15420 tokens in, 143 out, $0.0307
    ✓ done: 1 turn, 0.0 s, 0 tokens in, 0 out, $0.0000
    "
  `);
});

test("a failure tells its words", () => {
  expect(rendered("credit-balance-400")).toMatchInlineSnapshot(`
    "▸ Claude Code · 2.1.330 · claude-opus-5-5 · c6afe95d-64ed-4091-bf1a-a52fd3145aa2
    ! Credit balance is too low
    ✗ failed: 1 turn, 0.2 s, 0 tokens in, 0 out, $0.0000
      Credit balance is too low
    "
  `);
});

test("nothing in a frame can control the terminal", () => {
  const hostile = "\u001b]0;title\u0007\u001b[2J\u009b31mred\u0000\u0008";
  const line = JSON.stringify({
    type: "user",
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: hostile }] },
  });
  const renderer = createTerminalRenderer();
  expect(parseLine(line).map((event) => renderer.render(event))).toEqual(["  red\n"]);
});

test.each([20, 40, 80])("no line is wider than a terminal of %i columns", (width) => {
  const lines = rendered("subagent", { width }).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
});

test("a wide character takes two columns", () => {
  const renderer = createTerminalRenderer({ width: 22 });
  const message = { role: "assistant", content: [{ type: "text", text: "漢".repeat(25) }] };
  const [event] = parseLine(JSON.stringify({ type: "assistant", message }));
  expect(event && renderer.render(event)).toBe(
    `● ${"漢".repeat(10)}\n  ${"漢".repeat(10)}\n  ${"漢".repeat(5)}\n`,
  );
});

test("colours only when asked for", () => {
  expect(rendered("simple-text")).not.toContain("\u001b");
  expect(rendered("simple-text", { color: true })).toContain("\u001b[32m");
});

test("every recording renders in whole lines", () => {
  for (const name of recordingNames) {
    const text = rendered(name, { color: true, width: 60, thinking: true });
    expect([name, text === "" || text.endsWith("\n")]).toEqual([name, true]);
  }
});
