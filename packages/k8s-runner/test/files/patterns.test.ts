/** Which files a copy carries: patterns and names of files can both be hostile, and each is held against each. */

import { expect, test } from "vitest";
import { excluder, selector } from "../../src/files/names.ts";

test.each([
  ["node_modules", "node_modules", true],
  ["node_modules", "a/b/node_modules", true],
  ["node_modules", "a/node_modules2", false],
  ["*.log", "x/y.log", true],
  ["*.log", ".log", true],
  ["*.log", "y.log.gz", false],
  ["a*b*c", "abc", true],
  ["a*b*c", "a-c-b-c", true],
  ["a*b*c", "acb", false],
  ["ab*ba", "aba", false],
  ["*", "anything", true],
  ["build/cache", "build/cache", true],
  ["build/cache", "x/build/cache", false],
  ["/build/cache/", "build/cache", true],
  ["./build/*", "build/x", true],
  ["build/*", "build/x/y", false],
  ["a.b", "axb", false],
  ["a[1]+", "a[1]+", true],
])("%s excludes %s: %s", (pattern, path, excluded) => {
  expect(excluder([pattern])(path)).toBe(excluded);
});

test("a pattern of many stars and a name that almost fits", () => {
  const pattern = `${"*a".repeat(60)}*b`;
  // As an expression it is tried in more ways than there are atoms: the test would never end.
  expect(excluder([pattern])("a".repeat(255))).toBe(false);
  expect(selector([`x/${pattern}`])(`x/${"a".repeat(255)}`)).toBe(false);
  expect(excluder([pattern])(`${"a".repeat(254)}b`)).toBe(true);
  expect(excluder([`a${"/".repeat(200_000)}b`])("a")).toBe(false);
});

test.each([
  ["*/*.jsonl", "project", true],
  ["*/*.jsonl", "project/a.jsonl", true],
  ["*/*.jsonl", "project/a.txt", false],
  ["*/*/tool-results", "p/s/tool-results/x", true],
])("%s carries %s: %s", (pattern, path, carried) => {
  expect(selector([pattern])(path)).toBe(carried);
});
