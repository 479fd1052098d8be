/** The server comes up on another node, with its database and without its disk, while an agent's pod works. */

import type { V1PolicyRule } from "@kubernetes/client-node";
import { afterEach, describe, expect, test } from "vitest";
import { missing } from "../support/machine.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const slowAnswer = {
  rules: [
    {
      when: { agent: "main" },
      replies: [{ content: [{ type: "text", text: "The work is done." }], delay_ms: 60_000 }],
      repeat: true,
    },
  ],
};

/** The run's token lies in the Secret of its own Job. */
const readsSecrets: V1PolicyRule = { apiGroups: [""], resources: ["secrets"], verbs: ["get"] };

describe.skipIf(reason !== "")(`a server moves without its disk${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  }, 600_000);

  async function moved(moreRules: readonly V1PolicyRule[]) {
    const opened = await openWorld({
      name: "moved",
      moreRules,
      // A server that remembers nothing looks where the operator sends runs.
      operator: (namespace) => ({ defaults: { namespace } }),
    });
    world = opened;
    const board = await opened.board();
    const agentId = await board.agent(opened.settings(await opened.messagesApi(slowAnswer)));
    const issue = await board.issue(agentId, "Work through a move");
    const first = await board.nextRun(agentId, []);
    await expect
      .poll(() => board.log(first.id), { timeout: 300_000, interval: 500 })
      .toContain('"subtype":"init"');
    await opened.paperclip.stop();
    await opened.paperclip.loseDisk();
    await opened.paperclip.start();
    return { ...opened, board, agentId, issue, first, answeredAt: performance.now() };
  }

  async function expectWhole(
    { board, ...there }: Awaited<ReturnType<typeof moved>>,
    id: string,
    beginnings: number,
  ) {
    const ended = await board.ended(id);
    expect(ended).toMatchObject({ status: "succeeded", error: null });
    const log = await board.log(id);
    expect(log.split('"subtype":"init"')).toHaveLength(1 + beginnings);
    expect(log).toContain("The work is done.");
    const events = await board.events(id);
    expect(events.map(({ eventType }) => eventType)).toContain("k8s.job-adopted");
    await there.isEmpty();
  }

  test("which may read Secrets: it wakes the agent, whose run takes the pod over", async () => {
    const there = await moved([readsSecrets]);
    const second = await there.board.nextRun(there.agentId, [there.first.id]);
    console.log(
      `picked up ${((performance.now() - there.answeredAt) / 1000).toFixed(1)} s after the server answered`,
    );
    expect(second.id).not.toBe(there.first.id);
    await expectWhole(there, second.id, 1);
  }, 900_000);

  test("with the documented Role: its log says what to do, and a comment has the pod taken over", async () => {
    const there = await moved([]);
    await expect
      .poll(() => there.paperclip.log(), { timeout: 300_000, interval: 500 })
      .toMatch(/outlived its server, and its run's token is not known here: comment on the issue of agent/);
    expect((await there.board.runs(there.agentId)).map(({ id }) => id)).toEqual([there.first.id]);
    await there.board.comment(there.issue.id, "Are you there?");
    const second = await there.board.nextRun(there.agentId, [there.first.id]);
    // That of the pod, and then the agent is given the comment.
    await expectWhole(there, second.id, 2);
  }, 900_000);
});
