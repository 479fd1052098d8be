/** What stands for a secret. No character of it needs an escape in JSON. */
const mask = "***";

export interface Masker {
  /** The text that may be shown; a tail that may be the beginning of a secret is held back. */
  push(text: string): string;
  /** What was held back. */
  end(): string;
}

/**
 * Hides secrets in a text that comes in pieces, JSON lines staying valid JSON. A frame holds a secret as `JSON.stringify`
 * writes it, and a tool's output that is JSON itself holds it escaped twice; both forms are looked for in lines that begin
 * with a brace, the bare form in all others. A match that begins behind an odd backslash is none: in `\nfoo` there is no
 * `nfoo`, and hiding it would leave the invalid escape `\*`.
 */
export function createMasker(secrets: readonly string[]): Masker {
  const inJson = patternOf(secrets.flatMap((secret) => [escaped(secret), escaped(escaped(secret))]));
  // A text line cannot hold a line end: of a key of several lines each is hidden by itself.
  const inText = patternOf(
    secrets.flatMap((secret) => secret.split(/\r?\n/)).filter((part) => part.length >= 8),
  );
  let held = "";
  let line: "unknown" | "json" | "text" = "unknown";
  /** Backslashes directly before `held`. */
  let backslashes = 0;

  function take(text: string, final: boolean): string {
    let output = "";
    for (const piece of splitAtLines(held + text)) {
      const whole = piece.endsWith("\n");
      if (line === "unknown" && piece.trim() !== "")
        line = piece.trimStart().startsWith("{") ? "json" : "text";
      const pattern = line === "json" ? inJson : inText;
      const keep = whole || final ? 0 : pattern.openTail(piece);
      const shown = piece.slice(0, piece.length - keep);
      output += pattern.hide(shown, line === "json" ? backslashes : 0);
      backslashes = whole ? 0 : trailingBackslashes(shown, backslashes);
      held = piece.slice(piece.length - keep);
      if (whole) line = "unknown";
    }
    return output;
  }

  if (secrets.length === 0) return { push: (text) => text, end: () => "" };
  return {
    push: (text) => (text === "" ? "" : take(text, false)),
    end: () => {
      const rest = take("", true);
      held = "";
      return rest;
    },
  };
}

interface Pattern {
  hide(text: string, backslashesBefore: number): string;
  /** How many characters at the end may be the beginning of a form. */
  openTail(text: string): number;
}

function patternOf(forms: readonly string[]): Pattern {
  // Longest first: a secret that begins with another one is hidden whole.
  const sorted = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const longest = sorted[0]?.length ?? 0;
  // An empty pattern matches everywhere.
  if (longest === 0) return { hide: (text) => text, openTail: () => 0 };
  const expression = new RegExp(sorted.map(literal).join("|"), "g");
  return {
    hide(text, backslashesBefore) {
      return text.replace(expression, (match: string, at: number) =>
        isEscaped(text, at, backslashesBefore) ? match : mask,
      );
    },
    openTail(text) {
      for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
        const tail = text.slice(-length);
        if (sorted.some((form) => form.length > length && form.startsWith(tail))) return length;
      }
      return 0;
    },
  };
}

function isEscaped(text: string, at: number, backslashesBefore: number): boolean {
  let count = 0;
  while (at - count - 1 >= 0 && text[at - count - 1] === "\\") count += 1;
  if (count === at) count += backslashesBefore;
  return count % 2 === 1;
}

function trailingBackslashes(text: string, before: number): number {
  const count = /\\*$/.exec(text)?.[0].length ?? 0;
  return count === text.length ? count + before : count;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Pieces that each end with their line end, but for the last. */
function splitAtLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
