/** What a runner costs, what it leaves behind, and what it may do: in the local cluster, which can be looked into. */

import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import { connect, createRunner, preflight, requiredPermissions } from "../src/index.ts";
import type { RunSpec } from "../src/index.ts";
import { resourceOf } from "../src/permissions.ts";
import { drain, execute, runOf, shell } from "./world.ts";

const spec: RunSpec = {
  namespace: "default",
  slot: "s",
  runId: "r",
  image: "lab/base:1",
  command: shell("cat"),
  stdin: "hello\n",
};

test.each([undefined, 0])(
  "a run costs at most 15 requests beyond what its process pays once (kept for: %s)",
  async (keepJobSeconds) => {
    const local = await open();
    const { runner } = await connected(local);
    const cleanUp = keepJobSeconds === undefined ? {} : { keepJobSeconds };
    await (await execute(runner, spec)).run.cleanUp(cleanUp);
    const before = requestsOf(local);
    await (await execute(runner, { ...spec, slot: "second" })).run.cleanUp(cleanUp);
    expect(requestsOf(local) - before).toBeLessThanOrEqual(15);
  },
);

test("after close nothing is open, and the Job runs on", async () => {
  const local = await open();
  const { runner, cluster } = await connected(local);
  const run = runOf(await runner.start({ ...spec, command: shell("echo up; sleep 30") }));
  for await (const chunk of run.output) if (Buffer.from(chunk).includes("up")) break;
  await runner.close();
  await cluster.close();
  await expect(run.exit).rejects.toMatchObject({ name: "RunnerClosedError" });
  await expect(runner.start(spec)).rejects.toMatchObject({ name: "RunnerClosedError" });
  await expect.poll(() => local.inspect()).toMatchObject({ connections: 0, watches: 0, follows: 0 });
  const { objects, processes } = local.inspect();
  expect(objects).toMatchObject({ jobs: 1, pods: 1 });
  expect(objects["leases"] ?? 0).toBe(0);
  expect(processes).toHaveLength(1);
});

test("the permissions told are enough for a whole run, and nothing less is asked for", async () => {
  const rules = requiredPermissions.map((permission) => ({
    verbs: [permission.verb],
    apiGroups: [permission.group],
    resources: [resourceOf(permission)],
  }));
  const token = ["token", "of", "the", "runner"].join("-");
  const local = await open({ users: [{ token, name: "runner", rules }] });
  const cluster = await connect({ kubeconfig: local.kubeconfigFor("runner") });
  const report = await preflight(cluster, "default");
  expect(report.checks.filter(({ allowed }) => allowed !== true)).toEqual([]);
  expect(report.allowed).toBe(true);
  const runner = createRunner({ cluster });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
  });
  const run = runOf(await runner.start({ ...spec, command: shell("cat; sleep 30") }));
  const ended = await drain(run, () => void run.stop({ reason: "test" }));
  expect(ended.exit).toMatchObject({ kind: "stopped", evidence: { logComplete: true, unavailable: [] } });
  await run.cleanUp({ keepJobSeconds: 0 });
});

test("a missing permission is told by verb, resource and namespace", async () => {
  const token = ["token", "of", "nobody"].join("-");
  const local = await open({
    users: [
      { token, name: "nobody", rules: [{ verbs: ["get"], apiGroups: ["batch"], resources: ["jobs"] }] },
    ],
  });
  const cluster = await connect({ kubeconfig: local.kubeconfigFor("nobody") });
  const runner = createRunner({ cluster });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
  });
  expect(await runner.start(spec)).toMatchObject({
    kind: "refused",
    failure: { kind: "forbidden", verb: "create", resource: "jobs", namespace: "default" },
  });
  expect((await preflight(cluster, "default")).allowed).toBe(false);
});

test("an API server that goes away for a while is only a wait", async () => {
  const local = await open();
  const { runner } = await connected(local);
  const run = runOf(
    await runner.start({
      ...spec,
      command: shell("for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.5; done"),
    }),
  );
  let restarted = false;
  const ended = await drain(run, () => {
    if (!restarted) void local.apiServer.restart({ downMilliseconds: 2500, loseWatchHistory: true });
    restarted = true;
  });
  expect(ended.output).toBe(Array.from({ length: 8 }, (_, index) => `line ${index + 1}\n`).join(""));
  expect(ended.exit).toMatchObject({
    kind: "exited",
    exitCode: 0,
    evidence: { logComplete: true, gaps: [] },
  });
});

test("no node at first, then one: the run goes its way", async () => {
  const local = await open();
  const { runner } = await connected(local);
  const run = runOf(await runner.start({ ...spec, nodeSelector: { pool: "agents" } }));
  let added = false;
  const types: string[] = [];
  const listening = (async () => {
    for await (const { type } of run.events) {
      types.push(type);
      if (type === "pod-unschedulable" && !added) {
        added = true;
        local.scheduler.addNode({ name: "node-2", labels: { pool: "agents" } });
      }
    }
  })();
  for await (const chunk of run.output) expect(Buffer.from(chunk).toString()).toBe("hello\n");
  expect(await run.exit).toMatchObject({
    kind: "exited",
    exitCode: 0,
    evidence: { pod: { nodeName: "node-2" } },
  });
  await listening;
  expect(types).toContain("pod-scheduled");
});

