/** The adapter is loaded anew while a run works: the run notices nothing, and the old copy leaves nothing behind. */

import { CoordinationV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../support/machine.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const slowAnswer = {
  rules: [
    {
      when: { agent: "main" },
      replies: [{ content: [{ type: "text", text: "The work is done." }], delay_ms: 15_000 }],
      repeat: true,
    },
  ],
};

describe.skipIf(reason !== "")(`a reload of the adapter${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  beforeAll(async () => {
    world = await openWorld({ name: "reload" });
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  const holders = async () => {
    const { items } = await world.admin
      .makeApiClient(CoordinationV1Api)
      .listNamespacedLease({ namespace: world.namespace });
    return items.flatMap(({ metadata }) => metadata?.name ?? []);
  };

  test("during a run", async () => {
    const board = await world.board();
    const api = await world.messagesApi(slowAnswer);
    const agentId = await board.agent(world.settings(api));
    await board.issue(agentId, "Work through a reload");
    const { id } = await board.nextRun(agentId, []);
    await expect.poll(() => board.log(id), { timeout: 300_000, interval: 500 }).toContain('"subtype":"init"');
    const before = await holders();
    expect(before).toHaveLength(1);
    await world.paperclip.api("POST", "/adapters/claude_k8s/reload", {});
    const ended = await board.ended(id);
    expect([ended.status, ended.error, ended.errorCode]).toEqual(["succeeded", null, null]);
    expect((await board.log(id)).split('"subtype":"init"')).toHaveLength(2);
    // The old copy goes with its last run; what is there after another run is the new one's.
    await expect
      .poll(async () => (await holders()).includes(before[0]!), { timeout: 300_000, interval: 500 })
      .toBe(false);
  }, 900_000);
});
