import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("how a run works: every file that it names is there", () => {
  const page = new URL("../docs/how-a-run-works.md", import.meta.url);
  const links = Array.from(readFileSync(page, "utf8").matchAll(/\]\(([^)#]+)/gu), ([, link]) => link ?? "");
  expect(links.length).toBeGreaterThan(40);
  expect(links.filter((link) => !existsSync(fileURLToPath(new URL(link, page))))).toEqual([]);
});
