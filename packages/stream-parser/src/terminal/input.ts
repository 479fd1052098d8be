import { isDeeperThan, isObject, stringOf } from "../json.ts";
import type { JsonValue } from "../json.ts";

const DEEPEST = 200;

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
  if (!isObject(input)) return input === null ? "" : jsonOf(input);
  for (const name of TELLING_FIELDS) {
    const value = stringOf(input[name]);
    if (value !== null && value !== "") return value.replaceAll(/\s+/g, " ");
  }
  return Object.keys(input).length === 0 ? "" : jsonOf(input);
}

/** Some engines' JSON.stringify ends in a RangeError a few thousand levels down. */
function jsonOf(input: JsonValue): string {
  return isDeeperThan(input, DEEPEST) ? "(nested too deeply to show)" : JSON.stringify(input);
}
