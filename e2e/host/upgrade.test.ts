/** The adapter is replaced by its next version: between two runs, while a run works, and together with a restart of the server. */

import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Board, installAdapter } from "../support/board.ts";
import { machine, missing } from "../support/machine.ts";
import { installPacked } from "../support/packed.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const answer = (milliseconds: number) => ({
  rules: [
    {
      when: { agent: "main" },
      replies: [{ content: [{ type: "text", text: "The work is done." }], delay_ms: milliseconds }],
      repeat: true,
    },
  ],
});

describe.skipIf(reason !== "")(`an upgrade of the adapter${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  let packed: string;
  beforeAll(async () => {
    world = await openWorld({ name: "upgrade", adapterFolder: null });
    packed = await installPacked();
    await installAdapter(world.paperclip, await version(1));
    board = await world.board();
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  /** A release in a folder of its own, as a person unpacks one beside the other; it says in the server's log that it is loaded. */
  async function version(number: number): Promise<string> {
    const place = path.join(machine.paperclipRoot, `adapters-${number}`);
    await rm(place, { recursive: true, force: true });
    await cp(path.resolve(packed, "../.."), place, { recursive: true, verbatimSymlinks: true });
    const folder = path.join(place, "node_modules", path.basename(packed));
    const manifest = path.join(folder, "package.json");
    const described = JSON.parse(await readFile(manifest, "utf8"));
    await writeFile(manifest, JSON.stringify({ ...described, version: `9.0.${number}` }));
    const entry = path.join(folder, described.exports["."].import ?? described.exports["."].default);
    await writeFile(entry, `${await readFile(entry, "utf8")}\nconsole.warn("loaded: 9.0.${number}");\n`);
    return folder;
  }

  const versionInUse = async () => (await world.paperclip.api("GET", "/adapters/claude_k8s")).version;

  async function begin(title: string, milliseconds: number) {
    const api = await world.messagesApi(answer(milliseconds));
    const agentId = await board.agent(world.settings(api), title);
    const issue = await board.issue(agentId, title);
    const first = await board.nextRun(agentId, []);
    await expect
      .poll(() => board.log(first.id), { timeout: 300_000, interval: 500 })
      .toContain('"subtype":"init"');
    return { agentId, issue, first };
  }

  async function expectWhole(runId: string): Promise<void> {
    const ended = await board.ended(runId);
    expect([ended.status, ended.error, ended.errorCode]).toEqual(["succeeded", null, null]);
    const log = await board.log(runId);
    expect(log.split('"subtype":"init"')).toHaveLength(2);
    expect(log).toContain("The work is done.");
    expect(log).toContain('"type":"result"');
  }

  test("while a run works: it ends under the copy that began it, and the next run has the new one", async () => {
    const { agentId, issue, first } = await begin("Work through an upgrade", 15_000);
    await installAdapter(world.paperclip, await version(2));
    expect(await versionInUse()).toBe("9.0.2");
    expect(world.paperclip.log()).toContain("loaded: 9.0.2");
    await expectWhole(first.id);
    const before = (await board.runs(agentId)).map(({ id }) => id);
    await board.comment(issue.id, "Once more.");
    await expectWhole((await board.nextRun(agentId, before, 60)).id);
  }, 900_000);

  test("with a restart of the server during a run: the new version takes the run over", async () => {
    const { agentId, first } = await begin("Work through a deployment", 45_000);
    await world.paperclip.stop();
    // As an image of the server has it that was built with the next release.
    await version(3);
    const registry = path.join(machine.paperclipRoot, "home/.paperclip/adapter-plugins.json");
    const known = await readFile(registry, "utf8");
    await writeFile(registry, known.replaceAll(/adapters-\d+/g, "adapters-3"));
    await world.paperclip.start();
    expect(world.paperclip.log()).toContain("loaded: 9.0.3");
    expect(world.paperclip.log()).not.toContain("loaded: 9.0.2");
    const second = await board.nextRun(agentId, [first.id]);
    await expectWhole(second.id);
    const events = await board.events(second.id);
    expect(events.map(({ eventType }) => eventType)).toContain("k8s.job-adopted");
  }, 900_000);
});
