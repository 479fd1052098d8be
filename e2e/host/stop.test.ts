/** What a person does to a run that works: stops it, and gives it more to do while its server is gone. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../support/machine.ts";
import { answers as answersOf, bash, costing, say, served } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const answers = (text: string, milliseconds: number) => ({
  rules: [
    {
      when: { agent: "main" },
      replies: [{ content: [{ type: "text", text }], delay_ms: milliseconds }],
      repeat: true,
    },
  ],
});

const busy = answersOf(costing(say("I begin.", bash("tail -f /dev/null")), [100, 20, 0, 0]));

describe.skipIf(reason !== "")(`a run that works${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  beforeAll(async () => {
    world = await openWorld({ name: "stop" });
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  test("is stopped: the host takes the proof, nothing is left, and a comment starts the next run", async () => {
    const board = await world.board();
    const api = await world.messagesApi(answers("Never said.", 120_000));
    const agentId = await board.agent(world.settings(api));
    const issue = await board.issue(agentId, "Work for long");
    const first = await board.nextRun(agentId, []);
    await expect
      .poll(() => board.log(first.id), { timeout: 300_000, interval: 500 })
      .toContain('"subtype":"init"');
    // 409: the stop could not be confirmed.
    await world.paperclip.api("POST", `/heartbeat-runs/${first.id}/cancel`, {});
    const ended = await board.ended(first.id);
    expect(ended.status).toBe("cancelled");
    expect(ended.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
    await expect.poll(() => world.leftOver(), { timeout: 300_000, interval: 500 }).toEqual([]);
    expect(await board.issueStatus(issue.id)).not.toBe("blocked");
    await board.comment(issue.id, "Go on.");
    const second = await board.nextRun(agentId, [first.id]);
    await world.paperclip.api("POST", `/heartbeat-runs/${second.id}/cancel`, {});
    expect((await board.ended(second.id)).status).toBe("cancelled");
  }, 900_000);

  test("outlives its server, and a comment that was made meanwhile is said to its agent", async () => {
    const board = await world.board();
    const api = await world.messagesApi(answers("The work is done.", 40_000));
    const agentId = await board.agent(world.settings(api));
    const issue = await board.issue(agentId, "Paint the fence");
    const first = await board.nextRun(agentId, []);
    await expect
      .poll(() => board.log(first.id), { timeout: 300_000, interval: 500 })
      .toContain('"subtype":"init"');
    await world.paperclip.stop();
    await world.paperclip.start();
    await board.comment(issue.id, "Use the blue paint.");
    const second = await board.nextRun(agentId, [first.id]);
    const ended = await board.ended(second.id);
    expect(ended).toMatchObject({ status: "succeeded", error: null });
    expect(await board.log(second.id)).toContain("The work is done.");
    // Whichever of the two wakes came first: that of the comment, or the one for the run that lost its server.
    await expect
      .poll(() => JSON.stringify(api.requests).split("Use the blue paint.").length, {
        timeout: 300_000,
        interval: 1000,
      })
      .toBeGreaterThan(1);
  }, 900_000);

  async function working(name: string) {
    const board = await world.board();
    const api = await world.messagesApi(busy);
    const agentId = await board.agent(world.settings(api), name);
    const issue = await board.issue(agentId, name);
    const { id } = await board.nextRun(agentId, []);
    await expect.poll(() => board.log(id), { timeout: 300_000, interval: 500 }).toContain('"tool_use"');
    return { board, agentId, issue, id, api };
  }
  /** Of the agent alone: those of the tests before may still be at work. */
  const running = async (agentId: string) =>
    (
      await world.core.listNamespacedPod({
        namespace: world.namespace,
        labelSelector: `paperclip.io/agent-id=${agentId}`,
        fieldSelector: "status.phase=Running",
      })
    ).items.map(({ metadata }) => metadata?.name);

  test("a run that is cancelled ends with its pod, and keeps its usage and session", async () => {
    const { board, agentId, id, api } = await working("cancelled");
    expect(await running(agentId)).toHaveLength(1);
    await board.cancel(id);
    const ended = await board.ended(id);
    expect(ended.status).toBe("cancelled");
    expect(await running(agentId)).toEqual([]);
    // Claude Code tells the output of an answer at the run's end only: until then it is counted by the answer's text.
    const { inputTokens } = served(api.requests, { input: 0, output: 0 });
    await expect
      .poll(async () => (await board.run(id)).usageJson, { timeout: 300_000 })
      .toMatchObject({ inputTokens, outputTokens: expect.any(Number) });
    expect((await board.run(id)).usageJson?.["outputTokens"]).toBeGreaterThan(0);
    expect(await board.log(id)).toContain("I begin.");
  }, 900_000);

  test("an agent that is paused has its run stopped, and goes on when it is resumed", async () => {
    const { board, agentId, issue, id } = await working("paused");
    await board.pause(agentId);
    await board.ended(id);
    await expect.poll(() => running(agentId), { timeout: 300_000, interval: 500 }).toEqual([]);
    await board.resume(agentId);
    await board.comment(issue.id, "Please go on.");
    const next = await board.nextRun(agentId, [id]);
    await expect.poll(() => board.log(next.id), { timeout: 300_000, interval: 500 }).toContain("I begin.");
    await board.cancel(next.id);
    await board.ended(next.id);
  }, 900_000);

  test("an agent whose budget is spent meanwhile is stopped, and goes on when it is given more", async () => {
    const { board, agentId, issue, id } = await working("spending");
    await board.setBudget(agentId, 100);
    await board.spend(agentId, 150);
    const ended = await board.ended(id);
    expect(ended.status).toBe("cancelled");
    expect(ended.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
    await expect.poll(() => running(agentId), { timeout: 300_000, interval: 500 }).toEqual([]);
    expect(await board.log(id)).toContain("I begin.");
    await board.raiseBudget(agentId, 10_000);
    await board.comment(issue.id, "Please go on.");
    const next = await board.nextRun(agentId, [id]);
    await expect.poll(() => board.log(next.id), { timeout: 300_000, interval: 500 }).toContain("I begin.");
    await board.cancel(next.id);
    await board.ended(next.id);
  }, 900_000);
});
