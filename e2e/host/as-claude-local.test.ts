/** In the place of the host's own local adapter: its agents run in the cluster, and come back when ours goes. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Board, installAdapter } from "../support/board.ts";
import { machine, missing } from "../support/machine.ts";
import { type MessagesApi, bash, say, startMessagesApi } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";
import path from "node:path";

const reason = missing("cluster", "paperclip", "messagesApi");

describe.skipIf(reason !== "")(`as claude_local${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  let api: MessagesApi;
  const folder = path.join(machine.root, "packages/adapter");

  beforeAll(async () => {
    api = await startMessagesApi({
      rules: [
        {
          when: { agent: "main" },
          replies: [say(bash("echo in $(pwd) of $(hostname)")), say("Done in a pod.")],
          repeat: true,
        },
      ],
      fallback: say("{}"),
    });
    world = await openWorld({
      name: "local",
      environment: { CLAUDE_K8S_AS: "claude_local" },
      adapterFolder: null,
      operator: (namespace, addressForPods) => ({
        defaults: {
          image: `lab/claude:${machine.claudeVersion}`,
          imagePullPolicy: "Never",
          namespace,
          paperclipApiUrl: addressForPods,
          "resources.requests.cpu": "100m",
          "resources.requests.memory": "256Mi",
          env: {
            ANTHROPIC_BASE_URL: api.url,
            ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
            DISABLE_TELEMETRY: "1",
          },
        },
      }),
    });
    board = await world.board();
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    await api?.close();
  }, 600_000);

  const state = () => world.paperclip.api("GET", "/adapters/claude_local");

  test("an agent that was made for the local adapter runs in the cluster", async () => {
    expect(await state()).toMatchObject({ source: "builtin" });
    const cwd = path.join(machine.paperclipRoot, "home/work");
    const agent = await board.agent({ engine: "cli", command: "claude", cwd }, "Old", "claude_local");
    await installAdapter(world.paperclip, folder);
    expect(await state()).toMatchObject({
      source: "external",
      overriddenBuiltin: true,
      overridePaused: false,
    });
    const issue = await board.issue(agent, "Say where you are");
    const { id } = await board.nextRun(agent, []);
    const run = await board.ended(id);
    expect(run).toMatchObject({ status: "succeeded", error: null });
    const log = await board.log(id);
    expect(log).toContain("Done in a pod.");
    expect(log).toMatch(/in \/workspace of run-/);
    await board.setStatus(issue.id, "done");
  });

  test("its Test is ours", async () => {
    const answer = await world.paperclip.api(
      "POST",
      `/companies/${board.companyId}/adapters/claude_local/test-environment`,
      { adapterConfig: { cwd: "/home/me", command: "claude" } },
    );
    expect(answer).toMatchObject({ adapterType: "claude_local", status: "pass" });
    expect(JSON.stringify(answer)).toContain("permissions are given");
  });

  test("paused it is the host's own again until the server's next start, and removed for good", async () => {
    const pause = (paused: boolean) =>
      world.paperclip.api("PATCH", "/adapters/claude_local/override", { paused });
    await pause(true);
    expect(await state()).toMatchObject({ overridePaused: true });
    const config = { adapterConfig: { engine: "cli", command: "/nowhere/claude" } };
    const testIt = () =>
      world.paperclip.api(
        "POST",
        `/companies/${board.companyId}/adapters/claude_local/test-environment`,
        config,
      );
    expect(JSON.stringify(await testIt())).not.toContain("permissions are given");
    await pause(false);
    expect(JSON.stringify(await testIt())).toContain("permissions are given");
    await world.paperclip.api("DELETE", "/adapters/claude_local");
    expect(await state()).toMatchObject({ source: "builtin" });
    expect(JSON.stringify(await testIt())).not.toContain("permissions are given");
  });
});
