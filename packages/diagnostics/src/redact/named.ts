import { bytesAfter } from "./byte-list.ts";
import { anyGap, separator } from "./gaps.ts";
import { isPhrase, isPlaceholder, isWord, looksOf } from "./looks.ts";
import { anyEnding, endings, foreignWords, isHarmless, isOfPassword, words } from "./names.ts";
import { placeOf, type Place } from "./place.ts";
import type { Range, Span } from "./range.ts";
import { match, Values, type Value } from "./values.ts";

const candidateOf = (names: string, flags: string): RegExp =>
  new RegExp(
    String.raw`(?:${names})(?:s(?<!tokens))?${endings}(${anyEnding})?(?: \d{1,2}(?=:))?(\\{0,7}["'\x60]|%2[27])?(?::(?:protected|\\{0,7}"?[\w\\]{1,60}"?:private)(?=\]))?\]?(${separator})`,
    flags,
  );
const candidates: readonly (readonly [isIn: RegExp | null, RegExp])[] = [
  [null, candidateOf(words, "gi")],
  [new RegExp(foreignWords), candidateOf(foreignWords, "g")],
];
const lastName = new RegExp(
  String.raw`(?:${words})\w{0,16}(?:["']?(?::[\w":\\]{1,80})?(?:,|>|[ \t]{0,4}\{|\]?[ \t]{0,8}=>|</[\w:.-]{1,40}>)?\s{0,160}|=[^ \n]{0,160} [^\n]{0,160}\n|: (?:Some|Just|Optional)\(\s{0,160}|[^\n:]{0,101}:[ \t]{0,4}\r?\n)$`,
  "i",
);
/** Names and values with nothing but blanks between them: `Bearer value`, `.netrc`, `ENV NAME value`. */
const command =
  /(?:bearer|(?:login[ \t]+\S{1,80}|ENV|setx|setenv|set[ \t]+-{1,2}[\w -]{1,20}|config(?:ure)?(?:[ \t]+-{1,2}[\w-]{1,20}){0,3}(?:[ \t]+set)?)[ \t]+[\w./:-]+)[ \t]+$/i;
const scheme =
  /(?:(?:bearer|basic|token|digest|api-?key|key|bot|splunk)[ \t]+|[A-Za-z][\w-]{1,24}[ \t]+(?=[\w+/.:~-]{16,}))/iy;
