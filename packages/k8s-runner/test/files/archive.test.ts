/** Archives from a pod that nobody vouches for. */

import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyStage } from "../../src/files/apply.ts";
import type { Conflict } from "../../src/files/folder-places.ts";
import { stageArchive } from "../../src/files/stage.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "archive-"));
  await mkdir(join(root, "work"));
  await writeFile(join(root, "outside"), "untouched");
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Header = Parameters<ReturnType<typeof pack>["entry"]>[0];

async function* tarOf(
  entries: readonly (readonly [Header, string?])[],
  end = true,
): AsyncGenerator<Uint8Array> {
  const archive = pack();
  for (const [header, content] of entries) {
    if (content === undefined) archive.entry(header);
    else archive.entry(header, content);
  }
  if (end) archive.entry({ name: "end" }, "{}");
  archive.finalize();
  yield* archive as AsyncIterable<Uint8Array>;
}

async function unpack(
  chunks: AsyncIterable<Uint8Array>,
  limits: { readonly bytes: number; readonly entries: number } = { bytes: 1e6, entries: 1000 },
) {
  const refused: (readonly [string, string])[] = [];
  const conflicts: Conflict[] = [];
  const stage = join(root, "stage");
  await stageArchive(chunks, stage, {
    copies: 1,
    limits,
    outwardLinks: false,
    refuse: (name, reason) => refused.push([name, reason]),
  });
  await applyStage(stage, {
    roots: [join(root, "work")],
    before: nothing(),
    suffix: "conflict",
    conflict: (conflict) => conflicts.push(conflict),
  });
  return { refused, conflicts };
}

async function* nothing(): AsyncGenerator<never> {}

const file = (name: string, more: Partial<Header> = {}): Header => ({
  name,
  type: "file",
  mode: 0o644,
  ...more,
});

describe("refused, reported, and nothing else touched", () => {
  const hostile: readonly (readonly [string, Header, string])[] = [
    ["an absolute name", file("/etc/passwd"), "absolute-name"],
    ["a name that climbs", file("0/../../outside"), "leads-out"],
    ["a name that climbs at its end", file("0/a/.."), "leads-out"],
    ["the folder of another copy", file("1/a"), "leads-out"],
    ["no copy at all", file("a"), "leads-out"],
    ["a name that is not UTF-8", file("0/\uFFFD"), "not-utf8"],
    ["a name of 300 bytes", file(`0/${"n".repeat(300)}`), "bad-name"],
    ["a file in place of the folder itself", file("0"), "bad-name"],
    ["our own folder", file("0/.claude-k8s-copy/x"), "reserved-name"],
    ["a link to an absolute path", { name: "0/l", type: "symlink", linkname: "/etc" }, "leads-out"],
    ["a link that climbs", { name: "0/a/l", type: "symlink", linkname: "../../outside" }, "leads-out"],
    [
      "a link that climbs by another link",
      { name: "0/l", type: "symlink", linkname: "a/b/up/../x" },
      "leads-out",
    ],
    ["a link that climbs later", { name: "0/l", type: "symlink", linkname: "a/../../outside" }, "leads-out"],
    ["a hard link", { name: "0/h", type: "link", linkname: "0/a" }, "hard-link"],
    [
      "a content that only a cache has",
      { name: "0/h", type: "link", linkname: `sha256:${"0".repeat(64)}` },
      "hard-link",
    ],
    ["a device", { name: "0/d", type: "character-device" }, "device"],
    ["a disk", { name: "0/d", type: "block-device" }, "device"],
    ["a pipe", { name: "0/p", type: "fifo" }, "device"],
  ];
  test.each(hostile)("%s", async (_, header, reason) => {
    const { refused } = await unpack(
      tarOf(
        [[header, header.type === "file" ? "evil" : undefined]].map(([h, c]) =>
          c === undefined ? [h as Header] : [h as Header, c as string],
        ),
      ),
    );
    expect(refused.map(([, why]) => why)).toEqual([reason]);
    expect(await readdir(join(root, "work"))).toEqual([]);
    expect(await readFile(join(root, "outside"), "utf8")).toBe("untouched");
  });
});

