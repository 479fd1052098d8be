/** Bytes of `text` in UTF-8; a lone surrogate counts as U+FFFD, which is what encoding makes of it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair is four bytes for two units: two more than its length, counted at the first one.
    if (unit >= 0xd800 && unit <= 0xdbff && isLowSurrogate(text.charCodeAt(index + 1))) index++;
  }
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Text in chunks as bytes: a pair of surrogates that two chunks share is one character. */
export interface TextChunks {
  push(text: string): void;
  /** What is held is a lone surrogate: no text follows directly. */
  flush(): void;
}

export function createTextChunks(give: (bytes: Uint8Array) => void): TextChunks {
  const encoder = new TextEncoder();
  let held = "";
  return {
    push(chunk) {
      const text = held + chunk;
      const isCut = text.length > 0 && isHighSurrogate(text.charCodeAt(text.length - 1));
      held = isCut ? text.slice(-1) : "";
      give(encoder.encode(isCut ? text.slice(0, -1) : text));
    },
    flush() {
      if (held === "") return;
      const lone = held;
      held = "";
      give(encoder.encode(lone));
    },
  };
}
