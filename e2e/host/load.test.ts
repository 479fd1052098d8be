/**
 * Many runs of many companies, with the server killed again and again: each piece of work is done once, its transcript is whole, and
 * nothing is left. Only with `--all`, since it takes the machine for itself. `E2E_LOAD_RUNS` says how many, for a smaller trial.
 */

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { CoordinationV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Board, Freed, HostRun } from "../support/board.ts";
import { kubeconfigOfCluster, machine, missing } from "../support/machine.ts";
import { type MessagesApi, bash, say } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason =
  missing("cluster", "paperclip", "messagesApi") ||
  (process.env["E2E_ALL"] === "1" ? "" : "it runs with --all only");

const execute = promisify(execFile);
const companies = 10;
const total = Number(process.env["E2E_LOAD_RUNS"] ?? 100);
/**
 * Issues that one agent has at the same time. On two cores that twenty runs share, the host does not always finish a run within the
 * minute that it allows itself, and gives it up; more than twenty only make any machine slower.
 */
const atOnce = availableParallelism() > 2 ? 2 : 1;
/** Of one run to the Messages API. */
const turns = 3;
/**
 * The server is killed once so much of all turns was asked for, since on a small machine runs that begin together also end together:
 * early and close together, so that the five minutes overlap after which the host itself finds a run that had no Job yet.
 */
const kills = [
  [0.1, "SIGKILL"],
  [0.2, "SIGTERM"],
  [0.3, "SIGKILL"],
] as const;

/** Says to Paperclip that the work is done, also to a server that has just been killed; and whether an answer was lost with one. */
const closing = `node -e '
  const { PAPERCLIP_API_URL: at, PAPERCLIP_API_KEY: key, PAPERCLIP_RUN_ID: run, PAPERCLIP_TASK_ID: issue } = process.env;
  const headers = { authorization: "Bearer " + key, "x-paperclip-run-id": run, "content-type": "application/json" };
  const body = JSON.stringify({ status: "done", comment: "All is done." });
  let again = "";
  const later = () => { again = ", asked again"; setTimeout(close, 1000); };
  const close = () => fetch(at + "/api/issues/" + issue, { method: "PATCH", headers, body, signal: AbortSignal.timeout(10000) })
    .then((answer) => answer.status < 500 ? console.log("paperclip answered", answer.status + again) : later())
    .catch(later);
  close();'`;

/** A hundred runs take a quarter of an hour on two cores that have nothing else to do. */
const limit = 2_700_000;

interface Work {
  readonly agentId: string;
  readonly board: Board;
}

