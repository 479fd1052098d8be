/** What a company sees of its agents' work: sessions, files, instructions, sub-agents, and what it all costs. */

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Board } from "../support/board.ts";
import { missing } from "../support/machine.ts";
import { answers, bash, costing, say, served } from "../support/messages-api.ts";
import { type SharedVolume, createSharedVolume } from "../support/volume.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");
const haiku = { model: "claude-haiku-4-5", price: { input: 1, output: 5 } };
const mind = (messages: unknown): string => JSON.stringify(messages);

describe.skipIf(reason !== "")(`runs of an agent${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  let volume: SharedVolume;
  beforeAll(async () => {
    world = await openWorld({ name: "runs" });
    volume = await createSharedVolume(world);
    board = await world.board();
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    await volume?.remove();
  }, 600_000);
  /** An issue that an agent leaves open is gone on with by the host itself. */
  const closeAll = async (...issues: readonly { readonly id: string }[]): Promise<void> => {
    await Promise.all(issues.map(({ id }) => board.setStatus(id, "done")));
    await expect.poll(() => world.leftOver(), { timeout: 300_000 }).toEqual([]);
  };

  test("a first run: the agent works in its pod, speaks to Paperclip as itself, and closes its issue", async () => {
    const own = await world.board();
    const closing = `node -e '
      const { PAPERCLIP_API_URL: at, PAPERCLIP_API_KEY: key, PAPERCLIP_RUN_ID: run, PAPERCLIP_TASK_ID: issue } = process.env;
      const headers = { authorization: "Bearer " + key, "x-paperclip-run-id": run, "content-type": "application/json" };
      fetch(at + "/api/issues/" + issue, { method: "PATCH", headers, body: JSON.stringify({ status: "done", comment: "All is done." }) })
        .then((answer) => console.log("paperclip answered", answer.status));'`;
    const api = await world.messagesApi({
      rules: [
        {
          when: { agent: "main" },
          replies: [
            costing(say("I look around.", bash("pwd; id -u")), [40_000, 8_000, 8_000, 0]),
            costing(say(bash(closing)), [1_000, 4_000, 2_000, 48_000]),
            costing(say("The work is finished."), [500, 2_000, 1_000, 51_000]),
          ],
        },
        { replies: [costing(say("{}"), [100, 10, 0, 0])], repeat: true },
      ],
    });
    const agentId = await own.agent(world.settings(api, { model: haiku.model }));
    const issue = await own.issue(agentId, "Do the work", "Find out where you are, then close this issue.");
    const { id } = await own.nextRun(agentId, []);
    const run = await own.ended(id);
    expect(run).toMatchObject({ status: "succeeded", error: null, errorCode: null });

    const first = mind(api.requests.find(({ agent }) => agent === "main")?.body["messages"]);
    expect(first).toContain("Find out where you are");
    const log = await own.log(id);
    expect(log).toContain("The work is finished.");
    expect(log).toContain("paperclip answered 200");
    // The server writes lines of its own between Claude Code's.
    const lines = log.split("\n").filter((line) => line !== "" && !line.startsWith("[paperclip] "));
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    expect(await own.issueStatus(issue.id)).toBe("done");
    expect((await own.comments(issue.id)).map(({ body }) => body)).toEqual(["All is done."]);

    const { costUsd, ...tokens } = served(api.requests, haiku.price);
    expect(run.usageJson).toMatchObject(tokens);
    expect(run.usageJson?.["costUsd"]).toBeCloseTo(costUsd, 6);
    // The host books it after the run has ended.
    await expect.poll(() => own.spentCents(), { timeout: 300_000 }).toBe(Math.round(costUsd * 100));
    await closeAll(issue);
  });

  test("a comment goes on with the same session, where the files of the first run lie", async () => {
    const api = await world.messagesApi({
      rules: [
        {
          when: { agent: "main", user: "Please read it to me" },
          replies: [say(bash("cat notes.txt")), say("THE SECOND ANSWER")],
          repeat: true,
        },
        {
          when: { agent: "main" },
          replies: [say(bash("echo kept for > notes.txt; echo later >> notes.txt")), say("THE FIRST ANSWER")],
          repeat: true,
        },
      ],
    });
    const agentId = await board.agent(world.settings(api, volume.settings));
    const issue = await board.issue(agentId, "Keep a note");
    const first = await board.ended((await board.nextRun(agentId, [])).id);
    expect(first.status).toBe("succeeded");
    expect(readFileSync(path.join(volume.folder, "work/notes.txt"), "utf8")).toBe("kept for\nlater\n");
    await board.comment(issue.id, "Please read it to me.");
    const asked = () =>
      api.requests.findIndex(({ body }) => mind(body["messages"]).includes("Please read it to me"));
    await expect.poll(asked, { timeout: 300_000 }).toBeGreaterThan(0);
    await expect
      .poll(() => mind(api.requests.at(-1)?.body["messages"]), { timeout: 300_000 })
      .toContain(String.raw`"content":"kept for\nlater"`);
    expect(mind(api.requests[asked()]?.body["messages"])).toContain("THE FIRST ANSWER");
    const runs = await Promise.all((await board.runs(agentId)).map(({ id }) => board.ended(id)));
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["succeeded"]));
    expect(new Set(runs.map(({ sessionIdAfter }) => sessionIdAfter))).toEqual(
      new Set([first.sessionIdAfter]),
    );
    await closeAll(issue);
  });

  test("three issues of one agent at once: each has its own pod, session and answer", async () => {
    const waiting = `until [ -e /work/go ]; do sleep 0.2; done; echo seen by $PAPERCLIP_TASK_ID`;
    const api = await world.messagesApi({
      rules: [
        { when: { agent: "main", user: "seen by" }, replies: [say("I saw it.")], repeat: true },
        { when: { agent: "main" }, replies: [say(bash(waiting))], repeat: true },
      ],
    });
    const agentId = await board.agent(world.settings(api, volume.settings));
    const issues = await Promise.all(
      ["one", "two", "three"].map((name) => board.issue(agentId, `Issue ${name}`)),
    );
    await expect
      .poll(() => api.requests.filter(({ agent }) => agent === "main").length, { timeout: 300_000 })
      .toBe(3);
    const running = await board.runs(agentId);
    expect(running.map(({ status }) => status)).toEqual(["running", "running", "running"]);
    const pods = await world.core.listNamespacedPod({ namespace: world.namespace });
    expect(pods.items).toHaveLength(3);
    writeFileSync(path.join(volume.folder, "work/go"), "");
    const ended = await Promise.all(running.map(({ id }) => board.ended(id)));
    expect(ended.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(new Set(ended.map(({ sessionIdAfter }) => sessionIdAfter)).size).toBe(3);
    const logs = await Promise.all(ended.map(({ id }) => board.log(id)));
    for (const { id } of issues) expect(logs.filter((log) => log.includes(`seen by ${id}`))).toHaveLength(1);
    await closeAll(...issues);
  });

  test("instructions and skills of the agent reach Claude", async () => {
    const api = await world.messagesApi(answers(say("I know what to do.")));
    const agentId = await board.agent(world.settings(api));
    await board.writeInstructions(agentId, "You are the keeper of the e2e lighthouse.\n");
    const skill =
      "---\nname: trim-the-lamp\ndescription: How the lamp of the lighthouse is trimmed\n---\nUse scissors.\n";
    await board.giveSkill(agentId, "trim-the-lamp", "How the lamp of the lighthouse is trimmed", skill);
    const issue = await board.issue(agentId, "Who are you?");
    const run = await board.ended((await board.nextRun(agentId, [])).id);
    expect(run.status).toBe("succeeded");
    const asked = mind(api.requests.find(({ agent }) => agent === "main")?.body);
    expect(asked).toContain("keeper of the e2e lighthouse");
    expect(asked).toContain("How the lamp of the lighthouse is trimmed");
    await closeAll(issue);
  });

  test("Claude calls a tool of the host's own MCP server, as the agent that it is", async () => {
    const own = await world.board();
    await world.paperclip.api("POST", `/companies/${own.companyId}/projects`, { name: "The e2e lighthouse" });
    const tool = { type: "tool_use", name: "mcp__Paperclip_projects__list_projects", input: {} };
    const api = await world.messagesApi(answers(say(tool), say("I have seen them.")));
    const agentId = await own.agent(world.settings(api));
    const issue = await own.issue(agentId, "Which projects are there?");
    const { id } = await own.nextRun(agentId, []);
    expect((await own.ended(id)).status).toBe("succeeded");
    const told = api.requests
      .filter(({ agent }) => agent === "main")
      .map(({ body }) => mind(body["messages"]));
    expect(told.at(-1)).toContain("The e2e lighthouse");
    expect(await own.log(id)).toMatch(/"name":"Paperclip projects","status":"connected"/);
    await closeAll(issue);
  });

  test("a sub-agent's tokens are counted, once", async () => {
    const own = await world.board();
    const delegate = {
      type: "tool_use",
      name: "Agent",
      input: {
        description: "List sources",
        prompt: "List the files and report.",
        subagent_type: "general-purpose",
        run_in_background: false,
      },
    };
    const api = await world.messagesApi({
      rules: [
        {
          when: { agent: "sub" },
          replies: [
            costing(say("Looking.", bash("ls")), [3_000, 700, 400, 0]),
            costing(say("SUB REPORT: no files."), [200, 900, 100, 3_400]),
          ],
        },
        {
          when: { agent: "main" },
          replies: [
            costing(say("I delegate.", delegate), [10_000, 1_000, 5_000, 0]),
            costing(say("The sub-agent found nothing."), [700, 1_500, 300, 15_000]),
          ],
        },
        { replies: [costing(say("{}"), [100, 10, 0, 0])], repeat: true },
      ],
    });
    const agentId = await own.agent(world.settings(api, { model: haiku.model }));
    await own.issue(agentId, "Delegate");
    const run = await own.ended((await own.nextRun(agentId, [])).id);
    expect(run.status).toBe("succeeded");
    const asked = api.requests.slice(0, api.requests.findLastIndex(({ agent }) => agent === "sub") + 2);
    expect(asked.filter(({ agent }) => agent === "sub")).toHaveLength(2);
    const { costUsd, ...tokens } = served(asked, haiku.price);
    expect(run.usageJson).toMatchObject(tokens);
    expect(run.usageJson?.["costUsd"]).toBeCloseTo(costUsd, 6);
  });
});
