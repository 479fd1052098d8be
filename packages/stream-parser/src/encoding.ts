import { createTextChunks } from "./utf8.ts";

/** Chunks of text, of UTF-8 or of UTF-16 in, bytes of UTF-8 out. */
export interface EncodingFront {
  push(chunk: string | Uint8Array): void;
  end(): void;
}

const UTF16_MARKS: readonly (readonly [readonly number[], string])[] = [
  // Byte order marks, as PowerShell's redirection writes them.
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
  // Without one: the first characters of a frame or of a list of frames.
  [[0x7b, 0, 0x22, 0], "utf-16le"],
  [[0x5b, 0, 0x7b, 0], "utf-16le"],
  [[0, 0x7b, 0, 0x22], "utf-16be"],
  [[0, 0x5b, 0, 0x7b], "utf-16be"],
];

/**
 * Told by the stream's first bytes only, and by none that UTF-8 could begin with, so that no live output is taken for UTF-16: the
 * marks are no UTF-8, and a program that writes a brace, a NUL, a quote and a NUL writes UTF-16.
 */
export function createEncodingFront(give: (bytes: Uint8Array) => void): EncodingFront {
  const text = createTextChunks(give);
  let undecided: Uint8Array | null = new Uint8Array(0);
  let decoder: { decode(bytes?: Uint8Array, options?: { stream: boolean }): string } | null = null;

  function pass(bytes: Uint8Array): void {
    if (decoder !== null) {
      text.push(decoder.decode(bytes, { stream: true }));
      return;
    }
    text.flush();
    give(bytes);
  }

  function decide(begin: Uint8Array): void {
    const found = UTF16_MARKS.find(([mark]) => mark.every((byte, index) => begin[index] === byte));
    undecided = null;
    if (found !== undefined) decoder = new TextDecoder(found[1]);
    pass(begin);
  }

  return {
    push(chunk) {
      if (typeof chunk === "string") {
        if (undecided !== null) decide(undecided);
        text.push(chunk);
        return;
      }
      if (undecided === null) {
        pass(chunk);
        return;
      }
      const begin = undecided.length === 0 ? chunk : joined(undecided, chunk);
      if (mayBecomeMark(begin)) undecided = begin.slice();
      else decide(begin);
    },
    end() {
      if (undecided !== null) decide(undecided);
      if (decoder !== null) text.push(decoder.decode());
      text.flush();
    },
  };
}

/** Too short to be told apart. */
function mayBecomeMark(begin: Uint8Array): boolean {
  return UTF16_MARKS.some(
    ([mark]) => begin.length < mark.length && begin.every((byte, index) => byte === mark[index]),
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
