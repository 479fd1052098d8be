import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { runProgram } from "../src/program.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

async function output(args: readonly string[]): Promise<string> {
  return (await ended(args)).text;
}

async function ended(args: readonly string[]): Promise<{ readonly text: string; readonly exitCode: number }> {
  let text = "";
  const sink = { write: (written: string) => (text += written) };
  const input = (async function* () {})();
  const exitCode = await runProgram(
    args,
    { input, output: sink, errors: sink, environment: {} },
    { version: "0.0.0", signal: new AbortController().signal },
  );
  return { text, exitCode };
}

test("the example of the command line prints what is shown", async () => {
  const recording = new URL(
    "../../stream-parser/test/fixtures/recordings/sigkill-mid-bash.ndjson",
    import.meta.url,
  );
  const printed = await output(["explain", "--exit-code", "137", recording.pathname]);
  const shown = /run\.ndjson\n([\s\S]*?) {2}…\n/.exec(readme)?.[1] ?? "";
  expect(shown.length).toBeGreaterThan(200);
  expect(printed.startsWith(shown)).toBe(true);
});

test("the mistyped option prints what is shown, and ends as it says", async () => {
  const shown = /run --imgae .*\n([\s\S]*?)\$ echo \$\?\n(\d+)\n/.exec(readme);
  const { text, exitCode } = await ended(["run", "--imgae", "ghcr.io/acme/claude:2.1.330", "Say hello"]);
  expect([text, String(exitCode)]).toEqual([shown?.[1], shown?.[2]]);
});

test("every command is in the table", async () => {
  const help = await output(["--help"]);
  const commands = [...help.matchAll(/^ {2}(\w+) (?:\[options\]|\[file\])/gm)].map((match) => match[1]);
  expect(commands.length).toBeGreaterThan(8);
  for (const command of commands) expect(readme).toMatch(new RegExp(`\`${String(command)}\\b`));
});
