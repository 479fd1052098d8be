/** What stands before a content, read back by two readers that are not ours: tar-stream and GNU tar. */

import { execFileSync } from "node:child_process";
import { extract } from "tar-stream";
import type { Header } from "tar-stream";
import { expect, test } from "vitest";
import { headerBytes, padding } from "../../src/files/archive-header.ts";
import type { EntryHeader } from "../../src/files/archive-header.ts";

const plain: EntryHeader = {
  name: "0/a",
  type: "file",
  mode: 0o644,
  size: 0,
  modifiedSeconds: 1_700_000_000,
  target: "",
};

async function readBack(bytes: Uint8Array): Promise<Header> {
  const reader = extract();
  reader.end(bytes);
  for await (const entry of reader) return entry.header;
  throw new Error("no entry");
}

const names: readonly (readonly [string, string, number])[] = [
  ["a short name, in one block", "0/a", 1],
  ["a name of 100 bytes", `0/${"n".repeat(98)}`, 1],
  ["a name of 101 bytes without a place to part it", `0${"n".repeat(100)}`, 3],
  ["a path of 101 bytes", `0/${"n".repeat(99)}`, 1],
  ["a last part of 101 bytes", `0/${"n".repeat(101)}`, 3],
  ["a path of 256 bytes, in two fields", `${"p".repeat(155)}/${"n".repeat(100)}`, 1],
  ["a prefix of 156 bytes", `${"p".repeat(156)}/${"n".repeat(99)}`, 3],
  ["a path of 257 bytes", `${"p".repeat(155)}/${"n".repeat(101)}`, 3],
  ["a path of 4,000 bytes", `0/${"deep/".repeat(799)}file`, 10],
  ["a name that is not ASCII", "0/ü", 3],
  ["a name with a line in it", "0/a\nb", 1],
  ["a name of 100 characters and 101 bytes", `0/${"n".repeat(97)}ü`, 3],
];
test.each(names)("%s", async (_, name, blocks) => {
  const bytes = headerBytes({ ...plain, name });
  expect(bytes.length).toBe(blocks * 512);
  expect((await readBack(bytes)).name).toBe(name);
  const listed = execFileSync("tar", ["--list", "--file=-", "--quoting-style=literal"], {
    input: Buffer.concat([bytes, Buffer.alloc(1024)]),
    env: { ...process.env, LC_ALL: "C.UTF-8" },
    stdio: ["pipe", "pipe", "ignore"],
  });
  expect(listed.toString()).toBe(`${name}\n`);
});

test("a link, near and far", async () => {
  for (const target of ["b", "n".repeat(100), "n".repeat(101), "../ü"]) {
    const header = await readBack(headerBytes({ ...plain, type: "link", target }));
    expect([header.type, header.linkname]).toEqual(["symlink", target]);
  }
});

test("a size beyond eleven digits, and the last one within", async () => {
  for (const size of [0o77777777777, 0o77777777777 + 1, 1024 ** 4])
    expect((await readBack(headerBytes({ ...plain, size }))).size).toBe(size);
});

test("a time before 1970 is the first that a tar can name, and parts of seconds are cut", async () => {
  for (const [given, seconds] of [
    [-5, 0],
    [1.9, 1],
  ] as const)
    expect((await readBack(headerBytes({ ...plain, modifiedSeconds: given }))).mtime).toEqual(
      new Date(seconds * 1000),
    );
});

test("records of any length say how long they are", async () => {
  for (let length = 1; length < 1100; length += 1) {
    const value = "v".repeat(length);
    const { pax } = await readBack(headerBytes({ ...plain, records: { "X.y": value } }));
    expect(pax).toEqual({ "X.y": value });
  }
});

test("a content fills its last block", () => {
  expect([0, 1, 511, 512, 513].map((bytes) => padding(bytes).length)).toEqual([0, 511, 1, 0, 511]);
});
