/** The last lines of an output, for the evidence. */

export const MOST_LINES = 20;
const MOST_BYTES = 4096;
const NEWLINE = 10;

/** At most 20, at most 4 KiB each, copied: a view would keep the whole chunk alive. */
export function keepLast(before: readonly Uint8Array[], lines: readonly Uint8Array[]): readonly Uint8Array[] {
  const kept = lines.slice(-MOST_LINES).map((line) => copyOf(line.subarray(0, MOST_BYTES)));
  return [...before, ...kept].slice(-MOST_LINES);
}

/** `slice` of a `Buffer`, which a line that came in several chunks is, would be a view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** The last ones of a piece of output. */
export function linesOf(text: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let end = text.at(-1) === NEWLINE ? text.length - 1 : text.length;
  while (end >= 0 && text.length > 0 && lines.length < MOST_LINES) {
    const start = end === 0 ? 0 : text.lastIndexOf(NEWLINE, end - 1) + 1;
    lines.unshift(text.subarray(start, end));
    end = start - 1;
  }
  return lines;
}
