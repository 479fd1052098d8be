/** Any archive at all: what comes from a pod is written by whoever took it over. Where a property fails, its seed is printed. */

import { execFile } from "node:child_process";
import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, normalize, relative } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyStage } from "../../src/files/apply.ts";
import { ArchiveBrokenError, ArchiveLimitError } from "../../src/files/archive-reader.ts";
import { archiveOf } from "../../src/files/archive-writer.ts";
import type { SourcedItem } from "../../src/files/archive-writer.ts";
import { replacement } from "../../src/files/archive.ts";
import { sharedDisk, waitingDisk } from "../../src/files/disk.ts";
import { comparePaths } from "../../src/files/names.ts";
import { readStaged, stageArchive } from "../../src/files/stage.ts";
import { walk } from "../../src/files/walk.ts";
import { binary, bytesOf, gnuLong, octal, pax, plain, tarBytes } from "./tar-bytes.ts";
import type { RawEntry } from "./tar-bytes.ts";

let root: string;
let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "archive-any-"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

/** For each of the many archives of a test. */
async function freshRoot(): Promise<void> {
  root = await mkdtemp(join(base, "root-"));
  await mkdir(join(root, "outside/folder"), { recursive: true });
  await writeFile(join(root, "outside/secret"), "untouched");
}

/** Everything below a folder that somebody could change. Links are told, not followed. */
async function stateOf(folder: string): Promise<readonly string[]> {
  const state: string[] = [];
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const path = join(folder, name);
    const stats = await lstat(path, { bigint: true });
    const content = stats.isFile()
      ? await readFile(path, "hex")
      : stats.isSymbolicLink()
        ? await readlink(path)
        : "";
    state.push([name, stats.mode, stats.nlink, stats.mtimeNs, content].join(" "));
  }
  return state;
}

/** Names whose parts somebody chose to get out, or to meet what lies there already. */
const part = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "c") },
  fc.constantFrom(
    "..",
    ".",
    "",
    "\n",
    "é",
    "\u{1F600}",
    "\u2028",
    "-rf",
    "0",
    "n".repeat(120),
    ".claude-k8s-copy",
    "..a",
    "\0x",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const below = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const name = fc.oneof(
  { weight: 8, arbitrary: below.map((path) => `0/${path}`) },
  fc.constantFrom(
    "0",
    "0/",
    "1/a",
    "end",
    "",
    "/",
    "./0/a",
    "00/a",
    "../outside/secret",
    "0/../../outside/secret",
    "@/secret",
    "@/new",
  ),
  below,
);
const target = fc.oneof(
  below,
  fc.constantFrom("", "@/secret", "@/folder", "..", "../..", "../outside/secret", "a/../../outside", "/"),
);
/** As bytes: also such as are no UTF-8. */
const rawName = fc.oneof(
  { weight: 12, arbitrary: name.map(bytesOf) },
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.concat([bytesOf("0/"), bytes])),
);
const type = fc.oneof(
  { weight: 16, arbitrary: fc.constantFrom("0", "5", "2") },
  fc.constantFrom("\0", "1", "3", "4", "6", "7", "S", "x", "g", "L", "K", "N", "D", "M", "V"),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
);
const oddNumber = fc.constantFrom(
  binary(0x80, [1, 0, 0, 0, 0, 0, 0, 0]),
  binary(0xff, [255, 255, 255, 0]),
  binary(0x80, Array(11).fill(255)),
  binary(0x81, []),
  bytesOf("not a number"),
  bytesOf("-0000000012\0"),
  bytesOf("            "),
  octal(7, 12),
  octal(4096, 12),
);
const content = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  fc.constantFrom(Buffer.alloc(512, 120), Buffer.alloc(1300)),
);
const entry: fc.Arbitrary<readonly RawEntry[]> = fc
  .record({
    name: rawName,
    type: type.map((text) => text.charCodeAt(0)),
    link: target.map(bytesOf),
    content,
    size: fc.oneof({ weight: 40, arbitrary: fc.constant(undefined) }, oddNumber),
    mode: fc.oneof(fc.constantFrom(0o644, 0o755, 0, 0o4755, 0o7777), fc.integer({ min: 0, max: 0o7777 })),
    seconds: fc.oneof({ weight: 4, arbitrary: fc.constant(octal(1_700_000_000, 12)) }, oddNumber),
    magic: fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom("ustar" as const, "gnu" as const) },
      fc.constant("none" as const),
    ),
  })
  .map((raw) => [raw]);
