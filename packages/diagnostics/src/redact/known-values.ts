import { formsOf, type Secrets } from "./forms.ts";
import type { Range } from "./range.ts";

/** More forms with one beginning than this are not compared one by one: what begins so is masked. */
const mostAlike = 64;

export interface KnownValues {
  find(text: string): readonly Range[];
  /** Where a value of several lines begins that may go on after the text; the length of the text: nowhere. */
  open(text: string): number;
}

interface KnownForm {
  readonly form: string;
  readonly label: string;
  readonly skip: number;
  /** The number of the whole form, and what the number of the text before it is multiplied with. */
  readonly key: number;
  readonly power: number;
}

/** Forms with one beginning. */
interface Alike {
  readonly beginning: string;
  readonly forms: KnownForm[];
}

/** Nobody outside of this process knows which texts have the same key. */
const multiplier = /* @__PURE__ */ Math.floor(Math.random() * 0x4000_0000) * 2 + 1;

/** A number for a beginning: texts as keys would each be cut out and hashed, at every place of a text that repeats itself. */
function keyAt(text: string, start: number, length: number): number {
  let key = 0;
  for (let at = start; at < start + length; at += 1)
    key = (Math.imul(key, multiplier) + text.charCodeAt(at)) | 0;
  return key;
}

/** `multiplier` to the power of `length`, in 32 bits. */
function powerOf(length: number): number {
  let power = 1;
  for (let count = 0; count < length; count += 1) power = Math.imul(power, multiplier);
  return power;
}

/**
 * Compares stretches of one text with forms. Each comparison character by character is as long as the form, at every place of a
 * text that repeats a value: 64 times the text. After as many characters as the text has, numbers of all its beginnings are made
 * once, and a stretch is compared by the difference of two. Equal text always has equal numbers; that unequal text has them, which
 * nobody can aim for, would mask a stretch too much.
 */
class Comparison {
  readonly #text: string;
  #compared = 0;
  #keys: Int32Array | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  isSame(start: number, { form, key, power }: KnownForm, length: number): boolean {
    if (start + length > this.#text.length) return false;
    if (length === form.length && this.#compared > this.#text.length) {
      const keys = (this.#keys ??= keysOf(this.#text));
      return (((keys[start + length] ?? 0) - Math.imul(keys[start] ?? 0, power)) | 0) === key;
    }
    // From its end: where a text repeats a part of a value, the rest is the same at every place.
    for (let at = length - 1; at >= 0; at -= 1) {
      this.#compared += 1;
      if (this.#text.charCodeAt(start + at) !== form.charCodeAt(at)) return false;
    }
    return true;
  }
}

/** The number of every beginning of a text. */
function keysOf(text: string): Int32Array {
  const keys = new Int32Array(text.length + 1);
  let key = 0;
  for (let at = 0; at < text.length; at += 1)
    keys[at + 1] = key = (Math.imul(key, multiplier) + text.charCodeAt(at)) | 0;
  return keys;
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
  const beginnings = new Map<number, Alike[]>();
  const firstLines: string[] = [];
  for (const [form, { label, skip }] of forms) {
    for (let at = 1; at < length; at += 1) pairs[pairAt(form, at)] = 1;
    const key = keyAt(form, 0, length);
    const sameKey = beginnings.get(key) ?? [];
    beginnings.set(key, sameKey);
    const beginning = form.slice(0, length);
    let alike = sameKey.find((one) => one.beginning === beginning);
    if (alike === undefined) sameKey.push((alike = { beginning, forms: [] }));
    if (alike.forms.length <= mostAlike)
      alike.forms.push({
        form,
        label,
        skip,
        key: keyAt(form, 0, form.length),
        power: powerOf(form.length),
      });
    for (let at = form.indexOf("\n"); at >= 0; at = form.indexOf("\n", at + 1))
      firstLines.push(form.slice(0, at + 1));
  }
  return {
    find(text) {
      const ranges: Masked[] = [];
      if (forms.size === 0) return ranges;
      const comparison = new Comparison(text);
      for (let at = length - 1; at < text.length;) {
        if (pairs[pairAt(text, at)] === 0) {
          at += length - 1;
          continue;
        }
        const start = at - length + 1;
        const sameKey = beginnings.get(keyAt(text, start, length));
        if (sameKey !== undefined)
          for (const { forms: alike } of sameKey) compare(comparison, start, length, alike, ranges);
        at += 1;
      }
      return ranges;
    },
    open: (text) =>
      text.length -
      firstLines.reduce((most, lines) => (text.endsWith(lines) ? Math.max(most, lines.length) : most), 0),
  };
}

function compare(
  comparison: Comparison,
  start: number,
  length: number,
  forms: readonly KnownForm[],
  ranges: Masked[],
): void {
  const isCrowd = forms.length > mostAlike;
  for (const known of forms) {
    const { form, label, skip } = known;
    const end = start + form.length;
    const before = ranges.at(-1);
    // Of text that repeats a value, or a part of one, most is hidden already.
    if (before !== undefined && before.end >= end && before.start <= start + skip) continue;
    if (comparison.isSame(start, known, isCrowd ? length : form.length))
      add(ranges, start + skip, end, label);
  }
}

interface Masked extends Range {
  start: number;
  end: number;
}

/** Joins it to the one before, where they overlap: a value that repeats itself is found at every place. */
function add(ranges: Masked[], start: number, end: number, label: string): void {
  const last = ranges.at(-1);
  if (last === undefined || start >= last.end) ranges.push({ start, end, label });
  else {
    last.start = Math.min(start, last.start);
    last.end = Math.max(end, last.end);
  }
}

function pairAt(text: string, at: number): number {
  return ((text.charCodeAt(at - 1) << 7) ^ text.charCodeAt(at)) & 0xffff;
}
