import type { RunSummary } from "../types/summary.ts";

/**
 * A shallow copy of a summary that is being changed: its fields may be replaced, what they hold may not be changed. So a fold
 * over a whole stream copies the fifty fields once, not for each event.
 */
export type Draft = { -readonly [Field in keyof RunSummary]: RunSummary[Field] };
