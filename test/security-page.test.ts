import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

test("every test that SECURITY.md names exists", () => {
  const page = readFileSync(path.join(root, "SECURITY.md"), "utf8");
  const named = [...page.matchAll(/`((?:packages|test)\/[^`]+\.test\.ts)`/g)].map(([, file = ""]) => file);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  // A shorter name, or a folder, would not be looked for.
  const others = [...page.matchAll(/`([^`\s]*(?:\.test\.ts|\/test\/[^`\s]*))`/g)].map(
    ([, file = ""]) => file,
  );
  expect(others.filter((file) => !named.includes(file))).toEqual([]);
});

test("every row of a threat names a test", () => {
  const page = readFileSync(path.join(root, "SECURITY.md"), "utf8");
  const tables = page.split(/^## /m).filter((section) => section.includes("| shown by |"));
  expect(tables.length).toBeGreaterThan(3);
  const rows = tables.flatMap((section) =>
    section.split("\n").filter((line) => /^\| (?!against|---)/.test(line)),
  );
  expect(rows.filter((row) => !row.includes(".test.ts`"))).toEqual([]);
});

test("actions of the workflows are pinned by commit, with their release beside it", () => {
  const folder = path.join(root, ".github/workflows");
  const uses = readdirSync(folder).flatMap((name) =>
    readFileSync(path.join(folder, name), "utf8")
      .split("\n")
      .filter((line) => /\buses:/.test(line)),
  );
  expect(uses.length).toBeGreaterThan(5);
  expect(uses.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});
