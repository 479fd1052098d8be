import type { StreamFacts } from "../facts/stream-facts.ts";
import { countWords } from "../words/numbers.ts";

/** " while Bash, Read ran, its last line cut". */
export function whileWords(stream: StreamFacts): string {
  const tools = [...new Set(stream.openTools)].slice(0, 3).join(", ");
  const cut = stream.lastLineCut ? ", its last line cut" : "";
  return `${tools === "" ? "" : ` while ${tools} ran`}${cut}`;
}

/** " Before that: 10 API retries, the last after HTTP 529 overloaded." */
export function retriesBefore(stream: StreamFacts): string {
  return stream.retries.count === 0
    ? ""
    : ` Before that: ${countWords(stream.retries.count, "API retry", "API retries")}${stream.retries.last === null ? "" : `, the last after ${stream.retries.last}`}.`;
}
