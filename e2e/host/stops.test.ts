/** Who stops a run on the board gets it stopped: acknowledged with nothing left running, and what it has used is kept. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Board } from "../support/board.ts";
import { missing } from "../support/machine.ts";
import { answers, bash, costing, say, served } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const busy = answers(costing(say("I begin.", bash("tail -f /dev/null")), [100, 20, 0, 0]));

describe.skipIf(reason !== "")(`stops from the board${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  beforeAll(async () => {
    world = await openWorld({ name: "stops" });
    board = await world.board();
  }, 600_000);
  afterAll(() => world?.close(), 120_000);

  async function working(name: string) {
    const api = await world.messagesApi(busy);
    const agentId = await board.agent(world.settings(api), name);
    const issue = await board.issue(agentId, name);
    const { id } = await board.nextRun(agentId, []);
    await expect.poll(() => board.log(id), { timeout: 90_000, interval: 500 }).toContain('"tool_use"');
    return { agentId, issue, id, api };
  }
  const running = async () =>
    (await world.core.listNamespacedPod({ namespace: world.namespace })).items
      .filter(({ status }) => status?.phase === "Running")
      .map(({ metadata }) => metadata?.name);

  test("a run that is cancelled ends with its pod, and keeps its usage and session", async () => {
    const { id, api } = await working("cancelled");
    await board.cancel(id);
    const ended = await board.ended(id, 60);
    expect(ended.status).toBe("cancelled");
    expect(await running()).toEqual([]);
    // Claude Code tells the output of an answer at the run's end only: until then it is counted by the answer's text.
    const { inputTokens } = served(api.requests, { input: 0, output: 0 });
    await expect
      .poll(async () => (await board.run(id)).usageJson, { timeout: 20_000 })
      .toMatchObject({ inputTokens, outputTokens: expect.any(Number) });
    expect((await board.run(id)).usageJson?.["outputTokens"]).toBeGreaterThan(0);
    expect(await board.log(id)).toContain("I begin.");
  }, 240_000);

  test("an agent that is paused has its run stopped, and goes on when it is resumed", async () => {
    const { agentId, issue, id } = await working("paused");
    await board.pause(agentId);
    await board.ended(id, 60);
    await expect.poll(running, { timeout: 30_000, interval: 500 }).toEqual([]);
    await board.resume(agentId);
    await board.comment(issue.id, "Please go on.");
    const next = await board.nextRun(agentId, [id], 60);
    await expect.poll(() => board.log(next.id), { timeout: 90_000, interval: 500 }).toContain("I begin.");
    await board.cancel(next.id);
    await board.ended(next.id, 60);
  }, 300_000);
});
