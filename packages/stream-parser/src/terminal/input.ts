import { isObject, stringOf } from "../json.ts";
import type { JsonValue } from "../json.ts";

/** The fields that tell best what a call does, by the tools' own names for them. */
const TELLING_FIELDS = [
  "command",
  "file_path",
  "path",
  "notebook_path",
  "pattern",
  "url",
  "query",
  "description",
  "prompt",
];

/** A tool call's input in one line. */
export function inputLine(input: JsonValue): string {
  if (!isObject(input)) return input === null ? "" : JSON.stringify(input);
  for (const name of TELLING_FIELDS) {
    const value = stringOf(input[name]);
    if (value !== null && value !== "") return value.replaceAll(/\s+/g, " ");
  }
  return Object.keys(input).length === 0 ? "" : JSON.stringify(input);
}
