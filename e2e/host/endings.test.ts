/** Runs that end in one of each further family, through the board: what its person reads, and what the issue does then. */

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Board, HostRun } from "../support/board.ts";
import { missing } from "../support/machine.ts";
import { type Scenario, answers, bash, say } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const failing = (status: number, type: string, message: string, headers = {}): Scenario => ({
  rules: [
    { when: { agent: "main" }, replies: [{ error: { status, type, message }, headers }], repeat: true },
  ],
});
const oneTry = { env: { CLAUDE_CODE_MAX_RETRIES: "0" } };
/** Works until somebody ends it. */
const busy = answers(say("I begin.", bash("tail -f /dev/null")));

interface Attempt {
  readonly scenario: Scenario;
  readonly settings?: Record<string, unknown>;
  /** Done before the run; what it answers with undoes it. */
  readonly before?: (world: EndToEndWorld) => Promise<() => Promise<unknown>>;
  /** Done once Claude's tool runs. */
  readonly meanwhile?: (world: EndToEndWorld, pod: string) => Promise<void>;
  readonly code: string;
  /** By the host itself, without a person. */
  readonly retried: boolean;
}

const attempts: Readonly<Record<string, Attempt>> = {
  "a limit of the account": {
    scenario: failing(
      429,
      "rate_limit_error",
      "This organization has exceeded its monthly usage limit. Resets Dec 1, 9am (UTC).",
    ),
    settings: oneTry,
    code: "provider_quota",
    retried: true,
  },
  "a model that is none": {
    scenario: failing(404, "not_found_error", "model: claude-none-9"),
    settings: { ...oneTry, model: "claude-none-9" },
    code: "model_not_found",
    retried: false,
  },
  "a conversation that is too long": {
    scenario: failing(400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"),
    settings: oneTry,
    code: "claude_prompt_too_long",
    retried: false,
  },
  "a deadline": { scenario: busy, settings: { timeoutSec: 20 }, code: "timeout", retried: true },
  "a drained node": {
    scenario: busy,
    async meanwhile({ core, namespace }, name) {
      await core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
    },
    code: "k8s_node_drained",
    retried: true,
  },
  "a refusal by the model": {
    scenario: answers({ ...say("I cannot help with that."), stop_reason: "refusal" }),
    code: "claude_refusal",
    retried: false,
  },
  "a quota of the namespace that is used up": {
    scenario: busy,
    async before({ core, namespace }) {
      const name = "none-left";
      const body = { metadata: { name }, spec: { hard: { pods: "0" } } };
      await core.createNamespacedResourceQuota({ namespace, body });
      // Until the controller has counted, the API refuses for another reason.
      await expect
        .poll(async () => (await core.readNamespacedResourceQuota({ namespace, name })).status?.hard, {
          timeout: 300_000,
        })
        .toEqual({ pods: "0" });
      return () => core.deleteNamespacedResourceQuota({ namespace, name });
    },
    code: "k8s_quota_exceeded",
    retried: true,
  },
  "an eviction by the node": {
    // The node looks at what its pods have written every ten seconds.
    scenario: answers(say("I begin.", bash("head -c 300000000 /dev/zero > /tmp/large; tail -f /dev/null"))),
    settings: {
      "resources.limits.ephemeral-storage": "100Mi",
      "resources.requests.ephemeral-storage": "10Mi",
    },
    code: "k8s_pod_evicted",
    retried: true,
  },
  "a pod that somebody deletes": {
    scenario: busy,
    async meanwhile({ core, namespace }, name) {
      await core.deleteNamespacedPod({ namespace, name });
    },
    code: "k8s_job_deleted_externally",
    retried: false,
  },
};

describe.skipIf(reason !== "")(`endings on the board${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  beforeAll(async () => {
    world = await openWorld({ name: "endings" });
    board = await world.board();
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  test.each(Object.entries(attempts))(
    "%s",
    async (name, { scenario, settings = {}, before, meanwhile, code, retried }) => {
      const undo = await before?.(world);
      onTestFinished(async () => void (await undo?.()));
      const api = await world.messagesApi(scenario);
      const agentId = await board.agent(world.settings(api, settings), name);
      const { id: issueId } = await board.issue(agentId, name);
      const { id } = await board.nextRun(agentId, []);
      await untilWorking(id, meanwhile);
      const ended = await board.ended(id);
      expect(ended.resultJson?.["diagnosis"]?.code).toBe(code);
      expectPlainWords(ended);
      await expect
        .poll(() => whatFollows(agentId, issueId), { timeout: 300_000 })
        .toBe(retried ? "another run" : "a person");
      // Whatever the ending was, a person who writes gets a run.
      if (!retried) {
        const known = (await board.runs(agentId)).map((run) => run.id);
        await board.comment(issueId, "I have looked at it. Please go on.");
        await board.nextRun(agentId, known);
      }
      await board.pause(agentId);
    },
    900_000,
  );

  async function untilWorking(id: string, meanwhile: Attempt["meanwhile"]): Promise<void> {
    if (meanwhile === undefined) return;
    await expect.poll(() => board.log(id), { timeout: 300_000, interval: 500 }).toContain('"tool_use"');
    await meanwhile(world, await podOf(id));
  }

  /** A person is asked by the issue's status and by a comment that says what to do. */
  async function whatFollows(agentId: string, issueId: string): Promise<string> {
    if ((await board.runs(agentId)).length > 1) return "another run";
    const comments = await board.comments(issueId);
    const isAsked = comments.some(({ body }) => /What to do:/.test(body));
    return isAsked && (await board.issueStatus(issueId)) === "blocked" ? "a person" : "nothing yet";
  }

  async function podOf(runId: string): Promise<string> {
    const { items } = await world.core.listNamespacedPod({ namespace: world.namespace });
    const found = items.filter(({ metadata }) => JSON.stringify(metadata).includes(runId));
    return (found.length === 1 ? found : items.slice(-1))[0]?.metadata?.name ?? "";
  }
});

/** The run's page draws neither Markdown nor line breaks. */
function expectPlainWords({ error }: HostRun): void {
  expect(error).toMatch(/^[A-Z].*\./);
  expect(error).not.toMatch(/\n|\*\*/);
}
