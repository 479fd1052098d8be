/** The only place that looks at evidence as `unknown`: saved evidence may be of another release, cut, or edited by hand. */

export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = {};

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : none;
}

export function isPresent(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** `null` for what is no text or says nothing. */
export function words(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** A time. Where there was none the kubelet writes the epoch (of a container that never began), and Go its year 1. */
export function time(value: unknown): string | null {
  const told = words(value);
  return told !== null && Date.parse(told) <= 0 ? null : told;
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function count(value: unknown): number {
  const known = number(value);
  return known === null || known < 0 ? 0 : Math.floor(known);
}

export function flag(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === "string");
}
