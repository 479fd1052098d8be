/** Shorter values are words that stand everywhere ("true", "8080"): masking them would only destroy the text. */
export const shortestSecret = 6;

export type Secrets = readonly string[] | Readonly<Record<string, string>>;

/** How a value is found in text: `skip` characters of the form stay in front of the mask. */
export interface Form {
  readonly label: string;
  readonly skip: number;
}

/** Longer forms are looked for in pieces of this size, so that a part of a key is found too. */
const pieceLength = 64;
/** A word of a larger value (a JSON document, a connection string) that is a secret by itself. */
const secretWord = /^(?=\D{0,99}\d)(?=[^A-Za-z]{0,99}[A-Za-z])[^/]{16,}$/;
/** What stands between a variable's name and its value. */
const listings = [
  "=",
  '="',
  "='",
  ": ",
  ': "',
  ": '",
  '":"',
  '": "',
  "': '",
  String.raw`\":\"`,
  String.raw`\": \"`,
];

/**
 * Every form in which a secret may stand in output, with the name to put in its place: as it is, inside JSON (once and
 * twice escaped, as a tool's JSON output inside a frame), quoted for a shell, in a URL, and in base64 at each of the three
 * alignments, as Secrets and Basic authentication carry it. A value that is too short to be looked for by itself is looked for
 * after its name, as listings of an environment show it.
 */
export function formsOf(secrets: Secrets | undefined): ReadonlyMap<string, Form> {
  const forms = new Map<string, Form>();
  for (const [name, value] of Object.entries(secrets ?? {})) {
    if (typeof value !== "string") continue;
    const text = value.trim();
    const label = Array.isArray(secrets) ? "secret" : name.replaceAll(/[^\w.-]/g, "_").slice(0, 64);
    if (text.length >= shortestSecret)
      for (const word of [text, ...parts(text)])
        for (const form of variants(word))
          for (const piece of pieces(form)) forms.set(piece, { label, skip: 0 });
    else if (text !== "" && !Array.isArray(secrets))
      for (const between of listings) {
        const head = name + between;
        forms.set(head + insideJson(text), { label, skip: head.length });
      }
  }
  return forms;
}

/**
 * Parts that are secrets by themselves: random words of a JSON document or a connection string, and, since output comes line
 * by line, what stands in the lines of a value that has several.
 */
function parts(text: string): readonly string[] {
  const lines = text.includes("\n") ? text.split(/[\r\n]+|:\s|["',]/).map((part) => part.trim()) : [];
  return [
    ...text.split(/[\s"',;]+/).filter((part) => secretWord.test(part)),
    ...lines.filter((part) => part.length >= 8 && /[\d\s]/.test(part)),
  ];
}

/** A piece of few different characters is a ruler or padding, which says nothing. */
function pieces(form: string): readonly string[] {
  if (form.length < shortestSecret) return [];
  if (form.length <= pieceLength * 2) return [form];
  return Array.from({ length: Math.ceil(form.length / pieceLength) }, (_, index) =>
    form.slice(index * pieceLength, (index + 1) * pieceLength),
  )
    .concat(form.slice(-pieceLength))
    .filter((piece) => new Set(piece).size >= 8);
}

function variants(value: string): readonly string[] {
  const escaped = insideJson(value);
  const inUrl = encodeURIComponent(value.toWellFormed());
  return [
    // A quote or backslash at its ends may belong to the JSON around it; taking it away would break the line.
    value.replaceAll(/^["'\\]+|(?<!["'\\])["'\\]+$/g, ""),
    escaped.replaceAll(/^(?:\\")+|(?<!\\")(?:\\")+$/g, ""),
    escaped.replaceAll(
      /[^ -~]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
    insideJson(escaped),
    value.replaceAll(/["$`\\]/g, String.raw`\$&`),
    inUrl,
    inUrl.replaceAll(/%../g, (code) => code.toLowerCase()),
    inUrl.replaceAll("%20", "+"),
    value.replaceAll(/[&<>"']/g, (character) => entities.get(character) ?? character),
    ...hex(value),
    ...[0, 1, 2].flatMap((offset) => base64(value, offset)),
  ];
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** As dumps of bytes show it, in small and large letters. */
function hex(value: string): readonly string[] {
  const text = Array.from(new TextEncoder().encode(value), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  return [text, text.toUpperCase()];
}

function insideJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** The characters that the value alone decides, with `offset` bytes before it. */
function base64(value: string, offset: number): readonly string[] {
  const bytes = new TextEncoder().encode(" ".repeat(offset) + value);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const text = btoa(binary).slice(Math.ceil((offset * 4) / 3), Math.floor((bytes.length * 4) / 3));
  return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
}
