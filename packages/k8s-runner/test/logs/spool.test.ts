import { appendFile, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SpoolEntry } from "../../src/logs/spool/frame.ts";
import { REAL_DISK } from "../../src/logs/spool/disk.ts";
import type { SpoolDisk, SpoolHandle } from "../../src/logs/spool/disk.ts";
import { createSpool } from "../../src/logs/spool/spool.ts";
import type { SpoolOptions } from "../../src/logs/spool/spool.ts";

const owner = { podUid: "uid", container: "agent" };
const encoder = new TextEncoder();
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spool-test-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function lines(text: string): SpoolEntry {
  return { kind: "lines", text: encoder.encode(text), marks: Float64Array.of(1, 2, 3) };
}

function textOf(entry: SpoolEntry | null): string | null {
  return entry?.kind === "lines" ? Buffer.from(entry.text).toString() : null;
}

async function drain(spool: ReturnType<typeof createSpool>): Promise<string> {
  let text = "";
  for (;;) {
    const entry = await spool.take();
    if (entry === null) return text;
    text += textOf(entry) ?? "";
  }
}

function make(options: Partial<SpoolOptions>, warnings: string[] = []): ReturnType<typeof createSpool> {
  return createSpool({ overflowFolder: folder, ...options }, owner, (message) => warnings.push(message));
}

/** A disk with so much room. */
function smallDisk(bytes: number): SpoolDisk {
  let left = bytes;
  const openSmall: SpoolDisk["open"] = async (path, flags) => {
    const handle = await open(path, flags);
    const write = async (
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
    ): Promise<unknown> => {
      if (left <= 0) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      const answer = await handle.write(buffer, offset, Math.min(length, left), position);
      left -= answer.bytesWritten;
      return answer;
    };
    return {
      read: handle.read.bind(handle),
      write: write as SpoolHandle["write"],
      truncate: handle.truncate.bind(handle),
      close: handle.close.bind(handle),
    };
  };
  return { ...REAL_DISK, open: openSmall };
}

