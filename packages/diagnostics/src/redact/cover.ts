import type { Range } from "./range.ts";

/** In order, and none over another; of two that overlap the one that begins first gives the name. */
export function merged(ranges: readonly Range[]): readonly Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    const last = result.at(-1);
    if (last === undefined || range.start >= last.end) result.push(range);
    else result[result.length - 1] = { ...last, end: Math.max(last.end, range.end) };
  }
  return result;
}

/**
 * Puts a mask over each range. What was JSON is JSON of the same structure afterwards: where a mask would break it (in a
 * number, over a quote), each string of the line is masked by itself with `again`.
 */
export function cover(text: string, ranges: readonly Range[], again: (text: string) => string): string {
  const parts: string[] = [];
  let shown = 0;
  for (let index = 0; index < ranges.length;) {
    const start = text.lastIndexOf("\n", (ranges[index]?.start ?? 0) - 1) + 1;
    const inLine: Range[] = [];
    let end = start;
    do {
      inLine.push(ranges[index] as Range);
      // Once a line: from every range of a long line its end is far.
      if ((ranges[index]?.end ?? 0) > end)
        end = text.indexOf("\n", (ranges[index]?.end ?? 0) - 1) + 1 || text.length;
      index += 1;
    } while ((ranges[index]?.start ?? end) < end);
    parts.push(text.slice(shown, start), line(text.slice(start, end), start, inLine, again));
    shown = end;
  }
  parts.push(text.slice(shown));
  return parts.join("");
}

function line(
  whole: string,
  offset: number,
  ranges: readonly Range[],
  again: (text: string) => string,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, label } of ranges) {
    let backslashes = 0;
    while (start - offset - backslashes > at && whole[start - offset - backslashes - 1] === "\\")
      backslashes += 1;
    // In JSON a single backslash before the value would escape the mask's bracket and break the line for its reader.
    parts.push(whole.slice(at, start - offset), backslashes % 2 === 1 ? "\\" : "", `[redacted ${label}]`);
    at = end - offset;
  }
  parts.push(whole.slice(at));
  const masked = parts.join("");
  if (!/^\s{0,80}[{[]/.test(whole)) return masked;
  const overQuote = ranges.some(({ start, end }) =>
    /(?<!\\)"/.test(whole.slice(start - offset, end - offset)),
  );
  return !overQuote && isJson(masked) ? masked : (stringByString(whole, again) ?? masked);
}

/** `null`: it never was JSON. */
function stringByString(whole: string, again: (text: string) => string): string | null {
  try {
    const value: unknown = JSON.parse(whole, (_key, part: unknown) => {
      const text = typeof part === "number" ? String(part) : part;
      const shown = typeof text === "string" ? again(text) : part;
      return shown === text ? part : shown;
    });
    return JSON.stringify(value) + (whole.endsWith("\n") ? "\n" : "");
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
