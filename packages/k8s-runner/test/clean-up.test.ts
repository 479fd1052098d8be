/** `cleanUp` resolves only when what it removes is gone, and says what is left when it is not. */

import { expect, test } from "vitest";
import { ClusterRequestError } from "../src/index.ts";
import type { Run } from "../src/index.ts";
import { createHurriedClock } from "./clock.ts";
import { connectWithout } from "./limited.ts";
import { proxied } from "./proxied.ts";
import { describeWorlds, execute, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

const withPayload = { command: shell("cat"), stdin: "in\n", secretEnv: { KEY: "value" } };

describeWorlds("clean-up", (world) => {
  test.concurrent("is done when Job, pod and Secrets are gone", async () => {
    const { run } = await execute(world().runner(), specOf(world(), withPayload));
    expect(await left(world(), run)).toMatchObject({ jobs: 1, pods: 1, secrets: 1 });
    await run.cleanUp({ keepJobSeconds: 0 });
    expect(await left(world(), run)).toEqual({ jobs: 0, pods: 0, secrets: 0 });
    await run.cleanUp({ keepJobSeconds: 0 });
  });
  test.concurrent("goes on through faults of every kind", async () => {
    const { proxy, cluster } = await proxied(world());
    const { run } = await execute(world().runner({ cluster }), specOf(world(), withPayload));
    const faults = [
      proxy.inject({ when: { kind: "delete secrets" }, fault: { kind: "status", code: 500 } }),
      proxy.inject({
        when: { kind: "delete secrets" },
        fault: { kind: "lost-reply", instead: "reset" },
        skip: 1,
      }),
      proxy.inject({ when: { kind: "delete jobs" }, fault: { kind: "refuse", ending: "disconnect" } }),
      proxy.inject({
        when: { kind: "delete jobs" },
        fault: { kind: "lost-reply", instead: "disconnect" },
        skip: 1,
      }),
      proxy.inject({ when: { kind: "list pods" }, fault: { kind: "status", code: 503, body: "html" } }),
    ];
    await run.cleanUp({ keepJobSeconds: 0 });
    expect(faults.map(({ remaining }) => remaining)).toEqual(faults.map(() => 0));
    expect(await left(world(), run)).toEqual({ jobs: 0, pods: 0, secrets: 0 });
  });
  test.concurrent("a Job that may not be deleted is told, and can be cleaned up later", async () => {
    const cluster = await connectWithout(world(), "delete jobs");
    const { run } = await execute(world().runner({ cluster }), specOf(world(), withPayload));
    const error = await rejection(run.cleanUp({ keepJobSeconds: 0 }));
    expect(error).toMatchObject({
      verb: "delete",
      resource: "jobs",
      namespace: world().namespace,
      remaining: [`jobs/${run.ref.jobName}`],
      error: { kind: "forbidden" },
      remedy: expect.stringContaining(`allow delete on jobs in namespace ${world().namespace}`),
    });
    expect(error.message).toContain(
      `cannot delete jobs (jobs/${run.ref.jobName}) in namespace ${world().namespace}`,
    );
    expect(error.message).toContain(String(error.remedy));
    expect(await left(world(), run)).toMatchObject({ jobs: 1, secrets: 0 });
    await world().cluster.delete("jobs", world().namespace, run.ref.jobName, {});
    await run.cleanUp({ keepJobSeconds: 0 });
  });
  test.concurrent("a Job that may not be marked as done with is told", async () => {
    const { proxy, cluster } = await proxied(world());
    const { run } = await execute(world().runner({ cluster }), specOf(world(), withPayload));
    proxy.inject({ when: { kind: "patch jobs" }, fault: { kind: "status", code: 403 } });
    expect(await rejection(run.cleanUp())).toMatchObject({
      verb: "patch",
      resource: "jobs",
      error: { kind: "forbidden" },
      remedy: expect.stringContaining("allow patch on jobs"),
    });
    expect(await left(world(), run)).toMatchObject({ jobs: 1, secrets: 0 });
    await run.cleanUp();
  });
  test.concurrent("Secrets that may not be deleted go with their Job, and are told", async ({
    expect: expectHere,
  }) => {
    const cluster = await connectWithout(world(), "delete secrets");
    const { run } = await execute(world().runner({ cluster }), specOf(world(), withPayload));
    const error = await rejection(run.cleanUp({ keepJobSeconds: 0 }));
    expect(error).toMatchObject({ verb: "delete", resource: "secrets", error: { kind: "forbidden" } });
    await expectHere
      .poll(() => left(world(), run), { timeout: 20_000 })
      .toEqual({ jobs: 0, pods: 0, secrets: 0 });
  });
  test.concurrent("Secrets that stay with a Job that is kept are told", async () => {
    const cluster = await connectWithout(world(), "delete secrets");
    const { run } = await execute(world().runner({ cluster }), specOf(world(), withPayload));
    const error = await rejection(run.cleanUp({ keepJobSeconds: 600 }));
    expect(error).toMatchObject({ verb: "delete", resource: "secrets", error: { kind: "forbidden" } });
    expect(error.remaining).toHaveLength(1);
    const job = await world().cluster.get("jobs", world().namespace, run.ref.jobName);
    expect(job).toMatchObject({ value: { spec: { ttlSecondsAfterFinished: 600 } } });
  });
  test.concurrent("a Job that something holds is told with its finalizers", async () => {
    const clock = createHurriedClock();
    const { run } = await execute(world().runner({ clock }), specOf(world(), withPayload));
    const { namespace, jobName } = run.ref;
    await hold(world(), jobName, ["example.com/hold"]);
    clock.hurry(60);
    const error = await rejection(run.cleanUp({ keepJobSeconds: 0 }));
    expect(error).toMatchObject({ verb: "delete", resource: "jobs", error: { kind: "conflict" } });
    expect(error.message).toContain("example.com/hold");
    await hold(world(), jobName, []);
    await run.cleanUp({ keepJobSeconds: 0 });
    expect(await world().cluster.get("jobs", namespace, jobName)).toMatchObject({ kind: "error" });
  });
  test.concurrent("an API server that stays away is told after a while", async () => {
    const clock = createHurriedClock();
    const { proxy, cluster } = await proxied(world());
    const { run } = await execute(world().runner({ cluster, clock }), specOf(world(), withPayload));
    const outage = await proxy.outage();
    clock.hurry(60);
    const error = await rejection(run.cleanUp({ keepJobSeconds: 0 }));
    expect(error).toMatchObject({ verb: "delete", error: { kind: "unavailable" } });
    clock.hurry(1);
    await outage.end();
    await run.cleanUp({ keepJobSeconds: 0 });
    expect(await left(world(), run)).toEqual({ jobs: 0, pods: 0, secrets: 0 });
  });
  test.concurrent("a pod that lost its Job is removed, too", async ({ expect: expectHere }) => {
    const { run } = await execute(world().runner(), specOf(world(), withPayload));
    const { namespace, jobName } = run.ref;
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${jobName}`;
    await world().request("DELETE", path, { propagationPolicy: "Orphan" });
    await expectHere.poll(async () => (await left(world(), run)).jobs).toBe(0);
    expect(await left(world(), run)).toMatchObject({ pods: 1 });
    await run.cleanUp({ keepJobSeconds: 0 });
    expect(await left(world(), run)).toMatchObject({ jobs: 0, pods: 0 });
  });
});

async function rejection(cleaning: Promise<void>): Promise<ClusterRequestError> {
  const error: unknown = await cleaning.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!ClusterRequestError.isInstance(error)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

/** How many of its objects there are. */
async function left(world: World, { ref }: Run): Promise<{ jobs: number; pods: number; secrets: number }> {
  const count = async (path: string): Promise<number> => {
    const { body } = await world.request("GET", path);
    return body.items.filter(({ metadata }: { metadata: { name: string } }) =>
      metadata.name.startsWith(ref.jobName),
    ).length;
  };
  const core = `/api/v1/namespaces/${ref.namespace}`;
  return {
    jobs: await count(`/apis/batch/v1/namespaces/${ref.namespace}/jobs`),
    pods: await count(`${core}/pods`),
    secrets: await count(`${core}/secrets`),
  };
}

async function hold(world: World, jobName: string, finalizers: readonly string[]): Promise<void> {
  const path = `/apis/batch/v1/namespaces/${world.namespace}/jobs/${jobName}`;
  const current = (await world.request("GET", path)).body.metadata.finalizers ?? [];
  const others = current.filter((name: string) => name !== "example.com/hold");
  await world.request("PATCH", path, { metadata: { finalizers: [...others, ...finalizers] } });
}
