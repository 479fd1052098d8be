/** Folders sent and fetched, with the real program of the pod as a process of this machine. */

import { execFile } from "node:child_process";
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchChanges, finishEarlier } from "../../src/files/exchange/fetch-back.ts";
import { runStateOf, stateRootOf } from "../../src/files/exchange/run-state.ts";
import { sendFolders } from "../../src/files/exchange/send-in.ts";
import type { CopiedFolder } from "../../src/types/copies.ts";
import { openLocalPod } from "./local-pod.ts";
import type { LocalPod } from "./local-pod.ts";

let root: string;
let pod: LocalPod;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "exchange-"));
  folder = join(root, "work");
  await mkdir(folder);
  pod = await openLocalPod();
});
afterEach(async () => {
  await pod.close();
  await rm(root, { recursive: true, force: true });
});

const limits = { bytes: 1e9, entries: 1e6 };

async function shared(more: Partial<CopiedFolder> = {}) {
  const folders = [{ path: "/work", folder, ...more }];
  const state = runStateOf((await stateRootOf(folders)) ?? "", "run-uid");
  const { signal } = new AbortController();
  return { folders, limits, state, start: pod.start, progress: () => undefined, signal };
}

async function send(more: Partial<CopiedFolder> = {}) {
  return sendFolders(await shared(more));
}

async function fetchBack(more: Partial<CopiedFolder> = {}) {
  return fetchChanges({ ...(await shared(more)), suffix: "conflict", patienceSeconds: 10 });
}

async function put(base: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    if (content === null) {
      await rm(join(base, name), { recursive: true });
      continue;
    }
    await mkdir(dirname(join(base, name)), { recursive: true });
    if (content.startsWith("-> ")) await symlink(content.slice(3), join(base, name));
    else await writeFile(join(base, name), content);
  }
}

async function tree(base: string, below = ""): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const { name } of await readdir(join(base, below), { withFileTypes: true })) {
    const path = below === "" ? name : `${below}/${name}`;
    const stats = await lstat(join(base, path));
    if (stats.isSymbolicLink()) found[path] = `-> ${await readlink(join(base, path))}`;
    else if (stats.isDirectory()) Object.assign(found, { [`${path}/`]: "" }, await tree(base, path));
    else found[path] = `${await readFile(join(base, path), "utf8")}${stats.mode & 0o100 ? " (runs)" : ""}`;
  }
  return found;
}

const before = {
  ".git/HEAD": "ref: refs/heads/main\n",
  "a/deep/file": "1",
  "changes.txt": "old",
  "empties/only": "x",
  "goes.txt": "gone soon",
  link: "-> changes.txt",
  "becomes-file/inner": "x",
  "becomes-folder": "x",
  stays: "the same",
};

test("everything goes in, and what changed comes back", async () => {
  await put(folder, before);
  await chmod(join(folder, "stays"), 0o755);
  expect(await send()).toMatchObject({ kind: "sent" });
  expect(await tree(pod.folder(0))).toEqual(await tree(folder));

  await put(pod.folder(0), {
    "changes.txt": "new",
    "goes.txt": null,
    empties: null,
    link: null,
    "becomes-file": null,
    "becomes-folder": null,
  });
  await put(pod.folder(0), {
    link: "-> stays",
    "becomes-file": "file",
    "becomes-folder/inner": "x",
    "new\nline": "odd",
    ".git/refs/heads/main": "0",
  });
  await chmod(join(pod.folder(0), "stays"), 0o644);
  expect(await fetchBack()).toMatchObject({ kind: "returned", conflicted: 0, refused: 0 });
  expect(await tree(folder)).toEqual(await tree(pod.folder(0)));
});

test("only what changed travels", async () => {
  await put(folder, before);
  await put(
    folder,
    Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`many/${index}`, "x".repeat(1000)])),
  );
  await send();
  await put(pod.folder(0), { "many/7": "changed" });
  expect(await fetchBack()).toMatchObject({ kind: "returned", written: 1, deleted: 0, bytes: 7 });
});

test("a change that hides behind its old time is found", async () => {
  await put(folder, { file: "aaaa" });
  await send();
  const { atime, mtime } = await lstat(join(pod.folder(0), "file"));
  await writeFile(join(pod.folder(0), "file"), "bbbb");
  await utimes(join(pod.folder(0), "file"), atime, mtime);
  await fetchBack();
  expect(await readFile(join(folder, "file"), "utf8")).toBe("bbbb");
});

test("what is excluded stays on its side, and what was not asked for, too", async () => {
  await put(folder, { "node_modules/a": "here", "src/a": "1", "src/log.txt": "here" });
  const some = { exclude: ["node_modules", "*.txt"], only: ["src"] };
  await pod.close();
  pod = await openLocalPod(some);
  await send(some);
  expect(await tree(pod.folder(0))).toEqual({ "src/": "", "src/a": "1" });
  await put(pod.folder(0), {
    "node_modules/a": "there",
    "src/b.txt": "there",
    "src/c": "back",
    other: "there",
  });
  await fetchBack(some);
  expect(await tree(folder)).toEqual({
    "node_modules/": "",
    "node_modules/a": "here",
    "src/": "",
    "src/a": "1",
    "src/c": "back",
    "src/log.txt": "here",
  });
});