const extended: fc.Arbitrary<readonly RawEntry[]> = fc.oneof(
  fc
    .tuple(
      fc.array(
        fc.oneof(
          fc.tuple(fc.constant("path"), name),
          fc.tuple(fc.constant("linkpath"), target),
          fc.tuple(
            fc.constant("size"),
            fc.constantFrom("0", "-5", "7", "1e3", "NaN", "99999999999999999999", ""),
          ),
          fc.tuple(
            fc.constantFrom(
              "GNU.sparse.major",
              "GNU.sparse.name",
              "CLAUDEK8S.deleted",
              "__proto__",
              "mtime",
              "mode",
            ),
            fc.constantFrom("1", "0/a", "x"),
          ),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      fc.constantFrom("x" as const, "x" as const, "g" as const),
    )
    .map(([records, kind]) => [pax(records, kind)]),
  name.map((text) => [gnuLong("L", text)]),
  target.map((text) => [gnuLong("K", text)]),
);
const entries = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: entry },
        fc.tuple(extended, entry).map((both) => both.flat()),
      ),
      { maxLength: 7 },
    ),
    // In the order of a walk an archive gets further.
    fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  )
  .map(([all, ordered]) => (ordered ? inOrder(all) : all).flat());

function inOrder(all: readonly (readonly RawEntry[])[]): readonly (readonly RawEntry[])[] {
  const byPath = new Map(all.map((raws) => [pathOf(raws), raws]));
  return [...byPath.keys()].toSorted(comparePaths).map((path) => byPath.get(path) ?? []);
}
function pathOf(raws: readonly RawEntry[]): string {
  const text = Buffer.from(raws.at(-1)?.name ?? []).toString();
  return text
    .split("/")
    .filter((one) => one !== "" && one !== ".")
    .join("/");
}
const ends = fc.oneof(
  { weight: 6, arbitrary: fc.constant([plain("end", { content: bytesOf("{}") })]) },
  fc.constantFrom<readonly RawEntry[]>(
    [],
    [plain("end")],
    [plain("end", { type: "5".charCodeAt(0), size: octal(9, 12) })],
  ),
);
const damage = fc.record({
  cut: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.double({ min: 0, max: 1, noNaN: true })),
  flips: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat({ max: 255 })), {
      maxLength: 4,
    }),
  ),
  chunk: fc.constantFrom(1, 7, 511, 512, 100_000),
});
/** What lies in the folder that it is unpacked into. */
const there = fc.array(
  fc.tuple(
    fc.constantFrom("a", "b", "c", "a/b", "b/a"),
    fc.constantFrom("file", "folder", "link-out", "link-to-file", "link-within"),
  ),
  { maxLength: 4 },
);

