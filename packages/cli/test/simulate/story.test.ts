import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DemoEvent } from "../../src/simulate/story/events.ts";

const program = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

describe("the demo, as a person starts it", { timeout: 120_000 }, () => {
  /** Everything that the demo makes on disk is below it: what is left there was left behind. */
  let temporary = "";
  beforeEach(() => void (temporary = mkdtempSync(join(tmpdir(), "demo-test-"))));
  afterEach(() => rmSync(temporary, { recursive: true, force: true }));

  interface Ended {
    readonly code: number | null;
    readonly stdout: string;
    readonly events: readonly DemoEvent[];
    readonly stderr: string;
  }

  function demo(
    argv: readonly string[],
    onEvent: (event: DemoEvent, child: ChildProcess) => void = () => {},
  ) {
    const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", program, "simulate", ...argv], {
      env: { PATH: process.env["PATH"], HOME: temporary, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let read = 0;
    const events: DemoEvent[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      if (!argv.includes("--json")) return;
      for (let end = stdout.indexOf("\n", read); end !== -1; end = stdout.indexOf("\n", read)) {
        const event = JSON.parse(stdout.slice(read, end)) as DemoEvent;
        read = end + 1;
        events.push(event);
        onEvent(event, child);
      }
    });
    child.stderr.on("data", (chunk: Buffer) => void (stderr += chunk.toString("utf8")));
    return new Promise<Ended>((resolve) => {
      child.on("close", (code) => resolve({ code, stdout, events, stderr }));
    });
  }

  /** Processes that know the folder by their command line or environment: supervisors and containers. */
  function processesLeft(): readonly string[] {
    if (!existsSync("/proc")) return [];
    return readdirSync("/proc")
      .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
      .filter((name) => mentionsFolder(`/proc/${name}/environ`) || mentionsFolder(`/proc/${name}/cmdline`));
  }

  function mentionsFolder(file: string): boolean {
    try {
      return readFileSync(file, "utf8").includes(temporary);
    } catch {
      return false; // Ended meanwhile, or another user's.
    }
  }

  function expectNothingLeft(): void {
    expect(readdirSync(temporary).filter((name) => !name.startsWith("node-compile-cache"))).toEqual([]);
    expect(processesLeft()).toEqual([]);
  }

  test(
    "delivers every line once, explains the failure, and leaves nothing behind",
    { timeout: 120_000 },
    async () => {
      const { code, events, stderr } = await demo(["--json", "--speed", "4"]);
      expect(stderr).toBe("");
      const proof = events.at(-1);
      expect(proof?.type === "proof" && proof.failures).toEqual([]);
      expect(proof).toMatchObject({
        type: "proof",
        holds: true,
        container: { lines: 64 },
        delivered: { lines: 64 },
        lost: 0,
        repeated: 0,
        incidents: { logCuts: 2, supervisorKills: 1, adoptions: 1 },
        failingRun: { code: "k8s_oom_killed", complete: true },
        failures: [],
      });
      expect(code).toBe(0);
      const shown = events.flatMap((event) => (event.type === "output" ? [event.line] : []));
      expect(shown.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
      expectNothingLeft();
    },
  );

  test("interrupted in the middle of the run it says so, and leaves nothing behind", async () => {
    const { code, events } = await demo(["--json"], (event, child) => {
      if (event.type === "output" && event.line === 3) child.kill("SIGINT");
    });
    expect(code).toBe(130);
    expect(events.at(-2)).toMatchObject({ type: "error", message: "interrupted; nothing is left behind" });
    expect(events.at(-1)).toMatchObject({ type: "proof", holds: false });
    expectNothingLeft();
  });

  test("a port that is taken is an error that says what to do", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stdout } = await demo(["--port", String(port)]);
    server.close();
    expect(stdout).toBe(
      `error: cannot start the local cluster: port ${port} is taken; leave --port out, or name another\n`,
    );
    expect(code).toBe(1);
    expectNothingLeft();
  });
});
