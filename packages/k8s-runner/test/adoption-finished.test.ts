/** A finished run makes room only when nobody can be reading it any more. */

import { expect, test } from "vitest";
import { systemClock } from "../src/clock.ts";
import type { ApiAnswer, Cluster, Runner, RunRef, RunSpec } from "../src/index.ts";
import { startSupervisor } from "./supervisor.ts";
import { describeWorlds, drain, runOf, specOf } from "./world.ts";
import type { World } from "./world.ts";

/** Its Lease, of 5 s, has to run out. */
const patience = { waitSeconds: 40 };
const minute = 60_000;

describeWorlds("a finished run", (world) => {
  test.concurrent("keeps its slot while its supervisor lives, however long ago it finished", async () => {
    const spec = specOf(world());
    const run = runOf(await world().runner().start(spec));
    await run.exit;
    const other = later(world(), 10 * minute);
    expect(await other.start(spec)).toMatchObject({
      kind: "busy",
      holder: { jobUid: run.ref.jobUid, supervised: true },
    });
    expect((await drain(run)).output).toBe("hello\n");
    await run.cleanUp();
    expect(await other.start(spec, patience)).toMatchObject({ kind: "started" });
  });

  test.concurrent("is adopted when its supervisor was killed a moment ago", async ({
    onTestFinished: onFinished,
  }) => {
    const spec = specOf(world());
    const { kubeconfig } = world();
    const first = startSupervisor({ kubeconfig, spec, spoolFolder: null, cleanUp: false }, onFinished);
    const { jobUid } = await first.news("started");
    await first.news("exit");
    await first.kill();
    const start = await later(world(), 10 * minute).start(spec, patience);
    expect(start).toMatchObject({ kind: "adopted", run: { ref: { jobUid } } });
    expect(await drain(runOf(start))).toMatchObject({
      output: "hello\n",
      exit: { kind: "exited", exitCode: 0 },
    });
  });

  test.concurrent("makes room two minutes after its last adoption", async () => {
    const spec = specOf(world(), { adopt: "never" });
    const { jobUid } = await finish(world(), spec);
    const adopter = later(world(), 10 * minute);
    const adopted = runOf(await adopter.start({ ...spec, adopt: "when-orphaned" }));
    expect(adopted.ref.jobUid).toBe(jobUid);
    await adopted.exit;
    await adopter.close();
    expect(await later(world(), 11 * minute).start(spec)).toMatchObject({
      kind: "busy",
      holder: { jobUid, supervised: false },
    });
    expect(await later(world(), 13 * minute).start(spec)).toMatchObject({ kind: "started" });
  });

  test.concurrent("makes room two minutes after its supervisor's Lease has run out", async ({
    expect: expectHere,
    onTestFinished: onFinished,
  }) => {
    const spec = specOf(world(), { adopt: "never" });
    const { kubeconfig, namespace } = world();
    const first = startSupervisor({ kubeconfig, spec, spoolFolder: null, cleanUp: false }, onFinished);
    const { jobUid } = await first.news("started");
    await first.news("exit");
    await first.kill();
    const listed = (await world().runner().list({ namespace })).find(({ ref }) => ref.jobUid === jobUid);
    const other = later(world(), 10 * minute);
    await expectHere
      .poll(() => other.start(spec), { timeout: 30_000, interval: 500 })
      .toMatchObject({ kind: "busy", holder: { jobUid, supervised: false } });
    const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${listed?.supervisor}`;
    const long = await world().request("PATCH", path, { spec: { renewTime: "2020-01-01T00:00:00.000000Z" } });
    expect(long.status).toBe(200);
    expect(await other.start(spec)).toMatchObject({ kind: "started" });
  });

  test.concurrent("is adopted although a replica that is behind shows no pod of it", async () => {
    const spec = specOf(world());
    const { jobUid } = await finish(world(), spec);
    const behind = { left: 1 };
    const cluster = withoutPods(world().cluster, behind);
    const start = await later(world(), 10 * minute, cluster).start(spec);
    expect(behind.left).toBe(0);
    expect(start).toMatchObject({ kind: "adopted", run: { ref: { jobUid } } });
    expect((await drain(runOf(start))).output).toBe("hello\n");
  });
});

/** As if it came so much later: for it, what has just happened was so long ago, by the API server's clock. */
function later(world: World, milliseconds: number, cluster = world.cluster): Runner {
  const moved = <T>(answer: ApiAnswer<T>): ApiAnswer<T> =>
    answer.kind === "error" || answer.serverTime === null
      ? answer
      : { ...answer, serverTime: answer.serverTime + milliseconds };
  return world.runner({
    cluster: {
      ...cluster,
      create: async (...request) => moved(await cluster.create(...request)),
      get: async (resource, ...request) => {
        const answer = await cluster.get(resource, ...request);
        // Its Leases are those of other processes: whoever lives, lives in the present.
        return resource === "leases" ? answer : moved(answer);
      },
      list: async (...request) => moved(await cluster.list(...request)),
      patch: async (...request) => moved(await cluster.patch(...request)),
    },
  });
}

/** Nobody has it after that, and its ending is not concluded. */
async function finish(world: World, spec: RunSpec): Promise<RunRef> {
  const runner = world.runner();
  const { ref, exit } = runOf(await runner.start(spec));
  await exit;
  while (!(await isComplete(world, ref))) await systemClock.sleep(100, new AbortController().signal);
  await runner.close();
  return ref;
}

async function isComplete({ cluster, namespace }: World, { jobName }: RunRef): Promise<boolean> {
  const answer = await cluster.get("jobs", namespace, jobName);
  return answer.kind === "ok" && answer.value.status?.completionTime !== undefined;
}

/** The first lists of a slot's pods are empty. */
function withoutPods(cluster: Cluster, behind: { left: number }): Cluster {
  return {
    ...cluster,
    async list(resource, namespace, query, ...rest) {
      const answer = await cluster.list(resource, namespace, query, ...rest);
      const asked =
        resource === "pods" &&
        query.labelSelector?.startsWith("batch.kubernetes.io/controller-uid=") === true;
      if (!asked || answer.kind === "error" || behind.left === 0) return answer;
      behind.left -= 1;
      return { ...answer, value: { ...answer.value, items: [] } };
    },
  };
}