async function furnish(work: string, things: readonly (readonly [string, string])[]): Promise<void> {
  await mkdir(work);
  for (const [path, kind] of things) {
    const place = join(work, path);
    // What is there already, or lies below what is no folder, stays as it is; a link in between would lead it outside.
    if (path.includes("/") && !(await lstat(join(place, "..")).catch(() => null))?.isDirectory()) continue;
    const makers: Record<string, () => Promise<unknown>> = {
      file: () => writeFile(place, "before", { flag: "wx" }),
      folder: () => mkdir(place),
      "link-out": () => symlink(join(root, "outside/folder"), place),
      "link-to-file": () => symlink(join(root, "outside/secret"), place),
      "link-within": () => symlink("b", place),
    };
    await makers[kind]?.().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
async function* nothing(): AsyncGenerator<never> {}

const runs = 150;
const limits = { bytes: 4000, entries: 20 };

/** `null`: the archive is no good, for a reason that is ours to give. */
async function stage(folder: string, chunks: AsyncIterable<Uint8Array>, most = limits) {
  const refused: (readonly [string, string])[] = [];
  try {
    const staged = await stageArchive(chunks, folder, {
      copies: 1,
      limits: most,
      outwardLinks: false,
      refuse: (path, reason) => refused.push([path, reason]),
    });
    return { ...staged, refused };
  } catch (error) {
    if (error instanceof ArchiveBrokenError || error instanceof ArchiveLimitError) return null;
    throw error;
  }
}

const apply = (folder: string, work: string) =>
  applyStage(folder, { roots: [work], before: nothing(), suffix: "conflict", conflict: () => undefined });

describe("whatever an archive holds", () => {
  test("nothing outside of the folder is touched, and every refusal has a name", async () => {
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(entries, ends, damage, there, async (all, end, { cut, flips, chunk }, things) => {
        await freshRoot();
        const outside = join(root, "outside");
        const placed = [...all, ...end].map((raw) =>
          Object.assign({}, raw, { name: placeIn(raw.name), link: placeIn(raw.link) }),
        );
        const whole = tarBytes(placed);
        for (const [at, byte] of flips) whole[Math.floor(at * whole.length)] = byte;
        const bytes = cut === null ? whole : whole.subarray(0, Math.floor(cut * whole.length));
        const work = join(root, "work");
        await furnish(work, things);
        try {
          const before = await stateOf(outside);
          const staged = await stage(join(root, "stage"), inChunks(bytes, chunk));
          expect(await readdir(root)).toEqual(
            staged === null ? ["outside", "work"] : ["outside", "stage", "work"],
          );
          if (staged !== null) {
            reached += 1;
            await apply(join(root, "stage"), work);
          }
          expect(staged?.bytes ?? 0).toBeLessThanOrEqual(limits.bytes);
          expect(await stateOf(outside)).toEqual(before);
          expect(await wildIn(work)).toEqual([]);
        } finally {
          await rm(root, { recursive: true, force: true });
        }
      }),
      { numRuns: runs, timeout: 20_000 },
    );
    // If all of them were refused as a whole, nothing was tried.
    expect(reached).toBeGreaterThan(runs / 10);
  });

  function placeIn(bytes: Uint8Array): Uint8Array {
    const text = Buffer.from(bytes).toString("latin1");
    return text.startsWith("@") ? bytesOf(join(root, "outside") + text.slice(1)) : bytes;
  }

  /** A device, a second name of another file, bits by which a file runs as somebody else, a link that leads out and was not there before. */
  async function wildIn(work: string): Promise<readonly string[]> {
    const wild: string[] = [];
    // With types, or links to folders would be followed, in circles as well.
    for (const found of await readdir(work, { recursive: true, withFileTypes: true })) {
      const path = relative(work, join(found.parentPath, found.name));
      const stats = await lstat(join(work, path));
      if (stats.isDirectory()) continue;
      if (stats.isFile()) {
        if (stats.nlink !== 1 || (stats.mode & 0o7000) !== 0) wild.push(path);
        continue;
      }
      if (!stats.isSymbolicLink()) {
        wild.push(path);
        continue;
      }
      const to = await readlink(join(work, path));
      if (to.startsWith(join(root, "outside/"))) continue;
      if (to.startsWith("/") || /^\.\.(?:\/|$)/.test(normalize(join(path, "..", to))))
        wild.push(`${path} -> ${to}`);
    }
    return wild;
  }
});

describe("a valid archive is carried as it is", () => {
  const names = fc
    .array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.constantFrom(
            "a",
            "b",
            "c",
            "..a",
            "-x",
            "new\nline",
            "\u2028",
            "é",
            "\u{1F600}",
            "end",
            "n".repeat(255),
            replacement,
          ),
        },
        fc
          .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
          .filter(
            (text) =>
              !/[/\0]/.test(text) &&
              text.isWellFormed() &&
              text !== "." &&
              text !== ".." &&
              Buffer.byteLength(text) < 200,
          ),
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((parts) => parts.join("/"));
  const thing = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("file" as const),
        content: fc.uint8Array({ maxLength: 1500 }),
        mode: fc.constantFrom(0o644, 0o755, 0o600),
      }),
    },
    fc.record({
      kind: fc.constant("link" as const),
      target: fc.constantFrom("x", "./x", "x/y", "t".repeat(300), "é\n", `x${replacement}`),
    }),
    fc.constant({ kind: "folder" as const }),
  );
  type Thing = typeof thing extends fc.Arbitrary<infer T> ? T : never;
  const tree = fc.array(fc.tuple(names, thing), { maxLength: 8 });

  /** What cannot be made beside what is there already is left out. */
  async function grow(folder: string, things: readonly (readonly [string, Thing])[]): Promise<void> {
    await mkdir(folder);
    for (const [path, what] of things) {
      const place = join(folder, path);
      const made = await mkdir(join(place, ".."), { recursive: true }).then(
        () => true,
        () => false,
      );
      if (!made || (await lstat(place).catch(() => null)) !== null) continue;
      if (what.kind === "folder") await mkdir(place);
      else if (what.kind === "link") await symlink(what.target, place);
      else {
        await writeFile(place, what.content, { mode: what.mode });
        await utimes(place, 1_700_000_000, 1_700_000_000);
      }
    }
  }

  /** What was carried, and what it was. */
  async function carried(
    from: string,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<readonly [unknown, unknown]> {
    const work = join(root, "work");
    await mkdir(work);
    const staged = await stage(join(root, "stage"), chunks, { bytes: 1e6, entries: 1000 });
    await apply(join(root, "stage"), work);
    const refused = { refused: staged?.refused, end: staged?.end };
    return [
      [refused, await contentOf(work)],
      [{ refused: [], end: { token: "t" } }, await contentOf(from)],
    ];
  }
  /** A file's time as well; a folder's moves with whatever is put into it. */
  async function contentOf(folder: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { path, kind, mode, target: to, modifiedAt } of walk(folder, {
      excludes: () => false,
      refuse: () => undefined,
    })) {
      const file = kind === "file";
      found.push(
        JSON.stringify([
          path,
          kind,
          kind === "link" ? null : mode,
          to,
          file ? [modifiedAt, await readFile(join(folder, path), "hex")] : null,
        ]),
      );
    }
    return found;
  }

  const hasNoReplacement = (things: readonly (readonly [string, Thing])[]): boolean =>
    !JSON.stringify(things).includes(replacement);

  const disks = fc.constantFrom(sharedDisk, waitingDisk);
  test("when we wrote it", async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.constantFrom(1, 512, 100_000), disks, async (things, chunk, disk) => {
        await freshRoot();
        const from = join(root, "from");
        await grow(from, things);
        async function* items(): AsyncGenerator<SourcedItem> {
          for await (const { path, kind, mode, size, target: to, modifiedAt } of walk(from, {
            excludes: () => false,
            refuse: () => undefined,
          })) {
            if (kind === "link") yield { item: { kind, copy: 0, path, target: to ?? "" }, source: null };
            else if (kind === "folder") yield { item: { kind, copy: 0, path, mode }, source: null };
            else
              yield {
                item: { kind, copy: 0, path, mode, size, modifiedSeconds: Number(modifiedAt) / 1e9 },
                source: join(from, path),
              };
          }
        }
        const written = archiveOf(items(), {
          disk,
          unreadable: (_item, error) => expect.fail(error.message),
          end: () => ({ token: "t" }),
        });
        const bytes: Uint8Array[] = [];
        for await (const piece of written) bytes.push(piece);
        const [after, before] = await carried(from, inChunks(Buffer.concat(bytes), chunk));
        expect(after).toEqual(before);
        await rm(root, { recursive: true, force: true });
      }),
      { numRuns: 30, timeout: 20_000 },
    );
  });

  test.each(["gnu", "pax"])("when GNU tar wrote it, in the format %s", async (format) => {
    await fc.assert(
      // Where such a character stands, GNU tar's archive has nothing that tells it from bytes that are no UTF-8: that has a test of its own.
      fc.asyncProperty(tree.filter(hasNoReplacement), async (things) => {
        await freshRoot();
        const from = join(root, "0");
        await grow(from, things);
        const [after, before] = await carried(from, inChunks(await gnuTar(format), 10_000));
        expect(after).toEqual(before);
        await rm(root, { recursive: true, force: true });
      }),
      { numRuns: 8, timeout: 20_000 },
    );
  });

  test.each(["gnu", "pax"])(
    "except for a name of GNU tar's, in the format %s, that may be no UTF-8: it is refused by name, and nothing else is",
    async (format) => {
      await freshRoot();
      await mkdir(join(root, "0"));
      await writeFile(join(root, `0/a${replacement}`), "x");
      await symlink(`to${replacement}`, join(root, "0/link"));
      await writeFile(join(root, "0/whole"), "x");
      const staged = await stage(join(root, "stage"), inChunks(await gnuTar(format), 10_000));
      expect(staged?.refused.map(([, reason]) => reason)).toEqual(["not-utf8", "not-utf8"]);
      const kept: string[] = [];
      for await (const { item } of readStaged(join(root, "stage"))) kept.push(item.path);
      expect(kept).toEqual(["whole"]);
    },
  );

  /** Of the folder `0`, in the order of a walk, with the last entry that says that nothing is missing. */
  async function gnuTar(format: string, ...more: readonly string[]): Promise<Buffer> {
    const listed: string[] = [];
    for await (const { path } of walk(join(root, "0"), { excludes: () => false, refuse: () => undefined }))
      listed.push(`0/${path}`);
    await writeFile(join(root, "end"), JSON.stringify({ token: "t" }));
    await writeFile(join(root, "list"), [...listed, "end"].map((path) => `${path}\0`).join(""));
    const { stdout } = await promisify(execFile)(
      "tar",
      [
        "--create",
        `--format=${format}`,
        ...more,
        "--no-recursion",
        "--no-unquote",
        "--hard-dereference",
        "--null",
        "--files-from=list",
      ],
      { cwd: root, encoding: "buffer", maxBuffer: 10e6, env: { ...process.env, LC_ALL: "C.UTF-8" } },
    );
    return stdout;
  }

  test.each(["gnu", "pax"])(
    "a file with holes that GNU tar packed as a map, in the format %s, is refused and not carried as something else",
    async (format) => {
      await freshRoot();
      await mkdir(join(root, "0"));
      await writeFile(join(root, "0/holes"), "");
      await truncate(join(root, "0/holes"), 10_000_000);
      await writeFile(join(root, "0/whole"), "x");
      const staged = await stage(join(root, "stage"), inChunks(await gnuTar(format, "--sparse"), 10_000), {
        bytes: 1e8,
        entries: 100,
      });
      expect(staged?.refused).toEqual([[expect.stringContaining("holes"), "unsupported"]]);
      const kept: string[] = [];
      for await (const { item } of readStaged(join(root, "stage"))) kept.push(item.path);
      expect(kept).toEqual(["whole"]);
    },
  );
});

