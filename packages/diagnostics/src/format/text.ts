import type { Diagnosis, Failure, Finding } from "../diagnosis.ts";
import { timeWords } from "../words/time.ts";
import { retryWords, sessionWords } from "./family-words.ts";
import { spendWords } from "./spend-words.ts";
import { withSettings } from "./setting-marks.ts";
import { wrap } from "./wrap.ts";

export interface TextOptions {
  /** Columns, default 80, at least 40. Words that are longer stay whole. */
  readonly width?: number;
  /** ANSI colours; default none. */
  readonly color?: boolean;
  /** IANA name; times are then told in it too. */
  readonly timeZone?: string;
}

/** For a terminal: what happened, why, what to do, the evidence. */
export function formatText(diagnosis: Diagnosis, options: TextOptions = {}): string {
  const paint = painter(options.color ?? false);
  const width = Math.max(40, options.width ?? 80);
  const spent = spendWords(diagnosis.spend);
  const lines = [
    heading(diagnosis, paint),
    ...indented(diagnosis.cause, width, "  "),
    ...(diagnosis.outcome === "failure" ? failureLines(diagnosis, width, options.timeZone, paint) : []),
    ...section(
      "Notes",
      diagnosis.notes.map(({ text }) => text),
      width,
      paint,
    ),
    ...section(
      "Evidence",
      diagnosis.evidence.map((finding) => findingWords(finding, options.timeZone)),
      width,
      paint,
    ),
    ...(spent === null ? [] : ["", ...labelled("Spent", spent, width, paint)]),
  ];
  return `${lines.join("\n")}\n`;
}

type Paint = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow", (text: string) => string>>;

function painter(color: boolean): Paint {
  const code = (open: number, close: number) => (text: string) =>
    color ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
  };
}

function heading(diagnosis: Diagnosis, paint: Paint): string {
  if (diagnosis.outcome === "success") return paint.green(`✓ ${diagnosis.title}`);
  const suspected = diagnosis.certainty === "suspected" ? paint.yellow(" (suspected)") : "";
  return `${paint.red("✗")} ${paint.bold(diagnosis.title)}${suspected} ${paint.dim(diagnosis.code)}`;
}

function failureLines(
  failure: Failure,
  width: number,
  timeZone: string | undefined,
  paint: Paint,
): readonly string[] {
  const fixes = failure.fix.flatMap((fix, index) =>
    hanging(`${index + 1}. `, inOnePiece(fix), width).map((line) => settingsInBold(line, paint)),
  );
  return [
    "",
    `  ${paint.bold("What to do")}`,
    ...fixes,
    "",
    ...labelled("Retry", retryWords(failure, timeZone), width, paint),
    ...labelled("Session", sessionWords(failure), width, paint),
  ];
}

/** Commands and names of settings are kept on one line: a blank in them does not count as one while lines are made. */
function inOnePiece(text: string): string {
  return text.replaceAll(/`[^`]*`|\*[^*`]{1,80}\*/g, (whole) => whole.replaceAll(" ", "\u00A0"));
}

/** A setting's name stands in bold, or in quotes without colours. */
function settingsInBold(line: string, paint: Paint): string {
  return withSettings(line.replaceAll("\u00A0", " "), (name) => {
    const bold = paint.bold(name);
    return bold === name ? `"${name}"` : bold;
  });
}

export function findingWords(finding: Finding, timeZone: string | undefined): string {
  const repeated = finding.count > 1;
  const last = finding.lastSeen === null ? null : timeWords(finding.lastSeen, timeZone);
  return [
    `${finding.source}: ${finding.text}`,
    repeated ? `${finding.count} times` : null,
    repeated && last !== null ? `last ${last}` : last,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

function section(title: string, items: readonly string[], width: number, paint: Paint): readonly string[] {
  return items.length === 0
    ? []
    : ["", `  ${paint.bold(title)}`, ...items.flatMap((item) => hanging("- ", item, width))];
}

function labelled(name: string, text: string, width: number, paint: Paint): readonly string[] {
  const [first = "", ...rest] = wrap(text, width - 4 - name.length);
  return [`  ${paint.bold(name)}: ${first}`, ...rest.map((line) => `    ${line}`)];
}

function indented(text: string, width: number, indent: string): readonly string[] {
  return wrap(text, width - indent.length).map((line) => `${indent}${line}`);
}

function hanging(marker: string, text: string, width: number): readonly string[] {
  const indent = " ".repeat(2 + marker.length);
  return indented(text, width, indent).map((line, index) =>
    index === 0 ? `  ${marker}${line.slice(indent.length)}` : line,
  );
}
