import { plainText } from "@claude-k8s/stream-parser/terminal";

/** The same data, with no text in it that a terminal would obey: what clusters and streams say is not ours. */
export function plainData<T>(value: T): T {
  return plain(value) as T;
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [plainText(name), plain(inner)]));
}

/** JSON for people and programs: what a terminal would obey stands in it escaped, so that nothing is lost. */
export function plainJson(value: unknown): string {
  return escapeControls(JSON.stringify(value));
}

/** `JSON.stringify` escapes the controls of ASCII; a terminal obeys those of Latin-1 as well, and marks that turn text around. */
export function escapeControls(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A longer line is shown in pieces: a sequence that is cut loses its beginning, and is then ordinary text. */
const longestLine = 64 * 1024;

/** Raw output for a terminal: whole lines, as a control sequence may be cut anywhere. */
export function createPlainWriter(write: (text: string) => unknown): {
  push(text: string): void;
  end(): void;
} {
  let rest = "";
  return {
    push(text) {
      rest += text;
      const end = rest.length > longestLine ? rest.length : rest.lastIndexOf("\n") + 1;
      if (end === 0) return;
      write(plainText(rest.slice(0, end)));
      rest = rest.slice(end);
    },
    end() {
      if (rest !== "") write(plainText(rest));
      rest = "";
    },
  };
}
