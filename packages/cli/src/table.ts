import { plainLine } from "@claude-k8s/stream-parser/terminal";

/** Columns as wide as their widest cell, as kubectl writes them. A cell is one line, whatever the cluster has in it. */
export function table(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(plainLine));
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    `${row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd()}\n`;
  return [head, ...rows].map(line).join("");
}
