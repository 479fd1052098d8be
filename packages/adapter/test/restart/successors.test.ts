import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { startLocalCluster } from "@claude-k8s/local-cluster";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { execute } from "../../src/execute.ts";
import { choiceFor } from "../../src/operator/place.ts";
import { createRestartMemory } from "../../src/restart/memory.ts";
import { createSuccessors } from "../../src/restart/successors.ts";
import { fakeHost } from "../host-context.ts";
import { type World, createWorld, recordingText } from "../scenario/world.ts";

interface Call {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly runId: string | undefined;
  readonly body: unknown;
}

/** The part of Paperclip's server that is asked for a successor. */
async function startHost(
  answer: () => { status: number; body: unknown },
  issueStatus = "in_progress",
  runRecord: () => object = () => ({ status: "running" }),
) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.method === "GET" && request.url?.startsWith("/api/issues/")) {
        response.writeHead(200, { "content-type": "application/json" });
        return response.end(JSON.stringify({ id: "issue", status: issueStatus }));
      }
      if (request.method === "GET" && request.url?.startsWith("/api/heartbeat-runs/"))
        return response.writeHead(200).end(JSON.stringify(runRecord()));
      calls.push({
        url: request.url ?? "",
        authorization: request.headers.authorization,
        runId: request.headers["x-paperclip-run-id"]?.toString(),
        body: JSON.parse(Buffer.concat(parts).toString()),
      });
      const { status, body } = answer();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { calls, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("a run that outlives its server", () => {
  let world: World;
  beforeAll(async () => {
    const cluster = await startLocalCluster({ images: () => ({ kind: "present" }) });
    world = await createWorld({
      name: "local",
      kubeconfig: cluster.kubeconfig,
      image: "lab/base:1",
      close: () => cluster.close(),
    });
  });
  afterAll(() => world.close());

  /** A run whose server process is gone, and what that server had written down. */
  async function orphan(task: string) {
    const folder = mkdtempSync(path.join(tmpdir(), "restart-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const memory = createRestartMemory(folder);
    const dying = world.otherConnections();
    const plan = { recording: "tool-parallel", pauseAt: 4, next: "nap", milliseconds: 4000 };
    const config: Record<string, unknown> = { ...world.settings(plan), busyWaitSec: 20 };
    let told = (): void => {};
    const output = new Promise<void>((resolve) => void (told = resolve));
    const host = fakeHost({
      runId: `first-${task}`,
      runtime: { taskKey: task },
      config,
      onLog: () => told(),
    });
    const abandoned = execute(host.context, { server: world.server, connections: dying, memory });
    await output;
    await dying.close();
    await abandoned;
    return { memory, host, config };
  }

  function searcher(memory: ReturnType<typeof createRestartMemory>, origin: () => string | null) {
    const logged: string[] = [];
    let now = 0;
    const successors = createSuccessors({
      memory,
      adapterType: "claude_k8s",
      open: async (place) => world.connections.open(await choiceFor(place, world.server)),
      server: origin,
      log: (message) => logged.push(message),
      now: () => now,
    });
    const never = new AbortController().signal;
    return {
      logged,
      look: (seconds: number) => {
        now += seconds * 1000;
        return successors.look(never);
      },
    };
  }

  test("is called for once, with its own token, and the next execute() shows it whole", async () => {
    const { memory, host, config } = await orphan("restarted");
    const { calls, origin } = await startHost(() => ({ status: 202, body: { id: "new", status: "queued" } }));
    let listening = false;
    const { look, logged } = searcher(memory, () => (listening ? origin : null));
    const other = searcher(memory, () => origin);
    expect(await look(0)).toBe(0);
    expect(await look(6)).toBe(0);
    expect(calls).toEqual([]);
    listening = true;
    expect(await look(1)).toBe(1);
    expect(await look(10)).toBe(0);
    await other.look(0);
    await other.look(6);
    const { agent, context, authToken } = host.context;
    expect(calls[0]).toMatchObject({
      url: `/api/agents/${agent.id}/wakeup`,
      authorization: `Bearer ${authToken}`,
      runId: "first-restarted",
      body: { source: "automation", payload: { issueId: context["issueId"], taskKey: "restarted" } },
    });
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toContain(authToken);
    const second = fakeHost({ runId: "second", runtime: { taskKey: "restarted" }, config });
    const result = await execute(second.context, { ...world, memory });
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
    const claudes = second
      .output()
      .split(/(?<=\n)/)
      .filter((line) => !line.startsWith("[claude_k8s] "));
    expect(claudes.join("")).toBe(recordingText("tool-parallel"));
    const { jobUid } = (result.resultJson ?? {})["kubernetes"] as { jobUid: string };
    await expect.poll(() => memory.keyOf(jobUid)).toBeNull();
    expect(await look(400)).toBe(0);
  });

  test("whose result the host has stored: nobody is woken, and its Job is removed", async () => {
    const { memory, config } = await orphan("stored");
    const connection = await world.connections.open(
      await choiceFor((await memory.places())[0]!, world.server),
    );
    const jobs = () => connection.runner.list({ namespace: String(config["namespace"]) });
    const listing = (await jobs()).find(({ ref }) => ref.runId === "first-stored");
    const { jobUid } = listing!.ref;
    const { calls, origin } = await startHost(
      () => ({ status: 202, body: { id: "new" } }),
      "in_progress",
      () => ({ status: "succeeded", resultJson: { kubernetes: { jobUid } } }),
    );
    const { look, logged } = searcher(memory, () => origin);
    await look(0);
    expect(await look(6)).toBe(0);
    expect(calls).toEqual([]);
    expect(logged.join()).toContain("result stored");
    expect((await jobs()).map(({ ref }) => ref.jobUid)).not.toContain(jobUid);
  });

  test("a host that is not ready is asked again; one that refuses is not, and a person reads what to do", async () => {
    const { memory } = await orphan("refused");
    const answers = [
      { status: 503, body: { error: "starting" } },
      { status: 200, body: { status: "skipped", reason: "execution_reconciliation_required" } },
    ];
    let asked = 0;
    const { calls, origin } = await startHost(() => answers[Math.min(asked++, 1)]!);
    const { look, logged } = searcher(memory, () => origin);
    await look(0);
    await look(6);
    await look(3);
    await look(400);
    expect(calls).toHaveLength(2);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("execution_reconciliation_required");
    expect(logged[0]).toContain("comment on the agent's issue");
  });

  test("whose issue is closed: its agent is woken without it, as the host begins no run for a closed one", async () => {
    const { memory, host, config } = await orphan("closed");
    const { calls, origin } = await startHost(() => ({ status: 202, body: { id: "new" } }), "done");
    const { look, logged } = searcher(memory, () => origin);
    await look(0);
    expect(await look(6)).toBe(1);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.body).toMatchObject({ payload: { taskKey: "closed" } });
    expect(calls[0]?.body).not.toMatchObject({ payload: { issueId: expect.anything() } });
    expect(logged.join()).toContain("without its issue");
    const { context } = host.context;
    const withoutIssue = { ...context, issueId: undefined, taskId: undefined, taskKey: "closed" };
    const second = fakeHost({
      runId: "second",
      runtime: { taskKey: "closed" },
      config,
      context: { ...withoutIssue, wakeReason: "claude_k8s_run_outlived_server" },
    });
    const result = await execute(second.context, { ...world, memory });
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
  });

  test("whose issue is closed, in a project's folder: a person reads what to do", async () => {
    const { memory } = await orphan("project");
    const { calls, origin } = await startHost(() => ({ status: 202, body: { id: "new" } }), "done");
    const keyOf = async (uid: string) => {
      const key = await memory.keyOf(uid);
      return key === null ? null : { ...key, ownFolder: false };
    };
    const { look, logged } = searcher({ ...memory, keyOf }, () => origin);
    await look(0);
    expect(await look(6)).toBe(0);
    await look(400);
    expect(calls).toEqual([]);
    const told = logged.filter((line) => line.includes("is closed"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("comment on it");
  });

  test("without its token a person reads what to do, once", async () => {
    const { memory } = await orphan("tokenless");
    const { calls, origin } = await startHost(() => ({ status: 202, body: {} }));
    const places = await memory.places();
    const { look, logged } = searcher(
      { ...memory, places: async () => places, keyOf: async () => null },
      () => origin,
    );
    await look(0);
    await look(6);
    await look(6);
    expect(calls).toEqual([]);
    expect(logged.filter((line) => line.includes("token is not known here")).length).toBeGreaterThan(0);
    expect(new Set(logged).size).toBe(logged.length);
  });
});
