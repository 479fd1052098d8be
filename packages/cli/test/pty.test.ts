/** The program on a terminal, as a person starts it: `script` of util-linux makes the terminal. */
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import stringWidth from "string-width";
import { describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const recording = fileURLToPath(
  new URL("../../stream-parser/test/fixtures/recordings/tool-parallel.ndjson", import.meta.url),
);
const hasScript = spawnSync("script", ["--version"]).status === 0;

/** What the terminal gets, and the exit code. */
function onTerminal(
  args: readonly string[],
  { columns, color }: { readonly columns: number; readonly color: boolean },
): Promise<{ readonly exitCode: number | null; readonly screen: string }> {
  const words = [process.execPath, "--conditions=@claude-k8s/source", program, ...args];
  const line = words.map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", `stty cols ${columns} rows 50 && exec ${line}`, "/dev/null"], {
    env: {
      PATH: process.env["PATH"],
      HOME: "/nowhere",
      TERM: "xterm-256color",
      ...(!color && { NO_COLOR: "1" }),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let screen = "";
  child.stdout.on("data", (chunk: Buffer) => (screen += chunk.toString("utf8")));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, screen: screen.replaceAll("\r\n", "\n") }));
  });
}

const escape = "\u001B[";

describe.skipIf(!hasScript)("on a terminal (skipped where there is no `script`)", () => {
  test.each([80, 200])("nothing is wider than %d columns", async (columns) => {
    for (const args of [["simulate", "--list"], ["settings"], ["format", recording], ["run", "--help"]]) {
      const { exitCode, screen } = await onTerminal(args, { columns, color: false });
      expect({ args, exitCode }).toEqual({ args, exitCode: 0 });
      expect(screen).not.toContain(escape);
      const isHelp = args.includes("--help");
      // Examples are commands to paste, and stay whole.
      const lines = screen.split("\n").filter((line) => !isHelp || !line.startsWith("  claude-k8s"));
      expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
    }
  });

  test("colours come with the terminal, and go with --no-color", async () => {
    const colored = await onTerminal(["format", recording], { columns: 80, color: true });
    expect(colored.screen).toContain(escape);
    const plain = await onTerminal(["format", "--no-color", recording], { columns: 80, color: true });
    expect(plain.screen).not.toContain(escape);
  });

  test("a kubeconfig that is not there is no stack trace", async () => {
    const { exitCode, screen } = await onTerminal(["list", "--kubeconfig", "/nowhere"], {
      columns: 80,
      color: false,
    });
    expect(exitCode).toBe(2);
    expect(screen).not.toMatch(/ {4}at /);
  });
});
