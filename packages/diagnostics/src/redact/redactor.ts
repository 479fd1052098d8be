import { findArguments } from "./arguments.ts";
import { withoutColours } from "./colours.ts";
import { cover, merged } from "./cover.ts";
import { findEncoded } from "./encoded.ts";
import type { Secrets } from "./forms.ts";
import { createKnownValues } from "./known-values.ts";
import { findLayouts, openQuestion } from "./layouts.ts";
import { findNamed, isFrame, openName } from "./named.ts";
import { occurrence } from "./occurrence.ts";
import type { Range } from "./range.ts";
import { findShapes, openKey } from "./shapes.ts";
import { findSpelled, openBlock } from "./spelled.ts";
import { findTables, openTable } from "./tables.ts";

export interface Redactor {
  /** The text that is safe to show by now. Up to a line, or 32 Ki characters of one, is held back until its end is known. */
  push(chunk: string): string;
  /** What was held back. Afterwards the redactor can be used for a new text. */
  end(): string;
}

/**
 * Characters of an unfinished line that are held at most; longer ones are cut where no token goes on. Half of what a chunk has, so that
 * a chunk pays little for the one before it.
 */
const mostHeld = 32_768;
/** Left for the next piece, so that what introduces a secret ("Authorization: Bearer") stays with it. */
const leftOver = 8192;

/**
 * Masks secrets in a text that comes in chunks: values that are known, wherever they are cut, and what looks like a key,
 * token, password or private key, by its form or by the name before it. A mask is `[redacted NAME]`; a line of JSON stays
 * JSON of the same structure. Time is linear in the length of the text, whatever the text.
 *
 * @param secrets Values, or names with values. Those under 6 characters are masked only after their name.
 */
export function createRedactor(secrets?: Secrets): Redactor {
  const known = createKnownValues(secrets);
  /** Pieces of the unfinished line; joined once, so that a line in many small chunks costs no more than in one. */
  let held: string[] = [];
  let heldLength = 0;
  /** Whole lines are held, too, since a secret of several lines may go on. */
  let holdsLines = false;
  /** What is held goes on in a frame. */
  let inJson = false;

  const find = (text: string, goesOn: boolean) => {
    const plain = withoutColours(text);
    return plain === null ? findAll(known, text, goesOn) : findAll(known, plain.text, goesOn).map(plain.back);
  };
  /** A string by itself, for lines that a mask would break. */
  const again = (text: string): string => cover(text, find(text, false), (part) => part);

  /** The first characters of a text, fewer or more where a secret goes on over that place; the rest is held. */
  function show(text: string, wanted: number, rest = ""): string {
    const ranges = find(text, inJson);
    const over = ranges.find(({ start, end }) => start < wanted && end > wanted);
    const length = over === undefined ? wanted : over.start || over.end;
    const shown = text.slice(0, length);
    held = [text.slice(length) + rest];
    heldLength = text.length + rest.length - length;
    holdsLines = length < text.length;
    const lineStart = shown.lastIndexOf("\n") + 1;
    const goesOn = lineStart === 0 && inJson;
    const inside = ranges.filter(({ end }) => end <= length);
    inJson = goesOn || isFrame(shown.slice(lineStart, lineStart + 80));
    return cover(shown, inside, again);
  }

  return {
    push(chunk) {
      held.push(chunk);
      heldLength += chunk.length;
      const endsLine = chunk.includes("\n");
      // Without a new line end nothing that is held has become safe.
      if (!endsLine && heldLength <= mostHeld) return "";
      const hasLines = holdsLines || endsLine;
      const text = held.join("");
      held = [text];
      if (hasLines) {
        const lines = text.slice(0, text.lastIndexOf("\n") + 1);
        const open = Math.min(
          openKey(lines),
          openName(lines),
          openBlock(lines),
          openTable(lines),
          openQuestion(lines),
          known.open(lines),
        );
        const length = open < lines.length ? lines.lastIndexOf("\n", open) + 1 : lines.length;
        if (length > 0) return show(lines, length, text.slice(lines.length));
        holdsLines = true;
      }
      return heldLength > mostHeld ? show(text, cutBetweenTokens(text)) : "";
    },
    end() {
      const rest = show(held.join(""), heldLength);
      inJson = false;
      return rest;
    },
  };
}

/** `goesOn`: the text goes on in a frame. */
function findAll(
  known: ReturnType<typeof createKnownValues>,
  text: string,
  goesOn: boolean,
): readonly Range[] {
  const has = occurrence(text);
  const values = known.find(text);
  const others = [
    ...findShapes(text, has),
    ...findArguments(text, has),
    ...findLayouts(text, has),
    ...findNamed(text, goesOn),
    ...findSpelled(text, has),
    ...findTables(text),
    ...findEncoded(text, (object) => [
      ...known.find(object),
      ...findShapes(object, occurrence(object)),
      ...findNamed(object, true),
    ]),
  ];
  return merged([
    ...values,
    ...withoutValues(
      others,
      values.map(({ start, end }) => text.slice(start, end)),
    ),
  ]);
}

/** A label is the name before a value; where a known value, or the begin of a long one, stands in its place, it is none. */
function withoutValues(ranges: readonly Range[], values: readonly string[]): readonly Range[] {
  if (values.length === 0) return ranges;
  const isTold = (label: string): boolean =>
    values.some((value) => label.includes(value) || (label.length > 5 && value.includes(label)));
  return ranges.map((range) => (isTold(range.label) ? { ...range, label: "secret" } : range));
}

/** After the last quote or comma, else blank, before the part that is left over; a blob without any is cut where it is. */
function cutBetweenTokens(text: string): number {
  const end = text.length - leftOver;
  const window = text.slice(end - leftOver, end);
  const cut = Math.max(window.lastIndexOf('"'), window.lastIndexOf(","));
  const length = (cut < 0 ? window.lastIndexOf(" ") : cut) + 1;
  return length > 0 ? end - leftOver + length : end;
}

/** Masks secrets in a whole text; see `createRedactor`. */
export function redact(text: string, secrets?: Secrets): string {
  const redactor = createRedactor(secrets);
  return redactor.push(text) + redactor.end();
}
