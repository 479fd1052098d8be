/** A cache of contents between two runs, with the real program of the pod as a process of this machine. */

import { execFileSync } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runStateOf, stateRootOf } from "../../src/files/exchange/run-state.ts";
import { sendFolders } from "../../src/files/exchange/send-in.ts";
import { openLocalPod } from "./local-pod.ts";
import type { LocalPod } from "./local-pod.ts";

let root: string;
let folder: string;
let cache: string;
const pods: LocalPod[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "cache-"));
  folder = join(root, "work");
  cache = join(root, "cache");
  await mkdir(folder);
  await mkdir(cache);
});
afterEach(async () => {
  await Promise.all(pods.splice(0).map((pod) => pod.close()));
  await rm(root, { recursive: true, force: true });
});

const large = 3 * 1024 * 1024 + 5;

/** Distinct contents, the same in each test. */
function content(name: string, bytes: number): Buffer {
  return Buffer.alloc(bytes, `${name} of a file, repeated; `);
}

async function fill(): Promise<void> {
  await mkdir(join(folder, "deep"));
  await writeFile(join(folder, "deep/large"), content("large", large));
  for (const name of ["a", "b", "c", "d"]) await writeFile(join(folder, name), content(name, 50_000));
  await writeFile(join(folder, "tiny"), "tiny");
  await writeFile(join(folder, "empty"), "");
}

/** One run: a pod of its own with the cache, and the server's side of a run of its own. */
async function run(name: string) {
  const pod = await openLocalPod({ cacheFolder: cache });
  pods.push(pod);
  const folders = [{ path: "/work", folder }];
  const unused: string[] = [];
  let sent = 0;
  const outcome = await sendFolders({
    folders,
    limits: { bytes: 1e9, entries: 1e6 },
    state: runStateOf((await stateRootOf(folders)) ?? "", name),
    start: pod.start,
    progress: (bytes) => void (sent = bytes),
    cacheUnused: (message) => unused.push(message),
    signal: new AbortController().signal,
  });
  expect(outcome).toMatchObject({ kind: "sent" });
  expect(await tree(pod.folder(0))).toEqual(await tree(folder));
  const { fromCache } = outcome as Extract<typeof outcome, { kind: "sent" }>;
  return { fromCache, unused, sent };
}

async function tree(base: string): Promise<unknown> {
  const names = await readdir(base, { recursive: true });
  return Promise.all(
    names.toSorted().map(async (name) => {
      const { mode, mtimeMs, size } = await lstat(join(base, name));
      const isFile = (mode & 0o170000) === 0o100000;
      const text = isFile ? (await readFile(join(base, name))).toString("base64") : null;
      return { name, mode, content: isFile ? { seconds: Math.floor(mtimeMs / 1000), size, text } : null };
    }),
  );
}

/** Where the cache keeps what the file has. */
async function keptFor(name: string): Promise<string> {
  const wanted = await readFile(join(folder, name));
  for (const path of await readdir(join(cache, "contents"), { recursive: true })) {
    const full = join(cache, "contents", path);
    if ((await stat(full)).isFile() && (await readFile(full)).equals(wanted)) return full;
  }
  throw new Error(`${name} is not in the cache`);
}

const whole = 4 * 50_000 + large;

test("the second run is sent only what the first had not", async () => {
  await fill();
  const first = await run("one");
  expect(first).toMatchObject({ fromCache: { files: 0, bytes: 0 }, unused: [] });
  expect(first.sent).toBeGreaterThan(whole);

  const second = await run("two");
  expect(second).toMatchObject({ fromCache: { files: 5, bytes: whole }, unused: [] });
  expect(second.sent).toBeLessThan(20_000);

  await writeFile(join(folder, "a"), content("new", 60_000));
  const third = await run("three");
  expect(third).toMatchObject({ fromCache: { files: 4, bytes: whole - 50_000 }, unused: [] });
  expect(third.sent).toBeGreaterThan(60_000);
  expect(third.sent).toBeLessThan(80_000);
});

test("the names of files are no part of it: what was moved, copied or only given another mode comes from it", async () => {
  await fill();
  await run("one");
  await rename(join(folder, "a"), join(folder, "deep/moved"));
  await writeFile(join(folder, "copy"), await readFile(join(folder, "b")));
  await chmod(join(folder, "c"), 0o755);
  expect(await run("two")).toMatchObject({ fromCache: { files: 6 }, unused: [] });
});

