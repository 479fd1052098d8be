import type { Place } from "./place.ts";
import type { Span } from "./range.ts";
import { match } from "./values.ts";

/** From a name to the first digit of a list of bytes. */
const mostBeforeBytes = 80;
const bytesBegin = /(?:[[({]|Buffer )\s{0,8}[\da-f]/i;
/** A list of bytes, in any language: `[]byte{0x4b, …}`, `[75 112 …]`, `<Buffer 4b 70 …>`. */
const bytes =
  /[\w\\"'[\](){}:=&<, \t-]{0,60}?(?:[[({]|Buffer )\s{0,8}((?:0x[\da-f]{1,2}|[\da-f]{2}|\d{1,3})(?:,?[ \t\n]{1,8}|,)(?:(?:0x[\da-f]{1,2}|[\da-f]{2}|\d{1,3})(?:,?\s{1,8}|,)){6,4096}(?:0x[\da-f]{1,2}|[\da-f]{2}|\d{1,3}))(?=,?\s{0,8}[\])}>])/iy;

/** The numbers of such a list after a name. */
export function bytesAfter({ text, nameEnd }: Place): Span | null {
  // Almost no name has such a list after it, and this is cheaper than to look for the whole of it.
  if (!bytesBegin.test(text.slice(nameEnd, nameEnd + mostBeforeBytes))) return null;
  const found = match(bytes, text, nameEnd);
  if (found === null) return null;
  const end = nameEnd + found[0].length;
  return { start: end - (found[1]?.length ?? 0), end };
}
