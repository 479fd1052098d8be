/**
 * `pnpm bench [package…]`: runs packages/NAME/bench/bench.ts one after another, each of which prints its figures as it has them, and
 * puts all of them into one table at the end, with the peer or the limit beside each.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { markdownTable } from "markdown-table";
import { type BenchRow, rowsVariable } from "./bench-row.ts";
import { workspacePackages } from "./packages.ts";

const wanted = process.argv.slice(2);
const benches = workspacePackages()
  .map(({ folder, name }) => ({ name, short: basename(folder), bench: join(folder, "bench", "bench.ts") }))
  .filter(({ bench }) => existsSync(bench));
const strange = wanted.filter((name) => !benches.some(({ short }) => short === name));
if (strange.length > 0) {
  console.error(
    `no benchmark of ${strange.join(", ")}: there are ${benches.map(({ short }) => short).join(", ")}`,
  );
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "claude-k8s-bench-"));
const table = [["What", "Figure", "Peer", "Limit", "Command"]];
try {
  for (const { name, short, bench } of benches) {
    if (wanted.length > 0 && !wanted.includes(short)) continue;
    console.log(`\n# ${name}`);
    const rows = join(folder, short);
    const result = spawnSync(process.execPath, ["--expose-gc", "--conditions=@claude-k8s/source", bench], {
      stdio: "inherit",
      env: { ...process.env, [rowsVariable]: rows },
    });
    if (result.status !== 0) process.exitCode = 1;
    table.push(...rowsOf(rows).map((row) => cells(row, short)));
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`\n${markdownTable(table)}\n\nNode ${process.version}, ${new Date().toISOString().slice(0, 10)}`);

function rowsOf(file: string): readonly BenchRow[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line): BenchRow => JSON.parse(line));
}

function cells({ what, figure, peer = "", limit = "", held }: BenchRow, short: string): string[] {
  const verdict = held === undefined ? "" : held ? ": held" : ": missed";
  return [`${short}: ${what}`, figure, peer, `${limit}${verdict}`, `\`pnpm bench ${short}\``];
}
