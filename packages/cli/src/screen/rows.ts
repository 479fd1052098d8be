import { plainLine } from "@claude-k8s/stream-parser/terminal";

import type { OutputFormat } from "../options.ts";
import { type Sink, tableWidthOf } from "../streams.ts";
import { plainData, plainJson } from "./plain.ts";
import { type Column, markdownTable, table } from "./table.ts";

/** How a command shows a list of things: for people as a table, for programs as data. */
export interface Rows<Item> {
  readonly columns: readonly Column[];
  readonly row: (item: Item) => readonly string[];
  readonly data: (item: Item) => unknown;
  /** For `-o name`, as kubectl takes it. */
  readonly name?: (item: Item) => string;
}

/** What people read, in contrast to programs. */
export function isForPeople(format: OutputFormat): boolean {
  return format === "table" || format === "wide";
}

export async function rowsText<Item>(
  items: readonly Item[],
  format: OutputFormat,
  { columns, row, data, name }: Rows<Item>,
  output: Sink,
): Promise<string> {
  if (format === "json") return `${plainJson(items.map(data))}\n`;
  if (format === "yaml") {
    // Reading it takes longer than everything else that a table needs.
    const { stringify } = await import("yaml");
    return stringify(plainData(items.map(data)));
  }
  if (format === "name") return items.map((item) => `${plainLine(name?.(item) ?? "")}\n`).join("");
  const cells = items.map(row);
  return format === "markdown" ? markdownTable(columns, cells) : table(columns, cells, tableWidthOf(output));
}
