import { looksOf } from "./looks.ts";
import { endings, isOfPassword, words } from "./names.ts";
import type { Range } from "./range.ts";
import { match } from "./values.ts";

const bars = /[|\u2502\u2503\u2551]/;
/**
 * A line between the heads of a table and its rows, of dashes alone. Or a line of heads that has none: in capitals, or with commas or
 * tabs between them, as a file of values begins.
 */
const tableBegin =
  /(\n|\\{1,7}n|^|")(?:([ \t]{0,8}[|+:\u2500-\u256C]? ?[-=\u2500-\u256C]{2}[-=:+| \u2500-\u256C]{0,2000})|([A-Z][A-Z_/() -]{3,300}(?<= {2}[A-Z][A-Z_/() -]{0,40})|[A-Za-z_]\w{0,40}([,;\t]|\\{1,7}t)[A-Za-z_][\w .-]{0,40}(?:\4[A-Za-z_][\w .-]{0,40}){0,40}))(\r?\n|(?:\\{1,7}r)?\\{1,7}n)/g;
/** A line of dashes between two rows. */
const inTable = /^ {0,8}[-+\u2500-\u256C]/;
const secretName = new RegExp(`(?:${words}|(?:primary|secondary)[ _-]?key)s?${endings}$`, "i");
/** Clouds print their keys with two columns, for a key's name and its value. */
const keyName = /^key ?name$/i;
/** What a cell holds, without a quote around it; more than one word is a text. */
const content = /^[ \t]{0,200}(?:\\{0,7}["'`])?([^\s"'`\\|]{6,400})\\{0,7}["'`]?(?=[ \t]*(?:$|\\|"))/;
/** Lines that are read, and how much of each. */
const mostRows = 500;
const longestLine = 4000;
/** Of a table whose rows are still coming. */
const mostHeld = 16_384;

interface Column {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Finds values in the columns of a table whose heads name a secret, as clients of databases and clouds print them. */
export function findTables(text: string): readonly Range[] {
  return tables(text).flatMap(({ ranges }) => ranges);
}

/** Where a table with such a column begins whose rows may go on after the text; the length of the text: nowhere. */
export function openTable(lines: string): number {
  const from = Math.max(0, lines.length - mostHeld);
  const tail = lines.slice(from);
  const lastAt = tail.lastIndexOf("\n", tail.length - 2) + 1;
  const last = tail.slice(lastAt).trimEnd();
  if (!bars.test(last) && !/ {2}|[-=\u2500\u2501\u2550]{2}|[,;\t]/.test(last)) return lines.length;
  const open = tables(tail).find(({ end, isSecret }) => isSecret && end === tail.length);
  if (open !== undefined) return from + open.start;
  // A line of heads, which the next line may tell to be one.
  return last
    .split(/[|\u2502\u2503\u2551,;\t]| {2}/)
    .some((name) => secretName.test(name.trim()) || keyName.test(name.trim()))
    ? from + lastAt
    : lines.length;
}

interface Table {
  readonly start: number;
  readonly end: number;
  readonly isSecret: boolean;
  readonly ranges: readonly Range[];
}

function tables(text: string): readonly Table[] {
  const found: Table[] = [];
  for (let next = match(tableBegin, text, 0); next !== null; next = tableBegin.exec(text)) {
    const { index, 0: whole, 1: before = "", 2: rule, 3: line, 4: separator, 5: lineEnd = "" } = next;
    const names = line ?? lineBefore(text, index, before.replace('"', ""));
    const bar =
      separator !== undefined
        ? new RegExp(separator.replace(/\\+/, String.raw`\\{1,7}`))
        : bars.test(names)
          ? bars
          : null;
    const start = rule === undefined ? index + before.length : index - names.length;
    const columns = bar === null ? aligned(names, rule) : separated(names, bar);
    const table = readTable(text, start, index + whole.length, columns, bar);
    found.push(table);
    // The line end before the next line belongs to that line.
    tableBegin.lastIndex = table.end - lineEnd.length;
  }
  return found;
}

function lineBefore(text: string, end: number, glue: string): string {
  const before = text.slice(Math.max(0, end - longestLine), end);
  const begin = glue === "" ? -1 : before.lastIndexOf(glue);
  if (begin >= 0) return before.slice(begin + glue.length);
  // Where its end is escaped, the first line of a string begins after the quote.
  return glue.includes("\\") ? before.slice(before.lastIndexOf('"') + 1) : before;
}

function separated(names: string, bar: RegExp): readonly Column[] {
  return names
    .split(bar)
    .map((name, index) => ({ index, from: 0, to: 0, name: name.replaceAll(/[*`"'\\]/g, "").trim() }));
}

/** Columns by the places where the dashes under their heads begin, or else the heads. */
function aligned(names: string, rule: string | undefined): readonly Column[] {
  const begins = Array.from(
    (rule ?? names).matchAll(rule === undefined ? /(?<=^| {2})\S/g : /(?<=^|\s)[-=]{2}/g),
    ({ index }) => index,
  );
  return begins.map((from, index) => {
    const to = begins[index + 1] ?? longestLine;
    return { index, from, to, name: names.slice(from, to).trim() };
  });
}

function readTable(
  text: string,
  start: number,
  rowsAt: number,
  columns: readonly Column[],
  bar: RegExp | null,
): Table {
  const ranges: Range[] = [];
  const hasKeys = columns.some(({ name }) => keyName.test(name));
  const secret = columns.filter(
    ({ name }) =>
      (secretName.test(name) && !/public/i.test(name)) || (hasKeys && name.toLowerCase() === "value"),
  );
  const isList = bar !== null && bar !== bars;
  if (columns.length < 2 || (isList && secret.length === 0))
    return { start, end: rowsAt, isSecret: false, ranges };
  const lineEnd = /\r?\n|\\{1,7}n/g;
  let at = rowsAt;
  for (let row = 0; row < mostRows && at < text.length; row += 1) {
    const found = match(lineEnd, text, at);
    const line = text.slice(at, Math.min(found?.index ?? text.length, at + longestLine));
    const isOutside = bar === null ? line.trim() === "" : !bar.test(line) && (isList || !inTable.test(line));
    if (isOutside || (isList && line.split(bar).length !== columns.length)) break;
    for (const { index, from, to, name } of secret) {
      const [cellAt, cell] = bar === null ? [from, line.slice(from, to)] : cellOf(line, index, bar);
      const value = content.exec(cell)?.[1] ?? "";
      if (looksOf(value, true) < (isOfPassword(name) ? 1 : 2)) continue;
      const begin = at + cellAt + cell.indexOf(value);
      ranges.push({ start: begin, end: begin + value.length, label: name });
    }
    at = found === null ? text.length : found.index + found[0].length;
  }
  return { start, end: at, isSecret: secret.length > 0, ranges };
}

function cellOf(line: string, index: number, bar: RegExp): readonly [number, string] {
  const cells = line.split(bar);
  const before = cells.slice(0, index).reduce((length, cell) => length + cell.length, 0);
  const width = cells.length < 2 ? 0 : (line.length - cells.join("").length) / (cells.length - 1);
  return [before + index * width, cells[index] ?? ""];
}
