import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseLine } from "../src/index.ts";
import { createTerminalRenderer, plainLine, plainText } from "../src/terminal/index.ts";

test.each([
  ["colours", "\u001b[31mred\u001b[0m", "red"],
  ["cursor and screen", "a\u001b[2J\u001b[1;1Hb\u001b[?25lc", "abc"],
  ["a private sequence", "a\u001b[>4;2mb", "ab"],
  ["an unfinished CSI", "a\u001b[12;", "a"],
  ["CSI of 8 bits", "a\u009b31mb", "ab"],
  ["a title", "a\u001b]0;OWNED\u0007b", "ab"],
  ["a title ended by ST", "a\u001b]2;OWNED\u001b\\b", "ab"],
  ["a title of 8 bits", "a\u009d0;OWNED\u009cb", "ab"],
  ["an unfinished title takes no more than its line", "a\u001b]0;OWNED\nb", "a\nb"],
  ["the clipboard", "a\u001b]52;c;T1dORUQ=\u0007b", "ab"],
  ["a link keeps its text", "\u001b]8;;http://evil\u001b\\text\u001b]8;;\u001b\\", "text"],
  ["DCS", "a\u001bP1$r0m\u001b\\b", "ab"],
  ["DCS of 8 bits", "a\u0090q#0\u009cb", "ab"],
  ["SOS, PM and APC", "a\u001bXx\u001b\\b\u001b^y\u001b\\c\u001b_z\u001b\\d", "abcd"],
  ["a reset and a character set", "a\u001bcb\u001b(0c", "abc"],
  ["a lone ESC at the end", "a\u001b", "a"],
  ["backspaces do not hide what was typed", "rm\u0008\u0008ls", "rmls"],
  ["a lone CR does not go over the line", "rm -rf\rls", "rm -rf\nls"],
  ["CRLF is one line end", "a\r\nb", "a\nb"],
  ["NUL, bell, form feed, DEL", "a\u0000\u0007\u000c\u007fb", "ab"],
  ["bidi overrides and isolates", "a\u202eb\u2066c\u2069\u200f", "abc"],
  ["line separators", "a\u2028b\u2029c\u0085d", "a\nb\nc\nd"],
  ["invisible tags", "a\u{e0041}\u{e007f}b", "ab"],
  ["ordinary text stays", "é 漢字 \u{1f600} a\u200db ~[x] ]0;", "é 漢字 \u{1f600} a\u200db ~[x] ]0;"],
])("%s", (_what, text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test("a line stays one line", () => {
  expect(plainLine("slot\n  fake-row   finished\r\tx")).toBe("slot fake-row   finished x");
});

// oxlint-disable-next-line no-control-regex -- they are what must not be left
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const piece = fc.constantFrom(
  ...Array.from("\u001b\u009b\u009d\u0090\u009c\u0007[]P\\0;m\n\r\t\u0008\u202ex\u0000("),
);

test("nothing that a terminal obeys is left, whatever stands together", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(plainText(pieces.join(""))).not.toMatch(OBEYED);
      expect(plainLine(pieces.join(""))).not.toMatch(/\n/);
    }),
    { numRuns: 3000 },
  );
});

test("a sequence that two pieces of streamed text share does nothing either", () => {
  const renderer = createTerminalRenderer();
  const delta = (text: string) => ({
    type: "text" as const,
    lineBytes: 0,
    channel: "text" as const,
    parentToolUseId: null,
    messageId: "m",
    index: 0,
    delta: text,
    snapshot: "",
  });
  const shown = ["a\u001b", "]0;x\u0007b"].map((text) => renderer.render(delta(text))).join("");
  expect(shown).not.toMatch(OBEYED);
});

test("no field of a frame reaches a terminal as it is", () => {
  const evil = "\u001b]0;OWNED\u0007\u001b[2J\u202e\u0008\ra";
  const text = (value: string) => [{ type: "text", text: value }];
  const frames = [
    { type: "system", subtype: "init", model: evil, session_id: evil, claude_code_version: evil },
    { type: "assistant", error: evil, message: { content: text(evil) } },
    {
      type: "assistant",
      message: { content: [{ type: "tool_use", id: "t", name: evil, input: { [evil]: evil } }] },
    },
    { type: "user", parent_tool_use_id: "t", message: { content: text(evil) } },
    {
      type: "user",
      message: { content: [{ type: "tool_result", tool_use_id: "t", is_error: true, content: evil }] },
    },
    { type: "result", subtype: evil, is_error: true, errors: [evil], result: evil },
    { type: "system", subtype: "api_retry", error: evil },
    { type: "rate_limit_event", rate_limit_info: { status: evil, rateLimitType: evil } },
    { type: "system", subtype: "hook_response", outcome: evil, hook_name: evil, stderr: evil },
    { type: "system", subtype: "model_fallback", original_model: evil, fallback_model: evil },
    { type: "system", subtype: "task_notification", status: evil, summary: evil },
    { type: evil, subtype: evil },
  ];
  const renderer = createTerminalRenderer({ thinking: true });
  const lines = [...frames.map((frame) => JSON.stringify(frame)), evil];
  const shown = lines.flatMap((line) => parseLine(line).map((event) => renderer.render(event))).join("");
  expect(shown).not.toMatch(OBEYED);
});

test("a megabyte of beginnings costs no more than its length", () => {
  for (const start of ["\u001b[", "\u001b[1;", "\u001b]", "\u001bP1", "\u001b ", "\u009b0", "\r"]) {
    expect(plainText(start.repeat(300_000)).length).toBeLessThanOrEqual(300_000);
  }
});
