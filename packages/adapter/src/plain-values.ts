/** What the host's helpers and the schema library are not needed for: whoever starts quickly does without loading them. */

/** A run with more is refused: the kernel starts no program with so many, and each is held against every rule. */
export const mostVariables = 2000;

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