describe("a consumer that is late", () => {
  test("gets everything in order, in memory or from disk, and nothing stays on disk", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 8000 }), async (written, memoryBytes) => {
        const spool = make({ memoryBytes });
        let expected = "";
        let taken = "";
        for (const [index, size] of written.entries()) {
          const text = `${index}:${"x".repeat(size)}\n`;
          expected += text;
          spool.write(lines(text));
          if (size % 3 === 0) taken += textOf(await spool.take()) ?? "";
          if (size % 5 === 0) await spool.room(new AbortController().signal);
        }
        spool.end();
        taken += await drain(spool);
        await spool.close();
        expect(taken).toBe(expected);
        expect(await readdir(folder)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("a full disk: a warning, nothing lost, and reading waits for the consumer", async () => {
    const warnings: string[] = [];
    const spool = make({ memoryBytes: 1000, disk: smallDisk(2500) }, warnings);
    let expected = "";
    let index = 0;
    const signal = new AbortController().signal;
    const writing = (async () => {
      for (; index < 40; index++) {
        const text = `${index}:${"x".repeat(500)}\n`;
        expected += text;
        if (spool.write(lines(text)) === "full") await spool.room(signal);
      }
      spool.end();
    })();
    await expect.poll(() => warnings.length).toBe(1);
    expect(index).toBeLessThan(40);
    const taken = await drain(spool);
    await writing;
    await spool.close();
    expect(taken).toBe(expected);
    expect(warnings[0]).toContain("ENOSPC");
  });

  test("without a folder reading waits at once", async () => {
    const spool = make({ overflowFolder: null, memoryBytes: 100 });
    expect(spool.write(lines("x".repeat(101)))).toBe("full");
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(spool.room(aborted)).rejects.toThrow("enough");
  });
});

describe("a durable spool", () => {
  const durable = (): SpoolOptions["durable"] & {} => ({
    path: join(folder, "run.spool"),
    maximumBytes: 2 ** 20,
  });

  async function writeRun(texts: readonly string[]): Promise<void> {
    const spool = make({ durable: durable(), memoryBytes: 0 });
    expect(await spool.open(() => true)).toBe(true);
    for (const text of texts) {
      spool.write(lines(text));
      await spool.room(new AbortController().signal);
    }
    spool.write({ kind: "gap", gap: { after: null, before: null, reason: "rotated", message: "m" } });
    spool.end(new Error("killed"));
    await spool.close();
  }

  async function replay(spool = make({ durable: durable() })): Promise<{ text: string; gaps: number }> {
    let gaps = 0;
    expect(await spool.open((entry) => (entry.kind === "gap" ? ++gaps > 0 : true))).toBe(true);
    spool.end();
    const text = await drain(spool);
    await spool.close();
    return { text, gaps };
  }

  test("is replayed by the process that adopts the run, and goes on", async () => {
    await writeRun(["a\n", "b\n"]);
    expect(await replay()).toEqual({ text: "a\nb\n", gaps: 1 });
    const second = make({ durable: durable() });
    await second.open(() => true);
    second.write(lines("c\n"));
    second.end();
    expect(await drain(second)).toBe("a\nb\nc\n");
    await second.close();
    expect(await replay()).toEqual({ text: "a\nb\nc\n", gaps: 1 });
    await second.remove();
    expect(await readdir(folder)).toEqual([]);
  });

  test("is replayed at once to a consumer that was there first", { timeout: 5000 }, async () => {
    await writeRun(["a\n"]);
    const spool = make({ durable: durable() });
    const first = spool.take();
    await spool.open(() => true);
    expect(await first).toMatchObject({ kind: "lines" });
    await spool.close();
  });

  test("what dead processes left half copied goes with the next opening, and all of it with the file", async () => {
    await writeRun(["a\n"]);
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const name = basename(durable().path);
    const alive = `${name}.${process.ppid}.new`;
    const foreign = `other.spool.${dead}.new`;
    for (const half of [`${name}.${dead}.new`, alive, foreign]) await writeFile(join(folder, half), "half");
    const spool = make({ durable: durable() });
    await spool.open(() => true);
    expect((await readdir(folder)).toSorted()).toEqual([name, alive, foreign].toSorted());
    spool.end();
    expect(await drain(spool)).toBe("a\n");
    await spool.close();
    await spool.remove();
    expect(await readdir(folder)).toEqual([foreign]);
  });

  test("cut at any byte or damaged at any byte, it is a whole prefix of what was written", async () => {
    await writeRun(["first\n", "second\n", "third\n"]);
    const { path } = durable();
    const whole = await readFile(path);
    const prefixes = ["", "first\n", "first\nsecond\n", "first\nsecond\nthird\n"];
    for (let at = 0; at < whole.length; at++) {
      await writeFile(path, whole);
      await truncate(path, at);
      expect(prefixes).toContain((await replay()).text);
      await writeFile(path, whole.with(at, (whole[at] as number) ^ 0x55));
      expect(prefixes).toContain((await replay()).text);
    }
    await writeFile(path, whole);
    await appendFile(path, "torn");
    expect((await replay()).text).toBe(prefixes[3]);
  });

  test("of another pod it is not replayed", async () => {
    await writeRun(["a\n"]);
    const other = createSpool(
      { overflowFolder: null, durable: durable() },
      { ...owner, podUid: "other" },
      () => undefined,
    );
    expect(await replay(other)).toEqual({ text: "", gaps: 0 });
  });

  test("a process that was only frozen does not write into the adopter's file", async () => {
    const frozen = make({ durable: durable() });
    await frozen.open(() => true);
    frozen.write(lines("before\n"));
    await expect.poll(async () => (await stat(durable().path)).size).toBeGreaterThan(100);
    const adopter = make({ durable: durable() });
    await adopter.open(() => true);
    frozen.write(lines("late\n"));
    adopter.write(lines("after\n"));
    adopter.end();
    expect(await drain(adopter)).toBe("before\nafter\n");
    await frozen.close();
    await adopter.close();
    expect((await replay()).text).toBe("before\nafter\n");
  });

  test("beyond its bound it stops growing, with a warning, and the consumer loses nothing", async () => {
    const warnings: string[] = [];
    const spool = make({ durable: { ...durable(), maximumBytes: 2000 } }, warnings);
    await spool.open(() => true);
    for (let index = 0; index < 10; index++) spool.write(lines(`${"x".repeat(499)}\n`));
    spool.end();
    expect(await drain(spool)).toHaveLength(5000);
    await spool.close();
    expect(warnings).toHaveLength(1);
    expect((await stat(durable().path)).size).toBeLessThan(2200);
  });

  test("a folder that can not be written is a warning", async () => {
    const warnings: string[] = [];
    await writeFile(join(folder, "file"), "");
    const spool = make(
      { durable: { path: join(folder, "file", "run.spool"), maximumBytes: 2 ** 20 } },
      warnings,
    );
    expect(await spool.open(() => true)).toBe(false);
    expect(warnings).toHaveLength(1);
    spool.write(lines("a\n"));
    expect(textOf(await spool.take())).toBe("a\n");
  });
});

/** It holds the output as it came, before anything is masked. */
test("a spool and its folder are the server's user's alone, whatever the process would give", async () => {
  const before = process.umask(0);
  try {
    const place = join(folder, "spools", "agents");
    const durable = { path: join(place, "uid.spool"), maximumBytes: 1e6 };
    const spool = make({ durable, memoryBytes: 1000, overflowFolder: place });
    await spool.open(() => true);
    for (let index = 0; index < 9; index += 1) spool.write(lines("an answer with a key in it\n".repeat(90)));
    await spool.flushed();
    const found = await readdir(join(folder, "spools"), { recursive: true, withFileTypes: true });
    const modes = await Promise.all(
      found.map(async (entry) => {
        const { mode } = await stat(join(entry.parentPath, entry.name));
        return [entry.isDirectory() ? "folder" : "file", (mode & 0o777).toString(8)];
      }),
    );
    expect(modes).toEqual(
      expect.arrayContaining([
        ["folder", "700"],
        ["file", "600"],
      ]),
    );
    expect(modes.every(([kind, mode]) => mode === (kind === "folder" ? "700" : "600"))).toBe(true);
    expect(((await stat(join(folder, "spools"))).mode & 0o777).toString(8)).toBe("700");
    spool.end();
    expect(await drain(spool)).toContain("a key");
    await spool.close();
  } finally {
    process.umask(before);
  }
});