test("a change that hides behind its old size and time is found, however young the file is", async () => {
  await fill();
  await run("one");
  for (const round of ["two", "three", "four"]) {
    const { atime, mtime } = await stat(join(folder, "a"));
    await writeFile(join(folder, "a"), content(round, 50_000));
    await utimes(join(folder, "a"), atime, mtime);
    expect(await run(round)).toMatchObject({ fromCache: { files: 4 }, unused: [] });
  }
});

describe("a cache that lies or is broken is found out, reported, and everything is sent", () => {
  const breaks: readonly (readonly [string, (path: string) => Promise<unknown>, RegExp])[] = [
    [
      "another content of the same size",
      async (path) => writeFile(path, content("forged", (await stat(path)).size)),
      /not what it was/,
    ],
    ["a content that was cut", (path) => writeFile(path, "short"), /not what it was/],
    ["a content that grew", (path) => writeFile(path, "more", { flag: "a" }), /not what it was/],
    [
      "a link in its place",
      async (path) => {
        await rm(path);
        execFileSync("ln", ["-s", "/etc/passwd", path]);
      },
      /cannot be read/,
    ],
    [
      "a folder in its place",
      async (path) => {
        await rm(path);
        await mkdir(path);
      },
      /cannot be read/,
    ],
    [
      "a pipe in its place",
      async (path) => {
        await rm(path);
        execFileSync("mkfifo", [path]);
      },
      /not what it was/,
    ],
  ];
  test.each(breaks)("%s", async (_, spoil, message) => {
    await fill();
    await run("one");
    await spoil(await keptFor("c"));
    const second = await run("two");
    expect(second).toMatchObject({ fromCache: { files: 0 }, unused: [expect.stringMatching(message)] });
    expect(second.sent).toBeGreaterThan(whole);
  });

  test("and whole again for the run after it, where it can be mended", async () => {
    await fill();
    await run("one");
    await writeFile(await keptFor("deep/large"), content("forged", large));
    expect((await run("two")).unused).toHaveLength(1);
    expect(await run("three")).toMatchObject({ fromCache: { files: 5 }, unused: [] });
  });

  test("no folder at all", async () => {
    await fill();
    await rm(cache, { recursive: true });
    await writeFile(cache, "a file");
    expect((await run("one")).unused[0]).toMatch(/ENOTDIR|EEXIST/);
  });

  test("names that are no hashes are not offered", async () => {
    await fill();
    await run("one");
    await writeFile(join(cache, "contents", "..odd"), "");
    await rm(join(cache, "contents", "..odd"));
    const [some = ""] = await readdir(join(cache, "contents"));
    await writeFile(join(cache, "contents", some, `${some}\n{"kind":"failed"}`), "x");
    expect(await run("two")).toMatchObject({ fromCache: { files: 5 }, unused: [] });
  });
});

describe("what the server remembers of its own files is no more than a hint", () => {
  test.each([
    ["gone", null],
    ["cut", '[0,"a","file"'],
    ["of something else", "x".repeat(10_000)],
    ["empty", ""],
  ])("%s", async (_, text) => {
    await fill();
    await run("one");
    await run("two");
    const state = (await readdir(root)).find((name) => name.startsWith(".claude-k8s-copy")) ?? "";
    const hashes = join(root, state, "hashes");
    expect((await stat(hashes)).isFile()).toBe(true);
    await rm(hashes);
    if (text !== null) await writeFile(hashes, text);
    expect(await run("three")).toMatchObject({ fromCache: { files: 5 }, unused: [] });
  });
});

test("two runs at once fill one cache", async () => {
  await fill();
  await Promise.all([run("one"), run("two"), run("three")]);
  expect(await run("four")).toMatchObject({ fromCache: { files: 5 }, unused: [] });
  expect(await readdir(join(cache, "incoming"))).toEqual([]);
});

describe.skipIf(process.getuid?.() !== 0)("a full cache (needs root for a small disk)", () => {
  beforeEach(() => execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "none", cache]));
  afterEach(() => execFileSync("umount", [cache]));

  test("makes room where this run does not use what it holds", async () => {
    await fill();
    expect((await run("one")).unused).toEqual([]);
    await writeFile(join(folder, "deep/large"), content("another", large));
    expect((await run("two")).unused).toEqual([]);
    // What did not fit then fits now.
    await run("three");
    expect(await run("four")).toMatchObject({ fromCache: { files: 5 }, unused: [] });
  });

  test("is reported where one run needs more than it can hold, and the files are all there", async () => {
    await fill();
    await writeFile(join(folder, "deep/second"), content("second", large));
    const { unused } = await run("one");
    expect(unused).toEqual(["it is full, and this run needs all that is in it"]);
    expect(await readdir(join(cache, "incoming"))).toEqual([]);
  });
});
