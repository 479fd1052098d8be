import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { ExecutionResult } from "../../src/host/contract.ts";
import { execute } from "../../src/execute.ts";
import { createDailyLedger } from "../../src/guards/daily-budget.ts";
import { type FakeHost, fakeHost } from "../host-context.ts";
import { outputOf, statusOf } from "./lines.ts";
import { takenOverScenarios } from "./taken-over.ts";
import { type World, recordingText } from "./world.ts";

function firstOutput(host: FakeHost): Promise<void> {
  return new Promise((resolve) => {
    const { onLog } = host.context;
    Object.assign(host.context, {
      onLog: async (stream: "stdout", chunk: string) => {
        await onLog(stream, chunk);
        resolve();
      },
    });
  });
}

/** What every cluster must show of `execute()`. `starve` makes the program run out of memory, where it cannot do so itself. */
export function executeScenarios(
  open: () => Promise<World>,
  starve?: (world: World, podName: string) => Promise<void>,
): void {
  let world: World;
  beforeAll(async () => {
    world = await open();
  });
  afterAll(async () => {
    await world.close();
  });

  const run = (host: FakeHost): Promise<ExecutionResult> => execute(host.context, world);
  const hostFor = (task: string, plan: object, changes: Parameters<typeof fakeHost>[0] = {}): FakeHost =>
    fakeHost({
      ...changes,
      runId: changes.runId ?? `run-${task}`,
      runtime: { taskKey: task, ...changes.runtime },
      config: { ...world.settings(plan), ...changes.config },
    });

  test("a whole run: prompt in, output out byte for byte, result, nothing left", async () => {
    const host = hostFor("whole", { recording: "tool-parallel" });
    const result = await run(host);
    expect(result).toMatchObject({ exitCode: 0, signal: null, errorMessage: null, usageBasis: "per_run" });
    expect(result.sessionParams).toMatchObject({ sessionId: result.sessionId });
    expect(host.output()).toBe(recordingText("tool-parallel"));
    for (const { stream, chunk } of host.chunks) {
      expect(stream).toBe("stdout");
      expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(8192);
    }
    expect(host.calls).toEqual(["cancellation-ready", "dispatch"]);
    expect(host.invocations).toHaveLength(1);
    expect(host.events.map((event) => event.eventType)).toContain("k8s.container-started");
    expect(await world.leftOver("whole")).toEqual([]);
  });

  test("what reaches the program, and what of it may come back", async () => {
    const prompt = 'Say "$(HOME)" and $$ and ä\n';
    const host = hostFor(
      "told",
      { recording: "simple-text", tell: true },
      { config: { promptTemplate: prompt } },
    );
    await run(host);
    const [first = ""] = host.output().split("\n");
    const told = JSON.parse(first) as {
      prompt: string;
      arguments: string[];
      environment: Record<string, string>;
    };
    expect(told.prompt).toContain(prompt.trim());
    expect(told.arguments).toEqual(expect.arrayContaining(["--print", "--dangerously-skip-permissions"]));
    expect(told.environment).toMatchObject({
      PAPERCLIP_RUN_ID: "run-told",
      PAPERCLIP_API_KEY: "[redacted PAPERCLIP_API_KEY]",
    });
    expect(host.output()).not.toContain(host.context.authToken);
  });

  test.each([
    ["return nothing", () => undefined],
    [
      "throw",
      () => {
        throw new Error("the host's own trouble");
      },
    ],
    ["reject", () => Promise.reject(new Error("the host's own trouble"))],
  ])("callbacks of the host that %s change no ending", async (what, callback) => {
    const host = hostFor(`callbacks-${what.replaceAll(" ", "-")}`, { recording: "simple-text" });
    const names = ["onMeta", "onEvent", "onRuntimeProgress", "onDispatch", "onCancellationReady"];
    Object.assign(host.context, Object.fromEntries(names.map((name) => [name, callback])));
    expect(await run(host)).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(outputOf(host)).toBe(recordingText("simple-text"));
  });

  test("a stop by a person is carried out and acknowledged, with what was used so far", async () => {
    const plan = { recording: "long-bash", pauseAt: 4, next: "hang" };
    const host = hostFor("stopped", plan, {
      onLog: () => host.cancel.abort(new Error("Cancelled by a board operator")),
    });
    const result = await run(host);
    expect(result).toMatchObject({
      errorCode: "cancelled",
      timedOut: false,
      resultJson: {
        conversationContinuation: "continue_conversation_v1",
        executionCancellation: { state: "acknowledged", forced: false },
        kubernetes: { ending: "stopped" },
      },
    });
    expect(result.sessionId).not.toBeNull();
    expect(await world.leftOver("stopped")).toEqual([]);
  });

  test("the answer to a stop does not wait for the removal of the Job", async () => {
    const plan = { recording: "long-bash", pauseAt: 4, next: "hang" };
    const host = hostFor("answered", plan, {
      onLog: () => host.cancel.abort(new Error("Cancelled by a board operator")),
    });
    const works: (() => Promise<void>)[] = [];
    const result = await execute(host.context, { ...world, afterwards: (work) => void works.push(work) });
    expect(result.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
    expect(await world.leftOver("answered")).not.toEqual([]);
    for (const work of works) await work();
    expect(await world.leftOver("answered")).toEqual([]);
  });

  test("a stop before the start leaves nothing", async () => {
    const host = hostFor("early", { recording: "simple-text" });
    host.cancel.abort(new Error("Cancelled due to agent pause"));
    const result = await run(host);
    expect(result).toMatchObject({
      errorCode: "cancelled",
      resultJson: { executionCancellation: { state: "acknowledged" } },
    });
    expect(await world.leftOver("early")).toEqual([]);
  });

  test("a process that stays after its result is stopped, and its run is a success", async () => {
    const plan = { recording: "simple-text", pauseAt: "end", next: "hang" };
    const host = hostFor("lingering", plan, { config: { lingerSec: 1 } });
    expect(await run(host)).toMatchObject({
      exitCode: 0,
      signal: null,
      errorMessage: null,
      resultJson: { diagnosis: { outcome: "success" }, kubernetes: { ending: "stopped" } },
    });
    expect(host.output()).toBe(recordingText("simple-text"));
    expect(host.events.map(({ message }) => message)).toContain(
      "the run is stopped (lingering): the process stayed for 1 s after its result",
    );
    expect(await world.leftOver("lingering")).toEqual([]);
  });

  test("a run that says nothing for too long is stopped, told with what it did, and may be tried again", async () => {
    const plan = { recording: "long-bash", pauseAt: 4, next: "hang" };
    const host = hostFor("stalled", plan);
    // Eleven minutes pass in a second.
    const guardClock = {
      now: () => performance.now() * 700,
      after(milliseconds: number, call: () => void) {
        const timer = setTimeout(call, milliseconds / 700);
        return () => clearTimeout(timer);
      },
    };
    const config = { ...host.context.config, stallSec: 660, toolStallSec: 660 };
    const result = await execute({ ...host.context, config }, { ...world, guardClock });
    expect(result).toMatchObject({
      errorCode: "claude_stalled",
      errorFamily: "transient_upstream",
      resultJson: { conversationContinuation: "continue_conversation_v1" },
    });
    expect(result.errorMessage).toMatch(/silent for \d+ s /);
    expect(result.sessionId).not.toBeNull();
    expect(await world.leftOver("stalled")).toEqual([]);
  });

  const strangeHosts: readonly (readonly [task: string, callback: () => unknown])[] = [
    ["silent", () => undefined],
    [
      "throwing",
      () => {
        throw new Error("no");
      },
    ],
    [
      "rejecting",
      async () => {
        throw new Error("no");
      },
    ],
  ];
  test.each(strangeHosts)("a %s host changes no ending", async (task, strange) => {
    const names = ["onMeta", "onEvent", "onRuntimeProgress", "onDispatch", "onCancellationReady", "onLog"];
    const host = hostFor(`host-${task}`, { recording: "simple-text" });
    const callbacks = Object.fromEntries(names.map((name) => [name, strange]));
    const result = await execute({ ...host.context, ...callbacks }, world);
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
  });

  test("the budget of a day: counted over the runs of an agent, and refused before there is a Job", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "ledger-"));
    const ledger = createDailyLedger(folder);
    const config = { dailyBudgetUsd: 0.000_001 };
    const first = hostFor("money-1", { recording: "tool-parallel" }, { config });
    const { costUsd } = await execute(first.context, { ...world, ledger });
    expect(costUsd).toBeGreaterThan(0);
    const second = hostFor("money-2", { recording: "tool-parallel" }, { config });
    const refused = await execute(second.context, { ...world, ledger });
    expect(refused).toMatchObject({
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
      resultJson: { diagnosis: { code: "budget_exceeded" }, kubernetes: { job: null } },
    });
    expect(refused.retryNotBefore).toMatch(/T00:00:00/);
    const other = hostFor("money-3", { recording: "tool-parallel" }, { config, agentId: "another-agent" });
    expect(await execute(other.context, { ...world, ledger })).toMatchObject({ exitCode: 0 });
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ["is stopped at its first line", "fail", "claude_version_unsupported"],
    ["goes on with a warning", "warn", null],
  ])("a Claude Code outside of the range %s", async (_, claudeVersionMismatch, code) => {
    const config = { claudeVersion: ">=99", claudeVersionMismatch };
    const hangs = { recording: "simple-text", pauseAt: 1, next: code === null ? "go on" : "hang" };
    const host = hostFor(`release-${claudeVersionMismatch}`, hangs, { config });
    const result = await run(host);
    const { diagnosis } = result.resultJson as { diagnosis: { outcome: string; code?: string } };
    expect(diagnosis.code ?? null).toBe(code);
    expect(result.errorCode ?? null).toBe(code === null ? null : "setup_failed");
    expect(result.errorMessage ?? "").toMatch(code === null ? /^$/ : /2\.1\.330.*>=99/);
    const warnings = host.events.filter(({ level }) => level === "warn").map(({ message }) => message);
    expect(warnings.join()).toContain("Claude Code 2.1.330 is outside");
  });

  test("a release that the image's name tells costs no Job", async () => {
    const config = { claudeVersion: "<2", image: "acme/claude-code:2.1.330" };
    const host = hostFor("release-image", {}, { config });
    expect(await run(host)).toMatchObject({
      executionRecovery: { kind: "bootstrap" },
      resultJson: { diagnosis: { code: "claude_version_unsupported" }, kubernetes: { job: null } },
    });
    expect(host.invocations).toEqual([]);
  });

  test("the deadline", async () => {
    const plan = { recording: "long-bash", pauseAt: 4, next: "hang" };
    const result = await run(hostFor("late", plan, { config: { timeoutSec: 2 } }));
    expect(result).toMatchObject({ timedOut: true, errorCode: "timeout" });
    expect(result.resultJson).toMatchObject({ conversationContinuation: "continue_conversation_v1" });
  });

  test("out of memory", async () => {
    const plan = { recording: "long-bash", pauseAt: 4, next: starve === undefined ? "eat" : "hang" };
    let starving: Promise<void> | undefined;
    const host = hostFor("hungry", plan, {
      config: { "resources.limits.memory": "128Mi" },
      onLog: () => {
        const started = host.events.find((event) => event.eventType === "k8s.container-started");
        starving ??= starve?.(world, String(started?.payload?.["podName"]));
      },
    });
    const result = await run(host);
    await starving;
    expect(result).toMatchObject({
      exitCode: 137,
      resultJson: { diagnosis: { code: "k8s_oom_killed" } },
    });
    expect(result.errorMessage).toContain("128Mi");
  });

  test("a second run of the same agent and task finds the first one's Job", async () => {
    const plan = { recording: "long-bash", pauseAt: 4, next: "hang" };
    const first = hostFor("busy", plan, { runId: "first" });
    const running = firstOutput(first);
    const ending = run(first);
    await running;
    const second = await run(hostFor("busy", plan, { runId: "second" }));
    expect(second).toMatchObject({
      errorCode: "k8s_concurrent_run_blocked",
      executionRecovery: { kind: "bootstrap" },
    });
    first.cancel.abort(new Error("enough"));
    expect(await ending).toMatchObject({ errorCode: "cancelled" });
  });

  test("a run that would be one too many waits, says what for, and has its turn", async () => {
    const config = { maxConcurrentRuns: 1 };
    const plan = { recording: "tool-parallel", pauseAt: 4, next: "nap", milliseconds: 3000 };
    const first = hostFor("many-1", plan, { config });
    const running = firstOutput(first);
    const ending = run(first);
    await running;
    const second = hostFor("many-2", { recording: "tool-parallel" }, { config });
    expect(await run(second)).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(await ending).toMatchObject({ exitCode: 0 });
    expect(statusOf(second)[0]).toMatch(
      /Waiting for a free place, number 1 in the line: 1 run lives \(run run-many-1; setting maxConcurrentRuns\)\./,
    );
    expect(second.events.filter(({ eventType }) => eventType === "k8s.cap-reached")).toHaveLength(1);
    expect(second.invocations).toHaveLength(1);
    expect(await world.leftOver("many-2")).toEqual([]);
  });

  test("a run whose server is gone is taken over by the next one, its output whole", async () => {
    const plan = { recording: "tool-parallel", pauseAt: 4, next: "nap", milliseconds: 3000 };
    const dying = world.otherConnections();
    const first = hostFor("orphan", plan, { runId: "first" });
    const running = firstOutput(first);
    const abandoned = execute(first.context, { connections: dying, server: world.server });
    await running;
    await dying.close();
    expect(await abandoned).toMatchObject({ errorCode: "adapter_failed" });
    const second = hostFor("orphan", plan, { runId: "second", config: { busyWaitSec: 20 } });
    expect(await run(second)).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(second.events.map((event) => event.eventType)).toContain("k8s.job-adopted");
    expect(statusOf(second)).toContainEqual(
      expect.stringMatching(/^\[claude_k8s\] An earlier run's Job .* is taken over/),
    );
    expect(outputOf(second)).toBe(recordingText("tool-parallel"));
  });

  test("a server that gives up its claim lets the run go on, and the next one shows it whole", async () => {
    const plan = { recording: "tool-parallel", pauseAt: 4, next: "nap", milliseconds: 2000 };
    const first = hostFor("let-go", plan, {
      runId: "first",
      onLog: () => first.cancel.abort(new Error("Legacy controller lease lost")),
    });
    expect(await run(first)).toMatchObject({
      errorCode: "interrupted",
      resultJson: { conversationContinuation: "continue_conversation_v1" },
    });
    const second = hostFor("let-go", plan, { runId: "second" });
    expect(await run(second)).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(outputOf(second)).toBe(recordingText("tool-parallel"));
  });

  test("a session that is gone is begun anew within the run, and not tried again", async () => {
    const sessionId = "2070e40b-40f4-41d9-97c7-7a1ba48240d8";
    const plan = { recording: "simple-text", resumed: "resume-unknown", tell: true };
    const host = hostFor("resumed", plan, { runtime: { sessionId, sessionParams: { sessionId } } });
    const result = await run(host);
    expect(result).toMatchObject({ exitCode: 0, sessionParams: { volatile: true } });
    expect(result.sessionId).not.toBe(sessionId);
    expect(host.invocations).toHaveLength(2);
    const next = hostFor("resumed", plan, {
      runId: "run-next",
      runtime: { sessionId: result.sessionId ?? "", sessionParams: result.sessionParams ?? null },
    });
    expect(await run(next)).toMatchObject({ exitCode: 0 });
    expect(next.invocations).toHaveLength(1);
  });

  test("an image that is not there", async () => {
    const host = hostFor("imageless", {}, { config: { image: "lab/absent:1", imagePullPolicy: "Never" } });
    expect(await run(host)).toMatchObject({
      errorCode: "setup_failed",
      resultJson: { diagnosis: { code: expect.stringMatching(/^k8s_image_/) } },
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
    });
    expect(await world.leftOver("imageless")).toEqual([]);
  });

  test("a bad kubeconfig is told, and read again by the next run", async () => {
    const kubeconfig = path.join(path.dirname(world.kubeconfig), "changing");
    writeFileSync(kubeconfig, "clusters: {");
    const config = { kubeconfig };
    expect(await run(hostFor("config", { recording: "simple-text" }, { config }))).toMatchObject({
      resultJson: { diagnosis: { code: "kubeconfig_invalid" } },
      executionRecovery: { kind: "bootstrap" },
    });
    writeFileSync(kubeconfig, readFileSync(world.kubeconfig));
    expect(await run(hostFor("config", { recording: "simple-text" }, { config }))).toMatchObject({
      exitCode: 0,
    });
  });

  test("settings that cannot be used", async () => {
    const host = hostFor("settings", {}, { config: { timeoutSec: -1, namespace: "No" } });
    const result = await run(host);
    expect(result.resultJson).toMatchObject({ diagnosis: { code: "settings_invalid" } });
    expect(result.errorMessage).toContain("timeoutSec");
    expect(result.errorMessage).toContain("namespace");
  });

  // Last, as it leaves a Job behind.
  takenOverScenarios(() => world);
}
