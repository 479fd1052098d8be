import { isReference } from "./looks.ts";
import type { Range } from "./range.ts";
import { match } from "./values.ts";

/** A Secret of Kubernetes, in YAML or JSON, in a string or not. */
const secretKind = /kind\\{0,7}"?:[ \t]{0,4}\\{0,7}["']?Secret(?![\w-])/;
/** Its values begin after this; a ConfigMap in the same text has values that are no base64, which stay. */
const dataBegin = /(?:(?<![\w-])|(?<=\\[nrt]))(?:string)?data(?:\\{0,7}")?:[ \t]{0,4}(?:\{|\r?\n|\\{1,7}n)/gi;
const entry =
  /(?:\s|\\{1,7}[nr]){0,40}(?:\\{0,7}["'])?([\w.-]{1,100})(?:\\{0,7}["'])?:[ \t]{0,4}(?:\\{0,7}["'])?([^\s"'\\{}]{4,8192})(?:\\{0,7}["'])?,?/y;

/**
 * Every value of a Secret is secret, whatever its name. Kind and values must be in one text, as in the frame of a tool's output: which comes
 * first is not settled, and lines that come one by one are not held back for it.
 */
export function findManifests(text: string): readonly Range[] {
  const ranges: Range[] = [];
  if (!text.includes("Secret") || !secretKind.test(text)) return ranges;
  for (let begin = match(dataBegin, text, 0); begin !== null; begin = dataBegin.exec(text)) {
    const isString = begin[0].startsWith("string");
    let at = begin.index + begin[0].length;
    const isYaml = !begin[0].endsWith("{");
    for (let next = match(entry, text, at); next !== null; next = match(entry, text, at)) {
      const { 0: whole, 1: key = "secret", 2: value = "" } = next;
      // The next field of the manifest stands as far out as this one.
      if (isYaml && !/^[\r\n]*[ \t]/.test(whole) && !/^(?:\\{1,7}[nr])*[ \t]/.test(whole)) break;
      const start = at + whole.lastIndexOf(value);
      if (!isReference(value) && (isString || isBase64(value)))
        ranges.push({ start, end: start + value.length, label: key });
      at += whole.length;
    }
    dataBegin.lastIndex = Math.max(dataBegin.lastIndex, at);
  }
  return ranges;
}

function isBase64(value: string): boolean {
  return value.length % 4 === 0 && value.length >= 8 && /^[A-Za-z\d+/]{1,8192}={0,2}$/.test(value);
}
