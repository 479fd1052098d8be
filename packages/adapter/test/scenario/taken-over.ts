import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { execute } from "../../src/execute.ts";
import type { ExecuteDependencies } from "../../src/execution.ts";
import type { ExecutionResult } from "../../src/host/contract.ts";
import { createRestartMemory } from "../../src/restart/memory.ts";
import { type FakeHost, fakeHost } from "../host-context.ts";
import { outputOf, statusOf } from "./lines.ts";
import { type World, recordingText } from "./world.ts";

const slow = { recording: "tool-parallel", pauseAt: 4, next: "nap", milliseconds: 3000 };

/** A run that finds the Job of one whose server let it go. */
export function takenOverScenarios(world: () => World): void {
  const hostFor = (task: string, plan: object, changes: Parameters<typeof fakeHost>[0]): FakeHost =>
    fakeHost({
      ...changes,
      runtime: { taskKey: task },
      config: { ...world().settings(plan), ...changes.config },
    });
  const run = (host: FakeHost, more: Partial<ExecuteDependencies> = {}): Promise<ExecutionResult> =>
    execute(host.context, { ...world(), ...more });
  const abandon = async (
    task: string,
    changes: Omit<Parameters<typeof fakeHost>[0], "onLog">,
    more: Partial<ExecuteDependencies> = {},
    plan: object = slow,
  ): Promise<FakeHost> => {
    const host = hostFor(task, plan, {
      runId: "first",
      ...changes,
      onLog: () => host.cancel.abort(new Error("Legacy controller lease lost")),
    });
    expect(await run(host, more)).toMatchObject({ errorCode: "interrupted" });
    return host;
  };
  const commented = (id: string, body: string) => ({
    wakeReason: "issue_commented",
    wakeCommentId: id,
    paperclipWake: { reason: "issue_commented", commentIds: [id], comments: [{ id, body }] },
  });

  /** The host's record of run `first`; what it says last it goes on saying. `gone`: there is no such record. */
  async function recordOf(says: readonly (string | object)[]): Promise<string> {
    const left = says.map((one) => (typeof one === "string" ? { status: one } : one));
    const server = createServer((request, response) => {
      const said = left.length > 1 ? left.shift() : left[0];
      const isAsked =
        request.url === "/api/heartbeat-runs/first" && Reflect.get(said ?? {}, "status") !== "gone";
      response.writeHead(isAsked ? 200 : 404).end(JSON.stringify(said));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A run of a process that ends after it, with what it does after its answer where the host goes on saying something. */
  async function endedRun(
    task: string,
    says: readonly (string | object)[],
    more: Partial<ExecuteDependencies>,
  ) {
    const origin = await recordOf(says);
    const works: Promise<void>[] = [];
    const connections = world().otherConnections();
    const first = hostFor(task, { recording: "simple-text" }, { runId: "first" });
    const afterwards = (work: () => Promise<void>): void => void works.push(work().catch(() => undefined));
    const result = await run(first, {
      connections,
      serverOrigin: () => origin,
      afterwards,
      storingPause: 50,
      ...more,
    });
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
    return { connections, works, origin };
  }

  const lost = { status: "failed", errorCode: "process_lost" };
  test.each([
    ["interrupted", ["interrupted"], false, true],
    ["running, and then success", ["running", "running", "succeeded"], false, false],
    [
      "running, of a server that stops and comes to it later",
      ["running", "running", "interrupted"],
      true,
      true,
    ],
    ["running, of a server that stops and takes the result", ["running", "succeeded"], true, false],
    ["cancelled, of a server that stops", ["running", "cancelled"], true, false],
    ["lost, of a server that stops", ["running", lost], true, true],
    ["lost, of a server that goes on", ["running", lost], false, false],
    ["nothing any more, of a server that stops", ["running", "gone"], true, true],
    ["nothing, of a server that goes on", ["gone"], false, false],
  ] as const)("a run that ends while its record says %s", async (name, says, stops, isTakenOver) => {
    const task = `ended-${name.replaceAll(/\W+/g, "-")}`;
    const { connections, works } = await endedRun(task, says, { isStopping: () => stops });
    await Promise.all(works);
    await connections.close();
    const second = hostFor(
      task,
      { recording: "simple-text" },
      { runId: "second", config: { busyWaitSec: 30 } },
    );
    const next = await run(second);
    expect(next).toMatchObject({ exitCode: 0, errorMessage: null });
    const happened = second.events.map(({ eventType }) => eventType);
    expect(happened.includes("k8s.job-adopted")).toBe(isTakenOver);
    expect(outputOf(second)).toBe(recordingText("simple-text"));
  });

  test("a result that the host had not stored when its server died is the next run's", async () => {
    const { connections } = await endedRun("not-stored", ["running"], {});
    await connections.close();
    const plan = { recording: "tool-parallel" };
    const second = hostFor("not-stored", plan, { runId: "second", config: { busyWaitSec: 30 } });
    const result = await run(second);
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(second.events.map(({ eventType }) => eventType)).toContain("k8s.job-adopted");
    expect(outputOf(second)).toBe(recordingText("simple-text"));
  });

  test("a result that the host had stored when its server died is not told again", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "restart-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const memory = createRestartMemory(folder);
    const { connections } = await endedRun("stored", ["running"], { memory });
    await connections.close();
    const [file = ""] = readdirSync(path.join(folder, "runs"));
    const jobUid = file.replace(".json", "");
    const stored = await recordOf([{ status: "succeeded", resultJson: { kubernetes: { jobUid } } }]);
    const plan = { recording: "tool-parallel" };
    const second = hostFor("stored", plan, { runId: "second", config: { busyWaitSec: 30 } });
    const result = await run(second, { memory, serverOrigin: () => stored });
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(outputOf(second)).toBe(recordingText("tool-parallel"));
    expect(second.events.map(({ eventType }) => eventType)).toContain("k8s.job-created");
  });

  test("what the next run was woken for is said after the Job's end, in the same session and the same call", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "restart-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const memory = createRestartMemory(folder);
    const token = ["second", "run", "token-0123456789"].join(".");
    const first = await abandon("news", {}, { memory });
    const plan = { recording: "simple-text", tell: true };
    const second = hostFor("news", plan, {
      runId: "second",
      authToken: token,
      context: commented("comment-2", "Use the blue paint."),
    });
    const result = await run(second, { memory });
    const [lines, told = ""] = outputOf(second).split(/(?=\{"type":"told")/);
    expect(lines).toBe(recordingText("tool-parallel"));
    const ran = JSON.parse(told.split("\n")[0] ?? "") as {
      prompt: string;
      arguments: string[];
      environment: Record<string, string>;
    };
    expect(ran.prompt).toContain("Use the blue paint.");
    const sessionId = /"session_id":"([^"]+)"/.exec(recordingText("tool-parallel"))?.[1];
    expect(ran.arguments.join(" ")).toContain(`--resume ${sessionId}`);
    expect(ran.environment["PAPERCLIP_RUN_ID"]).toBe("second");
    expect(statusOf(second)).toContainEqual(expect.stringContaining("goes on with its own prompt"));
    expect(result).toMatchObject({
      exitCode: 0,
      errorMessage: null,
      resultJson: { takenOver: { runId: "first", outcome: "success" } },
    });
    const alone = hostFor("news-alone", { recording: "tool-parallel" }, { runId: "alone" });
    const usual = await run(alone);
    expect(result.costUsd).toBeGreaterThan(usual.costUsd ?? Number.NaN);
    const [shown, own] = second.invocations;
    expect(shown?.prompt).toBe(first.invocations[0]?.prompt);
    expect(shown?.commandNotes?.[0]).toContain("Job of run first");
    expect(own?.prompt).toContain("Use the blue paint.");
    expect(await world().leftOver("news")).toEqual([]);
  });

  test("a wake that is only for the Job to be taken over says nothing of its own", async () => {
    await abandon("no-news", { context: commented("comment-1", "Paint it.") });
    const second = hostFor(
      "no-news",
      { recording: "simple-text", tell: true },
      {
        runId: "second",
        context: { wakeReason: "claude_k8s_run_outlived_server", paperclipWake: null },
      },
    );
    expect(await run(second)).toMatchObject({ exitCode: 0 });
    expect(outputOf(second)).toBe(recordingText("tool-parallel"));
    expect(second.invocations).toHaveLength(1);
    expect(second.invocations[0]?.prompt).toContain("given by run first");
  });

  test("what a run was woken for is not lost when its server dies while it follows the Job", async () => {
    const long = { ...slow, milliseconds: 5000 };
    await abandon("cut-off", {}, {}, long);
    await abandon("cut-off", { runId: "second", context: commented("c2", "Use the blue paint.") }, {}, long);
    const third = hostFor(
      "cut-off",
      { recording: "simple-text", tell: true },
      {
        runId: "third",
        context: { wakeReason: "claude_k8s_run_outlived_server", paperclipWake: null },
      },
    );
    expect(await run(third)).toMatchObject({ exitCode: 0, resultJson: { takenOver: { runId: "second" } } });
    expect(outputOf(third)).toContain('{"type":"told"');
  });

  test("with reattachOrphanedJobs off a live Job without a server blocks the next run, and is left alone", async () => {
    const config = { reattachOrphanedJobs: false };
    await abandon("left-alone", { config }, {}, { ...slow, milliseconds: 6000 });
    const second = hostFor("left-alone", slow, { runId: "second", config });
    expect(await run(second)).toMatchObject({
      errorCode: "k8s_concurrent_run_blocked",
      errorFamily: "transient_upstream",
    });
    expect(outputOf(second)).toBe("");
  });
}
