/** Paperclip itself in a pod, as people deploy it: its agents share its volume, and its account may do what is documented and no more. */

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Board, HostRun } from "../support/board.ts";
import { type InClusterWorld, openInClusterWorld } from "../support/in-cluster.ts";
import { machine, missing } from "../support/machine.ts";
import { answers, bash, say } from "../support/messages-api.ts";

const reason = missing("cluster", "paperclip", "messagesApi");
const mind = (value: unknown): string => JSON.stringify(value);

describe.skipIf(reason !== "")(`the server in a pod${reason && ` (skipped: ${reason})`}`, () => {
  let world: InClusterWorld;
  let board: Board;
  beforeAll(async () => {
    world = await openInClusterWorld();
    board = await world.board();
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  const workspaceOf = async ({ id }: HostRun) =>
    (await board.events(id)).find(({ eventType }) => eventType === "claude_k8s.workspace");

  test("Test passes without a kubeconfig, a namespace or an image", async () => {
    const api = await world.messagesApi(answers(say("Never asked.")));
    const answer = await board.test(world.settings(api));
    expect(answer.checks.filter(({ level }) => level === "error")).toEqual([]);
    expect(answer.status).not.toBe("fail");
  });

  test("an agent has its server's volume, image and session by itself", async () => {
    const api = await world.messagesApi({
      rules: [
        {
          when: { agent: "main", user: "Please read it" },
          replies: [say(bash("cat notes.txt")), say("THE SECOND ANSWER")],
          repeat: true,
        },
        {
          when: { agent: "main" },
          replies: [say(bash("echo for later > notes.txt; id -u")), say("THE FIRST ANSWER")],
          repeat: true,
        },
      ],
    });
    const agentId = await board.agent(world.settings(api));
    const issue = await board.issue(agentId, "Keep a note");
    const first = await board.ended((await board.nextRun(agentId, [])).id);
    expect(first).toMatchObject({ status: "succeeded", error: null });
    expect((await workspaceOf(first))?.payload).toMatchObject({ mode: "shared" });
    // The server's own folder, seen from this machine.
    const notes = find(world.server.dataFolder, "notes.txt");
    expect(notes.map((file) => readFileSync(file, "utf8"))).toEqual(["for later\n"]);

    await board.comment(issue.id, "Please read it.");
    await expect
      .poll(() => mind(api.requests.at(-1)?.body["messages"]), { timeout: 300_000 })
      .toContain('"content":"for later"');
    // The same conversation, as its files lie on the volume.
    expect(mind(api.requests.at(-1)?.body["messages"])).toContain("THE FIRST ANSWER");
    await board.setStatus(issue.id, "done");
    await expect.poll(() => world.leftOver(), { timeout: 300_000 }).toEqual([]);
  });

  test("an agent of another namespace runs there, with what it is given", async () => {
    const api = await world.messagesApi(answers(say(bash("pwd")), say("It is done.")));
    const agentId = await board.agent(
      world.settings(api, { namespace: world.agentsNamespace, image: `lab/claude:${machine.claudeVersion}` }),
    );
    const issue = await board.issue(agentId, "Work elsewhere");
    const run = await board.ended((await board.nextRun(agentId, [])).id);
    expect(run).toMatchObject({ status: "succeeded", error: null });
    // Its Role has no exec there, and a claim belongs to its namespace.
    expect((await workspaceOf(run))?.payload).toMatchObject({ mode: "empty" });
    await board.setStatus(issue.id, "done");
    await expect.poll(() => world.leftOver(), { timeout: 300_000 }).toEqual([]);
  });

  test("the server's pod is replaced during a run, and the next one takes it over", async () => {
    const api = await world.messagesApi({
      rules: [
        {
          when: { agent: "main" },
          replies: [{ content: [{ type: "text", text: "The work is done." }], delay_ms: 60_000 }],
          repeat: true,
        },
      ],
    });
    const agentId = await board.agent(world.settings(api));
    await board.issue(agentId, "Work through a rollout");
    const first = await board.nextRun(agentId, []);
    await expect.poll(() => board.log(first.id), { timeout: 300_000 }).toContain('"subtype":"init"');
    await world.server.restart();
    const second = await board.nextRun(agentId, [first.id]);
    expect(await board.ended(second.id)).toMatchObject({ status: "succeeded", error: null });
    const log = await board.log(second.id);
    expect(log.split('"subtype":"init"')).toHaveLength(2);
    expect(log).toContain("The work is done.");
    expect((await board.events(second.id)).map(({ eventType }) => eventType)).toContain("k8s.job-adopted");
    await expect.poll(() => world.leftOver(), { timeout: 300_000 }).toEqual([]);
  });
});

function find(folder: string, name: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === name)
    .map((file) => path.join(folder, file));
}
