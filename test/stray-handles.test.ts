/** The set-up that looks for forgotten file handles finds one. */

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const forget = `
  const { open } = await import("node:fs/promises");
  const codes = [];
  process.on("warning", ({ code }) => codes.push(code));
  const forgotten = async (closed) => {
    const handle = await open(process.execPath);
    if (closed) await handle.close();
  };
  await forgotten(process.argv[1] === "closed");
  for (let round = 0; round < 20; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  // Node says which descriptor it was in a warning without a code.
  console.log(JSON.stringify(codes.filter((code) => code !== undefined)));
`;

test.each([
  ["closed", "[]"],
  ["forgotten", '["DEP0137"]'],
])("a handle that is %s", (kind, wanted) => {
  const args = ["--expose-gc", "--input-type=module", "-e", forget, kind];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stdout.trim()).toBe(wanted);
});

test("this process can look for them", () => {
  expect(typeof globalThis.gc).toBe("function");
});
