import { parseAnsi, type StyledText } from "./ansi.ts";

/** One line of terminal output and when it was printed, in milliseconds from the start. */
export interface TimedLine {
  readonly atMilliseconds: number;
  readonly text: string;
}

export interface SvgOptions {
  readonly title: string;
  readonly columns: number;
  /** Height of the window; more lines scroll. */
  readonly rows: number;
  /** A longer wait between two lines is shortened to this. */
  readonly longestPauseMilliseconds: number;
}

const CHARACTER_WIDTH = 7.8;
const LINE_HEIGHT = 18;
const PADDING = 16;
const TITLE_BAR = 34;
const BACKGROUND = "#0d1117";
const FOREGROUND = "#d1d7e0";
/** Black to white and their bright forms, with contrast on the dark ground. */
const PALETTE = [
  "#484f58",
  "#ff7b72",
  "#3fb950",
  "#d29922",
  "#58a6ff",
  "#bc8cff",
  "#39c5cf",
  "#b1bac4",
  "#6e7681",
  "#ffa198",
  "#56d364",
  "#e3b341",
  "#79c0ff",
  "#d2a8ff",
  "#56d4dd",
  "#ffffff",
] as const;

/**
 * Draws terminal output as a window that fills line by line as it did, and then scrolls. Without animation (a viewer that
 * has none, a reader who asked for reduced motion) it shows the end.
 */
export function renderSvg(lines: readonly TimedLine[], options: SvgOptions): string {
  const width = Math.ceil(options.columns * CHARACTER_WIDTH + 2 * PADDING);
  const bodyHeight = options.rows * LINE_HEIGHT;
  const height = TITLE_BAR + bodyHeight + PADDING;
  const seconds = playTimes(lines, options.longestPauseMilliseconds);
  const total = (seconds.at(-1) ?? 0) + 0.1;
  const scrolled = Math.max(0, lines.length - options.rows) * LINE_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(options.title)}">`,
    `<style>${styles(seconds, total, options.rows)}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...["#ff5f56", "#ffbd2e", "#27c93f"].map(
      (color, index) => `<circle cx="${18 + index * 18}" cy="17" r="5.5" fill="${color}"/>`,
    ),
    `<text x="${width / 2}" y="22" text-anchor="middle" class="title">${escape(options.title)}</text>`,
    `<svg x="${PADDING}" y="${TITLE_BAR}" width="${width - 2 * PADDING}" height="${bodyHeight}">`,
    `<g class="scroll" style="transform:translateY(-${scrolled}px)">`,
    ...lines.map((line, index) =>
      lineElement(line.text, index, index < options.rows ? seconds[index] : undefined),
    ),
    "</g></svg></svg>",
    "",
  ].join("\n");
}

/** Seconds at which each line appears when long waits are shortened. */
export function playTimes(lines: readonly TimedLine[], longestPauseMilliseconds: number): readonly number[] {
  let played = 0;
  let previous = lines[0]?.atMilliseconds ?? 0;
  return lines.map(({ atMilliseconds }) => {
    played += Math.min(Math.max(0, atMilliseconds - previous), longestPauseMilliseconds);
    previous = atMilliseconds;
    return Math.round(played) / 1000;
  });
}

function styles(seconds: readonly number[], total: number, rows: number): string {
  const steps = scrollSteps(seconds, rows).map(
    ({ at, lines }) => `${((at / total) * 100).toFixed(3)}%{transform:translateY(-${lines * LINE_HEIGHT}px)}`,
  );
  return [
    "text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;white-space:pre;fill:" +
      FOREGROUND +
      "}",
    ".title{fill:#8b949e}",
    "@keyframes appear{from{visibility:hidden}to{visibility:visible}}",
    `@keyframes scroll{0%{transform:translateY(0)}${steps.join("")}}`,
    `.scroll{animation:scroll ${total.toFixed(2)}s step-end both}`,
    ".line{animation:appear 1ms linear backwards}",
    "@media (prefers-reduced-motion:reduce){.scroll,.line{animation:none}}",
  ].join("");
}

/** Lines that come at the same moment scroll together. */
function scrollSteps(
  seconds: readonly number[],
  rows: number,
): readonly { readonly at: number; readonly lines: number }[] {
  const steps = new Map<number, number>();
  seconds.forEach((at, index) => {
    if (index >= rows) steps.set(at, index + 1 - rows);
  });
  return Array.from(steps, ([at, lines]) => ({ at, lines }));
}

function lineElement(text: string, index: number, appearsAt: number | undefined): string {
  const delay = appearsAt === undefined ? "" : ` class="line" style="animation-delay:${appearsAt}s"`;
  const y = (index + 1) * LINE_HEIGHT - 5;
  return `<text y="${y}"${delay}>${parseAnsi(text).map(span).join("")}</text>`;
}

function span({ text, style }: StyledText): string {
  const rules = [
    style.color === null ? "" : `fill:${PALETTE[style.color]}`,
    style.bold ? "font-weight:bold" : "",
    style.dim ? "opacity:.62" : "",
    style.italic ? "font-style:italic" : "",
  ].filter((rule) => rule !== "");
  return rules.length === 0 ? escape(text) : `<tspan style="${rules.join(";")}">${escape(text)}</tspan>`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