describe("changed on both sides: the pod's version is in its place, the other one beside it", () => {
  const rows: readonly (readonly [
    string,
    Record<string, string | null>,
    Record<string, string | null>,
    Record<string, string>,
    number,
  ])[] = [
    ["content", { f: "pod" }, { f: "server" }, { f: "pod", "f.conflict": "server" }, 1],
    ["the same content", { f: "same" }, { f: "same" }, { f: "same" }, 0],
    ["deleted there, changed here", { f: null }, { f: "server" }, { "f.conflict": "server" }, 1],
    ["changed there, deleted here", { f: "pod" }, { f: null }, { f: "pod" }, 0],
    ["deleted on both", { f: null }, { f: null }, {}, 0],
    [
      "new on both",
      { f: "was", n: "pod" },
      { f: "was", n: "server" },
      { f: "was", n: "pod", "n.conflict": "server" },
      1,
    ],
    [
      "a name that is taken already",
      { f: "pod" },
      { f: "server", "f.conflict": "old" },
      { f: "pod", "f.conflict": "old", "f.conflict-2": "server" },
      1,
    ],
    ["only here", {}, { n: "server" }, { f: "was", n: "server" }, 0],
  ];
  test.each(rows)("%s", async (_, there, here, expected, conflicts) => {
    await put(folder, { f: "was" });
    await send();
    await put(pod.folder(0), there);
    await put(folder, here);
    expect(await fetchBack()).toMatchObject({ conflicted: conflicts });
    expect(await tree(folder)).toEqual(expected);
  });

  test("a folder that went there is kept with what was put into it here", async () => {
    await put(folder, { "d/a": "a", "d/b": "b" });
    await send();
    await put(pod.folder(0), { d: null });
    await put(folder, { "d/new": "here" });
    await fetchBack();
    expect(await tree(folder)).toEqual({ "d/": "", "d/new": "here" });
  });
});

test("a connection that is cut on either way is made good by the next one", async () => {
  await put(folder, { large: "x".repeat(3_000_000), small: "s" });
  pod.cutOutputAfter(0);
  expect(await send()).toMatchObject({ kind: "interrupted" });
  expect(await send()).toMatchObject({ kind: "sent" });
  await put(pod.folder(0), { large: "y".repeat(3_000_000), small: null });
  pod.cutOutputAfter(1_000_000);
  expect(await fetchBack()).toMatchObject({ kind: "interrupted" });
  expect(await tree(folder)).toMatchObject({ small: "s" });
  expect(await fetchBack()).toMatchObject({ kind: "returned", written: 1, deleted: 1 });
  expect(await fetchBack()).toMatchObject({ kind: "returned", written: 1, deleted: 1 });
  expect(await tree(folder)).toEqual({ large: "y".repeat(3_000_000) });
});

test("how the folder was is on disk before the pod has all of it", async () => {
  await put(folder, { one: "1", two: "2" });
  const options = await shared();
  let known = "";
  const start: typeof options.start = async (words, signal) => {
    const answer = await options.start(words, signal);
    if (answer.kind === "error") return answer;
    const { session } = answer;
    async function* output(): AsyncGenerator<Uint8Array> {
      for await (const chunk of session.output) {
        // The run may begin now, and this process may be gone.
        const names = (await readdir(options.state.folder)).filter((name) => name.startsWith("before-"));
        for (const name of names) known += await readFile(join(options.state.folder, name), "utf8");
        yield chunk;
      }
    }
    return { kind: "session", session: { ...session, output: output() } };
  };
  expect(await sendFolders({ ...options, start })).toMatchObject({ kind: "sent" });
  expect(known).toContain('"one"');
  expect(known).toContain('"two"');
});

test("whoever does not know how the folder was keeps both versions", async () => {
  await put(folder, { f: "was", same: "same", gone: "x" });
  await send();
  await put(pod.folder(0), { f: "pod", gone: null });
  await rm((await shared()).state.folder, { recursive: true });
  expect(await fetchBack()).toMatchObject({ kind: "returned", conflicted: 2 });
  expect(await tree(folder)).toEqual({ f: "pod", "f.conflict": "was", same: "same", gone: "x" });
});

test("over a limit nothing is sent, and nothing is touched", async () => {
  await put(folder, { a: "12345", b: "12345" });
  const options = await shared();
  expect(await sendFolders({ ...options, limits: { bytes: 9, entries: 10 } })).toEqual({
    kind: "too-large",
    limit: "bytes",
    allowed: 9,
  });
  expect(await sendFolders({ ...options, limits: { bytes: 10, entries: 1 } })).toEqual({
    kind: "too-large",
    limit: "entries",
    allowed: 1,
  });
  await send();
  await put(pod.folder(0), { c: "12345678901" });
  expect(
    await fetchChanges({
      ...options,
      limits: { bytes: 10, entries: 10 },
      suffix: "conflict",
      patienceSeconds: 1,
    }),
  ).toMatchObject({ kind: "lost", reason: "too-large" });
  expect(await tree(folder)).toEqual({ a: "12345", b: "12345" });
});

