/** What Kubernetes' own events tell while a run does not run yet, and who took it away. */

import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { connect, createRunner } from "../src/index.ts";
import type { Cluster, Run, RunEvent, Runner, RunnerOptions } from "../src/index.ts";
import { createHurriedClock } from "./clock.ts";
import { describeWorlds, drain, failureOf, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

describeWorlds("what the cluster tells", (world) => {
  test.concurrent.each([
    ["TriggeredScaleUp", "scale-up-triggered", "pod triggered scale-up: [{pool 0->1 (max: 3)}]"],
    ["NotTriggerScaleUp", "scale-up-not-triggered", "pod didn't trigger scale-up: 1 max node group size"],
    ["Preempted", "preempting-others", "Preempted by pod in node node-1"],
  ] as const)("%s is told as %s, once", async (reason, type, message) => {
    const spec = specOf(world(), { nodeSelector: { nowhere: "yes" }, budgets: { schedulingSeconds: 60 } });
    const clock = createHurriedClock();
    const run = runOf(await world().runner({ clock }).start(spec));
    const seen: RunEvent[] = [];
    for await (const event of run.events) {
      seen.push(event);
      if (event.type === "pod-created") {
        await postEvent(world(), event.podName, reason, message);
        clock.hurry(8);
      }
    }
    expect(seen.filter((event) => event.type === type)).toEqual([{ type, at: expect.any(String), message }]);
    expect(failureOf(await run.exit)).toMatchObject({ kind: "unschedulable" });
  });

  test.concurrent("an image that is being pulled is told with its name", async () => {
    const spec = specOf(world(), {
      image: "registry.invalid/team/agent:1",
      imagePullPolicy: "Always",
      budgets: { imagePullSeconds: 60 },
    });
    const clock = createHurriedClock();
    const run = runOf(await world().runner({ clock }).start(spec));
    const seen: RunEvent[] = [];
    for await (const event of run.events) {
      seen.push(event);
      if (event.type === "image-pull-retrying") clock.hurry(8);
    }
    expect(seen).toContainEqual(
      expect.objectContaining({ type: "image-pulling", image: "registry.invalid/team/agent:1" }),
    );
    expect(failureOf(await run.exit)).toMatchObject({ kind: "image-pull-failed", final: false });
  });

  test.concurrent("a namespace that is being deleted takes nothing, which is no missing right", async () => {
    const namespace = await terminatingNamespace(world());
    const start = await world().runner().start(specOf(world(), { namespace }));
    expect(start).toMatchObject({
      kind: "refused",
      failure: {
        kind: "namespace-terminating",
        namespace,
        message: expect.stringContaining("being terminated"),
      },
    });
    await release(world(), namespace);
  });

  test.concurrent("a run that goes with its namespace is told so", async () => {
    const namespace = await newNamespace(world());
    const command = shell("echo up; sleep 100");
    const run = runOf(await world().runner().start(specOf(world(), { namespace, command })));
    const ended = await drain(run, () => void world().request("DELETE", `/api/v1/namespaces/${namespace}`));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "deleted-externally", by: "namespace-controller" });
    await release(world(), namespace);
  });

  test.concurrent("who deleted a pod the API does not keep", async () => {
    const command = shell("echo up; sleep 100");
    const run = runOf(await world().runner().start(specOf(world(), { command })));
    const ended = await drain(run, () => void deletePod(world().cluster, run));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "deleted-externally", object: "pod", by: null });
  });

  test.concurrent("those who wait for a slot are told their place, and are served in order", async () => {
    const runner = world().runner();
    const spec = specOf(world(), { command: shell("echo up; sleep 2") });
    const first = runOf(await runner.start(spec));
    const ended = drain(first).then(async () => first.cleanUp({ keepJobSeconds: 0 }));
    const places: Record<string, Set<number>> = {};
    const order: string[] = [];
    const waiting: Promise<void>[] = [];
    for (const runId of ["second", "third", "fourth"]) {
      const told = new Set<number>();
      places[runId] = told;
      const joined = Promise.withResolvers<void>();
      const onWait = (_: unknown, __: number, position: number): void => {
        told.add(position);
        joined.resolve();
      };
      const command = shell("echo hi");
      waiting.push(
        (async () => {
          const run = runOf(await runner.start({ ...spec, runId, command }, { waitSeconds: 50, onWait }));
          order.push(runId);
          await drain(run);
          await run.cleanUp({ keepJobSeconds: 0 });
        })(),
      );
      await joined.promise;
    }
    await Promise.all([ended, ...waiting]);
    expect(order).toEqual(["second", "third", "fourth"]);
    expect([...(places["second"] ?? [])]).toEqual([1]);
    // Whoever becomes the first may get the slot before it has to wait again.
    expect([2, 1]).toEqual(expect.arrayContaining([...(places["third"] ?? [])]));
    expect([3, 2, 1]).toEqual(expect.arrayContaining([...(places["fourth"] ?? [])]));
    expect(Object.values(places).map((told) => [...told][0])).toEqual([1, 2, 3]);
  });
});

