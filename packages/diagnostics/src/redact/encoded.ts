import { escape } from "./escapes.ts";
import type { Range } from "./range.ts";
import { match } from "./values.ts";

/** An object of JSON in base64, which begins with a brace and a quote; a web token begins with one, too, and goes on after a dot. */
const object = new RegExp(
  String.raw`(?:(?<![\w+/-])|(?<=${escape}))(?:eyJ|ewog|ewoJ|eyAi)[\w+/-]{20,16384}={0,2}`,
  "y",
);
const beginning = /eyJ|ewog|ewoJ|eyAi/g;

/** Objects in base64 that name a secret are masked whole; `find` says whether text does. */
export function findEncoded(text: string, find: (text: string) => readonly Range[]): readonly Range[] {
  const ranges: Range[] = [];
  for (let begin = match(beginning, text, 0); begin !== null; begin = beginning.exec(text)) {
    const encoded = match(object, text, begin.index)?.[0];
    if (encoded === undefined) continue;
    const end = begin.index + encoded.length;
    beginning.lastIndex = end;
    if (text[end] !== "." && find(decoded(encoded)).length > 0)
      ranges.push({ start: begin.index, end, label: "base64" });
  }
  return ranges;
}

function decoded(encoded: string): string {
  const whole = encoded
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/={1,2}$/, "");
  return atob(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0)));
}
