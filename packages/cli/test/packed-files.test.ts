/** What no import names goes along all the same: the package is as `npm pack` makes it. */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** What the code reads by `asset("NAME")`; a name that is put together stands for its folder. */
const names = globSync("src/simulate/**/*.ts", { cwd: folder }).flatMap((file) =>
  [...readFileSync(path.join(folder, file), "utf8").matchAll(/\basset\(["`]([^"`$]+)/g)].map(
    ([, name = ""]) => name,
  ),
);

test("each file that `simulate` reads is in the package", () => {
  const printed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const packed = [...printed.matchAll(/"path": "([^"]+)"/g)].map(([, file = ""]) => file);
  expect(packed).toContain("package.json");
  expect(new Set(names)).toEqual(
    new Set(["context.json", "recording/fix-the-failing-tests.ndjson", "replay/"]),
  );
  for (const name of names) {
    const file = `src/simulate/story/${name}`;
    expect({ name, isPacked: packed.some((one) => one.startsWith(file)) }).toEqual({ name, isPacked: true });
  }
  // Both programs of a container.
  for (const program of ["claude", "replay.cjs"])
    expect(packed).toContain(`src/simulate/story/replay/${program}`);
});
