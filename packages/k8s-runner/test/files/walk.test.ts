/** What a walk through a folder gives, and what it leaves out by name. */

import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replacement } from "../../src/files/archive.ts";
import { sharedDisk, waitingDisk } from "../../src/files/disk.ts";
import { walk } from "../../src/files/walk.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "walk-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const noUtf8 = Buffer.from([0x78, 0xff]);
const below = (name: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name]);

test.each([
  ["shared", sharedDisk],
  ["waiting", waitingDisk],
])(
  "names and targets that are no UTF-8 are refused by name, and what only looks like them is not, on a disk that is %s",
  async (_, disk) => {
    await writeFile(below(noUtf8), "x");
    await symlink(noUtf8, join(folder, "broken"));
    await symlink(`x${replacement}`, join(folder, "link"));
    await writeFile(join(folder, `x${replacement}`), "x");
    const refused: unknown[] = [];
    const found: unknown[] = [];
    for await (const { path, target } of walk(folder, {
      disk,
      excludes: () => false,
      refuse: (one) => refused.push(one),
    }))
      found.push([path, target]);
    expect(found).toEqual([
      ["link", `x${replacement}`],
      [`x${replacement}`, null],
    ]);
    expect(refused).toEqual([
      { path: "x\u00FF", reason: "not-utf8" },
      { path: "broken", reason: "not-utf8" },
    ]);
  },
);