test(
  "killed before any change of the file system, the next process brings it to its end",
  { timeout: 240_000 },
  async () => {
    await put(folder, before);
    await send();
    await put(pod.folder(0), { "changes.txt": "new", empties: null, "becomes-file": null, link: null });
    await put(pod.folder(0), { "becomes-file": "file", "n/n": "n", link: "-> stays" });
    const expected = await tree(pod.folder(0));
    const original = join(root, "original");
    const stateRoot = (await stateRootOf((await shared()).folders)) ?? "";
    await cp(folder, join(original, "work"), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
    const whole = await killed(1_000_000, stateRoot);
    const steps = (JSON.parse(whole) as { readonly steps: number }).steps;
    expect(steps).toBeGreaterThan(10);
    const began = await tree(join(original, "work"));
    for (let step = 1; step <= steps; step += 1) {
      await rm(folder, { recursive: true });
      await rm(stateRoot, { recursive: true, force: true });
      await pod.close();
      pod = await openLocalPod();
      await cp(join(original, "work"), folder, { recursive: true, verbatimSymlinks: true });
      await send();
      await put(pod.folder(0), { "changes.txt": "new", empties: null, "becomes-file": null, link: null });
      await put(pod.folder(0), { "becomes-file": "file", "n/n": "n", link: "-> stays" });
      expect(await killed(step, stateRoot)).toBe("");
      const { state } = await shared();
      const arrived = (await state.committed()) !== null || (await state.finished()) !== null;
      const left = await tree(folder);
      await finishEarlier(stateRoot);
      // Until everything is here, nothing is touched; from then on nobody needs the pod any more.
      expect([arrived ? null : left, await tree(folder)]).toEqual(
        arrived ? [null, expected] : [began, began],
      );
      expect(await fetchBack()).toMatchObject({ kind: "returned", conflicted: 0 });
      expect(await tree(folder)).toEqual(expected);
    }
  },
);

test("folders on different file systems", { timeout: 60_000 }, async ({ skip }) => {
  // Where the first folder is decides where what comes back is put down.
  const elsewhere = await mkdtemp("/dev/shm/exchange-").catch(() =>
    skip("needs a second file system, /dev/shm"),
  );
  const first = join(elsewhere, "first");
  try {
    await mkdir(first);
    await put(folder, { changes: "old", large: "x" });
    await pod.close();
    pod = await openLocalPod({ copies: 2 });
    const folders = [
      { path: "/first", folder: first },
      { path: "/work", folder },
    ];
    const state = runStateOf((await stateRootOf(folders)) ?? "", "run-uid");
    const options = { ...(await shared()), folders, state };
    expect(await sendFolders(options)).toMatchObject({ kind: "sent" });
    await put(pod.folder(1), { changes: "new", large: "y".repeat(2_000_000), "made/a": "a" });
    await chmod(join(pod.folder(1), "changes"), 0o750);
    await put(pod.folder(0), { b: "b" });
    const outcome = await fetchChanges({ ...options, suffix: "conflict", patienceSeconds: 10 });
    expect(outcome).toMatchObject({ kind: "returned", conflicted: 0 });
    expect([await tree(first), await tree(folder)]).toEqual([
      { b: "b" },
      { changes: "new (runs)", large: "y".repeat(2_000_000), "made/": "", "made/a": "a" },
    ]);
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
});

test("a disk that is full at any moment loses neither side's files", { timeout: 120_000 }, async () => {
  const change = async (): Promise<void> => {
    await put(pod.folder(0), { "changes.txt": "new", empties: null, link: null });
    await put(pod.folder(0), { "n/n": "n", link: "-> stays" });
  };
  const stateRoot = (await stateRootOf((await shared()).folders)) ?? "";
  for (const step of [1, 3, 6, 9, 12, 15]) {
    await rm(folder, { recursive: true });
    await rm(stateRoot, { recursive: true, force: true });
    await pod.close();
    pod = await openLocalPod();
    await put(folder, before);
    await send();
    await change();
    const expected = await tree(pod.folder(0));
    const said = JSON.parse(await killed(step, stateRoot, "full")) as {
      readonly outcome: { readonly kind: string; readonly trouble?: string };
    };
    expect(said.outcome).toMatchObject({ trouble: "server-disk-full" });
    expect(await fetchBack()).toMatchObject({ kind: "returned", conflicted: 0 });
    expect(await tree(folder)).toEqual(expected);
  }
});

/** What it printed; nothing when it was killed. */
function killed(step: number, stateRoot: string, how: "killed" | "full" = "killed"): Promise<string> {
  const script = join(import.meta.dirname, "killed.ts");
  const words = ["--conditions=@claude-k8s/source", script, pod.root, stateRoot, folder, String(step), how];
  return new Promise((resolve) => {
    execFile(process.execPath, words, (_error, output) => resolve(output));
  });
}
