/** The agent works on a copy of the server's folder: the real Claude Code on a real cluster, without any volume. */

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bash, say } from "../../../../e2e/support/messages-api.ts";
import { execute } from "../../src/execute.ts";
import { createLateWork } from "../../src/late-work.ts";
import type { FakeHost } from "../host-context.ts";
import { type RealWorld, done, openRealWorld, whyNot } from "./copying-world.ts";

describe.skipIf(whyNot !== "")(`[real] copied workspaces${whyNot && ` (skipped: ${whyNot})`}`, () => {
  let world: RealWorld;
  beforeAll(async () => {
    world = await openRealWorld("copied");
  }, 600_000);
  afterAll(() => world?.close(), 120_000);

  test("the second run, of another process, sees the first one's files and resumes its session", async () => {
    const cwd = world.workspaceFolder("first");
    mkdirSync(path.join(cwd, ".git"));
    writeFileSync(path.join(cwd, ".git", "HEAD"), "ref: refs/heads/main\n");
    writeFileSync(path.join(cwd, "kept.txt"), "kept\n");
    writeFileSync(path.join(cwd, "gone.txt"), "gone\n");
    const first = await world.host("first", {
      workspace: { cwd },
      replies: [
        say(
          bash(
            "cat kept.txt .git/HEAD > read.txt; rm gone.txt; ln -s kept.txt link; mkdir -p made; pwd > made/pwd",
          ),
        ),
        done,
      ],
    });
    const one = await execute(first.context, world.process());
    expect(one).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: expect.any(String) });
    expect(first.events.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Workspace: copied, in \/workspace: /),
    );
    expect(first.events.filter(({ level }) => level === "warn")).toEqual([]);
    expect(readFileSync(path.join(cwd, "read.txt"), "utf8")).toBe("kept\nref: refs/heads/main\n");
    expect(readFileSync(path.join(cwd, "made", "pwd"), "utf8")).toBe("/workspace\n");
    expect(existsSync(path.join(cwd, "gone.txt"))).toBe(false);

    const second = await world.host("second", {
      workspace: { cwd },
      runtime: { sessionId: one.sessionId ?? null, sessionParams: one.sessionParams ?? null },
      replies: [say(bash("cat link made/pwd > second.txt")), done],
    });
    const two = await execute(second.context, world.process());
    expect(two).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: one.sessionId });
    expect(second.invocations[0]?.commandArgs).toContain("--resume");
    expect(readFileSync(path.join(cwd, "second.txt"), "utf8")).toBe("kept\n/workspace\n");
    // Nothing of the copy's own is left where people look.
    expect(readdirSync(path.dirname(cwd)).filter((name) => name.includes("claude-k8s"))).toEqual([]);
  }, 240_000);

  test("a run that is cancelled leaves what it changed, and a link that leads out stays behind, told", async () => {
    const cwd = world.workspaceFolder("cancelled");
    writeFileSync(path.join(cwd, "a.txt"), "a\n");
    const host = await world.host("cancelled", {
      workspace: { cwd },
      runtime: { taskKey: "cancelled" },
      replies: [
        say(bash("echo changed > a.txt; ln -s /etc/hostname out")),
        say(bash("tail -f /dev/null")),
        done,
      ],
    });
    const running = execute(host.context, world.process());
    // Its second command is given when the first one is done.
    await outputWith(host, "tail -f");
    host.cancel.abort(new Error("cancelled"));
    const result = await running;
    expect(result).toMatchObject({ errorCode: "cancelled" });
    expect(readFileSync(path.join(cwd, "a.txt"), "utf8")).toBe("changed\n");
    expect(existsSync(path.join(cwd, "out"))).toBe(false);
    expect(host.events.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("out (a link that leads out of the folder)"),
    );
  }, 240_000);

  test("a stop is answered before all files are back, says so, and the next run waits for them", async () => {
    const cwd = world.workspaceFolder("late");
    writeFileSync(path.join(cwd, "a.txt"), "a\n");
    const works: Promise<void>[] = [];
    const log: string[] = [];
    const server = {
      ...world.process(),
      afterwards: (work: () => Promise<void>) => void works.push(work()),
      lateWork: createLateWork(),
      log: (line: string) => void log.push(line),
      workSeconds: 1,
    };
    const stopped = await world.host("stopped", {
      workspace: { cwd },
      runtime: { taskKey: "late" },
      replies: [say(bash("echo changed > a.txt")), say(bash("tail -f /dev/null")), done],
    });
    const running = execute(stopped.context, server);
    await outputWith(stopped, "tail -f");
    // The server's disk is in trouble for a while.
    const beside = readdirSync(world.folder, { recursive: true, encoding: "utf8" })
      .filter((name) => path.basename(name).startsWith(".claude-k8s-copy-"))
      .map((name) => path.join(world.folder, name))[0]!;
    const state = path.join(beside, readdirSync(beside)[0]!);
    renameSync(state, `${beside}.aside`);
    writeFileSync(state, "");
    stopped.cancel.abort(new Error("Cancelled by a board operator"));
    const result = await running;
    expect(result).toMatchObject({
      errorCode: "cancelled",
      sessionId: expect.any(String),
      resultJson: { executionCancellation: { state: "acknowledged" } },
    });
    expect(stopped.events.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("it is still being brought"),
    );
    expect(readFileSync(path.join(cwd, "a.txt"), "utf8")).toBe("a\n");

    const next = await world.host("next", {
      workspace: { cwd },
      runtime: {
        taskKey: "late",
        sessionId: result.sessionId ?? null,
        sessionParams: result.sessionParams ?? null,
      },
      replies: [say(bash("cp a.txt seen.txt")), done],
    });
    const following = execute(next.context, server);
    await outputWith(next, "Waiting for what the run before has left");
    rmSync(state);
    renameSync(`${beside}.aside`, state);
    expect(await following).toMatchObject({
      exitCode: 0,
      errorMessage: null,
      sessionId: result.sessionId,
    });
    expect(readFileSync(path.join(cwd, "seen.txt"), "utf8")).toBe("changed\n");
    await Promise.all(works);
    expect(log).toEqual([]);
  }, 240_000);

  test("a pod that is evicted gives back what was changed, while it has time to end", async () => {
    const cwd = world.workspaceFolder("evicted");
    writeFileSync(path.join(cwd, "a.txt"), "a\n");
    const host = await world.host("evicted", {
      workspace: { cwd },
      runtime: { taskKey: "evicted" },
      replies: [say(bash("echo changed > a.txt")), say(bash("tail -f /dev/null")), done],
    });
    const running = execute(host.context, world.process());
    await outputWith(host, "tail -f");
    const { namespace, core } = world;
    const labelSelector = "paperclip.io/run-id=evicted";
    const [pod] = (await core.listNamespacedPod({ namespace, labelSelector })).items;
    const name = pod?.metadata?.name ?? "";
    await core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } });
    expect(await running).toMatchObject({ errorCode: "k8s_node_drained" });
    expect(readFileSync(path.join(cwd, "a.txt"), "utf8")).toBe("changed\n");
  }, 240_000);

  test("a server that lets go of a run is followed by one that takes its files", async () => {
    const cwd = world.workspaceFolder("adopted");
    const replies = [say(bash("echo begun > begun.txt; sleep 8; echo ended > ended.txt")), done];
    const host = await world.host("adopted", {
      workspace: { cwd },
      runtime: { taskKey: "adopted" },
      replies,
    });
    const dying = world.process();
    const running = execute(host.context, dying);
    await outputWith(host, "sleep 8");
    await dying.connections.close();
    await running;
    const next = await world.host("successor", {
      workspace: { cwd },
      runtime: { taskKey: "adopted" },
      replies,
    });
    const taken = await execute(next.context, world.process());
    expect(taken).toMatchObject({ exitCode: 0, errorMessage: null });
    expect(readdirSync(cwd).toSorted()).toEqual(["begun.txt", "ended.txt"]);
  }, 240_000);

  test("what is too large is refused, and the setting is named", async () => {
    const cwd = world.workspaceFolder("large");
    writeFileSync(path.join(cwd, "large"), "x".repeat(5000));
    const config = { workspaceMode: "copied", copyMaxSize: "1k" };
    const host = await world.host("large", {
      workspace: { cwd },
      runtime: { taskKey: "large" },
      config,
      replies: [done],
    });
    const { sessions: _none, ...withoutSessions } = world.process();
    const result = await execute(host.context, withoutSessions);
    expect(result.errorMessage).toContain("Largest copy");
    expect(result).toMatchObject({ resultJson: { diagnosis: { code: "workspace_too_large" } } });
  }, 240_000);
});

async function outputWith(host: FakeHost, words: string): Promise<void> {
  await expect.poll(() => host.output(), { timeout: 120_000, interval: 200 }).toContain(words);
}
