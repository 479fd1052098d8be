import { formsOf, type Secrets } from "./forms.ts";
import type { Range } from "./range.ts";

/** More forms with one beginning than this are not compared one by one: what begins so is masked. */
const mostAlike = 64;

export interface KnownValues {
  find(text: string): readonly Range[];
  /** Where a value of several lines begins that may go on after the text; the length of the text: nowhere. */
  open(text: string): number;
}

/**
 * Finds values that are known to be secret. Places that no form can begin at are skipped by pairs of characters, as Wu and
 * Manber do, which is nearly everywhere; elsewhere a map of beginnings tells what to compare. Forms are short, so that no
 * text and no value can make it slow.
 */
export function createKnownValues(secrets: Secrets | undefined): KnownValues {
  const forms = formsOf(secrets);
  /** So much of each form is looked at first; the longer, the more can be skipped. */
  // Reduced, not spread: hundreds of thousands of arguments overflow the stack.
  const length = [...forms.keys()].reduce((shortest, form) => Math.min(shortest, form.length), 8);
  const pairs = new Uint8Array(forms.size && 0x1_0000);
  const beginnings = new Map<string, [form: string, label: string, skip: number][]>();
  const firstLines: string[] = [];
  for (const [form, { label, skip }] of forms) {
    const beginning = form.slice(0, length);
    for (let at = 1; at < length; at += 1) pairs[pairAt(form, at)] = 1;
    const alike = beginnings.get(beginning) ?? [];
    beginnings.set(beginning, alike);
    if (alike.length <= mostAlike) alike.push([form, label, skip]);
    for (let at = form.indexOf("\n"); at >= 0; at = form.indexOf("\n", at + 1))
      firstLines.push(form.slice(0, at + 1));
  }
  return {
    find(text) {
      const ranges: Range[] = [];
      for (let at = length - 1; forms.size > 0 && at < text.length;) {
        if (pairs[pairAt(text, at)] === 0) {
          at += length - 1;
          continue;
        }
        const start = at - length + 1;
        const alike = beginnings.get(text.slice(start, at + 1)) ?? [];
        for (const [form, label, skip] of alike)
          if (alike.length > mostAlike || text.startsWith(form, start))
            add(ranges, start + skip, start + form.length, label);
        at += 1;
      }
      return ranges;
    },
    open: (text) =>
      text.length -
      firstLines.reduce((most, lines) => (text.endsWith(lines) ? Math.max(most, lines.length) : most), 0),
  };
}

/** Joins it to the one before, where they overlap: a value that repeats itself is found at every place. */
function add(ranges: Range[], start: number, end: number, label: string): void {
  const last = ranges.at(-1);
  if (last === undefined || start >= last.end) ranges.push({ start, end, label });
  else if (end > last.end || start < last.start)
    ranges[ranges.length - 1] = { ...last, start: Math.min(start, last.start), end: Math.max(end, last.end) };
}

function pairAt(text: string, at: number): number {
  return ((text.charCodeAt(at - 1) << 7) ^ text.charCodeAt(at)) & 0xffff;
}
