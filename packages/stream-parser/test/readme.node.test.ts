import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const [, code, , output] = readFileSync(`${folder}README.md`, "utf8").split(/^```(?:ts)?\n|^```$/m);

test("the README's example is the one in the example folder", () => {
  expect(readFileSync(`${folder}example/follow.ts`, "utf8").trim()).toBe(code?.trim());
});

test("the README's example prints what the README says", () => {
  const args = [
    "--conditions=@claude-k8s/source",
    "--no-warnings",
    "example/follow.ts",
    "test/fixtures/recordings/tool-parallel.ndjson",
  ];
  const printed = execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  expect(output?.trim()).toBe(printed.trim());
});
