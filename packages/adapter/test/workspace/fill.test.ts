/** The script that fills a claim, in a real shell; and what is said of it when it fails. */

import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "@claude-k8s/diagnostics";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { podPaths } from "../../src/claude/paths.ts";
import { fillingScript } from "../../src/workspace/claim/fill.ts";

let root: string;
const folder = (name: string): string => join(root, name);
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "fill-"));
  for (const name of ["first", "claim's", "home"]) await mkdir(folder(name));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function fill(claim = folder("claim's")): Promise<{ readonly exitCode: number; readonly errors: string }> {
  const script = fillingScript(claim, folder("home")).replaceAll(podPaths.firstFiles, folder("first"));
  return new Promise((resolve) => {
    const child = execFile("/bin/sh", ["-c", script], (_error, output, errors) => {
      expect(output).toBe("");
      resolve({ exitCode: child.exitCode ?? -1, errors });
    });
  });
}

function endingOf({ exitCode, errors }: Awaited<ReturnType<typeof fill>>) {
  const diagnosis = diagnose({
    exit: { kind: "exited", exitCode, signal: null, evidence: { namespace: "agents" } },
    summary: { frames: 0, inits: 0, noise: errors.trim().split("\n") },
  });
  if (diagnosis.outcome !== "failure") throw new Error("no failure");
  return diagnosis;
}

test("fills once, and leaves alone what is there later", async () => {
  await writeFile(join(folder("first"), "a file"), "first");
  expect(await fill()).toEqual({ exitCode: 0, errors: "" });
  expect(await readFile(join(folder("claim's"), "a file"), "utf8")).toBe("first");
  await writeFile(join(folder("claim's"), "a file"), "worked on");
  expect(await fill()).toEqual({ exitCode: 0, errors: "" });
  expect(await readFile(join(folder("claim's"), "a file"), "utf8")).toBe("worked on");
});

describe.skipIf(process.getuid?.() !== 0)("what the disk refuses (needs root for a small one)", () => {
  beforeEach(() => execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder("claim's")]));
  afterEach(() => execFileSync("umount", [folder("claim's")]));

  test("a claim that is full has an ending of its own, in few lines, and is filled when it has room", async () => {
    for (let index = 0; index < 50; index += 1)
      await writeFile(join(folder("first"), `file-${index}`), Buffer.alloc(8192, "x"));
    const failed = await fill();
    expect(failed.errors.trim().split("\n").length).toBeLessThanOrEqual(4);
    const diagnosis = endingOf(failed);
    expect(diagnosis).toMatchObject({ code: "workspace_fill_failed", family: null, bootstrap: true });
    expect(diagnosis.cause).toContain("it is full");
    expect(diagnosis.fix.join("\n")).toContain("enlarge it");

    execFileSync("mount", ["-o", "remount,size=4m", folder("claim's")]);
    expect(await fill()).toEqual({ exitCode: 0, errors: "" });
    expect((await readFile(join(folder("claim's"), "file-49"))).length).toBe(8192);
  });

  test("so has one that may not be written to", async () => {
    await writeFile(join(folder("first"), "file"), "x");
    execFileSync("mount", ["-o", "remount,ro", folder("claim's")]);
    const diagnosis = endingOf(await fill());
    expect(diagnosis).toMatchObject({ code: "workspace_fill_failed", family: null });
    expect(diagnosis.cause).toContain("the pod may not write to it");
  });
});

test("storage that does not answer may be well again later", () => {
  const words = "the claim could not be filled with the files of the workspace folder";
  for (const line of [
    "cp: cannot stat '/workspace/./a': Stale file handle",
    "cp: error writing '/workspace/./a': Input/output error",
    "cp: failed to close '/workspace/./a': Transport endpoint is not connected",
  ])
    expect(endingOf({ exitCode: 75, errors: `${line}\n${words}\n` })).toMatchObject({
      code: "workspace_fill_failed",
      family: "transient_upstream",
    });
});

test("another program's exit 75 is its own", () => {
  expect(endingOf({ exitCode: 75, errors: "sendmail: temporary failure" }).code).not.toBe(
    "workspace_fill_failed",
  );
});
