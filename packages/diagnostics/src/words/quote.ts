/** Long enough for a scheduler's whole sentence, short enough for an issue comment. */
const defaultLimit = 600;

const terminalSequence = /* @__PURE__ */ new RegExp(String.raw`\u001B\[[0-9;?]{0,16}[ -/]{0,4}[@-~]`, "g");
const blanks = /* @__PURE__ */ new RegExp(String.raw`[\u0000-\u0020\u007F-\u00A0\u2028\u2029]+`, "g");

/** One line: control characters and runs of white space become a space; a cut text says how much is missing. */
export function oneLine(text: string, limit = defaultLimit): string {
  const flat = text
    .slice(0, limit * 4)
    .replaceAll(terminalSequence, "")
    .replaceAll(blanks, " ")
    .trim();
  return cut(flat, limit, text.length - Math.min(text.length, limit * 4));
}

function cut(text: string, limit: number, missingAlready = 0): string {
  if (text.length <= limit && missingAlready === 0) return text;
  const kept = text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, "");
  return `${kept}… (${text.length - kept.length + missingAlready} more characters)`;
}

/** Ends a foreign text so that ours can follow it: "not found" → "not found." */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
