import { createColors } from "picocolors";
import { describe, expect, test } from "vitest";
import { parseAnsi } from "../../../../scripts/ansi.ts";
import { wantsColors } from "../../src/simulate/story/colors.ts";
import type { DemoEvent } from "../../src/simulate/story/events.ts";
import { createScreen, fit } from "../../src/simulate/story/screen.ts";
import { playTimes, renderSvg } from "../../../../scripts/svg.ts";

function screen(options: { readonly live?: boolean; readonly colors?: boolean } = {}) {
  const printed = { text: "" };
  const made = createScreen({
    write: (text) => void (printed.text += text),
    colors: createColors(options.colors ?? false),
    width: 60,
    live: options.live ?? false,
    drawTranscriptLine: (line) => [`> ${line}`],
  });
  return { ...made, printed };
}

const progress: DemoEvent = {
  type: "progress",
  elapsedSeconds: 3.2,
  lines: 7,
  ofLines: 64,
  inputTokens: 12_345,
  outputTokens: 67,
  costUsd: 0.0123,
  activity: "the pod works",
};

describe("colours", () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
    [false, { FORCE_COLOR: "1" }, true],
    [false, { FORCE_COLOR: "0" }, false],
    [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("terminal %s with %j: %s", (isTerminal, environment, wanted) => {
    expect(wantsColors(isTerminal, environment)).toBe(wanted);
  });
});

describe("the screen", () => {
  test("has no escape sequence at all where there is no terminal", () => {
    const { show, close, printed } = screen();
    show({ type: "act", act: "run", title: "The run" });
    show({ type: "incident", kind: "log-cut", message: "cut" });
    show(progress);
    show({ type: "output", supervisor: 1, line: 1, text: "{}" });
    close();
    expect(printed.text).toBe(`\nThe run ${"─".repeat(51)}\n\n⚡ cut\n> {}\n`);
  });

  test("keeps the progress line below what it prints, and takes it away at the end", () => {
    const { show, close, printed } = screen({ live: true });
    show(progress);
    show({ type: "output", supervisor: 1, line: 1, text: "a" });
    show(progress);
    close();
    const bar = " 3 s · 7/64 lines · 12,345 tokens in, 67 out · $0.0123 · t…";
    expect(printed.text.split("\r\u001B[2K")).toEqual(["", bar, "> a\n", bar, ""]);
  });

  test("an error cannot bring control characters to the terminal", () => {
    const { show, printed } = screen();
    show({ type: "error", message: "bad \u001B[2J\u001B]0;title\u0007 name\u0000" });
    expect(printed.text).toBe("error: bad  name \n");
  });

  test("fits text by what a person takes for one character", () => {
    expect(fit("👩‍👩‍👧‍👦".repeat(5), 3)).toBe("👩‍👩‍👧‍👦👩‍👩‍👧‍👦…");
    expect(fit("abc", 3)).toBe("abc");
  });
});

describe("the picture", () => {
  test("keeps styles and escapes text", () => {
    expect(parseAnsi("a \u001B[1m\u001B[31mb\u001B[39m\u001B[22m c")).toMatchObject([
      { text: "a ", style: { bold: false, color: null } },
      { text: "b", style: { bold: true, color: 1 } },
      { text: " c", style: { bold: false, color: null } },
    ]);
    const picture = renderSvg([{ atMilliseconds: 0, text: '\u001B[2m<a & "b">\u001B[22m' }], {
      title: "t",
      columns: 80,
      rows: 10,
      longestPauseMilliseconds: 100,
    });
    expect(picture).toContain('<tspan style="opacity:.62">&lt;a &amp; &quot;b&quot;&gt;</tspan>');
  });

  test("shortens long waits and leaves short ones", () => {
    const lines = [5, 105, 9_105, 9_205].map((atMilliseconds) => ({ atMilliseconds, text: "" }));
    expect(playTimes(lines, 1_000)).toEqual([0, 0.1, 1.1, 1.2]);
  });

  test("without animation it shows the last rows", () => {
    const lines = Array.from({ length: 12 }, (_, index) => ({
      atMilliseconds: index,
      text: `line ${index}`,
    }));
    const picture = renderSvg(lines, { title: "t", columns: 20, rows: 10, longestPauseMilliseconds: 100 });
    expect(picture).toContain('<g class="scroll" style="transform:translateY(-36px)">');
    expect(picture.match(/class="line"/gu)).toHaveLength(10);
  });
});
