/** A cache of what is copied, on a claim of a real cluster: two server processes, and a volume that lies. */

import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing } from "../../../../e2e/support/machine.ts";
import { execute } from "../../src/execute.ts";
import { cacheNameOf } from "../../src/workspace/copy-cache.ts";
import { type RealWorld, bash, createRealWorld, done } from "./real-world.ts";

const reason =
  process.env["KUBECONFIG"] === undefined ? "needs KUBECONFIG" : missing("cluster", "messagesApi");

describe.skipIf(reason !== "")(`[real] a cache of copies${reason && ` (skipped: ${reason})`}`, () => {
  let world: RealWorld;
  beforeAll(async () => {
    world = await createRealWorld("e2e-cache");
  }, 600_000);
  afterAll(async () => {
    await world?.close();
  }, 120_000);

  test("the next run is sent what it has not, and everything where the volume lies", async () => {
    const { company, agent } = world.ids;
    const disk = path.join(world.home, "disk");
    mkdirSync(disk);
    chmodSync(disk, 0o777);
    await world.makeVolume(cacheNameOf(`${company}/${agent}`), disk, "ReadWriteOnce");
    for (const name of ["one", "two", "three"])
      writeFileSync(path.join(world.project, name), `${name} `.repeat(10_000));
    const config = { workspaceMode: "copied", copyCache: "1Gi", workspaceClaimClass: "by-hand" };

    async function run(runId: string, command: string) {
      await world.script([bash(command), done]);
      const host = world.host(runId, { config, runtime: { taskKey: runId } });
      expect(await execute(host.context, world.process())).toMatchObject({
        exitCode: 0,
        errorMessage: null,
      });
      const payloads = (type: string) =>
        host.events.filter(({ eventType }) => eventType === `k8s.${type}`).map(({ payload }) => payload);
      return { sent: payloads("files-sent"), unused: payloads("files-cache-unused") };
    }

    const first = await run("first", "cat one two > made");
    expect(first.sent).toMatchObject([{ fromCache: { files: 0 } }]);
    expect(first.unused).toEqual([]);

    const second = await run("second", "echo changed > one; ls -l /run-files/cache > seen 2>&1");
    expect(second.sent).toMatchObject([{ fromCache: { files: 3, bytes: 140_000 } }]);
    expect(second.unused).toEqual([]);
    expect(readFileSync(path.join(world.project, "one"), "utf8")).toBe("changed\n");
    // The agent has no way to it.
    expect(readFileSync(path.join(world.project, "seen"), "utf8")).toContain("No such file");

    for (const name of readdirSync(path.join(disk, "contents"), { recursive: true, encoding: "utf8" }))
      if (/[0-9a-f]{64}$/.test(name)) writeFileSync(path.join(disk, "contents", name), "forged");
    const third = await run("third", "cp two again");
    expect(third.unused).toMatchObject([{ message: expect.stringContaining("not what it was") }]);
    expect(readFileSync(path.join(world.project, "again"), "utf8")).toBe("two ".repeat(10_000));
    expect(readFileSync(path.join(world.project, "two"), "utf8")).toBe("two ".repeat(10_000));
  }, 600_000);
});