test("a pod that is stuck on a node which does not answer is lost after a while", async () => {
  const clock = createHurriedClock();
  const { local, runner, cluster } = await lonely({ clock });
  const command = shell("echo up; sleep 100");
  const spec = { namespace: "default", slot: "s", runId: "r", image: "lab/base:1", graceSeconds: 5, command };
  const run = runOf(await runner.start(spec));
  const ended = await drain(run, async () => {
    await local.kubelet.stop();
    await deletePod(cluster, run);
    await expect
      .poll(() => cluster.get("nodes", null, "node-1"), { timeout: 20_000 })
      .toMatchObject({ value: { spec: { taints: expect.arrayContaining([expect.anything()]) } } });
    clock.hurry(20);
  });
  expect(ended.output).toBe("up\n");
  expect(ended.exit).toMatchObject({
    kind: "failed",
    failure: { kind: "node-lost", node: "node-1" },
    started: true,
    exitCode: null,
    evidence: { logComplete: false, gaps: [{ reason: expect.any(String) }] },
  });
});

/** A local cluster whose node is given up after a moment. */
async function lonely(options: Partial<RunnerOptions>): Promise<{
  readonly local: LocalCluster;
  readonly cluster: Cluster;
  readonly runner: Runner;
}> {
  const local = await startLocalCluster({ nodeGraceMilliseconds: 1500 });
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const runner = createRunner({ cluster, ...options });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
    await local.close();
  });
  return { local, cluster, runner };
}

async function deletePod(cluster: Cluster, { ref }: Run): Promise<void> {
  const selection = { labelSelector: `job-name=${ref.jobName}` };
  const pods = await cluster.list("pods", ref.namespace, selection);
  for (const { metadata } of pods.kind === "ok" ? pods.value.items : [])
    await cluster.delete("pods", ref.namespace, metadata?.name ?? "", {});
}

/** As an autoscaler or the scheduler would write it. */
async function postEvent(world: World, podName: string, reason: string, message: string): Promise<void> {
  const core = `/api/v1/namespaces/${world.namespace}`;
  const { body: pod } = await world.request("GET", `${core}/pods/${podName}`);
  const now = new Date().toISOString().replace(/\.\d+Z/, "Z");
  for (const number of [1, 2])
    await world.request("POST", `${core}/events`, {
      metadata: { name: `${podName}.${number}`, namespace: world.namespace },
      involvedObject: {
        apiVersion: "v1",
        kind: "Pod",
        name: podName,
        namespace: world.namespace,
        uid: pod.metadata.uid,
      },
      type: "Normal",
      reason,
      message,
      source: { component: "cluster-autoscaler" },
      firstTimestamp: now,
      lastTimestamp: now,
      count: number,
    });
}

let namespaces = 0;

async function newNamespace(world: World): Promise<string> {
  namespaces += 1;
  const name = `${world.namespace}-${namespaces}`;
  await world.request("POST", "/api/v1/namespaces", { metadata: { name } });
  const path = `/api/v1/namespaces/${name}`;
  while ((await world.request("GET", `${path}/serviceaccounts/default`)).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await world.request("POST", `${path}/configmaps`, {
    metadata: { name: "holds", finalizers: ["example.com/hold"] },
  });
  return name;
}

/** It stays until `release`. */
async function terminatingNamespace(world: World): Promise<string> {
  const name = await newNamespace(world);
  await world.request("DELETE", `/api/v1/namespaces/${name}`);
  return name;
}

async function release(world: World, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/holds`;
  await world.request("PATCH", path, { metadata: { finalizers: null } });
}
