/** `node scripts/demo-svg.ts [demo options]`: runs the demo and draws its output into docs/demo.svg. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { renderSvg, type TimedLine } from "./svg.ts";

const COLUMNS = 110;
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const started = Date.now();
const lines: TimedLine[] = [];
const demo = spawn(
  process.execPath,
  [
    "--conditions=@claude-k8s/source",
    path("../packages/cli/src/cli.ts"),
    "simulate",
    ...process.argv.slice(2),
  ],
  {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, FORCE_COLOR: "1", COLUMNS: String(COLUMNS) },
  },
);
const ended = new Promise<number | null>((resolve) => demo.on("close", resolve));
for await (const text of createInterface({ input: demo.stdout })) {
  lines.push({ atMilliseconds: Date.now() - started, text });
  console.log(text);
}
const code = await ended;
if (code === 0) {
  const picture = {
    title: "npx -y pnpm@12.21.0 demo",
    columns: COLUMNS,
    rows: 36,
    longestPauseMilliseconds: 1_500,
  };
  writeFileSync(path("../docs/demo.svg"), renderSvg(lines, picture));
  console.log(`docs/demo.svg: ${lines.length} lines`);
} else {
  console.error(`the demo ended with exit code ${code}: docs/demo.svg stays as it is`);
  process.exitCode = 1;
}
