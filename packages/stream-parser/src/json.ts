/**
 * The only place where wire data of unknown shape becomes typed data. Every reader is total: a field that is absent or of
 * another type than expected gives `null` (or an empty list), never an exception, because any release may change any field.
 */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in `text`, or `null` when `text` is not JSON or is JSON of another kind. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function stringOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

export function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Beyond it a count or a cost is a mistake or a forgery, not a measurement. */
const LARGEST_COUNT = 1e12;
const LARGEST_COST_USD = 1e6;

/** A count of something: negative and absurd numbers are unknown. */
export function countOf(value: JsonValue | undefined): number | null {
  return typeof value === "number" && value >= 0 && value <= LARGEST_COUNT ? value : null;
}

/** US dollars: negative and absurd amounts are unknown. */
export function dollarsOf(value: JsonValue | undefined): number | null {
  return typeof value === "number" && value >= 0 && value <= LARGEST_COST_USD ? value : null;
}

/** A number that no measurement gives, where a count or a cost is expected. */
export function isImpossible(value: JsonValue | undefined, most = LARGEST_COUNT): boolean {
  return typeof value === "number" && !(value >= 0 && value <= most);
}

export function isImpossibleCost(value: JsonValue | undefined): boolean {
  return isImpossible(value, LARGEST_COST_USD);
}

/** Whether objects and lists lie more than `most` levels in each other. Never recurses deeper than that. */
export function isDeeperThan(value: JsonValue, most: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (most === 0) return true;
  return Object.values(value).some((part: JsonValue) => isDeeperThan(part, most - 1));
}

export function booleanOf(value: JsonValue | undefined): boolean | null {
  return typeof value === "boolean" ? value : null;
}

export function objectOf(value: JsonValue | undefined): JsonObject | null {
  return isObject(value) ? value : null;
}

export function arrayOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** Lists are seldom mixed: then the wire's own list is the answer, without a copy. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  const items = arrayOf(value);
  return items.every(isObject) ? items : items.filter(isObject);
}

export function stringsOf(value: JsonValue | undefined): readonly string[] {
  const items = arrayOf(value);
  return items.every(isString) ? items : items.filter(isString);
}

function isString(value: JsonValue): value is string {
  return typeof value === "string";
}

/** A stream's frames say `session_id`, those of a session file `sessionId`. */
export function sessionIdOf(frame: JsonObject): string | null {
  return stringOf(frame["session_id"]) ?? stringOf(frame["sessionId"]);
}
