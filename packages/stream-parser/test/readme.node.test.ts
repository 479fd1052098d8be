import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

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
