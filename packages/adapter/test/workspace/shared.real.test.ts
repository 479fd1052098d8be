/** The server's own folders in an agent's pod, with the real Claude Code on a real cluster: two processes, one volume. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../../../../e2e/support/machine.ts";
import { execute } from "../../src/execute.ts";
import { type RealWorld, bash, createRealWorld, done } from "./real-world.ts";

const reason =
  process.env["KUBECONFIG"] === undefined ? "needs KUBECONFIG" : missing("cluster", "messagesApi");

describe.skipIf(reason !== "")(`[real] the shared workspace${reason && ` (skipped: ${reason})`}`, () => {
  let world: RealWorld;
  beforeAll(async () => {
    world = await createRealWorld("e2e-shared");
    await world.makeClaim("data", world.home, "ReadWriteMany");
    await world.startServerPod({
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
      containers: [{ name: "paperclip", volumeMounts: [{ name: "data", mountPath: world.home }] }],
    });
  }, 600_000);
  afterAll(async () => {
    await world?.close();
  }, 120_000);

  test("the second run, of another process, sees the first one's files and goes on with its session", async () => {
    const look = `ls ${world.home} ${path.join(world.home, "instances/default")} | tr '\\n' ' '; id -u`;
    await world.script([
      bash(`echo written by the first > notes.txt; pwd; ${look}`),
      done,
      bash("cat notes.txt"),
      done,
    ]);
    const first = world.host("first");
    const one = await execute(first.context, world.process());
    expect(one).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: expect.any(String) });
    const told = first.events.find(({ eventType }) => eventType === "claude_k8s.workspace");
    expect(told?.payload).toMatchObject({ mode: "shared", workingDirectory: world.project });
    expect(told?.message).toContain("claim data");
    expect(readFileSync(path.join(world.project, "notes.txt"), "utf8")).toBe("written by the first\n");
    // Only the company's part of the disk, and of the server's own only the way there.
    expect(first.output()).toMatch(/instances .*projects /);
    expect(first.output()).not.toMatch(/claude-k8s [^/]*instances/);
    expect(existsSync(path.join(world.home, "claude-k8s/homes"))).toBe(true);

    const second = world.host("second", {
      runtime: { sessionId: one.sessionId ?? null, sessionParams: one.sessionParams ?? null },
    });
    const two = await execute(second.context, world.process());
    expect(two).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: one.sessionId });
    expect(second.invocations[0]?.command).toBe("claude");
    expect(second.invocations[0]?.commandArgs).toContain("--resume");
    expect(second.output()).toContain("written by the first");
    expect(second.events.filter(({ level }) => level === "warn")).toEqual([]);
  }, 240_000);

  test("an overlay that reaches for the rest of the disk is refused before there is a Job", async () => {
    await world.script([done]);
    const overlay = {
      spec: { containers: [{ name: "main", volumeMounts: [{ name: "shared-0", mountPath: "/all" }] }] },
    };
    const host = world.host("greedy", { config: { podTemplate: JSON.stringify(overlay) } });
    const result = await execute(host.context, world.process());
    expect(result).toMatchObject({ errorMessage: expect.stringContaining("a part that the run is lent") });
    const whole = world.host("whole", { config: { workspaceScope: "whole" } });
    expect(await execute(whole.context, world.process())).toMatchObject({
      errorMessage: expect.stringContaining("workspaceScope"),
    });
  }, 120_000);
});
