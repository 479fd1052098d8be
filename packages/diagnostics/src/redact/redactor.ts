import { formsOf, type Secrets } from "./forms.ts";
import { createKnownValues } from "./known-values.ts";
import { maskPatterns } from "./patterns.ts";
import { createPrivateKeys, type PrivateKeys } from "./private-keys.ts";

export interface Redactor {
  /** The text that is safe to show by now. Up to a line, or 1 MiB of one, is held back until its end is known. */
  push(chunk: string): string;
  /** What was held back. Afterwards the redactor can be used for a new text. */
  end(): string;
}

/** Characters of an unfinished line that are held at most; longer ones are cut where no token goes on. */
const mostHeld = 1_048_576;
/** Left for the next piece, so that what introduces a secret ("Authorization: Bearer") stays with it. */
const leftOver = 8192;

/**
 * Masks secrets in a text that comes in chunks: values that are known, wherever they are cut, and what looks like a key,
 * token, password or private key of a known form. A mask is `[redacted NAME]`; a line of JSON stays JSON. Time is linear
 * in the length of the text, whatever the text.
 *
 * @param secrets Values, or names with values. Those under 6 characters are not masked.
 */
export function createRedactor(secrets?: Secrets): Redactor {
  const known = createKnownValues(formsOf(secrets));
  let privateKeys = createPrivateKeys();
  /** Pieces of the unfinished line; joined once, so that a line in many small chunks costs no more than in one. */
  let held: string[] = [];
  let heldLength = 0;

  function take(piece: string): string {
    const newline = piece.lastIndexOf("\n");
    held.push(piece);
    heldLength += piece.length;
    if (newline < 0 && heldLength <= mostHeld) return "";
    const text = held.join("");
    const cut = newline < 0 ? cutBetweenTokens(text) : heldLength - piece.length + newline + 1;
    held = [text.slice(cut)];
    heldLength -= cut;
    return maskLines(text.slice(0, cut), privateKeys);
  }

  return {
    push: (chunk) => take(known.push(chunk)),
    end() {
      held.push(known.end());
      const rest = maskLines(held.join(""), privateKeys);
      held = [];
      heldLength = 0;
      privateKeys = createPrivateKeys();
      return rest;
    },
  };
}

function maskLines(text: string, privateKeys: PrivateKeys): string {
  const lines: string[] = [];
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const next = newline < 0 ? text.length : newline + 1;
    lines.push(maskPatterns(privateKeys.line(text.slice(at, next))));
    at = next;
  }
  return lines.join("");
}

/** Behind the last quote, comma or blank before the part that is left over; a blob without any is cut where it is. */
function cutBetweenTokens(text: string): number {
  const end = text.length - leftOver;
  for (let at = end; at > end - leftOver; at -= 1) {
    const character = text[at - 1];
    if (character === '"' || character === "," || character === " ") return at;
  }
  return end;
}

/** Masks secrets in a whole text; see `createRedactor`. */
export function redact(text: string, secrets?: Secrets): string {
  const redactor = createRedactor(secrets);
  return redactor.push(text) + redactor.end();
}
