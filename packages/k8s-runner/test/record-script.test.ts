/** What runs in the second container of a recorded run, in this machine's shell. */

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  askSizeScript,
  givenUpExitCode,
  readScript,
  recordFolder,
  recordHeader,
  recorderScript,
  releaseScript,
} from "../src/record/script.ts";

const mebibyte = 1024 ** 2;

/** Some file systems cannot give back a part of a file. */
function canGiveBack(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "record-script-"));
  const file = join(folder, "file");
  writeFileSync(file, "x".repeat(8192));
  const { status } = spawnSync("fallocate", ["--punch-hole", "--offset", "0", "--length", "4096", file]);
  rmSync(folder, { recursive: true });
  return status === 0;
}

interface Place {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "record-script-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, env: process.env };
}

/** An image whose `tail` is a plainer one. */
async function withPlainTail({ folder }: Place): Promise<Place> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  const script = `#!/bin/sh\ncase "$*" in *--pid*) exit 1;; esac\nexec /usr/bin/tail "$@"\n`;
  await writeFile(join(bin, "tail"), script);
  await chmod(join(bin, "tail"), 0o755);
  return { folder, env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` } };
}

function shell({ folder, env }: Place, script: string, words: readonly string[] = []): ChildProcess {
  const text = script.replaceAll(recordFolder, folder);
  const child = spawn("/bin/sh", ["-c", text, "sh", ...words], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function outputOf(child: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(child, "close");
  return Buffer.concat(chunks).toString();
}

/** Stands for the command: lives until it is killed. */
async function startMain({ folder }: Place): Promise<ChildProcess> {
  const main = spawn("sleep", ["600"], { stdio: "ignore" });
  onTestFinished(() => void main.kill("SIGKILL"));
  await writeFile(join(folder, "main"), `${main.pid}\n`);
  return main;
}

test.each([
  ["GNU tail", async (place: Place) => place],
  ["a plain tail", withPlainTail],
])("prints all that the command writes, and stays until it is released (%s)", async (_name, change) => {
  const place = await change(await openPlace());
  const file = join(place.folder, "output");
  const main = await startMain(place);
  await writeFile(file, "before\n");
  const recorder = shell(place, recorderScript, ["60", "5", "600", String(64 * mebibyte)]);
  let printed = "";
  const seen = Promise.withResolvers<void>();
  recorder.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed.includes("meanwhile")) seen.resolve();
  });
  await appendFile(file, "meanwhile\n");
  await seen.promise;
  await appendFile(file, `${"z".repeat(2 * mebibyte)}\nlast`);
  main.kill("SIGKILL");
  const size = await outputOf(shell(place, askSizeScript));
  const text = await readFile(file, "utf8");
  expect(Number(size)).toBe(text.length);
  // Compared here, as nobody reads a difference of two megabytes.
  expect((await outputOf(shell(place, readScript, ["7"]))) === text.slice(7)).toBe(true);
  expect(recorder.exitCode).toBeNull();
  await outputOf(shell(place, releaseScript));
  await once(recorder, "close");
  expect(recorder.exitCode).toBe(0);
  expect(printed === `${recordHeader}\n${text}`).toBe(true);
});

test("a command that does not end at SIGTERM is killed after its grace", async () => {
  const place = await openPlace();
  const main = await startMain(place);
  const ended = once(main, "close");
  const recorder = shell(place, recorderScript, ["60", "0", "0", String(mebibyte)]);
  // The trap is set when the header comes.
  await once(recorder.stdout!, "data");
  recorder.kill("SIGTERM");
  await ended;
  expect(main.signalCode).toBe("SIGKILL");
  await once(recorder, "close");
  expect(recorder.exitCode).toBe(0);
});

describe.skipIf(!canGiveBack())(
  "beyond its limit (needs a file system that can give back a part of a file)",
  () => {
    test.each([
      ["GNU tail", async (place: Place) => place],
      ["a plain tail", withPlainTail],
    ])(
      "what is not printed yet is never given up, however small the limit (%s)",
      async (_name, change) => {
        const place = await change(await openPlace());
        const main = await startMain(place);
        const recorder = shell(place, recorderScript, ["60", "5", "0", "65536"]);
        await once(recorder.stdout!, "readable");
        const text = `${"b".repeat(999)}\n`.repeat(3000);
        await appendFile(join(place.folder, "output"), text);
        const base = join(place.folder, "base");
        // Nobody reads what it prints until it has given up what it may.
        while (!(await readFile(base, "utf8").catch(() => "")))
          await new Promise((resolve) => setTimeout(resolve, 50));
        main.kill("SIGKILL");
        const printed = await outputOf(recorder);
        expect(printed === `${recordHeader}\n${text}`).toBe(true);
      },
      60_000,
    );
  },
);

test("of a file beyond its limit the beginning is given up, and nobody is given zeros for it", async () => {
  const place = await openPlace();
  await startMain(place);
  const file = join(place.folder, "output");
  const text = `${"a".repeat(99)}\n`.repeat(30_000);
  await writeFile(file, text);
  await writeFile(join(place.folder, "base"), "1048576\n");
  const early = shell(place, readScript, ["1048575"]);
  expect(await outputOf(early)).toBe("");
  expect(early.exitCode).toBe(givenUpExitCode);
  expect(await outputOf(shell(place, readScript, ["1048576"]))).toBe(text.slice(1_048_576));
});