test("a version of both sides is kept beside, also where its name and the ending are too long for one name", async () => {
  await freshRoot();
  const work = join(root, "work");
  // 254 bytes, the last two of them one character, which may not be cut in two.
  const long = `${"n".repeat(252)}é`;
  await mkdir(work);
  await writeFile(join(work, long), "ours");
  const archive = tarBytes([
    pax([["path", `0/${long}`]]),
    plain("0/long", { content: bytesOf("theirs") }),
    plain("end", { content: bytesOf("{}") }),
  ]);
  await stage(join(root, "stage"), inChunks(archive, 512));
  await apply(join(root, "stage"), work);
  const kept = `${"n".repeat(246)}.conflict`;
  expect((await readdir(work)).toSorted()).toEqual([kept, long].toSorted());
  expect(await readFile(join(work, kept), "utf8")).toBe("ours");
  expect(await readFile(join(work, long), "utf8")).toBe("theirs");
});

describe("what would make a reader wait or work for ever ends, with a name", () => {
  beforeEach(freshRoot);
  const folderType = "5".charCodeAt(0);
  const noNumber = binary(0x81, []);
  const end = plain("end", { content: bytesOf("{}") });
  const manyRecords = pax(
    Array.from({ length: 1000 }, (_, index) => [`key${index}`, "1"] as const),
    "g",
  );
  const rows: readonly (readonly [string, readonly RawEntry[], RegExp])[] = [
    [
      "an end that is a folder with a content",
      [plain("end", { type: folderType, size: octal(9, 12) })],
      /its end is no file/,
    ],
    ["a length that is no number, of what is refused", [plain("0/..", { size: noNumber }), end], /how long/],
    ["a length that is no number, of a file", [plain("0/a", { size: noNumber }), end], /how long/],
    [
      "a global header with a thousand records",
      [manyRecords, pax([["mode", "1"]]), plain("0/a"), end],
      /too many extended records/,
    ],
    ["a content that breaks off", [plain("0/a", { size: octal(100_000, 12) })], /Unexpected end/],
  ];
  test.each(rows)("%s", async (_what, all, message) => {
    const reading = stageArchive(inChunks(tarBytes(all), 512), join(root, "stage"), {
      copies: 1,
      limits: { bytes: 1e6, entries: 10 },
      outwardLinks: false,
      refuse: () => undefined,
    });
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(ArchiveBrokenError);
    expect(await readdir(root)).toEqual(["outside"]);
  });

  test.each<[string, RawEntry[], number]>([
    ["extended headers of which no entry comes", [pax([["path", "0/a"]])], 0],
    ["empty blocks", [], 2],
  ])("%s, without an end", async (_what, all, zeros) => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      const some = Buffer.concat(Array.from({ length: 64 }, () => tarBytes(all, zeros)));
      for (;;) yield some;
    }
    const reading = stageArchive(endless(), join(root, "stage"), {
      copies: 1,
      limits,
      outwardLinks: false,
      refuse: () => undefined,
    });
    await expect(reading).rejects.toBeInstanceOf(ArchiveLimitError);
  });
});

