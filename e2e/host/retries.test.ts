/** After a failure the host does what the documentation says: tries again, at its time, goes on, or waits for a person. */

import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Board, HostRun } from "../support/board.ts";
import { missing } from "../support/machine.ts";
import type { Scenario } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

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

interface Attempt {
  readonly scenario: Scenario;
  readonly settings?: Record<string, unknown>;
}
const attempts = {
  "a key that is refused": { scenario: unauthorized, settings: oneTry },
  "an image that is not there": { scenario: unauthorized, settings: { image: "lab/absent:1" } },
  // Claude Code itself needs more.
  "too little memory": { scenario: endless, settings: { "resources.limits.memory": "100Mi" } },
  "a setting that cannot be used": { scenario: unauthorized, settings: { namespace: "No" } },
  overloaded: { scenario: overloaded, settings: oneTry },
  endless: { scenario: endless, settings: { maxTurnsPerRun: 2 } },
} satisfies Record<string, Attempt>;
type AttemptName = keyof typeof attempts;

interface Tried {
  readonly agentId: string;
  readonly issueId: string;
  readonly runs: readonly HostRun[];
}

/** Longer than the host's longest wait before a retry, so that one that was to come has come. */
const settleSeconds = 75;

describe.skipIf(reason !== "")(`after a failure${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  let tried: Record<AttemptName, Tried>;
  beforeAll(async () => {
    world = await openWorld({ name: "retries" });
    board = await world.board();
    // All at once: most of the time is spent on waiting for retries that must not come.
    const all = Object.entries(attempts).map(async ([name, attempt]) => [name, await tryOut(name, attempt)]);
    tried = Object.fromEntries(await Promise.all(all)) as typeof tried;
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  async function tryOut(name: string, { scenario, settings = {} }: Attempt): Promise<Tried> {
    const api = await world.messagesApi(scenario);
    const agentId = await board.agent(world.settings(api, settings), name);
    const { id: issueId } = await board.issue(agentId, name);
    return { agentId, issueId, runs: await runsOf(agentId) };
  }

  /** The runs of one issue, the oldest first, once nothing has happened any more for long enough. */
  async function runsOf(agentId: string, most = 8): Promise<readonly HostRun[]> {
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
  const codesOf = ({ runs }: Tried) => runs.map(({ resultJson }) => resultJson?.["diagnosis"]?.code);
  const ours = async ({ issueId }: Tried) =>
    (await board.comments(issueId)).filter((comment) => /What to do:/.test(comment.body));
  async function runAfterComment({ agentId, issueId, runs }: Tried): Promise<HostRun> {
    await board.comment(issueId, "I have looked at it. Please go on.");
    const known = runs.map(({ id }) => id);
    return board.ended((await board.nextRun(agentId, known)).id);
  }

  const certain: readonly (readonly [AttemptName, string])[] = [
    ["a key that is refused", "claude_auth_required"],
    ["an image that is not there", "k8s_image_invalid"],
    ["too little memory", "k8s_oom_killed"],
    ["a setting that cannot be used", "settings_invalid"],
  ];
  test.each(certain)(
    "%s: one run, one comment; the issue waits, and a comment starts the next",
    async (name, code) => {
      const of = tried[name];
      expect(codesOf(of)).toEqual([code]);
      expect(of.runs[0]?.error).not.toMatch(/\n|\*|`/);
      expect(await board.issueStatus(of.issueId)).toBe("blocked");
      expect(await ours(of)).toHaveLength(1);
      const next = await runAfterComment(of);
      expect(next.resultJson?.["diagnosis"]?.code).toBe(code);
      // The person who wrote is answered; the host posts it some time after the run's end.
      await expect.poll(() => ours(of), { timeout: 300_000, interval: 500 }).toHaveLength(2);
    },
  );

  test("overloaded: three runs, one comment, and a comment of a person starts another", async () => {
    expect(codesOf(tried.overloaded)).toEqual(Array(3).fill("claude_transient_upstream"));
    expect(await ours(tried.overloaded)).toHaveLength(1);
    await runAfterComment(tried.overloaded);
  });

  test("turns used up: three runs, then a person is asked; his comment continues it", async () => {
    const { issueId } = tried.endless;
    expect(codesOf(tried.endless)).toEqual(Array(3).fill("max_turns_exhausted"));
    expect(await board.issueStatus(issueId)).toBe("blocked");
    // That it goes on by itself, and that it does not any more.
    expect(await ours(tried.endless)).toHaveLength(2);
    expect((await runAfterComment(tried.endless)).errorCode).toBe("max_turns_exhausted");
  });
});
