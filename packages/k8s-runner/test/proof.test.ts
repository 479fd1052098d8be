/** A run is said to be over, stopped or never begun only with proof that nothing of it runs; and what cannot be read proves nothing. */

import { startFaultProxy, startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { connect, createRunner } from "../src/index.ts";
import type { Cluster, RunEvent, RunSpec } from "../src/index.ts";
import { createHurriedClock } from "./clock.ts";
import { connectWithout } from "./limited.ts";
import { describeWorlds, drain, execute, failureOf, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

describeWorlds("what is left when something goes wrong half-way", (world) => {
  test.concurrent("a start that is called off as its Job begins ends with its process", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const limited = await connectWithout(world(), "delete jobs");
    const runner = world().runner({ cluster: abortingAtRelease(limited, world(), controller, reason) });
    const spec = specOf(world(), { command: shell("echo up; sleep 300"), graceSeconds: 1 });
    const run = runOf(await runner.start(spec, { signal: controller.signal }));
    const ended = await drain(run);
    expect(ended.exit).toMatchObject({ kind: "stopped", by: "caller", reason: "enough", started: true });
    expect(await runningPods(world(), run.ref.jobName)).toEqual([]);
  });

  test.concurrent("a run that is given up and may not be removed is suspended", async () => {
    const cluster = await connectWithout(world(), "delete jobs");
    const ended = await execute(world().runner({ cluster }), specOf(world(), { image: "lab/absent:1" }));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "image-invalid", reason: "ErrImageNeverPull" });
    expect(ended.exit).toMatchObject({ started: false });
    expect(ended.exit.evidence.unavailable.join()).toContain("suspended");
    expect(await podsOf(world(), ended.run.ref.jobName)).toEqual([]);
    const { body } = await world().request("GET", jobPath(world(), ended.run.ref.jobName));
    expect(body.spec.suspend).toBe(true);
  });

  test.concurrent("that it was suspended is told whichever look sees its pod gone", async () => {
    const limited = await connectWithout(world(), "delete jobs");
    const cluster = missingTheSuspension(limited, world());
    const ended = await execute(world().runner({ cluster }), specOf(world(), { image: "lab/absent:1" }));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "image-invalid", reason: "ErrImageNeverPull" });
    expect(ended.exit.evidence.unavailable.join()).toContain("suspended");
  });

  test.concurrent("a kept Job whose pod lives on comes to its end", async ({ expect: expectHere }) => {
    const spec = specOf(world(), { extraContainers: [endless], ttlSecondsAfterFinished: 3600 });
    const ended = await execute(world().runner(), spec);
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await ended.run.cleanUp();
    await expectHere
      .poll(async () => (await world().request("GET", jobPath(world(), ended.run.ref.jobName))).body.status, {
        timeout: 30_000,
        interval: 500,
      })
      .toMatchObject({ conditions: expect.arrayContaining([expect.objectContaining({ type: "Failed" })]) });
    expect(await podsOf(world(), ended.run.ref.jobName)).toHaveLength(1);
    const next = await world()
      .runner()
      .start({ ...spec, runId: "next", extraContainers: [] }, { waitSeconds: 30 });
    expect((await drain(runOf(next))).output).toBe("hello\n");
  });

  test.concurrent("a concluded run whose pod lives on frees its slot, and sweep finds it", async () => {
    const spec = specOf(world(), { extraContainers: [endless] });
    const first = world().runner();
    const { run } = await execute(first, spec);
    await world().request("PATCH", jobPath(world(), run.ref.jobName), {
      metadata: { annotations: { "claude-k8s.io/concluded-at": new Date().toISOString() } },
    });
    const found = await world().runner().sweep({ namespace: world().namespace, olderThanSeconds: 0 });
    expect(found).toContainEqual(
      expect.objectContaining({
        object: `jobs/${run.ref.jobName}`,
        reason: expect.stringContaining("lives on"),
      }),
    );
    const next = await world()
      .runner()
      .start({ ...spec, runId: "next", extraContainers: [] }, { waitSeconds: 45 });
    expect(next).toMatchObject({ kind: "started" });
    await drain(runOf(next));
  });

  test.concurrent("a stop with a grace of its own ends what runs beside it, too", async () => {
    const deaf = { ...endless, command: shell("trap '' TERM; while :; do sleep 0.2; done") };
    const spec = specOf(world(), {
      command: shell("echo up; sleep 300"),
      extraContainers: [deaf],
      graceSeconds: 600,
    });
    const run = runOf(await world().runner().start(spec));
    const ended = await drain(run, () => void run.stop({ graceSeconds: 2 }));
    expect(ended.exit).toMatchObject({ kind: "stopped", started: true });
    expect(await runningPods(world(), run.ref.jobName)).toEqual([]);
  });

  test.concurrent.each([
    ["exit 0", "exit 0", 0],
    ["another code", "exit 9", 9],
  ])("deleted by a stranger while it worked, and it caught the signal: %s", async (_, last, exitCode) => {
    const command = shell(`trap 'echo saving; ${last}' TERM; echo up; while :; do sleep 0.1; done`);
    const run = runOf(await world().runner().start(specOf(world(), { command })));
    const ended = await drain(run, () => void deletePods(world(), run.ref.jobName));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "deleted-externally", object: "pod", by: null });
    expect(ended.exit).toMatchObject({ exitCode, started: true });
  });
});

