/** The script of doctor's round trip, by this machine's own shell. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { longLineBytes, roundTripScript } from "../src/doctor/round-trip-script.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "round-trip-"));
  // It starts so slowly that it is released by hand.
  writeFileSync(path.join(folder, "claude"), '#!/bin/sh\nread -r version\necho "$version"\n');
  chmodSync(path.join(folder, "claude"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["while claude still starts", "after the last line"])(
  "it is let go %s, and is whole",
  async (when) => {
    const child = spawn("/bin/sh", ["-c", roundTripScript({ waits: true })], {
      env: { PATH: `${folder}:${process.env["PATH"]}` },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    let output = "";
    let isLetGo = false;
    const letGo = (): void => {
      if (isLetGo) return;
      isLetGo = true;
      expect(child.kill("SIGUSR1")).toBe(true);
    };
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      const before = output;
      output += String(chunk);
      if (!before.includes("\n") && output.includes("\n")) {
        if (when === "while claude still starts") letGo();
        child.stdin.end("2.1.330 (Claude Code)\n");
      }
      if (output.endsWith("end\n")) letGo();
    }
    expect(await ended).toEqual([0, null]);
    const [pid, ...lines] = output.split("\n");
    expect(pid).toBe(String(child.pid));
    expect(lines).toEqual(["2.1.330 (Claude Code)", "x".repeat(longLineBytes), "same", "same", "end", ""]);
  },
);

test("without exec it waits for nothing", async () => {
  const child = spawn("/bin/sh", ["-c", roundTripScript({ waits: false })], {
    env: { PATH: `${folder}:${process.env["PATH"]}` },
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end("1.0.0\n");
  expect(await once(child, "exit")).toEqual([0, null]);
});
