import type { Secrets } from "../redact/forms.ts";
import { createRedactor } from "../redact/redactor.ts";

/** Deeper than any evidence goes. */
const deepest = 12;

/**
 * A copy with every secret in its strings masked. Before anything else, because a quote that is cut first may keep the head
 * of a token too short to be known for one.
 */
export function createMask(secrets: Secrets | undefined): <Value>(value: Value) => Value {
  const redactor = createRedactor(secrets);

  function copy(value: unknown, above: readonly unknown[]): unknown {
    if (typeof value === "string") return redactor.push(value) + redactor.end();
    if (typeof value !== "object" || value === null) return value;
    if (above.length >= deepest || above.includes(value)) return null;
    const within = [...above, value];
    return Array.isArray(value)
      ? value.map((item) => copy(item, within))
      : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, within)]));
  }

  return <Value>(value: Value) => copy(value, []) as Value;
}
