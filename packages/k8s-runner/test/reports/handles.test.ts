/** Whatever becomes of a disk or a reader, every file that was opened is closed; each case with where its kind is reported. */

import { expect, onTestFinished, test } from "vitest";
import { createSpool } from "../../src/logs/spool/spool.ts";
import { REAL_DISK } from "../../src/logs/spool/disk.ts";
import type { SpoolDisk, SpoolHandle } from "../../src/logs/spool/disk.ts";
import { createLogFollower } from "../../src/logs/follower.ts";
import type { LogSource } from "../../src/cluster/log-source.ts";
import { makeFolder } from "../supervisor.ts";
import { systemClock } from "../../src/clock.ts";
import { join } from "node:path";
import { truncate, writeFile } from "node:fs/promises";

interface CountingDisk extends SpoolDisk {
  readonly left: () => number;
  readonly opened: () => number;
}

function counting(
  changes: Partial<SpoolDisk> = {},
  wrap = (handle: SpoolHandle): SpoolHandle => handle,
): CountingDisk {
  let open = 0;
  let ever = 0;
  const disk = { ...REAL_DISK, ...changes };
  return {
    ...disk,
    left: () => open,
    opened: () => ever,
    async open(path, flags) {
      const handle = await disk.open(path, flags);
      open += 1;
      ever += 1;
      const close = async (): Promise<void> => {
        await handle.close();
        open -= 1;
      };
      return changed(wrap(handle), { close });
    },
  };
}

/** The same file, which does some things in another way. */
function changed(handle: SpoolHandle, changes: Partial<SpoolHandle>): SpoolHandle {
  return new Proxy(handle, {
    get(target, name: keyof SpoolHandle) {
      const member: unknown = changes[name] ?? target[name];
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

const text = Buffer.from(`${"x".repeat(1000)}\n`);
const target = { namespace: "n", podName: "p", podUid: "uid", container: "main" };
const slowly = <T>(make: () => Promise<T>): Promise<T> =>
  new Promise((resolve) => setTimeout(() => resolve(make()), 100));

/** Prints for ever. */
const endless: LogSource = {
  async open(_, { signal }) {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let index = 0; !signal.aborted; index += 1) {
        yield Buffer.from(
          `${new Date(Date.UTC(2026, 0, 1) + index).toISOString().replace("Z", "000000Z")} ${text.toString()}`,
        );
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return { kind: "stream", chunks: chunks(), cancel: () => undefined };
  },
};

function followWith(disk: SpoolDisk, folder: string, signal: AbortSignal) {
  return createLogFollower({
    source: endless,
    target,
    verify: async () => "running",
    onEvent: () => undefined,
    clock: systemClock,
    random: () => 0.5,
    signal,
    spool: {
      overflowFolder: folder,
      memoryBytes: 5000,
      disk,
      durable: { path: join(folder, "run.spool"), maximumBytes: 20_000 },
    },
  });
}

test.each([0, 1, 5, 50, 150, 400])(
  "a reader that is called off %i ms after it began (electron-userland/electron-builder#9369)",
  async (milliseconds) => {
    const folder = await makeFolder(onTestFinished);
    const disk = counting({ open: (path, flags) => slowly(() => REAL_DISK.open(path, flags)) });
    const stop = new AbortController();
    const follower = followWith(disk, folder, stop.signal);
    setTimeout(() => stop.abort(new Error("called off")), milliseconds);
    await follower.completion.catch(() => undefined);
    await follower.closed;
    expect(disk.left()).toBe(0);
  },
);

test("a file that cannot get its name (CheckerNetwork/node#111)", async () => {
  const folder = await makeFolder(onTestFinished);
  const disk = counting({ rename: async () => Promise.reject(new Error("EACCES")) });
  const spool = createSpool(
    { overflowFolder: null, disk, durable: { path: join(folder, "a"), maximumBytes: 1 } },
    target,
    () => undefined,
  );
  expect(await spool.open(() => true)).toBe(false);
  await spool.close();
  expect([disk.opened() > 0, disk.left()]).toEqual([true, 0]);
});

test.each(["damaged", "cut", "foreign"])(
  "a file of an earlier process that is %s (dlants/magenta.nvim#117)",
  async (how) => {
    const folder = await makeFolder(onTestFinished);
    const path = join(folder, "a");
    const options = { overflowFolder: null, durable: { path, maximumBytes: 100_000 } };
    const first = createSpool(
      options,
      { ...target, podUid: how === "foreign" ? "other" : "uid" },
      () => undefined,
    );
    await first.open(() => true);
    first.write({ kind: "lines", text, marks: new Float64Array(0) });
    await first.flushed();
    await first.close();
    if (how === "damaged") await writeFile(path, Buffer.alloc(100, 7));
    if (how === "cut") await truncate(path, 300);
    const disk = counting();
    const second = createSpool({ ...options, disk }, target, () => undefined);
    await second.open(() => true);
    await second.close();
    expect([disk.opened() > 1, disk.left()]).toEqual([true, 0]);
  },
);

test("a disk that fails in the middle of reading what an earlier process left (letsdiscodev/cli#20)", async () => {
  const folder = await makeFolder(onTestFinished);
  const path = join(folder, "a");
  const options = { overflowFolder: null, durable: { path, maximumBytes: 100_000 } };
  const first = createSpool(options, target, () => undefined);
  await first.open(() => true);
  first.write({ kind: "lines", text, marks: new Float64Array(0) });
  await first.flushed();
  await first.close();
  const failing = (handle: SpoolHandle): SpoolHandle => {
    let reads = 0;
    const { read } = handle;
    return changed(handle, {
      read: (...given: Parameters<SpoolHandle["read"]>) =>
        ++reads > 2 ? Promise.reject(new Error("EIO")) : read.apply(handle, given),
    });
  };
  const disk = counting({}, failing);
  const second = createSpool({ ...options, disk }, target, () => undefined);
  expect(await second.open(() => true)).toBe(false);
  await second.close();
  expect([disk.opened() > 1, disk.left()]).toEqual([true, 0]);
});

test("a disk that is full when the overflow is written (linz/basemaps#2698)", async () => {
  const folder = await makeFolder(onTestFinished);
  const full = (handle: SpoolHandle): SpoolHandle =>
    changed(handle, { write: () => Promise.reject(new Error("ENOSPC")) });
  const disk = counting({}, full);
  const spool = createSpool({ overflowFolder: folder, memoryBytes: 1500, disk }, target, () => undefined);
  for (let index = 0; index < 4; index += 1) spool.write({ kind: "lines", text, marks: new Float64Array(0) });
  for (let index = 0; index < 4; index += 1) await spool.take();
  await spool.close();
  expect([disk.opened() > 0, disk.left()]).toEqual([true, 0]);
});
