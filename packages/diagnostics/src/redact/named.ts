import { escape } from "./escapes.ts";
import { isPlaceholder, looksOf } from "./looks.ts";
import { nameStart } from "./name-start.ts";
import type { Range } from "./range.ts";
import { match, Values } from "./values.ts";

/** What names of secrets end with. */
export const words = [
  "pass(?:w(?:or)?d|phrase|code)?|pwd|pswr?d|pw(?<![A-Za-z]pw)|creds|secret|token|credentials?|auth(?:orization)?|bearer|jwt|mnemonic|psk|cookie|_pat|dockerconfigjson|key-data|verifier(?<=code[-_]?verifier)|assertion(?<=client[-_]?assertion)|salt(?<=(?:auth|logged_in|nonce)_salt)",
  // Of keys only those that open something: looked at after the word itself, which is rarer than their first letters.
  "key(?<=(?:api|access|account|private|secret|sign(?:ing)?|encryption|master|deploy|license|service|auth|ssh|hmac|client|app|shared|consumer|admin|subscription|application|unseal|recovery|sas)[-_. ]?key|\\w_key|[?&]key)",
  "sig(?:nature)?(?<=[?&-]\\w{3,9})",
].join("|");
const separator = [
  // In a URL's parameter that holds JSON.
  String.raw`%3[ADad](?:%20|\+)?(?:%2[27])?`,
  // What languages print around a value: `Some("…")`, `string(12) "…"`.
  String.raw`[ \t]{0,8}(?:=>|[:=])(?:\s|\\{1,7}[nrt]){0,12}(?:Some\(|string\(\d{1,6}\) )(?=\\{0,7}["'])`,
  // An output of Terraform.
  String.raw`\s{0,8}:\s{0,8}\{[^{}]{0,200}?\\{0,7}"value\\{0,7}"\s{0,8}:\s{0,8}(?=\\{0,7}")`,
  // The type between a name and its value.
  String.raw`\??:[ \t]?(?:string|str|&str|String)(?:[ \t]?\|[ \t]?\w{1,20})?[ \t]{1,4}=[ \t]{1,4}`,
  // An assignment in any language, but no comparison.
  String.raw`[ \t]{0,8}(?::=|=>|[:=])(?![=~])[ \t]{0,40}`,
  // `- name: DB_PASSWORD`, `value: …` of a pod, over the line end.
  String.raw`\\{0,7}["']?,?(?:\s|\\{1,7}[nrt]){0,40}\\{0,7}["']?value\\{0,7}["']?[ \t]{0,4}[:=][ \t]{0,4}`,
  String.raw`,[ \t]{0,4}(?=\\{0,7}["'])`,
  // A column of a table.
  String.raw`[ \t]{0,40}[|\u2502\u2503][ \t]{1,40}`,
  String.raw`(?:[ \t]|\\{1,7}t){1,40}(?:is:?[ \t]{1,4})?|>`,
].join("|");
const candidate = new RegExp(
  String.raw`(?:${words})(?:[-_.]?(?:key|phrase|value|base|string|text|data|header|base64|live|test|prod|dev|v?\d{1,3})){0,2}(?: \d{1,2}(?=:))?(\\{0,7}["'\x60]|%2[27])?\]?(${separator})`,
  "gi",
);
const lastName = new RegExp(
  String.raw`(?:${words})\w{0,16}(?:["']?(?:,|\]?[ \t]{0,8}=>)?\s{0,160}|=[^ \n]{0,160} [^\n]{0,160}\n|[^\n:]{0,101}:[ \t]{0,4}\r?\n)$`,
  "i",
);
/** The name around such a word, without the escape in front of it. */
const nameBegin = new RegExp(String.raw`(?:${escape}|[^\w.-]|^)([\w.-]*)$`);
const lineBegin = new RegExp(
  String.raw`(?:^|[\r\n\0]|${escape})[ \t]*(?:[-+>|*\u2502\u2503][ \t]+|\d+[:\t|→] ?)?(?:export |set (?:-{1,2}[\w-]{1,12} ){0,4}|declare -x |ENV |-e |--env )?$`,
);
/** Words that the same words make into something that is shown to everybody. */
const harmless =
  /(?:page|next|continu\w{0,16}|cancel\w{0,16}|sync|stop|start|end|unexpected|public|by|com|sur|over|under|max)[-_]?$/i;
