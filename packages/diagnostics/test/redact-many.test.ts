import { expect, test } from "vitest";

import { createRedactor, redact } from "../src/index.ts";

/** A configuration of a few megabytes holds so many; whoever writes settings, or an issue's text, decides it. */
const many = Object.fromEntries(
  Array.from({ length: 20_000 }, (_, index) => [`KEY_${index}`, `value-of-${index}-abcdef`]),
);

test("tens of thousands of values are masked as one is", { timeout: 60_000 }, () => {
  const redactor = createRedactor(many);
  const text = redactor.push("say value-of-19999-abcdef now\n") + redactor.end();
  expect(text).not.toContain("value-of-19999");
  expect(text).toContain("say [redacted ");
  expect(redact("nothing of them\n", many)).toBe("nothing of them\n");
});
