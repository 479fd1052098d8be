/** Somebody deletes a Job whose pod goes on: the slot's name is free, and two commands must not run at once all the same. */

import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Cluster, Run, RunSpec, SlotHolder } from "../src/index.ts";
import { describeWorlds, drain, openWorld, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";
import { closingContainer, jobNameOf, labels, manager, runLabel, slotHash } from "../src/manifest/names.ts";
import { startLocalCluster } from "@claude-k8s/local-cluster";

const timeout = 60_000;

describeWorlds("pods that a deleted Job left", (world) => {
  test.concurrent("one that was orphaned keeps the slot until it has ended", { timeout }, async () => {
    const spec = specOf(world(), { command: shell("echo up; sleep 8; echo end") });
    const first = runOf(await world().runner().start(spec));
    const up = Promise.withResolvers<void>();
    const ended = drain(first, () => up.resolve());
    await up.promise;
    const podName = await deleteJob(world(), first, "Orphan");
    const runner = world().runner();
    const next = { ...spec, runId: "next", command: shell("echo next") };
    const holder = { jobName: first.ref.jobName, jobUid: first.ref.jobUid, podName, runId: spec.runId };
    expect(await runner.start(next)).toMatchObject({
      kind: "busy",
      holder: { ...holder, namespace: world().namespace, supervised: false, terminating: false },
    });
    // Neither is a Job left that would keep the slot, nor a Secret.
    expect(await jobsOfSlot(world(), spec)).toEqual([]);
    const waits: SlotHolder[] = [];
    const second = runOf(
      await runner.start(next, { waitSeconds: 50, onWait: (seen) => void waits.push(seen) }),
    );
    expect(await phaseOf(world(), podName)).toBe("Succeeded");
    expect(waits[0]).toMatchObject(holder);
    expect(await ended).toMatchObject({ output: "up\nend\n", exit: { kind: "exited", exitCode: 0 } });
    expect(await drain(second)).toMatchObject({ output: "next\n", exit: { kind: "exited" } });
  });

  test.concurrent("one that is being ended behind its Job keeps it, too", { timeout }, async () => {
    const spec = specOf(world(), {
      graceSeconds: 6,
      command: shell("trap '' TERM; echo up; while :; do sleep 0.2; done"),
    });
    const first = runOf(await world().runner().start(spec));
    const up = Promise.withResolvers<void>();
    const ended = drain(first, () => up.resolve());
    await up.promise;
    const podName = await deleteJob(world(), first, "Background");
    const next = { ...spec, runId: "next", command: shell("echo next") };
    const runner = world().runner();
    expect(await runner.start(next)).toMatchObject({
      kind: "busy",
      holder: { jobUid: first.ref.jobUid, podName },
    });
    const second = runOf(await runner.start(next, { waitSeconds: 50 }));
    expect([null, "Failed"]).toContain(await phaseOf(world(), podName));
    expect((await drain(second)).output).toBe("next\n");
    expect((await ended).exit.kind).toBe("failed");
  });
});

describe("in the local cluster", () => {
  test("while a pod is waited for, no Job is made again and again", { timeout }, async () => {
    const world = await open();
    const spec = specOf(world);
    await leavePod(world, spec, "left-1", { command: "sleep 600" });
    const before = created(world);
    const start = await world.runner().start(spec, { waitSeconds: 5 });
    expect(start).toMatchObject({ kind: "busy", holder: { podName: "left-1" } });
    expect(created(world) - before).toBe(1);
  });

  test("two starts at once beside it are both told so, and then one of them runs", { timeout }, async () => {
    const world = await open();
    const spec = specOf(world);
    await leavePod(world, spec, "left-1", { command: "sleep 600" });
    const told = ["a", "b"].map(() => Promise.withResolvers<void>());
    const waiting = ["a", "b"].map((runId, index) => {
      // The other one's Job may be seen in the moment in which it stands.
      const onWait = ({ podName }: SlotHolder): void => {
        if (podName === "left-1") told[index]?.resolve();
      };
      return world.runner().start({ ...spec, runId, adopt: "never" }, { waitSeconds: 30, onWait });
    });
    await Promise.all(told.map(({ promise }) => promise));
    await world.request("DELETE", `${podsOf(world)}/left-1`, { gracePeriodSeconds: 0 });
    const first = runOf(await Promise.race(waiting));
    expect((await drain(first)).output).toBe("hello\n");
    await first.cleanUp();
    for (const start of await Promise.all(waiting)) runOf(start);
  });

  test.each([
    ["that has ended", { command: "true" }],
    ["of another slot", { labels: { [labels.slot]: slotHash("another") } }],
    ["that no Job controller has labelled", { labels: { "batch.kubernetes.io/controller-uid": null } }],
    ["of somebody else", { labels: { [labels.managedBy]: "somebody" } }],
  ])("a pod %s is no hindrance", { timeout }, async (_, left) => {
    const world = await open();
    const spec = specOf(world);
    await leavePod(world, spec, "left-1", left);
    expect(await world.runner().start(spec)).toMatchObject({ kind: "started" });
  });

  test(
    "one whose command has ended beside a container that never does is no hindrance",
    { timeout },
    async () => {
      const world = await open();
      const spec = specOf(world);
      await leavePod(world, spec, "left-1", { command: "true", beside: "istio-proxy", phase: "Running" });
      expect(await world.runner().start(spec)).toMatchObject({ kind: "started" });
    },
  );

  test("but one whose repository is still pushed keeps the slot", { timeout }, async () => {
    const world = await open();
    const spec = specOf(world);
    const left = { command: "true", beside: closingContainer, phase: "Running" };
    await leavePod(world, spec, "left-1", left);
    expect(await world.runner().start(spec)).toMatchObject({ kind: "busy", holder: { podName: "left-1" } });
  });

  test("a place under a cap is not kept meanwhile", { timeout }, async () => {
    const world = await open();
    const cap = { name: "one", limit: 1 };
    const spec = specOf(world, { cap });
    await leavePod(world, spec, "left-1", { command: "sleep 600" });
    expect(await world.runner().start(spec)).toMatchObject({ kind: "busy" });
    const other = await world.runner().start(specOf(world, { cap }));
    expect((await drain(runOf(other))).exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });

  test("pods that cannot be listed are no leave to run", { timeout }, async () => {
    const world = await open();
    const spec = specOf(world);
    const error = {
      kind: "forbidden",
      httpStatus: 403,
      reason: "Forbidden",
      message: 'pods is forbidden: User "a" cannot list resource "pods" in API group ""',
      causes: [],
      retryAfterSeconds: null,
    } as const;
    const cluster: Cluster = {
      ...world.cluster,
      list: (resource, namespace, selection, options) =>
        resource === "pods" && selection?.labelSelector?.includes(labels.slot) === true
          ? Promise.resolve({ kind: "error", error })
          : world.cluster.list(resource, namespace, selection, options),
    };
    expect(await world.runner({ cluster }).start(spec)).toMatchObject({
      kind: "refused",
      failure: { kind: "forbidden", verb: "list", resource: "pods" },
    });
    expect(await jobsOfSlot(world, spec)).toEqual([]);
  });

  test("nor is a run that lost its pod made again beside one", { timeout }, async () => {
    const world = await open();
    world.local?.scheduler.pause();
    const spec = specOf(world);
    const run = runOf(await world.runner().start(spec));
    const ended = drain(run);
    await expect.poll(async () => (await world.request("GET", podsOf(world))).body.items.length).toBe(1);
    const [pod] = (await world.request("GET", podsOf(world))).body.items;
    await leavePod(world, spec, "left-1", { phase: "Pending" });
    await world.request("POST", `${podsOf(world)}/${pod.metadata.name}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: pod.metadata.name, namespace: world.namespace },
    });
    const { exit, events } = await ended;
    expect(exit).toMatchObject({ kind: "failed", failure: { kind: "drained" } });
    expect(events.map(({ type }) => type)).not.toContain("pod-recreated");
    expect(await jobsOfSlot(world, spec)).toEqual([]);
  });

  test.each([
    ["deleted", false],
    ["deleted and made again by somebody", true],
  ])(
    "a Job that is %s between its claim and its release leaves nothing that runs",
    { timeout },
    async (_, again) => {
      const world = await open();
      const spec = specOf(world, { stdin: "in\n", command: shell("cat") });
      const path = jobPath(world, jobNameOf(spec.slot));
      const strange = {
        metadata: { name: jobNameOf(spec.slot) },
        spec: { suspend: true, template: podTemplate(spec) },
      };
      const cluster: Cluster = {
        ...world.cluster,
        create: async (resource, namespace, object, options) => {
          if (resource === "secrets") {
            await world.request("DELETE", path, { propagationPolicy: "Orphan" });
            await vi.waitUntil(async () => (await world.request("GET", path)).status === 404);
            if (again) await world.request("POST", path.slice(0, path.lastIndexOf("/")), strange);
          }
          return world.cluster.create(resource, namespace, object, options);
        },
      };
      expect(await world.runner({ cluster }).start(spec)).toMatchObject({
        kind: "refused",
        failure: { kind: "deleted-externally", object: "job" },
      });
      expect((await world.request("GET", podsOf(world))).body.items).toEqual([]);
      await world.request("DELETE", path, { propagationPolicy: "Background" });
      expect((await drain(runOf(await world.runner().start(spec)))).output).toBe("in\n");
    },
  );
});

async function open(): Promise<World> {
  const local = await startLocalCluster();
  const world = await openWorld("local", local.kubeconfig);
  onTestFinished(async () => {
    await world.close();
    await local.close();
  });
  return { ...world, local };
}

/** The name of its pod, when the Job is gone. */
async function deleteJob(world: World, { ref }: Run, propagationPolicy: string): Promise<string> {
  const { body } = await world.request("GET", podsOf(world));
  const pod = body.items.find(
    ({ metadata }: { metadata: { labels: Record<string, string> } }) =>
      metadata.labels["batch.kubernetes.io/controller-uid"] === ref.jobUid,
  );
  const path = jobPath(world, ref.jobName);
  await world.request("DELETE", path, { propagationPolicy });
  await expect.poll(async () => (await world.request("GET", path)).status, { timeout: 20_000 }).toBe(404);
  return pod.metadata.name;
}

function podTemplate({ image }: RunSpec): object {
  return { spec: { restartPolicy: "Never", containers: [{ name: "main", image, command: shell("true") }] } };
}

interface LeftPod {
  readonly command?: string;
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly phase?: string;
  /** A container that goes on when the command has ended. */
  readonly beside?: string;
}

/** A pod as an earlier Job of the slot would have left it; it is waited for until it has the phase. */
async function leavePod(
  world: World,
  spec: RunSpec,
  name: string,
  {
    command = "sleep 600",
    labels: other = {},
    beside,
    phase = command === "true" ? "Succeeded" : "Running",
  }: LeftPod,
): Promise<void> {
  const own = {
    [labels.managedBy]: manager,
    [labels.slot]: slotHash(spec.slot),
    [labels.run]: runLabel("earlier"),
    "batch.kubernetes.io/controller-uid": "11111111-2222-3333-4444-555555555555",
    ...other,
  };
  const kept = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
  const container = { image: spec.image, imagePullPolicy: "Never" };
  const answer = await world.request("POST", podsOf(world), {
    metadata: { name, labels: kept },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      containers: [
        { ...container, name: "main", command: shell(command) },
        ...(beside === undefined ? [] : [{ ...container, name: beside, command: shell("sleep 600") }]),
      ],
    },
  });
  expect(answer.status).toBe(201);
  await expect.poll(() => phaseOf(world, name), { timeout: 20_000 }).toBe(phase);
  if (beside === undefined) return;
  await vi.waitUntil(async () => "terminated" in (await mainStateOf(world, name)), { timeout: 20_000 });
}

async function mainStateOf(world: World, podName: string): Promise<object> {
  const { body } = await world.request("GET", `${podsOf(world)}/${podName}`);
  return body.status.containerStatuses?.find(({ name }: { name: string }) => name === "main")?.state ?? {};
}

async function phaseOf(world: World, podName: string): Promise<string | null> {
  const { status, body } = await world.request("GET", `${podsOf(world)}/${podName}`);
  return status === 404 ? null : body.status.phase;
}

async function jobsOfSlot(world: World, { slot }: RunSpec): Promise<readonly string[]> {
  const { body } = await world.request("GET", `/apis/batch/v1/namespaces/${world.namespace}/jobs`);
  const names = body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  return names.filter((name: string) => name === jobNameOf(slot));
}

function jobPath(world: World, jobName: string): string {
  return `/apis/batch/v1/namespaces/${world.namespace}/jobs/${jobName}`;
}

function podsOf({ namespace }: World): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

function created({ local }: World): number {
  const requests: Readonly<Record<string, number>> = local?.inspect().requests ?? {};
  return requests["create jobs"] ?? 0;
}
