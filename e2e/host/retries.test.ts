/** After a failure the host does what the documentation says: tries again, at its time, goes on, or waits for a person. */

import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Board, HostRun } from "../support/board.ts";
import { missing } from "../support/machine.ts";
import { type EndToEndWorld, type Scenario, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const failing = (status: number, type: string, message: string): Scenario => ({
  rules: [{ when: { agent: "main" }, replies: [{ error: { status, type, message } }], repeat: true }],
});
/** Claude Code itself tries a refused key for three minutes. */
const oneTry = { env: { CLAUDE_CODE_MAX_RETRIES: "0" } };
const unauthorized = failing(401, "authentication_error", "invalid x-api-key");
const overloaded = failing(529, "overloaded_error", "Overloaded");

/** Each turn asks for a tool, so that the limit of turns is reached. */
const endless: Scenario = {
  rules: [
    {
      when: { agent: "main" },
      replies: [{ content: [{ type: "tool_use", name: "Bash", input: { command: "true" } }] }],
      repeat: true,
    },
  ],
};
/** Claude Code itself needs more than the limit that it gets here. */
const hungry: Scenario = endless;

/** Longer than the host's longest wait before a retry, so that one that was to come has come. */
const settleSeconds = 75;

describe.skipIf(reason !== "")(`after a failure${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  beforeAll(async () => {
    world = await openWorld({
      port: Number(process.env["E2E_PORT"] ?? 3392),
      databasePort: Number(process.env["E2E_DATABASE_PORT"] ?? 54492),
      namespace: `e2e-retries-${Date.now()}`,
    });
    board = await world.board();
  }, 600_000);
  afterAll(() => world?.close(), 120_000);

  /** The runs of one issue, once nothing has happened any more for long enough. */
  async function runsOf(agentId: string, most = 12): Promise<readonly HostRun[]> {
    let known = "";
    let quietSince = performance.now();
    for (;;) {
      const runs = await board.runs(agentId);
      const seen = runs.map(({ id, status }) => `${id} ${status}`).join("\n");
      if (seen !== known) quietSince = performance.now();
      known = seen;
      const waiting = runs.some(({ status }) => ["queued", "running"].includes(status));
      if (runs.length > most || (!waiting && performance.now() - quietSince > settleSeconds * 1000))
        return Promise.all(runs.toReversed().map(({ id }) => board.run(id)));
      // The host has no event for "nothing more comes".
      await delay(1000);
    }
  }
  const ours = async (issueId: string) =>
    (await board.comments(issueId)).filter((comment) => /What to do:/.test(comment.body));

  const certain: readonly (readonly [string, Scenario, Record<string, unknown>, string])[] = [
    ["a key that is refused", unauthorized, oneTry, "claude_auth_required"],
    ["an image that is not there", unauthorized, { image: "lab/absent:1" }, "k8s_image_invalid"],
    ["too little memory", hungry, { "resources.limits.memory": "100Mi" }, "k8s_oom_killed"],
    ["a setting that cannot be used", unauthorized, { namespace: "No" }, "settings_invalid"],
  ];
  test.concurrent.each(certain)(
    "%s: one run, one comment; the issue waits, and a comment starts the next",
    async (name, scenario, more, code) => {
      const api = await world.messagesApi(scenario);
      const agentId = await board.agent(world.settings(api, more), name);
      const issue = await board.issue(agentId, name);
      const runs = await runsOf(agentId);
      expect(runs.map(({ resultJson }) => resultJson?.["diagnosis"]?.code)).toEqual([code]);
      expect(runs[0]?.error).not.toMatch(/\n|\*|`/);
      expect(await board.issueStatus(issue.id)).toBe("blocked");
      expect(await ours(issue.id)).toHaveLength(1);
      await board.comment(issue.id, "I have mended it. Please go on.");
      const next = await board.nextRun(agentId, [runs[0]?.id ?? ""], 30);
      await board.ended(next.id);
    },
    400_000,
  );

  test.concurrent("529: three runs, one comment", async () => {
    const api = await world.messagesApi(overloaded);
    const agentId = await board.agent(world.settings(api, oneTry), "overloaded");
    const issue = await board.issue(agentId, "overloaded");
    const runs = await runsOf(agentId);
    expect(runs.map(({ errorCode }) => errorCode)).toEqual(Array(3).fill("claude_transient_upstream"));
    expect(await ours(issue.id)).toHaveLength(1);
    await board.comment(issue.id, "Please try again.");
    const known = runs.map(({ id }) => id);
    expect((await board.nextRun(agentId, known, 30)).id).toBeDefined();
  }, 400_000);

  test.concurrent("turns used up: three runs in one session, then a person is asked", async () => {
    const api = await world.messagesApi(endless);
    const agentId = await board.agent(world.settings(api, { maxTurnsPerRun: 2 }), "endless");
    const issue = await board.issue(agentId, "endless");
    const runs = await runsOf(agentId);
    expect(runs.map(({ resultJson }) => resultJson?.["diagnosis"]?.code)).toEqual(
      Array(3).fill("max_turns_exhausted"),
    );
    expect(runs[2]?.errorCode).toBe("budget_exhausted");
    expect(await board.issueStatus(issue.id)).toBe("blocked");
    // That it went on, and that it does not any more.
    expect(await ours(issue.id)).toHaveLength(2);
    await board.comment(issue.id, "Please go on.");
    const next = await board.nextRun(
      agentId,
      runs.map(({ id }) => id),
      30,
    );
    expect((await board.ended(next.id)).errorCode).toBe("max_turns_exhausted");
  }, 400_000);
});