test("what is near to hostile is carried", async () => {
  const { refused } = await unpack(
    tarOf([
      [file("0/..a"), "1"],
      [{ name: "0/a", type: "directory" }],
      [{ name: "0/a/l", type: "symlink", linkname: "../b" }],
      [file("0/new\nline"), "2"],
      [file("0/ü"), "3"],
    ]),
  );
  expect(refused).toEqual([]);
  expect((await readdir(join(root, "work"))).toSorted()).toEqual(["..a", "a", "new\nline", "ü"]);
});

test("a file loses the bits by which it would run as somebody else, and that is reported", async () => {
  const { refused } = await unpack(tarOf([[file("0/su", { mode: 0o4755 }), "x"]]));
  expect(refused).toEqual([["0/su", "special-mode"]]);
  expect((await stat(join(root, "work/su"))).mode & 0o7777).toBe(0o755);
});

describe("an archive that is no good as a whole changes nothing", () => {
  const broken: readonly (readonly [string, () => AsyncGenerator<Uint8Array>, object, RegExp])[] = [
    ["cut before its end", () => tarOf([[file("0/a"), "a"]], false), {}, /ended before its end/],
    [
      "names given twice",
      () =>
        tarOf([
          [file("0/a"), "a"],
          [file("0/a"), "b"],
        ]),
      {},
      /not in order/,
    ],
    [
      "out of order",
      () =>
        tarOf([
          [file("0/b"), "a"],
          [file("0/a"), "b"],
        ]),
      {},
      /not in order/,
    ],
    [
      "too many entries",
      () =>
        tarOf([
          [file("0/a"), ""],
          [file("0/b"), ""],
        ]),
      { entries: 1 },
      /more than 1 entries/,
    ],
    ["too many bytes", () => tarOf([[file("0/a"), "12345"]]), { bytes: 4 }, /more than 4 bytes/],
    ["a terabyte that is not there", () => terabyte(), {}, /more than 1000000 bytes/],
    ["no archive", () => bytesOf(Buffer.alloc(2048, 120)), {}, /./],
    ["less than a header", () => bytesOf(Buffer.alloc(100, 0)), {}, /end/],
  ];
  test.each(broken)("%s", async (_, chunks, limits, message) => {
    await expect(unpack(chunks(), { bytes: 1e6, entries: 1000, ...limits })).rejects.toThrow(message);
    expect(await readdir(join(root, "work"))).toEqual([]);
    expect(await readdir(root)).toEqual(["outside", "work"]);
  });
});

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A header that promises a terabyte, and zeros for as long as somebody reads. */
async function* terabyte(): AsyncGenerator<Uint8Array> {
  const archive = pack();
  archive.entry(file("0/sparse", { size: 1024 ** 4 })).on("error", () => undefined);
  for await (const chunk of archive as AsyncIterable<Uint8Array>) {
    yield chunk;
    break;
  }
  for (;;) yield Buffer.alloc(1024 * 1024);
}

test("a million entries are not read beyond the limit", async () => {
  let read = 0;
  async function* many(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < 1_000_000; index += 1) {
      const archive = pack();
      archive.entry({ name: `0/${String(index).padStart(7, "0")}`, type: "fifo" });
      for await (const chunk of archive as AsyncIterable<Uint8Array>) {
        read += 1;
        yield chunk;
        break;
      }
    }
  }
  await expect(unpack(many(), { bytes: 1e6, entries: 5000 })).rejects.toThrow(/more than 5000 entries/);
  expect(read).toBeLessThan(6000);
});

test("a link that takes a folder's place while it is unpacked leads nowhere", async () => {
  await mkdir(join(root, "elsewhere"));
  await symlink(join(root, "elsewhere"), join(root, "work/sub"));
  const { conflicts } = await unpack(tarOf([[{ name: "0/sub", type: "directory" }], [file("0/sub/a"), "a"]]));
  expect(await readdir(join(root, "elsewhere"))).toEqual([]);
  expect(await readFile(join(root, "work/sub/a"), "utf8")).toBe("a");
  expect(conflicts).toEqual([{ copy: 0, path: "sub", keptAs: "sub.conflict" }]);
});

test("what lies below a link of the same archive is refused", async () => {
  await mkdir(join(root, "work/real"));
  const { refused } = await unpack(
    tarOf([[{ name: "0/a", type: "symlink", linkname: "real" }], [file("0/a/evil"), "x"]]),
  );
  expect(refused).toEqual([["a/evil", "leads-out"]]);
  expect(await readdir(join(root, "work/real"))).toEqual([]);
});
