import { looksOf } from "./looks.ts";
import { endings, isOfPassword, words } from "./names.ts";
import type { Range } from "./range.ts";
import { match } from "./values.ts";

const bars = /[|\u2502\u2503\u2551]/;
/** A line between the heads of a table and its rows, of dashes alone; or heads in capitals, which have no such line. */
const head =
  /(\n|\\{1,7}n|^|")(?:([ \t]{0,8}(?:[|+:\u251C\u255E\u2521\u2560] ?)?[-=\u2500\u2501\u2550]{2}[-=:+| \u2500\u2501\u2550\u253C\u256A\u2547\u253F\u256C\u2524\u2561\u2529\u2563]{0,2000})|[A-Z][A-Z_/() -]{3,300}(?<= {2}[A-Z][A-Z_/() -]{0,40}))(\r?\n|(?:\\{1,7}r)?\\{1,7}n)/g;
/** A line of dashes between two rows. */
const inTable = /^ {0,8}[+\u251C\u255E\u2521\u255F\u2560]?[-\u2500\u2501\u2550]/;
const secretName = new RegExp(`(?:${words}|(?:primary|secondary)[ _-]?key)s?${endings}$`, "i");
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
  if (!bars.test(last) && !/ {2}|[-=\u2500\u2501\u2550]{2}/.test(last)) return lines.length;
  const open = tables(tail).find(({ end, isSecret }) => isSecret && end === tail.length);
  if (open !== undefined) return from + open.start;
  // A line of heads, which the next line may tell to be one.
  return last.split(/[|\u2502\u2503\u2551]| {2}/).some((name) => secretName.test(name.trim()))
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
  if (!/[-\u2500\u2501\u2550=]{3}|[A-Z]{2} {2}/.test(text)) return found;
  for (let begin = match(head, text, 0); begin !== null; begin = head.exec(text)) {
    const { index, 0: whole, 1: before = "", 2: rule, 3: lineEnd = "\n" } = begin;
    const start = index + whole.length;
    const names =
      rule === undefined
        ? whole.slice(before.length, -lineEnd.length)
        : lineBefore(text, index, before.replace('"', ""));
    const isBarred = bars.test(names);
    const columns = isBarred ? barred(names) : aligned(names, rule);
    const secret = columns.filter(({ name }) => secretName.test(name) && !/public/i.test(name));
    const ranges: Range[] = [];
    const end = columns.length > 1 ? readRows(text, start, isBarred, secret, ranges) : start;
    found.push({
      start: index - (rule === undefined ? 0 : names.length),
      end,
      isSecret: secret.length > 0,
      ranges,
    });
    // The line end before the next line belongs to that line.
    head.lastIndex = end - lineEnd.length;
  }
  return found;
}

function lineBefore(text: string, end: number, glue: string): string {
  const before = text.slice(Math.max(0, end - longestLine), end);
  const begin = glue === "" ? -1 : before.lastIndexOf(glue);
  return begin < 0 ? before : before.slice(begin + glue.length);
}

function barred(names: string): readonly Column[] {
  return names
    .split(bars)
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

/** Where the table ends. */
function readRows(
  text: string,
  start: number,
  isBarred: boolean,
  secret: readonly Column[],
  ranges: Range[],
): number {
  const lineEnd = /\r?\n|\\{1,7}n/g;
  let at = start;
  for (let row = 0; row < mostRows && at < text.length; row += 1) {
    lineEnd.lastIndex = at;
    const found = lineEnd.exec(text);
    const line = text.slice(at, Math.min(found?.index ?? text.length, at + longestLine));
    if (isBarred ? !bars.test(line) && !inTable.test(line) : line.trim() === "") break;
    for (const { index, from, to, name } of secret) {
      const [cellAt, cell] = isBarred ? cellOf(line, index) : [from, line.slice(from, to)];
      const value = content.exec(cell);
      const secretValue = value?.[1] ?? "";
      if (looksOf(secretValue, true) < (isOfPassword(name) ? 1 : 2)) continue;
      const begin = at + cellAt + cell.indexOf(secretValue);
      ranges.push({ start: begin, end: begin + secretValue.length, label: name });
    }
    if (found === null) return text.length;
    at = found.index + found[0].length;
  }
  return at;
}

function cellOf(line: string, index: number): readonly [number, string] {
  const cells = line.split(bars);
  const at = cells.slice(0, index).reduce((length, cell) => length + cell.length + 1, 0);
  return [at, cells[index] ?? ""];
}
