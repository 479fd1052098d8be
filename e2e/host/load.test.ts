/**
 * Many runs of many companies, with the server killed again and again: each piece of work is done once, its transcript is whole, and
 * nothing is left. Only with `--all`, since it takes the machine for itself. `E2E_LOAD_RUNS` says how many, for a smaller trial.
 */

import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { CoordinationV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Board } from "../support/board.ts";
import { machine, missing } from "../support/machine.ts";
import { type MessagesApi, bash, say } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason =
  missing("cluster", "paperclip", "messagesApi") ||
  (process.env["E2E_ALL"] === "1" ? "" : "it runs with --all only");

const companies = 10;
const total = Number(process.env["E2E_LOAD_RUNS"] ?? 100);
/** The server is killed once so much of the work is done. */
const kills = [
  [0.2, "SIGKILL"],
  [0.5, "SIGTERM"],
  [0.75, "SIGKILL"],
] as const;

/** Says to Paperclip that the work is done, also to a server that has just been killed. */
const closing = `node -e '
  const { PAPERCLIP_API_URL: at, PAPERCLIP_API_KEY: key, PAPERCLIP_RUN_ID: run, PAPERCLIP_TASK_ID: issue } = process.env;
  const headers = { authorization: "Bearer " + key, "x-paperclip-run-id": run, "content-type": "application/json" };
  const body = JSON.stringify({ status: "done", comment: "All is done." });
  const close = () => fetch(at + "/api/issues/" + issue, { method: "PATCH", headers, body, signal: AbortSignal.timeout(10000) })
    .then((answer) => answer.status < 500 ? console.log("paperclip answered", answer.status) : setTimeout(close, 1000))
    .catch(() => setTimeout(close, 1000));
  close();'`;

interface Work {
  readonly name: string;
  readonly agentId: string;
  readonly board: Board;
}

describe.skipIf(reason !== "")(`under load${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let api: MessagesApi;
  beforeAll(async () => {
    world = await openWorld({ name: "load" });
    api = await world.messagesApi({
      rules: [
        { when: { agent: "main", last: "paperclip answered" }, replies: [say("The end.")], repeat: true },
        {
          when: { agent: "main", last: "step two" },
          replies: [say("Step three.", bash(closing))],
          repeat: true,
        },
        {
          when: { agent: "main" },
          replies: [say("Step one.", bash("for i in $(seq 200); do echo line $i; done; echo step two"))],
          repeat: true,
        },
      ],
    });
  }, 600_000);
  afterAll(() => world?.close(), 120_000);

  test(`${total} runs of ${companies} companies, and a server that is killed ${kills.length} times`, async () => {
    const each = Math.ceil(total / companies);
    let done = 0;
    const work: Work[] = [];
    const lanes = Array.from({ length: companies }, async (_, lane) => {
      const board = await patient(() => world.board());
      const agentId = await patient(() => board.agent(world.settings(api), `Agent ${lane}`));
      for (let count = 0; count < each; count += 1) {
        const name = `Work ${lane}/${count}.`;
        const { id } = await patient(() => board.issue(agentId, name));
        await expect
          .poll(() => board.issueStatus(id).catch(() => null), {
            timeout: 600_000,
            interval: 1000,
            message: name,
          })
          .toBe("done");
        done += 1;
        work.push({ name, agentId, board });
      }
    });
    const disturbing = (async () => {
      for (const [share, signal] of kills) {
        await expect
          .poll(() => done, { timeout: 3_000_000, interval: 500 })
          .toBeGreaterThanOrEqual(share * total);
        await (signal === "SIGKILL" ? world.paperclip.kill() : world.paperclip.stop());
        await world.paperclip.start();
      }
    })();
    await Promise.all([...lanes, disturbing]);

    // The agent closes its issue before its run is over.
    await expect.poll(() => world.leftOver(), { timeout: 300_000, interval: 1000 }).toEqual([]);
    const boards = new Map(work.map(({ agentId, board }) => [agentId, board]));
    const runs = (
      await Promise.all(
        [...boards].map(async ([agentId, board]) =>
          (await board.runs(agentId)).map((run) => ({ run, board })),
        ),
      )
    ).flat();
    const succeeded = runs.filter(({ run }) => run.status === "succeeded");
    expect(succeeded).toHaveLength(work.length);
    for (const { board, run } of succeeded) expectWhole(await board.log(run.id));
    // Those that lost their server; each has a successor among the others.
    const cutOff = runs.map(({ run }) => run).filter(({ status }) => status !== "succeeded");
    expect(cutOff.filter(({ status, errorCode }) => !isOfALostServer(status, errorCode))).toEqual([]);
    expect(cutOff.length).toBeLessThanOrEqual(kills.length * companies);
    // Each piece of work was begun once: a run that was taken over is not asked for again.
    const begun = api.requests.filter(
      ({ agent, body }) => agent === "main" && body["messages"].length === 1,
    ).length;
    expect(begun).toBe(work.length);
    console.log(`${succeeded.length} runs succeeded, ${cutOff.length} were cut off and taken over`);

    await world.paperclip.stop();
    const leases = await world.admin
      .makeApiClient(CoordinationV1Api)
      .listNamespacedLease({ namespace: world.namespace });
    // Each server leaves its own: the host closes no adapter, and `claude-k8s clean` removes them.
    expect(leases.items.length).toBeLessThanOrEqual(kills.length + 1);
    expect(spools()).toEqual([]);
  }, 3_600_000);
});

/** The host finds a killed server's runs after five minutes; until then they are running for it. */
function isOfALostServer(status: string, errorCode: string | null): boolean {
  return status === "interrupted" || status === "running" || errorCode === "process_lost";
}

/** Nothing of Claude Code's output is missing or there twice. */
function expectWhole(log: string): void {
  const lines = log.split("\n").filter((line) => line !== "" && !line.startsWith("[paperclip] "));
  const types = lines.map((line) => JSON.parse(line)).map(({ type, subtype }) => `${type}/${subtype ?? ""}`);
  expect(types.filter((type) => type === "system/init")).toHaveLength(1);
  expect(types.filter((type) => type === "result/success")).toHaveLength(1);
  for (const words of ["Step one.", "Step three.", "line 200\\nstep two", "paperclip answered 200"])
    expect(log).toContain(words);
  const said = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "assistant");
  const texts = said.flatMap(({ message }) =>
    message.content.flatMap((block: { type: string; text?: string }) =>
      block.type === "text" ? [block.text] : [],
    ),
  );
  expect(texts).toEqual(["Step one.", "Step three.", "The end."]);
}

function spools(): readonly string[] {
  const folder = path.join(machine.paperclipRoot, "home/.paperclip/claude-k8s/spool");
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** What a person does whose board does not answer: once more. */
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  for (let left = 120; ; left -= 1)
    try {
      return await ask();
    } catch (error) {
      // An answer is one, also where it refuses; only a server that is gone is asked again.
      if (left === 0 || !/fetch failed|answered 5/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
}
