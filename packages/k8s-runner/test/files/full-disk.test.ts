/** Disks that are really full, on either side: small ones in memory, which only root can make. */

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchChanges } from "../../src/files/exchange/fetch-back.ts";
import { runStateOf, stateRootOf } from "../../src/files/exchange/run-state.ts";
import { sendFolders } from "../../src/files/exchange/send-in.ts";
import { openLocalPod } from "./local-pod.ts";
import type { LocalPod } from "./local-pod.ts";

const mebibyte = 1024 * 1024;

describe.skipIf(process.getuid?.() !== 0)("a full disk (needs root for a small one)", () => {
  let root: string;
  let folder: string;
  let pod: LocalPod;
  const mounted: string[] = [];
  const limit = (place: string, size: string): void => {
    const words = mounted.includes(place) ? `remount,size=${size}` : `size=${size}`;
    execFileSync("mount", ["-t", "tmpfs", "-o", words, "none", place]);
    if (!mounted.includes(place)) mounted.push(place);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "full-"));
    await mkdir(join(root, "disk"));
    folder = join(root, "disk", "work");
    pod = await openLocalPod();
  });
  afterEach(async () => {
    for (const place of mounted.splice(0)) execFileSync("umount", [place]);
    await pod.close();
    await rm(root, { recursive: true, force: true });
  });

  async function shared() {
    const folders = [{ path: "/work", folder }];
    const state = runStateOf((await stateRootOf(folders)) ?? "", "run-uid");
    const limits = { bytes: 1e9, entries: 1e6 };
    const { signal } = new AbortController();
    return { folders, limits, state, start: pod.start, progress: () => undefined, signal };
  }
  const send = async () => sendFolders(await shared());
  const fetchBack = async () =>
    fetchChanges({ ...(await shared()), suffix: "conflict", patienceSeconds: 10 });

  async function contents(place: string): Promise<Readonly<Record<string, number>>> {
    const names = (await readdir(place)).toSorted();
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, (await readFile(join(place, name))).length])),
    );
  }

  test.each([
    ["many small files", 300, 8192],
    ["one large file", 1, 3 * mebibyte],
  ])(
    "the server's, %s: nothing of its folder is touched, and all is there when it has room",
    async (_, count, bytes) => {
      limit(join(root, "disk"), "1m");
      await mkdir(folder);
      await writeFile(join(folder, "kept"), "kept");
      await writeFile(join(folder, "gone"), "gone");
      expect(await send()).toMatchObject({ kind: "sent" });
      await rm(join(pod.folder(0), "gone"));
      for (let index = 0; index < count; index += 1)
        await writeFile(join(pod.folder(0), `new-${index}`), Buffer.alloc(bytes, "x"));
      const work = await contents(pod.folder(0));

      expect(await fetchBack()).toMatchObject({ kind: "interrupted", trouble: "server-disk-full" });
      expect(await contents(folder)).toEqual({ gone: 4, kept: 4 });
      expect(await contents(pod.folder(0))).toEqual(work);

      limit(join(root, "disk"), "16m");
      expect(await fetchBack()).toMatchObject({ kind: "returned", written: count, deleted: 1 });
      expect(await contents(folder)).toEqual(work);
    },
  );

  test.each([
    ["many small files", 300, 8192],
    ["one large file", 1, 3 * mebibyte],
  ])(
    "the pod's, %s: the server's folder stays as it is, and all is in when it has room",
    async (_, count, bytes) => {
      await mkdir(folder);
      for (let index = 0; index < count; index += 1)
        await writeFile(join(folder, `file-${index}`), Buffer.alloc(bytes, "x"));
      const work = await contents(folder);
      limit(pod.folder(0), "1m");

      expect(await send()).toMatchObject({ kind: "interrupted", trouble: "pod-disk-full" });
      expect(await contents(folder)).toEqual(work);

      limit(pod.folder(0), "16m");
      expect(await send()).toMatchObject({ kind: "sent", entries: count });
      expect(await contents(pod.folder(0))).toEqual(work);
    },
  );
});
