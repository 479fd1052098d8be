import { isPlaceholder, isReference, isWord, looksOf } from "./looks.ts";
import { findManifests } from "./manifests.ts";
import { nameStart } from "./name-start.ts";
import { words } from "./names.ts";
import type { Has } from "./occurrence.ts";
import type { Range } from "./range.ts";
import { match } from "./values.ts";

/** A block of YAML, or a here-document, that begins on the next line; the line end may be escaped, once or more often. */
const blockBegin =
  /(?::[ \t]{1,8}[|>][-+\d]{0,3}|[=:][ \t]{0,8}<<[-~]?["']?(\w{2,20})["']?)[ \t]{0,8}(?:#[^\n\\]{0,200})?(\r?\n|(\\{1,7})n)/g;
/** What stands between a name and the sign of its block. */
const afterName = /(?<![\\"' \t])\\{0,7}["']?[ \t]{0,8}$/;
const secretName = new RegExp(String.raw`(?:${words})\w{0,16}$`, "i");
/** More than this is no secret of a block. */
const longestBlock = 8192;
const user = String.raw`(?:user(?: ?id|_?name)?|uid|login|email|server|data source|host|database|initial catalog)`;
/** A password of letters alone is told by the user beside it. */
const besideUser: readonly (readonly [RegExp, (value: string) => boolean])[] = [
  [
    new RegExp(
      String.raw`\b${user}=[^;\n"'=]{1,100};(?:[^;\n"'=]{1,40}=[^;\n"'=]{0,100};){0,8}[ \t]?(?:password|pwd)=([^;\n"'\\\s]{3,200})`,
      "gi",
    ),
    isReference,
  ],
  // On one line with it, as structures and tables are printed; of code only what is no word of its own.
  [
    new RegExp(
      String.raw`\b${user}\\{0,7}["']?[:=] ?\\{0,7}["']?[\w.@-]{1,64}\\{0,7}["']?[ \t,;&]{1,8}\\{0,7}["']?(?:password|passwd|passphrase|pwd|pass)\\{0,7}["']?[:=] {0,8}\\{0,7}["']?([a-z]{6,40})(?=[\s,;&"'})\]\\]|$)`,
      "gi",
    ),
    (value) => !isWord(value),
  ],
  [
    new RegExp(
      String.raw`(?:\n|\\{1,7}n|^)[ \t]{0,40}(?:- )?["']?${user}["']?:[ \t]{1,8}[^\n\\]{1,100}(?:\r?\n|\\{1,7}n)[ \t]{0,40}["']?(?:password|passwd|passphrase|pwd|pass)["']?:[ \t]{1,8}(?![&*])([^\s"'\\,;.()<>{}[\]]{4,100})(?=\s|\\{1,7}[nr]|"|$)`,
      "gi",
    ),
    isPlaceholder,
  ],
];
/** Without one of these there is none, and they are found faster. */
const besideUserSigns = ["assword", "passphrase", "pwd", "Pwd", "PWD", "passwd", "PASSWORD"];
/** `{"value":"…","name":"DB_PASSWORD"}`, as tools order it by the alphabet backwards. */
const valueFirst = new RegExp(
  String.raw`(?:value|data)(?<=(\\{0,7})"(?:value|data))\1"\s{0,4}:\s{0,4}\1"([^"\n]{1,400}?)\1",?(?:\s|\\{1,7}[nrt]){0,40}\1"(?:name|key)\1"\s{0,4}:\s{0,4}\1"[\w.-]{0,60}(?:${words})[\w.-]{0,16}\1"`,
  "gi",
);

/** A field of a page whose value stands before its name. */
const fieldValue = new RegExp(
  String.raw`value=(\\{0,7}["'])([^"'\n\\<>]{6,400})\1[^<>\n]{0,200}?\b(?:name|id)=\1[\w.-]{0,60}(?:${words})\1`,
  "gi",
);

/** Finds values that more than a sign sets apart from their name: a block, a user beside it, the other order. */
export function findSpelled(text: string, has: Has): readonly Range[] {
  const ranges: Range[] = [];
  for (const block of blocks(text))
    if (block.end > block.start) ranges.push({ start: block.start, end: block.end, label: block.label });
  for (const [pattern, isNone] of besideUserSigns.some(has) ? besideUser : [])
    for (const { index, 0: whole, 1: value = "" } of text.matchAll(pattern))
      if (!isNone(value))
        ranges.push({
          start: index + whole.length - value.length,
          end: index + whole.length,
          label: "password",
        });
  if (has("alue") || has("Data"))
    for (const { index, 0: whole, 2: value = "" } of text.matchAll(valueFirst)) {
      const start = index + whole.indexOf(value, whole.indexOf(":"));
      if (looksOf(value, true) > 0) ranges.push({ start, end: start + value.length, label: "secret" });
    }
  if (has("value="))
    for (const { index, 0: whole, 2: value = "" } of text.matchAll(fieldValue)) {
      const start = index + whole.indexOf(value, 6);
      if (looksOf(value, true) > 0) ranges.push({ start, end: start + value.length, label: "secret" });
    }
  ranges.push(...findManifests(text));
  return ranges;
}

/** Where a line begins whose block may go on after the text; the length of the text: nowhere. */
export function openBlock(text: string): number {
  const from = Math.max(0, text.length - longestBlock);
  const tail = text.slice(from);
  const open = blocks(tail).find(({ isOpen }) => isOpen);
  return open === undefined ? text.length : from + open.lineStart;
}

interface Block extends Range {
  readonly lineStart: number;
  readonly isOpen: boolean;
}

function blocks(text: string): readonly Block[] {
  const found: Block[] = [];
  if (!/: {1,8}[|>]|<</.test(text)) return found;
  for (let begin = match(blockBegin, text, 0); begin !== null; begin = blockBegin.exec(text)) {
    const { index, 0: whole, 1: ending, 2: lineEnd = "\n", 3: slashes = "" } = begin;
    const nameEnd = index - (afterName.exec(text.slice(Math.max(0, index - 17), index))?.[0].length ?? 0);
    const name = text.slice(nameStart(text, nameEnd), nameEnd);
    if (!secretName.test(name)) continue;
    const glue = slashes === "" ? "\n" : lineEnd;
    const before = text.lastIndexOf(glue, index);
    const lineStart = before < 0 ? 0 : before + glue.length;
    const indent = /^[ \t]*(?:- )?/.exec(text.slice(lineStart, lineStart + 80))?.[0].length ?? 0;
    const start = index + whole.length;
    const { end, isOpen } = blockEnd(text, start, glue, slashes.length, indent, ending);
    found.push({ start, end, label: name, lineStart, isOpen });
    // What a block holds begins none, and is not read again.
    blockBegin.lastIndex = isOpen ? text.length : Math.max(start, end);
  }
  return found;
}

/** A block goes on while its lines are blank or further in than its name; a here-document up to its word. */
function blockEnd(
  text: string,
  start: number,
  glue: string,
  depth: number,
  indent: number,
  ending: string | undefined,
): { readonly end: number; readonly isOpen: boolean } {
  const limit = Math.min(text.length, start + longestBlock);
  let end = start;
  for (let at = start; at < limit;) {
    const next = text.indexOf(glue, at);
    const quote = depth === 0 ? -1 : closingQuote(text.slice(at, next < 0 ? limit : next), at, depth);
    const lineEnd = quote >= 0 ? quote : next < 0 ? limit : next;
    const line = text.slice(at, lineEnd);
    if (ending === undefined ? isOutside(line, indent) : line.trim() === ending)
      return { end, isOpen: false };
    if (line.trim() !== "") end = lineEnd;
    if (quote >= 0) return { end, isOpen: false };
    at = next < 0 ? limit : next + glue.length;
  }
  return { end, isOpen: depth === 0 && limit === text.length };
}

function isOutside(line: string, indent: number): boolean {
  return line.trim() !== "" && (/^[ \t]*/.exec(line)?.[0].length ?? 0) <= indent;
}

/** The quote that ends the string which the escaped line ends are in has fewer backslashes than they; -1: not in this line. */
function closingQuote(line: string, offset: number, depth: number): number {
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (line[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes < depth) return offset + at - slashes;
  }
  return -1;
}
