/** Shorter values are words that stand everywhere ("true", "8080"); masking them would only destroy the text. */
export const shortestSecret = 6;

export type Secrets = readonly string[] | Readonly<Record<string, string>>;

/**
 * Every form in which a secret may stand in output, with the name to put in its place: as it is, inside JSON (once and twice
 * escaped, as a tool's JSON output inside a frame), in a URL, and in base64 as Secrets and Basic authentication carry it.
 */
export function formsOf(secrets: Secrets | undefined): ReadonlyMap<string, string> {
  const named: readonly (readonly [string, string])[] = Array.isArray(secrets)
    ? secrets.map((value: string) => ["secret", value] as const)
    : Object.entries(secrets ?? {});
  const forms = new Map<string, string>();
  for (const [name, value] of named) {
    if (typeof value !== "string" || value.trim().length < shortestSecret) continue;
    for (const form of variants(value)) if (form.length >= shortestSecret) forms.set(form, label(name));
  }
  return forms;
}

function variants(value: string): readonly string[] {
  const trimmed = value.trim();
  const escaped = insideJson(trimmed);
  const ascii = escaped.replaceAll(/[^\u0020-\u007E]/g, unicodeEscape);
  return [
    // A quote or backslash at its ends may belong to the JSON around it; taking it away would break the line.
    trimmed.replaceAll(/^["'\\]+|["'\\]+$/g, ""),
    escaped.replaceAll(/^(?:\\")+|(?:\\")+$/g, ""),
    ascii,
    insideJson(escaped),
    encodeUri(trimmed),
    base64(value),
    base64(trimmed),
  ];
}

function insideJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A lone surrogate has no URL form. */
function encodeUri(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return "";
  }
}

function base64(value: string): string {
  const bytes = new TextEncoder().encode(value);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/=+$/, "");
}

function label(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.-]/g, "_").slice(0, 64);
}
