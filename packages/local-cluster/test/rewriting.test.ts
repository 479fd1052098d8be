import { assert, constantFrom, pre, property, string } from "fast-check";
import { expect, test } from "vitest";
import { expand } from "../src/kubelet/expansion.ts";
import { createPathMapping } from "../src/kubelet/path-mapping.ts";

const mapping = createPathMapping(
  new Map([
    ["/tmp", "/real/tmp"],
    ["/run/prompt", "/real/prompt"],
    ["/run/prompt/deep/", "/real/deep"],
  ]),
);

test.each([
  ["/tmp", "/real/tmp"],
  ["/tmp/", "/real/tmp/"],
  ["cat < /run/prompt/text", "cat < /real/prompt/text"],
  ["PATH=/run/prompt/deep:/tmp/bin:/usr/bin", "PATH=/real/deep:/real/tmp/bin:/usr/bin"],
  ["--file=/run/prompt/deep/x '/tmp/y'", "--file=/real/deep/x '/real/tmp/y'"],
  // Not these: another path, a longer name, a path that begins with an expansion, a URL.
  ["/var/tmp /tmpfile /tmp.d /run/prompts", "/var/tmp /tmpfile /tmp.d /run/prompts"],
  ["$HOME/tmp ${HOME}/tmp $(pwd)/tmp ~/tmp ./tmp", "$HOME/tmp ${HOME}/tmp $(pwd)/tmp ~/tmp ./tmp"],
  ["file:///tmp", "file:///tmp"],
])("%s → %s", (text, expected) => {
  expect(mapping.rewrite(text)).toBe(expected);
});

test("a text without a mount path stays as it is, whatever it is", () => {
  assert(
    property(string({ unit: "grapheme" }), (text) => {
      pre(!text.includes("/tmp") && !text.includes("/run/prompt"));
      expect(mapping.rewrite(text)).toBe(text);
    }),
  );
});

test("paths below a mount resolve to the longest one, others to none", () => {
  expect(mapping.resolve("/run/prompt/deep/a")).toBe("/real/deep/a");
  expect(mapping.resolve("/run/prompt/other")).toBe("/real/prompt/other");
  expect(mapping.resolve("/run/promptly")).toBeNull();
});

test("with every $ doubled, expansion gives back the text, whatever it holds", () => {
  assert(
    property(string({ unit: constantFrom("$", "(", ")", "A", "b", " ") }), (text) => {
      expect(expand(text.replaceAll("$", "$$$$"), { A: "value", b: "other" })).toBe(text);
    }),
  );
});

test("names of Object.prototype are no variables", () => {
  expect(expand("$(toString) $(__proto__)", {})).toBe("$(toString) $(__proto__)");
});