const refusal = {
  phase: "Failed",
  reason: "UnexpectedAdmissionError",
  message: "Pod was rejected: no healthy devices",
};

test("a pod that its kubelet refuses is made again, and then runs", async () => {
  const { local, cluster, runner } = await alone();
  local.scheduler.pause();
  const run = runOf(await runner.start(plain));
  const types: string[] = [];
  const events = (async () => {
    for await (const { type } of run.events) {
      types.push(type);
      if (type === "pod-created" && !types.includes("pod-recreated")) await refuse(local, cluster);
      if (type === "pod-recreated") local.scheduler.resume();
    }
  })();
  const chunks: Uint8Array[] = [];
  for await (const chunk of run.output) chunks.push(chunk);
  expect(await run.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  await events;
  expect(Buffer.concat(chunks).toString()).toBe("hello\n");
  expect(types.filter((type) => type === "pod-recreated")).toHaveLength(1);
});

test("a pod that is refused twice has failed for its node's sake", async () => {
  const { local, cluster, runner } = await alone();
  local.scheduler.pause();
  const run = runOf(await runner.start(plain));
  const events = (async () => {
    for await (const { type } of run.events) if (type === "pod-created") await refuse(local, cluster);
  })();
  expect(await run.exit).toMatchObject({
    kind: "failed",
    failure: { kind: "node-refused", reason: "UnexpectedAdmissionError" },
    started: false,
  });
  await events;
});

test.each([403, 429, 503] as const)("a node that answers %i is not lost", async (code) => {
  const clock = createHurriedClock();
  const { local, runner } = await behindProxy(code, { clock });
  // It ignores SIGTERM, and its pod has an hour to end in.
  const command = shell(
    "trap '' TERM; echo up; for i in 1 2 3 4 5 6 7 8; do sleep 0.5; echo $i; done; exit 7",
  );
  const run = runOf(await runner.start({ ...plain, command, graceSeconds: 3600 }));
  const direct = await directTo(local);
  const ended = await drain(run, (text) => {
    if (!text.includes("up")) return;
    void deleteOnly(direct, run.ref.jobName);
    clock.hurry(100);
  });
  // Nobody saw the node: it may be anywhere, and the run went on.
  expect(ended.exit).toMatchObject({
    kind: "failed",
    failure: { kind: "deleted-externally" },
    started: true,
    exitCode: 7,
  });
  expect(ended.events.map(({ type }) => type)).not.toContain("node-unreachable");
});

test("a pod on a node that may not be read, and of which nothing is heard, is lost after a while", async () => {
  const clock = createHurriedClock();
  const { local, runner } = await behindProxy(403, { clock });
  const run = runOf(await runner.start({ ...plain, command: shell("echo up; sleep 100"), graceSeconds: 5 }));
  const direct = await directTo(local);
  const ended = await drain(run, async () => {
    await local.kubelet.stop();
    await deleteOnly(direct, run.ref.jobName);
    clock.hurry(20);
  });
  expect(ended.exit).toMatchObject({
    kind: "failed",
    failure: { kind: "node-lost", node: "node-1" },
    started: true,
    exitCode: null,
    evidence: { node: null, logComplete: false },
  });
  expect(ended.events.map(({ type }: RunEvent) => type)).not.toContain("node-unreachable");
});

const plain: RunSpec = {
  namespace: "default",
  slot: "s",
  runId: "r",
  image: "lab/base:1",
  command: shell("echo hello"),
};

const endless = {
  name: "helper",
  image: "lab/base:1",
  imagePullPolicy: "Never",
  command: shell("trap 'exit 0' TERM; while :; do sleep 0.2; done"),
};

async function alone(options: Partial<Parameters<typeof createRunner>[0]> = {}) {
  const local = await startLocalCluster();
  const cluster = options.cluster ?? (await connect({ kubeconfig: local.kubeconfig }));
  const runner = createRunner({ ...options, cluster });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
    await local.close();
  });
  return { local, cluster, runner };
}