test("a folder that somebody swaps for a link and back, while it is unpacked, leads nowhere", async () => {
  await freshRoot();
  const work = join(root, "work");
  const outside = join(root, "outside");
  await mkdir(join(work, "a"), { recursive: true });
  await symlink(join(outside, "folder"), join(work, "link"));
  const all = Array.from({ length: 200 }, (_, index) =>
    plain(`0/a/${String(index).padStart(3, "0")}`, { content: bytesOf("evil") }),
  );
  await stage(
    join(root, "stage"),
    inChunks(tarBytes([...all, plain("end", { content: bytesOf("{}") })]), 10_000),
    { bytes: 1e6, entries: 1000 },
  );
  const before = await stateOf(outside);
  const swapping = new AbortController();
  let swaps = 0;
  const swapper = (async () => {
    while (!swapping.signal.aborted) {
      await rename(join(work, "a"), join(work, "real")).catch(() => undefined);
      await rename(join(work, "link"), join(work, "a")).catch(() => undefined);
      await rename(join(work, "a"), join(work, "link")).catch(() => undefined);
      await rename(join(work, "real"), join(work, "a")).catch(() => undefined);
      swaps += 1;
    }
  })();
  try {
    // It may find the folder gone in the moment between two names: an error of the disk is an honest end.
    await apply(join(root, "stage"), work).catch((error: NodeJS.ErrnoException) => {
      if (!/^E[A-Z]+$/.test(error.code ?? "")) throw error;
    });
  } finally {
    swapping.abort();
    await swapper;
  }
  expect(swaps).toBeGreaterThan(0);
  expect(await stateOf(outside)).toEqual(before);
});