test("with a queue, the queue lets it run, and waiting in it is no stall", async () => {
  const local = await open();
  const { runner, cluster } = await connected(local);
  const run = runOf(await runner.start({ ...spec, queueName: "agents", budgets: { podCreationSeconds: 1 } }));
  const types: string[] = [];
  const listening = (async () => {
    for await (const { type } of run.events) {
      types.push(type);
      if (type !== "job-queued") continue;
      const job = await cluster.get("jobs", "default", run.ref.jobName);
      expect(job).toMatchObject({
        value: { metadata: { labels: { "kueue.x-k8s.io/queue-name": "agents" } } },
      });
      await cluster.patch("jobs", "default", run.ref.jobName, { spec: { suspend: false } });
    }
  })();
  for await (const chunk of run.output) expect(Buffer.from(chunk).toString()).toBe("hello\n");
  expect(await run.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  await listening;
  expect(types).toContain("job-queued");
});

test("a node that does not answer is told, and is not the end of the run", async () => {
  const local = await open({ nodeGraceMilliseconds: 1500 });
  const { runner } = await connected(local);
  const script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; sleep 0.5; done";
  const run = runOf(await runner.start({ ...spec, command: shell(script) }));
  const types: string[] = [];
  const listening = (async () => {
    for await (const { type } of run.events) {
      types.push(type);
      if (type === "container-started") await local.kubelet.stop();
      if (type === "node-unreachable") await local.kubelet.start();
    }
  })();
  let output = "";
  for await (const chunk of run.output) output += Buffer.from(chunk).toString();
  expect(await run.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { logComplete: true } });
  await listening;
  expect(output).toBe(Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`).join(""));
  expect(types).toContain("node-unreachable");
});

test("a container's state that comes late is waited for", async () => {
  const local = await open();
  local.kubelet.delayTerminated(2000);
  const { runner } = await connected(local);
  const ended = await execute(runner, { ...spec, command: shell("cat; exit 7") });
  expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 7 });
});

test("a namespace with Pod Security restricted admits a run as it is", async () => {
  const local = await open({ admission: { podSecurity: { default: "restricted" } } });
  const { runner } = await connected(local);
  expect((await execute(runner, spec)).exit).toMatchObject({ kind: "exited", exitCode: 0 });
});

test("without a namespace, that of the kubeconfig is meant", async () => {
  const local = await open({ namespaces: ["agents"] });
  const { runner } = await connected(local);
  await execute(runner, { ...spec, namespace: "agents" });
  const kubeconfig = JSON.stringify(inNamespace(local, "agents"));
  const cluster = await connect({ kubeconfig });
  const there = createRunner({ cluster });
  onTestFinished(async () => {
    await there.close();
    await cluster.close();
  });
  expect(await there.list()).toMatchObject([{ ref: { namespace: "agents" }, state: "finished" }]);
  expect(await runner.list()).toEqual([]);
  expect(await there.sweep()).toEqual([]);
});

test("what a crash left behind is found, and swept only when told", async () => {
  const local = await open();
  const { runner, cluster } = await connected(local);
  const labels = { "app.kubernetes.io/managed-by": "claude-k8s" };
  const renewTime = "2020-01-01T00:00:00.000000Z";
  const hash = "0123456789abcdefghij";
  const orphan = `run-${hash}-aaaaaaaa-0`;
  const slotted = { ...labels, "claude-k8s.io/slot": hash };
  await cluster.create("secrets", "default", {
    metadata: { name: orphan, labels: slotted },
    immutable: true,
  });
  await cluster.create("leases", "default", {
    metadata: { name: "dead", labels },
    spec: { holderIdentity: "dead", leaseDurationSeconds: 20, renewTime },
  });
  // Somebody else's, with the label that a tool puts on everything.
  await cluster.create("secrets", "default", { metadata: { name: "api-keys", labels }, immutable: true });
  await cluster.create("secrets", "default", { metadata: { name: `${orphan}1`, labels: slotted } });
  await cluster.create("secrets", "default", {
    metadata: { name: "run-0123456789abcdefghik-aaaaaaaa-0", labels: slotted },
    immutable: true,
  });
  await cluster.create("leases", "default", {
    metadata: { name: "scheduler", labels },
    spec: { holderIdentity: "node-1", leaseDurationSeconds: 20, renewTime },
  });
  const found = await runner.sweep({ namespace: "default", olderThanSeconds: 0 });
  expect(found.map(({ object, removed }) => [object, removed])).toEqual([
    [`secrets/${orphan}`, false],
    ["leases/dead", false],
  ]);
  const swept = await runner.sweep({ namespace: "default", olderThanSeconds: 0, dryRun: false });
  expect(swept.every(({ removed }) => removed)).toBe(true);
  expect(await runner.sweep({ namespace: "default", olderThanSeconds: 0 })).toEqual([]);
});

async function open(options: Parameters<typeof startLocalCluster>[0] = {}): Promise<LocalCluster> {
  const local = await startLocalCluster(options);
  onTestFinished(() => local.close());
  return local;
}

async function connected(local: LocalCluster) {
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const runner = createRunner({ cluster });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
  });
  return { cluster, runner };
}

function requestsOf(local: LocalCluster): number {
  return Object.values(local.inspect().requests).reduce((sum, count) => sum + count, 0);
}

function inNamespace(local: LocalCluster, namespace: string): object {
  const config = new KubeConfig();
  config.loadFromString(local.kubeconfig);
  const exported = JSON.parse(config.exportConfig());
  for (const { context } of exported.contexts) context.namespace = namespace;
  return exported;
}
