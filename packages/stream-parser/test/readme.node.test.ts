import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${folder}README.md`, "utf8");

/** Each example's code and what it prints stand in the README in this order. */
const blocks = Array.from(readme.matchAll(/^```(\w*)\n(.*?)^```$/gms), ([, language, text = ""]) => ({
  language,
  text: text.trim(),
})).filter(({ language }) => language !== "sh");

const examples = [
  ["follow", "test/fixtures/recordings/tool-parallel.ndjson"],
  ["meter", "test/fixtures/recordings/tool-parallel.ndjson"],
  ["tools", "test/fixtures/recordings/tool-parallel.ndjson"],
  ["sessions", "test/fixtures/sessions"],
] as const;

test("every block of code in the README is an example's, followed by what it prints", () => {
  expect(blocks.map(({ language }) => language)).toEqual(examples.flatMap(() => ["ts", ""]));
});

test.each(examples.map(([name, argument], index) => [name, argument, index] as const))(
  "the README's example %s is the one in the folder, and prints what the README says",
  (name, argument, index) => {
    const [code, output] = blocks.slice(2 * index);
    expect(readFileSync(`${folder}example/${name}.ts`, "utf8").trim()).toBe(code?.text);
    const args = ["--conditions=@claude-k8s/source", "--no-warnings", `example/${name}.ts`, argument];
    const printed = execFileSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", TZ: "UTC" },
    });
    expect(output?.text).toBe(printed.trim());
  },
);

test.each(examples)("the example %s ends with 0 when its reader has gone away", async (name, argument) => {
  const input = name === "sessions" ? argument : await inTwoParts(argument);
  const args = ["--conditions=@claude-k8s/source", "--no-warnings", `example/${name}.ts`, input];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const errors: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  expect([Buffer.concat(errors).toString(), exitCode]).toEqual(["", 0]);
});

/** So much noise in the middle of the recording that both parts are read, and printed, by themselves. */
async function inTwoParts(recording: string): Promise<string> {
  const lines = readFileSync(`${folder}${recording}`, "utf8").split("\n");
  const middle = lines.findIndex((line) => line.includes('"git log --oneline"')) + 1;
  const noise = Array.from({ length: 400 }, (_, index) => `noise ${index} ${"x".repeat(1000)}`);
  const place = await mkdtemp(join(tmpdir(), "two-parts-"));
  onTestFinished(() => rm(place, { recursive: true }));
  const file = join(place, "run.ndjson");
  await writeFile(file, [...lines.slice(0, middle), ...noise, ...lines.slice(middle)].join("\n"));
  return file;
}