describe.skipIf(reason !== "")(`under load${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let api: MessagesApi;
  beforeAll(async () => {
    // With its usual ten connections this server waits for itself for ever once ten runs begin together.
    world = await openWorld({ name: "load", environment: { DATABASE_POOL_MAX: "60" } });
    api = await world.messagesApi({
      rules: [
        { when: { agent: "main", user: "paperclip answered" }, replies: [say("The end.")], repeat: true },
        {
          when: { agent: "main", user: "step two" },
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
  afterAll(() => world?.close(), 600_000);

  test(
    `${total} runs of ${companies} companies, and a server that is killed ${kills.length} times`,
    async () => {
      const { paperclip, namespace } = world;
      const beganAt = performance.now();
      const note = (words: string) =>
        console.log(`${((performance.now() - beganAt) / 1000).toFixed(0)} s: ${words}`);
      const work: Work[] = [];
      const freed: Freed[] = [];
      const lanes = Array.from({ length: companies }, async (_, lane) => {
        const board = await patient(() => world.board());
        const agentId = await patient(() => board.agent(world.settings(api), `Agent ${lane}`));
        const names = Array.from({ length: share(lane) }, (_work, count) => `Work ${lane}/${count}.`);
        await Promise.all(
          Array.from({ length: atOnce }, async () => {
            for (let name = names.shift(); name !== undefined; name = names.shift()) {
              const id = await issueOnce(board, agentId, name);
              freed.push(...(await closed(board, agentId, id, name)));
              work.push({ agentId, board });
            }
          }),
        );
        note(`agent ${lane} has done all of its work`);
      });
      const disturbing = (async () => {
        for (const [part, signal] of kills) {
          await expect
            .poll(() => api.requests.filter(({ agent }) => agent === "main").length, {
              timeout: limit,
              interval: 250,
              message: "work that is under way",
            })
            .toBeGreaterThanOrEqual(part * total * turns);
          await (signal === "SIGKILL" ? paperclip.kill() : paperclip.stop());
          await paperclip.start();
          note(`${signal} once ${work.length} were done`);
        }
      })();
      await Promise.all([...lanes, disturbing]);

      // The host holds an issue whose run was cut off before it was given to the adapter. One of ours it must not hold.
      expect(freed.filter(({ given }) => given)).toEqual([]);
      // The agent closes its issue before its run is over; a successor that did not come is called for again after five minutes.
      await expect.poll(() => world.leftOver(), { timeout: 900_000, interval: 1000 }).toEqual([]);
      const boards = new Map(work.map(({ agentId, board }) => [agentId, board]));
      const runsOf = async () =>
        (
          await Promise.all(
            [...boards].map(async ([agentId, board]) =>
              (await board.runs(agentId)).map((run) => ({ run, board })),
            ),
          )
        ).flat();
      // What the host has not yet found it finds within its five minutes.
      await expect
        .poll(async () => (await runsOf()).filter(({ run }) => isUnderWay(run)).map(({ run }) => run.id), {
          timeout: 420_000,
          interval: 2000,
          message: "runs that have not ended",
        })
        .toEqual([]);
      const runs = await runsOf();
      const succeeded = runs.filter(({ run }) => run.status === "succeeded");
      const unstored = runs.filter(({ run }) => isUnstored(run));
      const shown = [...succeeded, ...unstored];
      const answers = await Promise.all(
        shown.map(async ({ board, run }) => wholeAnswer(run.id, await board.log(run.id))),
      );
      // Those that lost their server; each has a successor among the others.
      const unfinished = runs.map(({ run }) => run).filter(({ status }) => status !== "succeeded");
      const cutOff = unfinished.filter((run) => !isOfAClosedIssue(run) && !isUnstored(run));
      expect(cutOff.filter((run) => !isOfALostServer(run))).toEqual([]);
      expect(unstored.length).toBeLessThanOrEqual(kills.length * companies * atOnce);
      // A run whose agent has closed its issue may be under way beside that of the next issue.
      expect(cutOff.length).toBeLessThanOrEqual(kills.length * companies * atOnce * 2);
      // Once a run has been taken over, the host refuses its agent, which has the token of the run before, to close the issue; it asks
      // for one more run, which closes it.
      const taken = answers.filter((answer) => answer.startsWith("paperclip answered 200")).length;
      const refused = answers.filter((answer) => answer.startsWith("paperclip answered 409")).length;
      expect(taken + refused).toBe(answers.length);
      expect(refused).toBeLessThanOrEqual(cutOff.length);
      // An issue is closed by one run. Where the answer to that was lost with the server, the agent has asked again, and may have been
      // refused by then.
      const lost = answers.filter((answer) => answer === "paperclip answered 409, asked again").length;
      expect(taken).toBeLessThanOrEqual(work.length);
      expect(taken + lost).toBeGreaterThanOrEqual(work.length);
      // Each conversation was begun once, and is the transcript of one run: none that was taken over was begun again.
      const begun = api.requests.filter(
        ({ agent, body }) =>
          agent === "main" &&
          body["messages"].every(({ role }: { readonly role: string }) => role !== "assistant"),
      ).length;
      expect(begun).toBe(shown.length);
      note(
        `${succeeded.length} runs succeeded, ${unstored.length} were whole and not stored, ${cutOff.length} were cut off, ${refused} could not close their issue, ${freed.length} issues were freed`,
      );

      await paperclip.stop();
      const claims = await world.core.listNamespacedPersistentVolumeClaim({ namespace });
      expect([await world.leftOver(), spools(), claims.items]).toEqual([[], [], []]);
      // Each server leaves its Lease, as the host closes no adapter; a person removes them, once they have lapsed.
      const leases = world.admin.makeApiClient(CoordinationV1Api);
      const left = async () => (await leases.listNamespacedLease({ namespace })).items.length;
      expect(await left()).toBeLessThanOrEqual(kills.length + 1);
      await expect
        .poll(async () => clean(namespace).then(left), {
          timeout: 300_000,
          interval: 3000,
          message: "Leases",
        })
        .toBe(0);
    },
    limit,
  );
});

/** Whoever has less to do in a smaller trial is among the last. */
const share = (lane: number): number => Math.floor((total + companies - 1 - lane) / companies);

/** Waits for the end of an issue; what the host holds meanwhile is freed as a person does it. */
async function closed(board: Board, agentId: string, id: string, name: string): Promise<readonly Freed[]> {
  const freed: Freed[] = [];
  const look = async (): Promise<string> => {
    const status = await board.issueStatus(id);
    if (status === "blocked") freed.push(await board.free(agentId, id));
    return status;
  };
  let status: string | null = null;
  await expect
    .poll(async () => (status = await look().catch(() => status)), {
      timeout: 1_200_000,
      interval: 1500,
      message: `the end of "${name}", ${id}`,
    })
    .toBe("done");
  return freed;
}

/** An issue that was made though its answer was lost with the server is not made again. */
async function issueOnce(board: Board, agentId: string, title: string): Promise<string> {
  let asked = false;
  return patient(async () => {
    const known = asked ? await board.issues() : [];
    asked = true;
    return (known.find((issue) => issue.title === title) ?? (await board.issue(agentId, title))).id;
  });
}

const clean = (namespace: string) =>
  execute(process.execPath, [
    path.join(machine.root, "packages/cli/dist/cli.js"),
    "clean",
    "--remove",
    "--older-than=1s",
    `--kubeconfig=${kubeconfigOfCluster()}`,
    `--namespace=${namespace}`,
  ]);

const isUnderWay = ({ status }: HostRun): boolean =>
  ["queued", "running", "scheduled_retry"].includes(status);

const isOfALostServer = ({ status, errorCode }: HostRun): boolean =>
  status === "interrupted" || errorCode === "process_lost";

/** The agent has closed its issue between the call for a successor and that one's start: it is called for once more, without the issue. */
const isOfAClosedIssue = ({ error, errorCode }: HostRun): boolean =>
  errorCode === "issue_terminal_status" || error === "continuation_task_ownership_changed";

/**
 * The server was killed between the adapter's answer and its own storing of it: the host calls the run failed once its minute for that
 * is over. Its transcript is whole all the same, and its issue closed.
 */
const isUnstored = ({ errorCode }: HostRun): boolean =>
  errorCode === "execution_finalization_deadline_exceeded";

const printed = Array.from({ length: 200 }, (_, line) => `line ${line + 1}\n`).join("");

/** Nothing of Claude Code's output is missing or there twice; what the host answered to its agent. */
function wholeAnswer(id: string, log: string): string {
  // The server and the adapter write lines of their own between Claude Code's.
  const lines = log.split("\n").filter((line) => line !== "" && !/^\[(paperclip|claude_k8s)\] /.test(line));
  const records: readonly Record<string, any>[] = lines.map((line) => JSON.parse(line));
  const count = (type: string, subtype: string) =>
    records.filter((record) => record["type"] === type && record["subtype"] === subtype).length;
  expect([id, count("system", "init"), count("result", "success")]).toEqual([id, 1, 1]);
  expect([id, records[0]?.["type"], records.at(-1)?.["type"]]).toEqual([id, "system", "result"]);
  const marks = records.flatMap(({ uuid }) => uuid ?? []);
  expect([id, new Set(marks).size]).toEqual([id, marks.length]);
  const blocks = (type: string): readonly Record<string, any>[] =>
    records.filter((record) => record["type"] === type).flatMap(({ message }) => message.content);
  const texts = blocks("assistant").flatMap((block) => (block["type"] === "text" ? [block["text"]] : []));
  expect([id, texts]).toEqual([id, ["Step one.", "Step three.", "The end."]]);
  const results = blocks("user").map((block) => block["content"]);
  expect([id, results[0], results.length]).toEqual([id, `${printed}step two`, 2]);
  return String(results[1]);
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
