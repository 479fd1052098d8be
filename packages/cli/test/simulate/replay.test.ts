import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { paceOf } from "../../src/simulate/story/pace.ts";
import { parseTruth } from "../../src/simulate/story/truth.ts";

const recording = readFileSync(
  new URL("../../src/simulate/story/recording/fix-the-failing-tests.ndjson", import.meta.url),
);
const program = (name: string) => new URL(`../../src/simulate/story/replay/${name}`, import.meta.url);
const prompt = "Find out why.\n";

describe("the replay program", () => {
  let folder = "";
  const path = (name: string): string => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "demo-replay-"));
    for (const name of ["claude", "replay.cjs"]) copyFileSync(program(name), path(name));
    chmodSync(path("claude"), 0o555);
    writeFileSync(path("transcript.ndjson"), recording);
    writeFileSync(path("pace.json"), JSON.stringify(paceOf(recording, { totalMilliseconds: 100, speed: 1 })));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  interface Outcome {
    readonly stdout: Buffer;
    readonly code: number | null;
    readonly signal: string | null;
  }

  function run(
    options: {
      readonly stdin?: string;
      readonly environment?: Record<string, string>;
      readonly onLines?: (count: number, kill: (signal: NodeJS.Signals) => void) => void;
    } = {},
  ): Promise<Outcome> {
    const child = spawn(path("claude"), ["-p"], {
      env: {
        PATH: process.env["PATH"],
        REPLAY_TERMINATION_MESSAGE: path("termination-log"),
        ...options.environment,
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      options.onLines?.(Buffer.concat(chunks).toString().split("\n").length - 1, (signal) =>
        child.kill(signal),
      );
    });
    child.stdin.end(options.stdin ?? prompt);
    return new Promise((resolve) => {
      child.on("close", (code, signal) => resolve({ stdout: Buffer.concat(chunks), code, signal }));
    });
  }

  const told = () => parseTruth(readFileSync(path("termination-log"), "utf8"));

  test("writes the recording byte for byte and counts it beside the log", async () => {
    const { stdout, code } = await run();
    expect(code).toBe(0);
    expect(stdout.equals(recording)).toBe(true);
    expect(told()).toEqual({
      lines: 64,
      bytes: recording.length,
      sha256: createHash("sha256").update(recording).digest("hex"),
      promptBytes: prompt.length,
      promptSha256: createHash("sha256").update(prompt).digest("hex"),
    });
  });

  test("has counted what it wrote when it is told to stop", async () => {
    let stopped = false;
    const { stdout, code } = await run({
      environment: { REPLAY_ENDING: "wait", REPLAY_LINES: "5" },
      onLines: (count, kill) => {
        if (count < 5 || stopped) return;
        stopped = true;
        kill("SIGTERM");
      },
    });
    expect(code).toBe(143);
    expect(told()).toMatchObject({ lines: 5, bytes: stdout.length });
  });

  test.each(["allocate", "wait"])("has told its count when its last line is seen (%s)", async (ending) => {
    const { stdout, signal } = await run({
      environment: { REPLAY_ENDING: ending, REPLAY_LINES: "3" },
      onLines: (count, kill) => {
        if (count === 3) kill("SIGKILL");
      },
    });
    expect(signal).toBe("SIGKILL");
    expect(told()).toMatchObject({
      lines: 3,
      sha256: createHash("sha256").update(stdout).digest("hex"),
    });
  });

  test("refuses to run without a prompt, as Claude Code does", async () => {
    const { code, stdout } = await run({ stdin: "" });
    expect(code).toBe(1);
    expect(stdout.length).toBe(0);
  });
});

describe("the pace", () => {
  test("has a delay for each line and the total asked for", () => {
    const pace = paceOf(recording, { totalMilliseconds: 24_000, speed: 2 });
    expect(pace).toHaveLength(64);
    expect(Math.abs(pace.reduce((sum, delay) => sum + delay, 0) - 12_000)).toBeLessThan(64);
  });

  test("a line that is no frame takes its turn too", () => {
    expect(paceOf(Buffer.from("{}\nnot json\n"), { totalMilliseconds: 560, speed: 1 })).toEqual([500, 60]);
  });
});

describe("a termination message", () => {
  test.each(["", "Killed", "{}", "null", '{"lines":"64","bytes":1,"sha256":""}'])(
    "that is not the replay program's is none: %j",
    (message) => expect(parseTruth(message)).toBeNull(),
  );
});
