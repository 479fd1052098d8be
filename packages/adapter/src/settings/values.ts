import { isAlias, parseDocument, visit } from "yaml";

/** What reading one value gives. `unset` is what the host's form stores for a field that nobody filled: "", 0, null. */
export type Reading<T> = { readonly kind: "set"; readonly value: T } | { readonly kind: "unset" | "wrong" };

const unset = { kind: "unset" } as const;
const wrong = { kind: "wrong" } as const;
const set = <T>(value: T): Reading<T> => ({ kind: "set", value });

export function readText(raw: unknown, pattern = /^[\s\S]*$/): Reading<string> {
  if (raw === undefined || raw === null) return unset;
  if (typeof raw !== "string") return wrong;
  const text = raw.trim();
  if (text === "") return unset;
  return pattern.test(text) ? set(text) : wrong;
}

/** Keeps its line ends and blanks: prompts are texts of their own. */
export function readProse(raw: unknown): Reading<string> {
  if (raw === undefined || raw === null) return unset;
  if (typeof raw !== "string") return wrong;
  return raw.trim() === "" ? unset : set(raw);
}

/** The form stores 0 for a number that nobody typed, so 0 says "not set" everywhere. Numbers in text are accepted. */
export function readCount(raw: unknown, maximum: number): Reading<number> {
  if (raw === undefined || raw === null || raw === "" || raw === 0 || raw === "0") return unset;
  const number = typeof raw === "string" && /^\d+$/.test(raw.trim()) ? Number(raw.trim()) : raw;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0 || number > maximum) return wrong;
  return set(number);
}

export function readToggle(raw: unknown): Reading<boolean> {
  if (raw === undefined || raw === null || raw === "") return unset;
  if (raw === true || raw === "true") return set(true);
  if (raw === false || raw === "false") return set(false);
  return wrong;
}

export function readChoice<T extends string>(raw: unknown, choices: readonly T[]): Reading<T> {
  const text = readText(raw);
  if (text.kind !== "set") return text;
  const found = choices.find((choice) => choice === text.value);
  return found === undefined ? wrong : set(found);
}

/** Kubernetes takes numbers too: 2 CPUs. */
export function readQuantity(raw: unknown): Reading<string> {
  const text = typeof raw === "number" && raw > 0 ? String(raw) : raw === 0 ? "" : raw;
  return readText(text, /^\d+(\.\d+)?([numkMGTPE]|[KMGTPE]i|[eE]\d+)?$/);
}

/** A YAML or JSON text, or the value itself where the configuration came over the API. */
export function readStructure(raw: unknown): Reading<unknown> {
  if (typeof raw !== "string") return raw === undefined || raw === null ? unset : set(raw);
  if (raw.trim() === "") return unset;
  const document = parseDocument(raw, { uniqueKeys: true });
  if (document.errors.length > 0) return wrong;
  // Aliases let a text of a few hundred bytes grow to gigabytes.
  let aliases = 0;
  visit(document, (_key, node) => {
    if (isAlias(node)) aliases += 1;
  });
  if (aliases > 100) return wrong;
  const value: unknown = document.toJS();
  return value === null ? unset : set(value);
}

/** `name=value` lines, or an object. Numbers and booleans in an object become text, as YAML writers expect. */
export function readNames(raw: unknown): Reading<Readonly<Record<string, string>>> {
  if (typeof raw === "string" && raw.trim() !== "" && !/^\s*\{|^[^=\n]*:(\s|$)/m.test(raw))
    return readNameLines(raw);
  const structure = readStructure(raw);
  if (structure.kind !== "set") return structure;
  if (!isObject(structure.value)) return wrong;
  const entries = Object.entries(structure.value);
  if (entries.some(([, value]) => !["string", "number", "boolean"].includes(typeof value))) return wrong;
  return entries.length === 0 ? unset : set(Object.fromEntries(entries.map(([k, v]) => [k, String(v)])));
}

function readNameLines(raw: string): Reading<Readonly<Record<string, string>>> {
  const lines = raw.split("\n").map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  const pairs: [string, string][] = [];
  for (const line of lines.filter((each) => each !== "")) {
    const at = line.indexOf("=");
    if (at < 1) return wrong;
    pairs.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return pairs.length === 0 ? unset : set(Object.fromEntries(pairs));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
