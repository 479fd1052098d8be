/** A value after its name. */
export interface Value {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

const opening = /[bruf$]?(\\{0,7})(["'`])/y;
/** Everything up to a blank, a quote, or an escape that stands for one of them, at any depth of escaping. */
const word = /(?:[^\0- "'`\\<>]|\\+(?![\\nrtvf0"'`]|[ux]0)){1,64}/y;
/** The same in a listing of an environment: quotes are part of a value, and blanks where the next line is a variable. */
const listed =
  /(?:[^\n\\\0]|\\+["']){1,400}?(?=(?:[\n\0]|\\{1,7}(?:n|[ux]0+))[A-Za-z_]\w{0,60}=)|(?<=(?:PHRASE|MNEMONIC)=)[^\n\\"\0]{1,400}|(?:[^\0- "\\]|\\+(?:["'](?!$|[,\]}])|(?![\\nrtvf0"'`]|[ux]0))){1,64}/y;

/** Finds values in one text. Remembers which quotes have no end, so that many openings are not each read to the same place. */
export class Values {
  readonly #text: string;
  readonly #open = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** `json`: the line is a frame, in which a bare quote is never part of a value. */
  at(at: number, json: boolean, isListed: boolean): Value {
    const quote = match(opening, this.#text, at);
    const start = at + (quote?.[0].length ?? 0);
    const end = quote === null ? null : this.closingQuote(start, quote[1] ?? "", quote[2] ?? "", json);
    if (end !== null) return { start, end, isQuoted: true };
    const value = match(isListed ? listed : word, this.#text, start)?.[0] ?? "";
    // Without what follows in a list (`a=1&b=2`), and without the punctuation of what stands around it.
    const next = value.search(/[&;,|](?=[\w.-]{1,60}[=:])|&(?:quot|apos|[lg]t|#x?\d+);|\[\\/);
    const first = next < 0 ? value : value.slice(0, next);
    return {
      start,
      end: start + first.replace(/(?<![,;.:)\]}>[])[,;.:)\]}>[]+$/, "").length,
      isQuoted: false,
    };
  }

  /** A value that is longer than what is looked at goes on as it began. */
  tail(end: number): number {
    let at = end;
    for (let more = match(word, this.#text, at); more !== null; more = match(word, this.#text, at))
      at += more[0].length;
    return at;
  }

  /**
   * Where a quoted value ends; `null`: it does not. At every depth of escaping the quote that ends a value has as many
   * backslashes before it as the one that began it; those of the value itself come on top in multiples of twice one more.
   */
  closingQuote(start: number, { length }: string, quote: string, json: boolean): number | null {
    const text = this.#text;
    const key = quote + length;
    const limit = Math.min(text.length, start + 8192);
    let at = start;
    if ((this.#open.get(key) ?? 0) > start) return null;
    for (let before = 0; at < limit && text[at] !== "\n"; at += 1) {
      if (text[at] === quote && before % (2 * (length + 1)) === length) return at - length;
      if (json && text[at] === '"' && before === 0) {
        if (quote === '"') break;
        return at;
      }
      before = text[at] === "\\" ? before + 1 : 0;
    }
    this.#open.set(key, at);
    return null;
  }
}

export function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