/** A scheme by which a request is signed, before its parameters. */
const signing = /^[A-Z\d]{2,10}-(?:HMAC|RSA|ECDSA|ED25519)[A-Z\d-]{0,16}$/i;
const cookie = /[\w.$!#%&*+^|~-]{1,64}=[^\s;"'\\,]{1,4096}(?:;[ \t]*[^\s;"'\\]{1,4096}){0,64}/y;
/** A value of a cookie that is more than a mark. */
const cookieValue = /=[^\s;"'\\,]{8}/;
/** Where a name and a value are data rather than code; everything up to the value, with its quote. */
const data =
  /(?:[?&;][\w.-]{1,160}=|["'`]\]?\s{0,40}(?:[:=]|=>|,)\s{0,40}\\{0,40}["'`]|^.?-[^\n]*|\w-[\w-]{1,160}["'`]?:\s{0,40}\\{0,40}["'`]?|value\W{1,99}|<[\w.-]{1,160}>|(?:authorization|bearer)\W{1,99}|[^a-z]\W{1,99})$/i;

const newValue = /\\{0,7}"[ \t]{1,8}[-=]>[ \t]{1,8}(\\{0,7}")([^"\n\\]{1,400})(?=\\{0,7}")/y;
/** A flag, or what stands between it and a name: `-e NAME=`, `--from-literal=`, `--set auth.`. */
const afterFlag = /(?:^|\s)-{1,2}[A-Za-z][\w-]*(?:[ =][\w.,=-]*)?$/;
const nextItem = /\\{0,7}["'],(?:\s|\\{1,7}[nrt]){0,40}(?=\\{0,7}["'])/y;
/** Up to the next sign of JSON or of a URL, which are percent codes. */
const percentValue = /(?:[^%&\s"'\\]|%(?!2[26-7Cc]|7[Dd])){1,400}/y;

/** A line that begins with the namespace of a name: `project:dbPassword`. */
const isInNamespace = /(?:^|[\r\n\0]|\\{1,7}n)[\w-]{1,20}:$/;

/** Finds values by the names before them, in every notation in which tools print names and values. */
export function findNamed(text: string, goesOnInJson: boolean): readonly Range[] {
  const ranges: Range[] = [];
  const values = new Values(text);
  for (const [isIn, candidate] of candidates)
    if (isIn === null || isIn.test(text)) findAfter(candidate, text, goesOnInJson, values, ranges);
  return ranges;
}

function findAfter(
  candidate: RegExp,
  text: string,
  goesOnInJson: boolean,
  values: Values,
  ranges: Range[],
): void {
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
    if (range === null || range.end <= range.start) {
      // The ending may hold the word that counts: `X-Auth-Token`.
      const ending = found[1] ?? "";
      if (ending !== "") candidate.lastIndex = found.index + found[0].lastIndexOf(ending) + 1;
      continue;
    }
    ranges.push(range);
    const changed = match(newValue, text, range.end);
    let end = range.end + (changed?.[0].length ?? 0);
    if (changed !== null) ranges.push({ ...range, start: end - (changed[2]?.length ?? 0), end });
    // The other values of a list; of a list of settings each item has its own name.
    const isQuoted = /["'`]/.test(text[range.start - 1] ?? "");
    let next = isQuoted ? match(nextItem, text, end) : null;
    for (; next !== null; next = match(nextItem, text, end)) {
      const item = values.at(end + next[0].length, json, false);
      if (looksOf(text.slice(item.start, item.end), item.isQuoted) < 2) break;
      ranges.push({ ...range, ...item });
      end = item.end;
    }
    candidate.lastIndex = Math.max(candidate.lastIndex, end);
  }
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
  const place = placeOf(text, found);
  if (isHarmless(place.before, place.ending) || place.ahead.endsWith("[redacted ")) return null;
  // The name of a secret in a store is none.
  if (/:secretsmanager:[\w-]{0,30}:\d{0,12}:$/.test(text.slice(Math.max(0, found.index - 80), found.index)))
    return null;
  const value = bytesAfter(place) ?? namedValue(place, json, values) ?? linkedValue(place, json, values);
  if (value === null) return null;
  const { start, end } = value;
  return {
    start,
    end: end - start < 60 ? end : values.tail(end),
    label: place.name.replaceAll(/^\W+|[^\w.-]/g, "").slice(0, 64) || "secret",
  };
}

/** The value that a sign of assignment, or a notation that says as much, gives to a name. */
function namedValue(place: Place, json: boolean, values: Values): Span | null {
  const { text, name, between, closing, at, isUpper, startsLine, quote, isTag } = place;
  if (between.startsWith("%")) {
    const value = match(percentValue, text, at)?.[0] ?? "";
    return looksOf(value, true) > 0 ? { start: at, end: at + value.length } : null;
  }
  if (between === "" || isLoose(place)) return null;
  if (between === ">" && !isTag) return null;
  if (/cookies?$/i.test(name)) {
    const from = at + (/^\\*["']/.exec(text.slice(at, at + 8))?.[0].length ?? 0);
    const found = match(cookie, text, from)?.[0] ?? "";
    const pairs = cookieValue.test(found) ? found : "";
    // A name that only ends so holds a value like any other.
    if (pairs === "" && from === at) return null;
    if (pairs !== "")
      return between.includes(":") || looksOf(pairs.slice(pairs.indexOf("=") + 1), false) > 0
        ? { start: from, end: from + pairs.length }
        : null;
  }
  if (isUpper && between === "=" && closing === "" && (startsLine || quote !== null)) {
    const end = quote && values.closingQuote(at, quote[1] ?? "", quote[2] ?? "", json);
    const value = end ? { start: at, end } : values.at(at, json, true);
    const content = text.slice(value.start, value.end);
    const isCount = /^\d{1,5}$/.test(content) && !/PASS|PWD/.test(name);
    return isPlaceholder(content) || isCount ? null : value;
  }
  return dataValue(place, json, values);
}

function dataValue(place: Place, json: boolean, values: Values): Span | null {
  const { text, name, ending, at, isUpper } = place;
  let value = values.at(at, json, false);
  const introduced = /auth(?:orization)?$/i.test(name) ? match(scheme, text, value.start) : null;
  if (introduced !== null) {
    const from = value.start + introduced[0].length;
    value = value.isQuoted && value.end > from ? { ...value, start: from } : values.at(from, json, false);
  }
  const content = text.slice(value.start, value.end);
  if (signing.test(content)) return null;
  const looks = looksOf(content, value.isQuoted);
  if (ending !== "" && looks < (isUpper ? 1 : 2)) return null;
  const isData = introduced !== null || isAmongData(place, value);
  if (looks === 0) {
    const isSet = value.isQuoted
      ? isData && /[:=>]/.test(place.between) && (isWord(content) || isPhrase(content))
      : isSetTo(place, value);
    return isSet && isOfPassword(name) ? value : null;
  }
  if (!isUpper && /[^a-z]_key$/i.test(name) && looks < 2) return null;
  return looks === 2 || isData ? value : null;
}

/** A word without quotes that nothing but a password can be: of a flag, of a URL, alone on the line of a setting. */
function isSetTo({ text, start, name, between, startsLine }: Place, value: Value): boolean {
  const isAlone =
    startsLine &&
    between !== ">" &&
    /^(?:$|[\r\n\0"]|\\{1,7}[nr0"])/.test(text.slice(value.end, value.end + 9));
  return (
    isWord(text.slice(value.start, value.end)) &&
    (isAlone || name.startsWith("--") || /[?&]/.test(text[start - 1] ?? ""))
  );
}

/** A value that looks random, to which signs and words without a meaning of their own lead from the name. */
function linkedValue({ text, nameEnd, at, between }: Place, json: boolean, values: Values): Span | null {
  const gap = match(anyGap, text, nameEnd)?.[0] ?? "";
  // A value right after a sign has been looked at.
  if (gap === "" || (nameEnd + gap.length === at && between.trim() !== "") || /^[-._~]+$/.test(gap))
    return null;
  const whole = values.at(nameEnd + gap.length, json, false);
  // What a constructor holds ends with it: `AuthToken(…),30 seconds`.
  const close = gap === "(" ? text.slice(whole.start, whole.end).indexOf(")") : -1;
  const value = close < 0 ? whole : { ...whole, end: whole.start + close };
  const content = text.slice(value.start, value.end);
  if (content.length < 10 || looksOf(content, false) < 2) return null;
  if (gap.trim() !== "" && gap !== "/") return value;
  return /^[\w+/=-]{10,}$/.test(content) && /[A-Z]/.test(content) && /[a-z]/.test(content) ? value : null;
}

/** Where a name and a value stand as data do, rather than as code does. */
function isAmongData(place: Place, value: Value): boolean {
  const { text, start, name, between, at, nameAt, isUpper, startsLine, ahead } = place;
  return (
    /[[({<&]/.test(between) ||
    at > nameAt ||
    data.test(text.slice(Math.max(0, start - 1), value.start)) ||
    (isUpper && between !== ",") ||
    (/^[:=]$/.test(between) &&
      (/secret$/i.test(name) || isOfPassword(name) || afterFlag.test(ahead)) &&
      /^(?:$|[\s"'`,)\]}\\])/.test(text.slice(value.end, value.end + 1))) ||
    (startsLine && /^(?:["'`]?(?:$|[\r\n\0]|\\{1,7}[nr0])|")/.test(text.slice(value.end, value.end + 9))) ||
    (value.isQuoted && match(newValue, text, value.end) !== null)
  );
}

/** Nothing but a blank or a word of a sentence is between them, and no place tells that they belong together. */
function isLoose({ text, start, at, name, ahead, between, isUpper, startsLine, quote }: Place): boolean {
  const isFirst = startsLine || quote !== null || isInNamespace.test(ahead);
  const isListed = isUpper && isFirst;
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
    looksOf((value[1] ?? "").replace(/[.,;:!]$/, ""), isQuoted) >=
      ((isSpoken || (isLine && blank.length > 1)) && isOfPassword(name) ? 1 : 2)
  );
}
