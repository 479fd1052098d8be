/** Our clock, the API server's and the node's may be minutes apart: no decision is a difference of two of them. */

import { startLocalCluster } from "@claude-k8s/local-cluster";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect } from "../src/index.ts";
import type { Clock, Cluster, RunSpec } from "../src/index.ts";
import { createSkewedClock } from "./clock.ts";
import { describeWorlds, drain, execute, openWorld, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

const minutes = 60_000;
const ahead = createSkewedClock(10 * minutes);
const behind = createSkewedClock(-10 * minutes);

describeWorlds("our clock is wrong", (world) => {
  describe.each([
    ["ahead", ahead],
    ["behind", behind],
  ])("%s", (_, clock) => {
    test.concurrent("a deadline that is far away does not fire", async () => {
      const spec = specOf(world(), { deadlineSeconds: 60, command: shell("echo begin; sleep 2; echo end") });
      const ended = await execute(world().runner({ clock }), spec);
      expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
      expect(ended.output).toBe("begin\nend\n");
    });

    test.concurrent("a deadline that has come does", async () => {
      const spec = specOf(world(), { deadlineSeconds: 2, graceSeconds: 1, command: shell("sleep 100") });
      const ended = await execute(world().runner({ clock }), spec);
      expect(ended.exit).toMatchObject({ kind: "stopped", by: "deadline", started: true });
    });

    test.concurrent("a stop is a stop, and what had ended before has ended by itself", async () => {
      const runner = world().runner({ clock });
      const trap = shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done");
      const run = runOf(await runner.start(specOf(world(), { command: trap })));
      const ended = await drain(run, () => void run.stop({ reason: "enough" }));
      expect(ended.exit).toMatchObject({ kind: "stopped", reason: "enough", exitCode: 0 });
      const late = runOf(await runner.start(specOf(world())));
      await drain(late);
      expect(await late.stop({ reason: "too late" })).toMatchObject({ kind: "exited", exitCode: 0 });
    });

    test.concurrent("the run of a process that lives is not taken over", async () => {
      const spec = specOf(world(), { command: shell("sleep 3; echo mine") });
      const run = runOf(await world().runner({ clock }).start(spec));
      expect(
        await world()
          .runner({ clock: ahead })
          .start({ ...spec, runId: "x" }),
      ).toMatchObject(busy);
      expect(
        await world()
          .runner({ clock: behind })
          .start({ ...spec, runId: "y" }),
      ).toMatchObject(busy);
      expect(
        await world()
          .runner()
          .start({ ...spec, runId: "z" }),
      ).toMatchObject(busy);
      expect((await drain(run)).output).toBe("mine\n");
    });

    test.concurrent("an adopter keeps the deadline of the process before it", async () => {
      const command = shell("echo begin; sleep 6; echo end");
      expect(await adopted(world(), { command, deadlineSeconds: 60 }, clock)).toMatchObject({
        kind: "exited",
        exitCode: 0,
      });
      const endless = { command: shell("sleep 100"), deadlineSeconds: 6, graceSeconds: 1 };
      expect(await adopted(world(), endless, clock)).toMatchObject({ kind: "stopped", by: "deadline" });
    });

    test.concurrent("what was left a moment ago is not old", async () => {
      const other = { ...world(), namespace: await newNamespace(world()) };
      const runner = world().runner({ clock });
      const aborted = new AbortController();
      const start = runner.start(specOf(other, { queueName: "none" }), { signal: aborted.signal });
      const { run } = (await start) as { run: { ref: { jobName: string } } };
      const path = `/apis/batch/v1/namespaces/${other.namespace}/jobs/${run.ref.jobName}`;
      const released = "claude-k8s.io/released-at";
      const supervisor = "claude-k8s.io/supervisor";
      await world().request("PATCH", path, {
        metadata: { annotations: { [released]: null, [supervisor]: "somebody-gone" } },
      });
      const sweep = { namespace: other.namespace, olderThanSeconds: 300 };
      const jobs = (findings: readonly { object: string }[]) =>
        findings.map(({ object }) => object).filter((object) => object.startsWith("jobs/"));
      expect(jobs(await runner.sweep(sweep))).toEqual([]);
      expect(jobs(await runner.sweep({ ...sweep, olderThanSeconds: 0 }))).toEqual([
        `jobs/${run.ref.jobName}`,
      ]);
    });
  });
});

describeWorlds("a process that dies before it has corrected its first Lease", (world) => {
  test("leaves none that looks alive, however far ahead its clock was", { timeout: 60_000 }, async () => {
    const other = { ...world(), namespace: await newNamespace(world()) };
    const created = Promise.withResolvers<void>();
    const cluster = await connect({ kubeconfig: world().kubeconfig });
    other.onClose(() => cluster.close());
    const dying: Cluster = {
      ...cluster,
      async create(resource, ...request) {
        const answer = await cluster.create(resource, ...request);
        if (resource === "leases") created.resolve();
        return answer;
      },
      patch: (resource, namespace, name, body, options) =>
        resource === "leases"
          ? new Promise<never>((_, reject) =>
              options?.signal?.addEventListener("abort", () => reject(new Error("dead"))),
            )
          : cluster.patch(resource, namespace, name, body, options),
    };
    const dead = world().runner({ cluster: dying, clock: ahead, identity: "dead" });
    const aborted = new AbortController();
    const starting = dead.start(specOf(other), { signal: aborted.signal }).catch(() => undefined);
    await created.promise;
    const findings = await world()
      .runner()
      .sweep({ namespace: other.namespace, olderThanSeconds: 0, dryRun: true });
    expect(findings.map(({ object }) => object)).toContain("leases/dead");
    aborted.abort();
    await dead.close();
    await starting;
  });
});

describeWorlds("a finished run that nobody has cleaned up", (world) => {
  test("keeps its slot for a while, whatever our clock shows", async () => {
    const spec = specOf(world(), { adopt: "never" });
    const first = world().runner();
    await execute(first, spec);
    await first.close();
    const second = await world()
      .runner({ clock: ahead })
      .start({ ...spec, runId: "second" });
    expect(second).toMatchObject({ kind: "busy" });
  });
});

const apart = [
  ["the API server's clock is ahead", 10 * minutes, 0],
  ["the API server's clock is behind", -10 * minutes, 0],
  ["the node's clock is ahead", 0, 10 * minutes],
  ["the node's clock is behind", 0, -10 * minutes],
  ["both are wrong", -3 * minutes, 10 * minutes],
] as const;

test.each(apart)("deadlines and adoptions where %s", { timeout: 60_000 }, async (_, server, node) => {
  const local = await startLocalCluster();
  const world = await openWorld("local", local.kubeconfig);
  onTestFinished(async () => {
    await world.close();
    await local.close();
  });
  local.apiServer.stepClock(server);
  local.kubelet.stepClock(node);
  const command = shell("echo begin; sleep 2; echo end");
  const far = await execute(world.runner(), specOf(world, { command, deadlineSeconds: 60 }));
  expect(far.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  const endless = { command: shell("sleep 100"), graceSeconds: 1 };
  const near = await execute(world.runner(), specOf(world, { ...endless, deadlineSeconds: 2 }));
  expect(near.exit).toMatchObject({ kind: "stopped", by: "deadline" });
  const spec = { command: shell("echo begin; sleep 4; echo end"), deadlineSeconds: 60 };
  expect(await adopted(world, spec)).toMatchObject({ kind: "exited", exitCode: 0 });
  expect(await adopted(world, { ...endless, deadlineSeconds: 5 })).toMatchObject({ kind: "stopped" });
});

const busy = { kind: "busy", holder: { supervised: true } };

/** The exit of a run whose first process let go of it two seconds after it had begun. */
async function adopted(world: World, spec: Partial<RunSpec>, clock?: Clock) {
  const first = world.runner();
  const run = runOf(await first.start(specOf(world, spec)));
  for await (const { type } of run.events) if (type === "container-started") break;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await first.close();
  const second = world.runner(clock === undefined ? {} : { clock });
  return (await drain(runOf(await second.attach(run.ref)))).exit;
}

async function newNamespace(world: World): Promise<string> {
  const name = `${world.namespace}-${Math.random().toString(36).slice(2, 8)}`;
  await world.request("POST", "/api/v1/namespaces", { metadata: { name } });
  world.onClose(async () => void (await world.request("DELETE", `/api/v1/namespaces/${name}`)));
  return name;
}
