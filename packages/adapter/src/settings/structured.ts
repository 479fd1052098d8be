import { isScalar, parseDocument, visit } from "yaml";

/** Values that people write as YAML or JSON, read without harm to the server. */

export const notReadable = Symbol("not readable");

/** Far more than any pod template has, and read within a moment. */
export const longestText = 128 * 1024;
/** What is deeper overflows the stack of whoever walks through it. */
const deepest = 64;

/** A YAML or JSON text, or the value itself where the configuration came over the API. */
export const structured = (raw: unknown): unknown => {
  const value = typeof raw === "string" ? parsedText(raw) : raw;
  return isDeeperThan(value, deepest) || isLonger(value) ? notReadable : value;
};

/** A value over the API has the same limit as a text: the rules look at every part of it, and the server waits meanwhile. */
function isLonger(value: unknown): boolean {
  return typeof value === "object" && value !== null && JSON.stringify(value).length > longestText;
}

function parsedText(raw: string): unknown {
  if (raw.length > longestText || hasDeepFlow(raw)) return notReadable;
  // The parser's own check of keys compares each with each: thousands of them stop the server for seconds.
  const document = parseDocument(raw, { uniqueKeys: false });
  if (document.errors.length > 0) return notReadable;
  // Aliases let a text of a few hundred bytes grow to gigabytes.
  let aliases = 0;
  let isDouble = false;
  visit(document, {
    Alias: () => void (aliases += 1),
    Map(_key, { items }) {
      const keys = new Set(items.map(({ key }) => (isScalar(key) ? String(key.value) : key)));
      isDouble ||= keys.size < items.length;
    },
  });
  if (aliases > 100 || isDouble) return notReadable;
  try {
    return document.toJS();
  } catch {
    // Fewer aliases, and still a bomb.
    return notReadable;
  }
}

/** Brackets in a row; the parser calls itself for each. Those in texts and comments count as well, which costs nobody anything. */
function hasDeepFlow(raw: string): boolean {
  let depth = 0;
  for (const character of raw) {
    if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > deepest) return true;
  }
  // `- - - -` and deeper and deeper indents nest without a bracket.
  return /^(?:[ \t]*[-?:][ \t]){65}/m.test(raw) || /^ {400}/m.test(raw);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((each) =>
      typeof each === "object" && each !== null ? (Object.values(each) as unknown[]) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}
