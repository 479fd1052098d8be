import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { stringify } from "yaml";

import type { Streams } from "../streams.ts";
import { plainData, plainJson } from "./plain.ts";

/** The same twice: as data for a program, and as lines for a person. */
export function showFacts(
  { output }: Streams,
  facts: object,
  lines: readonly string[],
  format: "text" | "json" | "yaml" | "markdown",
): void {
  if (format === "json") output.write(`${plainJson(facts)}\n`);
  else if (format === "yaml") output.write(stringify(plainData(facts)));
  else output.write(lines.map((line) => `${plainLine(line)}\n`).join(""));
}
