/** A volume of the agent's own, with the real Claude Code on a real cluster: two processes, one claim. */

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { listClaims } from "@claude-k8s/k8s-runner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../../../../e2e/support/machine.ts";
import { execute } from "../../src/execute.ts";
import { hashedName } from "../../src/workspace/hashed-name.ts";
import { type RealWorld, bash, createRealWorld, done } from "./real-world.ts";

const reason =
  process.env["KUBECONFIG"] === undefined ? "needs KUBECONFIG" : missing("cluster", "messagesApi");

describe.skipIf(reason !== "")(
  `[real] a claim of the agent's own${reason && ` (skipped: ${reason})`}`,
  () => {
    let world: RealWorld;
    beforeAll(async () => {
      world = await createRealWorld("e2e-claim");
    }, 600_000);
    afterAll(async () => {
      await world?.close();
    }, 120_000);

    test("is filled once, kept, and brings files and session to the next run of another process", async () => {
      const { company, agent } = world.ids;
      const name = `claude-k8s-${hashedName(`${company}/${agent}`, 20)}`;
      const disk = path.join(world.home, "disk");
      mkdirSync(disk);
      chmodSync(disk, 0o777);
      // The cluster has no storage class: somebody else binds the claim that the run makes.
      await world.makeVolume(name, disk, "ReadWriteOnce");
      writeFileSync(path.join(world.project, "README.md"), "of the host\n");
      const config = { workspaceMode: "claim", workspaceClaimSize: "1Gi", workspaceClaimClass: "by-hand" };

      await world.script([
        bash("cat README.md; echo changed > README.md; echo new > notes.txt; pwd; echo $HOME $AGENT_HOME"),
        done,
        bash("cat README.md notes.txt"),
        done,
      ]);
      const first = world.host("first", { config });
      const one = await execute(first.context, world.process());
      expect(one).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: expect.any(String) });
      expect(first.events.filter(({ level }) => level === "warn")).toEqual([]);
      const told = first.events.find(({ eventType }) => eventType === "claude_k8s.workspace");
      expect(told?.payload).toMatchObject({ mode: "claim", workingDirectory: "/workspace" });
      expect(first.output()).toContain("of the host");
      expect(readFileSync(path.join(world.project, "README.md"), "utf8")).toBe("of the host\n");
      expect(existsSync(path.join(disk, "workspace/notes.txt"))).toBe(true);

      const { connections } = world.process();
      const { cluster } = await connections.open({
        kubeconfig: first.context.config["kubeconfig"] as string,
        context: null,
        trust: null,
      });
      const listed = await listClaims(cluster, {
        namespace: world.namespace,
        labels: { "paperclip.io/agent-id": agent },
      });
      expect(listed).toMatchObject([
        { name, accessModes: ["ReadWriteOnce"], annotations: { "claude-k8s.io/filled": "true" } },
      ]);

      // Whatever becomes of the host's folder, the claim has its own by now.
      rmSync(path.join(world.project, "README.md"));
      const second = world.host("second", {
        config,
        runtime: { sessionId: one.sessionId ?? null, sessionParams: one.sessionParams ?? null },
      });
      const two = await execute(second.context, world.process());
      expect(two).toMatchObject({ exitCode: 0, errorMessage: null, sessionId: one.sessionId });
      expect(second.output()).toContain("changed\\nnew");
      expect(second.invocations[0]?.commandArgs).toContain("--resume");
    }, 240_000);

    test("one that a setting names is worked on where the operator allows it, and only there", async () => {
      const disk = path.join(world.home, "named");
      mkdirSync(path.join(disk, "part"), { recursive: true });
      for (const folder of [disk, path.join(disk, "part")]) chmodSync(folder, 0o777);
      await world.makeClaim("named", disk, "ReadWriteOnce");
      await world.script([bash("pwd; echo here > notes.txt"), done]);
      const config = { workspaceClaim: "named", workspaceMountPath: "/data", workspaceSubPath: "part" };
      const runtime = { taskKey: "named" };
      const refused = world.host("unnamed", { config, runtime });
      expect(await execute(refused.context, world.process())).toMatchObject({
        errorMessage: expect.stringContaining("allow.claims"),
      });
      const host = world.host("named", { config, runtime });
      const rules = { allow: { claims: ["named"] } };
      expect(await execute(host.context, world.process(rules))).toMatchObject({
        exitCode: 0,
        errorMessage: null,
      });
      const told = host.events.find(({ eventType }) => eventType === "claude_k8s.workspace");
      expect(told?.payload).toMatchObject({ mode: "shared", workingDirectory: "/data" });
      expect(readFileSync(path.join(disk, "part", "notes.txt"), "utf8")).toBe("here\n");
    }, 240_000);

    test("is not taken from somebody else", async () => {
      await world.script([done]);
      const config = { workspaceMode: "claim", workspaceClaimPer: "task" };
      const { company, agent } = world.ids;
      const name = `claude-k8s-${hashedName(`paperclip/${company}/${agent}/foreign`, 20)}`;
      await world.makeClaim(name, path.join(world.home, "disk"), "ReadWriteOnce");
      const host = world.host("foreign", { config, runtime: { taskKey: "foreign" } });
      expect(await execute(host.context, world.process())).toMatchObject({
        errorMessage: expect.stringContaining(`claim ${name}, which was made by somebody else`),
      });
    }, 60_000);

    test("no larger than the operator lets it be", async () => {
      const host = world.host("large", { config: { workspaceMode: "claim", workspaceClaimSize: "2Gi" } });
      expect(await execute(host.context, world.process({ maximum: { claimSize: "1Gi" } }))).toMatchObject({
        errorMessage: expect.stringContaining("workspaceClaimSize"),
      });
    });
  },
);
