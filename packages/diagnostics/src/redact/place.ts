import { escape } from "./escapes.ts";
import { nameStart } from "./name-start.ts";
import { match } from "./values.ts";

/** Where a name stands, and what is around it. */
export interface Place {
  readonly text: string;
  readonly start: number;
  /** The name as it is written, and what is before its secret's word. */
  readonly name: string;
  readonly before: string;
  /** A word after the secret's word that is not among those which leave the name what it is. */
  readonly ending: string;
  /** Behind the name, in front of its closing quote. */
  readonly nameEnd: number;
  readonly closing: string;
  readonly between: string;
  /** Behind what is between, and behind an old value that stands there. */
  readonly nameAt: number;
  readonly at: number;
  /** What is in front of the name. */
  readonly ahead: string;
  readonly isUpper: boolean;
  readonly startsLine: boolean;
  readonly quote: RegExpExecArray | null;
  /** It is an element of XML, or an attribute's value. */
  readonly isTag: boolean;
}

/** The name around such a word, without the escape in front of it. */
const nameBegin = new RegExp(String.raw`(?:${escape}|[^\w.-]|^)([\w.-]*)$`);
const lineBegin = new RegExp(
  String.raw`(?:^|[\r\n\0]|${escape})[ \t]*(?:[-+>|*\u2502\u2503][ \t]+|\d+[:\t|→] ?)?(?:export |set (?:-{1,2}[\w-]{1,12} ){0,4}|declare -x |ENV |-e |--env )?$`,
);
/** What PHP prints behind the name of a field that is not public. */
const visibility = /\\{0,7}["']?:(?:protected|\\{0,7}"?[\w\\]{1,60}\\{0,7}"?:private)\]$/;
/** What a plan shows before a new value: the old one. */
const emptyBefore = /(\\{0,7}")\1[ \t]{1,8}[-=]>[ \t]{1,8}(?=\\{0,7}")/y;

export function placeOf(text: string, found: RegExpExecArray): Place {
  const { index, 0: whole, 1: ending = "", 2: closing = "", 3: between = "" } = found;
  const nameAt = index + whole.length;
  const start = startOf(text, index);
  const written = text.slice(start, nameAt - between.length).replace(visibility, "]");
  const name =
    /\w$/.test(written) && closing === ""
      ? written
      : written.replace(/%2[27]$/, "").replace(/(?<![\\"'`\]])[\\"'`\]]+$/, "");
  const ahead = (start > 24 ? ":" : "") + text.slice(Math.max(0, start - 24), start);
  return {
    text,
    start,
    name,
    before: text.slice(start, index),
    ending,
    nameEnd: start + name.length,
    closing,
    between,
    nameAt,
    at: nameAt + (match(emptyBefore, text, nameAt)?.[0].length ?? 0),
    ahead,
    isUpper: !/[a-z]/.test(name),
    startsLine: lineBegin.test(ahead),
    quote: /(?<!\\)(\\*)(["'`])$/.exec(ahead),
    isTag: ahead.endsWith("<") || closing !== "",
  };
}

function startOf(text: string, index: number): number {
  const start = nameStart(text, index);
  return "\\[%".includes(text[start - 1] ?? " ")
    ? index - (nameBegin.exec(text.slice(Math.max(0, start - 8), index))?.[1]?.length ?? 0)
    : start;
}
