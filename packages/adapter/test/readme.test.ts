import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { createServerAdapter } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the example in code says what it does", async () => {
  const adapter = createServerAdapter();
  expect(readme).toContain(`// ${adapter.type} ${(await adapter.getConfigSchema()).fields[0]?.key}`);
});
