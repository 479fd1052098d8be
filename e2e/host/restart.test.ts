/** A restart of the server costs no run: the agent's pod works on, the run's successor takes it over and shows it whole. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../support/machine.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

/** The answer takes long enough for the server to go and come back meanwhile. */
const slowAnswer = {
  rules: [
    {
      when: { agent: "main" },
      replies: [{ content: [{ type: "text", text: "The work is done." }], delay_ms: 45_000 }],
      repeat: true,
    },
  ],
};

describe.skipIf(reason !== "")(`the server restarts during a run${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  beforeAll(async () => {
    world = await openWorld({ name: "restart" });
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  test.each([
    ["SIGTERM", "interrupted"],
    ["SIGKILL", "running"],
  ] as const)(
    "%s",
    async (signal, firstStatus) => {
      const { paperclip } = world;
      const board = await world.board();
      const api = await world.messagesApi(slowAnswer);
      const agentId = await board.agent(world.settings(api));
      const issue = await board.issue(agentId, `Work through a ${signal}`);
      const first = await board.nextRun(agentId, []);
      await expect
        .poll(() => board.log(first.id), { timeout: 300_000, interval: 500 })
        .toContain('"subtype":"init"');
      await (signal === "SIGTERM" ? paperclip.stop() : paperclip.kill());
      await paperclip.start();
      const answeredAt = performance.now();
      const second = await board.nextRun(agentId, [first.id]);
      console.log(
        `picked up ${((performance.now() - answeredAt) / 1000).toFixed(1)} s after the server answered`,
      );
      expect((await board.run(first.id)).status).toBe(firstStatus);
      const ended = await board.ended(second.id);
      expect(ended).toMatchObject({ status: "succeeded", error: null });
      const log = await board.log(second.id);
      expect(log.split('"subtype":"init"')).toHaveLength(2);
      expect(log).toContain("The work is done.");
      const events = await board.events(second.id);
      expect(events.map(({ eventType }) => eventType)).toContain("k8s.job-adopted");
      expect(await board.issueStatus(issue.id)).not.toBe("blocked");
      await world.isEmpty();
      expect(api.requests.length).toBeGreaterThan(0);
    },
    900_000,
  );
});