/** Every look at a node is answered with `code`. */
async function behindProxy(code: 403 | 429 | 503, options: Partial<Parameters<typeof createRunner>[0]>) {
  const local = await startLocalCluster();
  const proxy = await startFaultProxy({ target: local.kubeconfig });
  proxy.inject({ when: { kind: "get nodes" }, fault: { kind: "status", code }, times: 1_000_000 });
  const cluster = await connect({ kubeconfig: proxy.kubeconfig });
  const runner = createRunner({ ...options, cluster });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
    await proxy.close();
    await local.close();
  });
  return { local, runner };
}

async function directTo(local: { readonly kubeconfig: string }): Promise<Cluster> {
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  onTestFinished(() => cluster.close());
  return cluster;
}

async function deleteOnly(cluster: Cluster, jobName: string): Promise<void> {
  const pods = await cluster.list("pods", "default", { labelSelector: `job-name=${jobName}` });
  for (const { metadata } of pods.kind === "ok" ? pods.value.items : [])
    await cluster.delete("pods", "default", metadata?.name ?? "", {});
}

/** As the kubelet does it: the pod has failed before any of its containers was made. */
async function refuse(
  local: { readonly url: string; readonly token: string; readonly certificateAuthority: string },
  cluster: Cluster,
): Promise<void> {
  const pods = await cluster.list("pods", "default", {});
  const { request } = await import("node:https");
  for (const { metadata, status } of pods.kind === "ok" ? pods.value.items : []) {
    if (status?.phase === "Failed") continue;
    const sent = request(`${local.url}/api/v1/namespaces/default/pods/${metadata?.name}/status`, {
      method: "PATCH",
      ca: local.certificateAuthority,
      headers: { authorization: `Bearer ${local.token}`, "content-type": "application/merge-patch+json" },
    });
    sent.end(JSON.stringify({ status: refusal }));
    await new Promise((resolve) => sent.once("response", (answer) => answer.resume().once("end", resolve)));
  }
}

/** The release is carried out and its command runs, but whoever started it has called it off before the answer comes. */
function abortingAtRelease(
  cluster: Cluster,
  world: World,
  controller: AbortController,
  reason: Error,
): Cluster {
  return {
    ...cluster,
    async patch(resource, namespace, name, ...rest) {
      const answer = await cluster.patch(resource, namespace, name, ...rest);
      if (resource !== "jobs" || controller.signal.aborted) return answer;
      while ((await runningPods(world, name)).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 100));
      controller.abort(reason);
      throw reason;
    },
  };
}

/** The look that follows the suspension fails, and by the next one the Job's controller has removed the pod. */
function missingTheSuspension(cluster: Cluster, world: World): Cluster {
  let next: "patch" | "look" | "nothing" = "patch";
  return {
    ...cluster,
    async patch(resource, namespace, name, body, ...rest) {
      const answer = await cluster.patch(resource, namespace, name, body, ...rest);
      if (next !== "patch" || !JSON.stringify(body).includes('"suspend":true')) return answer;
      while ((await podsOf(world, name)).length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
      next = "look";
      return answer;
    },
    async list(...asked) {
      if (next !== "look") return cluster.list(...asked);
      next = "nothing";
      const error = {
        kind: "unavailable",
        httpStatus: 503,
        reason: "ServiceUnavailable",
        message: "busy",
        causes: [],
        retryAfterSeconds: null,
      } as const;
      return { kind: "error", error };
    },
  };
}

function jobPath({ namespace }: World, jobName: string): string {
  return `/apis/batch/v1/namespaces/${namespace}/jobs/${jobName}`;
}

interface SeenPod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly containerStatuses?: readonly { readonly state: { readonly running?: object } }[];
  };
}

async function podsOf(world: World, jobName: string): Promise<SeenPod[]> {
  const { body } = await world.request("GET", `/api/v1/namespaces/${world.namespace}/pods`);
  return body.items.filter(({ metadata }: SeenPod) => metadata.name.startsWith(jobName));
}

async function runningPods(world: World, jobName: string): Promise<string[]> {
  return (await podsOf(world, jobName))
    .filter(({ status }) => (status.containerStatuses ?? []).some(({ state }) => state.running !== undefined))
    .map(({ metadata }) => metadata.name);
}

async function deletePods(world: World, jobName: string): Promise<void> {
  for (const { metadata } of await podsOf(world, jobName))
    await world.request("DELETE", `/api/v1/namespaces/${world.namespace}/pods/${metadata.name}`);
}