/** Names and values with nothing but blanks between them: `Bearer value`, `.netrc`, `ENV NAME value`. */
const command =
  /(?:bearer|(?:login[ \t]+\S{1,80}|ENV|setx|setenv|set[ \t]+-{1,2}[\w -]{1,20}|config(?:ure)?(?:[ \t]+-{1,2}[\w-]{1,20}){0,3}(?:[ \t]+set)?)[ \t]+[\w./:-]+)[ \t]+$/i;
const scheme = /(?:bearer|basic|token|digest|api-?key|key|bot|splunk)[ \t]+/iy;
const cookie = /[\w.$!#%&*+^|~-]{1,64}=[^\s;"'\\,]{8,4096}(?:;[ \t]*[^\s;"'\\]{1,4096}){0,64}/y;
/** Where a name and a value are data rather than code; everything up to the value, with its quote. */
const data =
  /(?:[?&;][\w.-]{1,160}=|["'`]\]?\s{0,40}(?:[:=]|=>|,)\s{0,40}\\{0,40}["'`]|^.?-[^\n]*|\w-[\w-]{1,160}["'`]?:\s{0,40}\\{0,40}["'`]?|value\W{1,99}|<[\w.-]{1,160}>|(?:authorization|bearer)\W{1,99}|[^a-z]\W{1,99})$/i;

/** What a plan shows before a new value: the old one. */
const emptyBefore = /(\\{0,7}")\1[ \t]{1,8}[-=]>[ \t]{1,8}(?=\\{0,7}")/y;
const newValue = /\\{0,7}"[ \t]{1,8}[-=]>[ \t]{1,8}(\\{0,7}")([^"\n\\]{1,400})(?=\\{0,7}")/y;
/** Up to the next sign of JSON or of a URL, which are percent codes. */
const percentValue = /(?:[^%&\s"'\\]|%(?!2[26-7Cc]|7[Dd])){1,400}/y;

/** Finds values by the names before them, in every notation in which tools print names and values. */
export function findNamed(text: string, goesOnInJson: boolean): readonly Range[] {
  const ranges: Range[] = [];
  const values = new Values(text);
  let lineEnd = -1;
  let json = false;
  for (let found = match(candidate, text, 0); found !== null; found = candidate.exec(text)) {
    if (found.index > lineEnd) {
      const start = text.lastIndexOf("\n", found.index) + 1;
      json = (start === 0 && goesOnInJson) || isFrame(text.slice(start, start + 80));
      lineEnd = text.indexOf("\n", found.index);
      if (lineEnd < 0) lineEnd = text.length;
    }
    const range = secretOf(text, found, json, values);
    if (range === null || range.end <= range.start) continue;
    ranges.push(range);
    const changed = match(newValue, text, range.end);
    const end = range.end + (changed?.[0].length ?? 0);
    if (changed !== null) ranges.push({ ...range, start: end - (changed[2]?.length ?? 0), end });
    candidate.lastIndex = Math.max(candidate.lastIndex, end);
  }
  return ranges;
}

/** Where a line begins that ends with such a name, since the next may hold its value; the length of the text: nowhere. */
export function openName(lines: string): number {
  const end = lines.slice(-160);
  const lineEnd = end.trimEnd().length;
  if (!end.includes("\n", lineEnd)) return lines.length;
  const last = end.slice(end.lastIndexOf("\n", lineEnd - 1) + 1);
  return lines.length - (lastName.test(last) ? last.length : 0);
}

export function isFrame(line: string): boolean {
  return /^\s*[{[]/.test(line);
}

function secretOf(text: string, found: RegExpExecArray, json: boolean, values: Values): Range | null {
  const [whole, closing = "", between = ""] = found;
  const nameAt = found.index + whole.length;
  const at = nameAt + (match(emptyBefore, text, nameAt)?.[0].length ?? 0);
  let start = nameStart(text, found.index);
  if ("\\[%".includes(text[start - 1] ?? " "))
    start = found.index - (nameBegin.exec(text.slice(Math.max(0, start - 8), found.index))?.[1]?.length ?? 0);
  const before = text.slice(start, found.index);
  const written = text.slice(start, nameAt - between.length);
  const name =
    /\w$/.test(written) && closing === ""
      ? written
      : written.replace(/%2[27]$/, "").replace(/(?<![\\"'`\]])[\\"'`\]]+$/, "");
  if (harmless.test(before)) return null;
  const range = (from: number, to: number): Range => ({
    start: from,
    end: to - from < 60 ? to : values.tail(to),
    label: name.replaceAll(/^\W+|[^\w.-]/g, "").slice(0, 64) || "secret",
  });
  const isUpper = !/[a-z]/.test(name);
  const ahead = (start > 24 ? ":" : "") + text.slice(Math.max(0, start - 24), start);
  const startsLine = lineBegin.test(ahead);
  const quote = /(?<!\\)(\\*)(["'`])$/.exec(ahead);
  if (between.startsWith("%")) {
    const value = match(percentValue, text, at)?.[0] ?? "";
    return looksOf(value, true) > 0 ? range(at, at + value.length) : null;
  }
  if (
    isLoose(text, start, at, name, between, {
      isListed: isUpper && (startsLine || quote !== null),
      isFirst: startsLine || quote !== null,
    })
  )
    return null;
  if (between === ">" && !ahead.endsWith("<")) return null;
  if (/cookie$/i.test(name)) {
    const from = at + (/^\\*["']/.exec(text.slice(at, at + 8))?.[0].length ?? 0);
    const pairs = match(cookie, text, from)?.[0] ?? "";
    // A name that only ends so holds a value like any other.
    if (pairs === "" && from === at) return null;
    if (pairs !== "")
      return between.includes(":") || looksOf(pairs.slice(pairs.indexOf("=") + 1), false) > 0
        ? range(from, from + pairs.length)
        : null;
  }
  if (isUpper && between === "=" && closing === "" && (startsLine || quote !== null)) {
    const end = quote && values.closingQuote(at, quote[1] ?? "", quote[2] ?? "", json);
    const value = end ? { start: at, end } : values.at(at, json, true);
    const content = text.slice(value.start, value.end);
    const isCount = /^\d{1,5}$/.test(content) && !/PASS|PWD/.test(name);
    return isPlaceholder(content) || isCount ? null : range(value.start, value.end);
  }
  let value = values.at(at, json, false);
  const introduced = /auth(?:orization)?$/i.test(name) ? match(scheme, text, value.start) : null;
  if (introduced !== null) {
    const from = value.start + introduced[0].length;
    value = value.isQuoted && value.end > from ? { ...value, start: from } : values.at(from, json, false);
  }
  const looks = looksOf(text.slice(value.start, value.end), value.isQuoted);
  if (looks === 0 || (!isUpper && /[^a-z]_key$/i.test(name))) return null;
  const isData =
    introduced !== null ||
    /[({]/.test(between) ||
    at > nameAt ||
    data.test(text.slice(start - 1, value.start)) ||
    (isUpper && between !== ",") ||
    (startsLine && /^(?:["'`]?(?:$|[\r\n\0]|\\{1,7}[nr0])|")/.test(text.slice(value.end, value.end + 9)));
  return looks === 2 || isData ? range(value.start, value.end) : null;
}

/** Nothing but a blank or a word of a sentence is between them, and no place tells that they belong together. */
function isLoose(
  text: string,
  start: number,
  at: number,
  name: string,
  between: string,
  { isListed, isFirst }: { readonly isListed: boolean; readonly isFirst: boolean },
): boolean {
  // A sign of an assignment is what most names have after them.
  if (/^[:=]/.test(between)) return false;
  const isSpoken = /^[ \t]+is:?[ \t]+$/.test(between);
  const blank = between.replaceAll(/(?<!\\)\\+t/g, "\t");
  if (blank.trim() !== "" && !isSpoken) return false;
  if (/^--?[A-Za-z]/.test(name) || (isListed && (blank.length > 1 || blank === "\t"))) return false;
  if (command.test(text.slice(Math.max(0, start - 100), at))) return false;
  // In a sentence, or in a table of one blank, only what looks random counts.
  const value = /^\\{0,7}["'`]?([^\s"'`\\]{8,200})/.exec(text.slice(at, at + 220));
  const isQuoted = value !== null && /^\\{0,7}["'`]/.test(value[0]);
  // A line that is a name and a value: of a file of settings, or of a command's answer.
  const isLine =
    isFirst &&
    value !== null &&
    /^[ \t]{0,8}(?:$|[\r\n\0"]|\\{1,7}[nr"0u])/.test(
      text.slice(at + value[0].length, at + value[0].length + 16),
    );
  return !(
    value !== null &&
    (isSpoken || isQuoted || isLine || (isListed && name.includes("_"))) &&
    looksOf((value[1] ?? "").replace(/[.,;:!]$/, ""), isQuoted) === 2
  );
}
