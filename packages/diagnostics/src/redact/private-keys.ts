const mask = "[redacted private-key]";
/** A key of 16,384 bits has about 200 lines; without a footer by then it is something else. */
const mostLines = 400;
/** What a line inside a key is made of; anything else ends a key whose footer never came. */
const keyLine = /^[\sA-Za-z0-9+/=:,.\\-]{0,200}$/;

export interface PrivateKeys {
  /** A whole line, with its end. */
  line(text: string): string;
}

/** Masks PEM blocks: inside one line, as JSON carries them, and over lines, as files do. */
export function createPrivateKeys(): PrivateKeys {
  const header = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  const footer = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  let linesInside = 0;
  return {
    line(text) {
      if (linesInside === 0 && !text.includes("PRIVATE KEY")) return text;
      const parts: string[] = [];
      let at = 0;
      if (linesInside > 0) {
        footer.lastIndex = 0;
        const end = footer.exec(text);
        if (end === null && linesInside < mostLines && keyLine.test(text)) {
          linesInside += 1;
          return "";
        }
        linesInside = 0;
        if (end === null) parts.push("\n");
        else at = footer.lastIndex;
      }
      for (;;) {
        header.lastIndex = at;
        const begin = header.exec(text);
        if (begin === null) break;
        parts.push(text.slice(at, begin.index), mask);
        footer.lastIndex = header.lastIndex;
        const end = footer.exec(text);
        if (end === null) {
          const body = /^[A-Za-z0-9+/=\s\\]{0,65536}/.exec(text.slice(header.lastIndex))?.[0] ?? "";
          at = header.lastIndex + body.length;
          if (at === text.length) linesInside = 1;
          break;
        }
        at = footer.lastIndex;
      }
      parts.push(text.slice(at));
      return parts.join("");
    },
  };
}
