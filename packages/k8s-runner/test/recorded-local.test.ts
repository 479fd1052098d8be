/** Recorded outputs on the local cluster, with programs in its containers: what becomes of them when exec or the pod breaks. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { localExec } from "../soak/exec/local-exec.ts";
import type { ExecSource } from "../src/cluster/exec-source.ts";
import { connect, createRunner } from "../src/index.ts";
import type { Clock, Cluster, Run, RunSpec, Runner } from "../src/index.ts";
import { createHurriedClock } from "./clock.ts";
import { drain, runOf, shell } from "./world.ts";

const spec: RunSpec = {
  namespace: "default",
  slot: "recorded",
  runId: "r",
  image: "lab/base:1",
  command: ["agent"],
  recordOutput: {},
};

interface Opened {
  readonly local: LocalCluster;
  readonly cluster: Cluster;
  readonly runner: Runner;
}

async function open({
  clock,
  exec,
}: { readonly clock?: Clock; readonly exec?: ExecSource } = {}): Promise<Opened> {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const inPods = exec ?? localExec(cluster, local.inspect().directory);
  const runner = createRunner({ cluster: { ...cluster, exec: inPods }, ...(clock && { clock }) });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
  });
  return { local, cluster, runner };
}

async function podNameOf({ cluster }: Opened, { ref }: Run): Promise<string> {
  const found = await cluster.list("pods", "default", { labelSelector: `job-name=${ref.jobName}` });
  return (found.kind === "ok" ? found.value.items[0]?.metadata?.name : null) ?? "";
}

const broken = {
  kind: "error",
  error: {
    kind: "unavailable",
    httpStatus: 502,
    reason: null,
    message: "error dialing backend: EOF",
    causes: [],
    retryAfterSeconds: null,
  },
} as const;

test("an exec that fails for ever is given up long before the record's container gives up", async () => {
  const clock = createHurriedClock();
  const { runner } = await open({ clock, exec: { open: async () => broken } });
  const start = await runner.start({ ...spec, command: shell("echo one; echo two") });
  const ended = await drain(runOf(start), (text) => void (text.includes("two") && clock.hurry(100)));
  expect(ended.output).toBe("one\ntwo\n");
  expect(ended.exit).toMatchObject({
    kind: "exited",
    exitCode: 0,
    evidence: { logComplete: true, gaps: [] },
  });
  expect(ended.events).toContainEqual(
    expect.objectContaining({ type: "warning", message: expect.stringContaining("cannot be read") }),
  );
});

test("an output is whole although its command was killed for memory", async () => {
  const opened = await open();
  const command = shell("echo one; sleep 1; echo two; while :; do sleep 0.1; done");
  const run = runOf(await opened.runner.start({ ...spec, command }));
  const ended = await drain(run, async (text) => {
    if (!text.includes("two")) return;
    await opened.local.kubelet.oomKill(
      { namespace: "default", name: await podNameOf(opened, run) },
      { container: "main" },
    );
  });
  expect(ended.output).toBe("one\ntwo\n");
  expect(ended.exit).toMatchObject({
    kind: "failed",
    failure: { kind: "out-of-memory" },
    evidence: { logComplete: true, gaps: [] },
  });
});

test("a recorded command that is evicted ends as evicted, and what was read of its output stays", async () => {
  const opened = await open();
  const command = shell("echo up; while :; do sleep 0.1; done");
  const run = runOf(await opened.runner.start({ ...spec, command, graceSeconds: 5 }));
  const ended = await drain(run, async (text) => {
    if (!text.includes("up")) return;
    await opened.local.kubelet.evict({ namespace: "default", name: await podNameOf(opened, run) });
  });
  expect(ended.output).toBe("up\n");
  expect(ended.exit).toMatchObject({ kind: "failed", failure: { kind: "evicted", cause: "memory" } });
  expect(opened.local.inspect().processes).toEqual([]);
});

test("the last words of a command that is drained with its node are in the output", async () => {
  const opened = await open();
  const command = shell("trap 'echo asked; exit 143' TERM; echo up; while :; do sleep 0.1; done");
  const run = runOf(await opened.runner.start({ ...spec, command, graceSeconds: 20 }));
  const ended = await drain(run, async (text) => {
    if (!text.includes("up")) return;
    await opened.local.scheduler.preempt({ namespace: "default", name: await podNameOf(opened, run) });
  });
  expect(ended.output).toBe("up\nasked\n");
  expect(ended.exit).toMatchObject({ evidence: { logComplete: true, gaps: [] } });
});

test("folders come back beside a record, whose output is whole", async () => {
  const { local, runner } = await open();
  const folder = await mkdtemp(join(tmpdir(), "recorded-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "a.txt"), "old\n");
  const command = shell("cat a.txt; echo new > a.txt; echo done");
  const copies = { folders: [{ path: "/workspace", folder }] };
  const start = await runner.start({ ...spec, command, workingDirectory: "/workspace", copies });
  const ended = await drain(runOf(start));
  expect(ended.output).toBe("old\ndone\n");
  expect(ended.exit).toMatchObject({
    kind: "exited",
    exitCode: 0,
    evidence: { logComplete: true, gaps: [], files: { returned: { kind: "returned", written: 1 } } },
  });
  expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("new\n");
  expect(local.inspect().processes.map(({ container }) => container)).not.toContain("main");
});
