/** A supervisor that was really killed, and what the next process has of its run. */

import { copyFile, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { connect, createRunner } from "../src/index.ts";
import { makeFolder, startSupervisor } from "./supervisor.ts";
import { counting, describeWorlds, drain, lines, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

/** Its Lease, of 5 s, has to run out. */
const patience = { waitSeconds: 40 };

describeWorlds("adoption after a supervisor was killed", (world) => {
  test.concurrent("the transcript is that of an uninterrupted run", async ({
    onTestFinished: onFinished,
  }) => {
    const spoolFolder = await makeFolder(onFinished);
    const spec = specOf(world(), { command: shell(counting(40, 0.5)) });
    const { kubeconfig } = world();
    const first = startSupervisor({ kubeconfig, spec, spoolFolder, cleanUp: false }, onFinished);
    await first.news("output", () => first.output().includes("line 4\n"));
    await first.kill();
    const start = await world()
      .runner({ spoolFolder })
      .start({ ...spec, runId: "second" }, patience);
    expect(start.kind).toBe("adopted");
    const ended = await drain(runOf(start));
    expect(ended.output).toBe(lines(40));
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { logComplete: true, gaps: [], outputBytes: lines(40).length },
    });
    expect(ended.events).toContainEqual(expect.objectContaining({ type: "job-adopted", replay: "spool" }));
    await ended.run.cleanUp({ keepJobSeconds: 0 });
    expect(await readdir(spoolFolder)).toEqual([]);
  });

  test.concurrent("a pod that is gone by then: the spool has its whole log", async ({
    onTestFinished: onFinished,
  }) => {
    const spoolFolder = await makeFolder(onFinished);
    const spec = specOf(world(), { command: shell(`${counting(30, 0)}; printf end; exit 3`) });
    const { kubeconfig } = world();
    const first = startSupervisor({ kubeconfig, spec, spoolFolder, cleanUp: false }, onFinished);
    const { jobName } = await first.news("started");
    await first.news("exit");
    await first.kill();
    await removePods(world(), jobName);
    const start = await world()
      .runner({ spoolFolder })
      .start({ ...spec, runId: "second" }, patience);
    expect(start.kind).toBe("adopted");
    const ended = await drain(runOf(start));
    expect(ended.output).toBe(`${lines(30)}end`);
    const { evidence } = ended.exit;
    expect(evidence).toMatchObject({ logComplete: true, gaps: [], outputBytes: ended.output.length });
    expect(evidence.lastLines.at(-1)).toBe("end");
    expect(evidence.lastLines).toHaveLength(20);
    expect(ended.exit).toMatchObject({ kind: "failed", started: true });
  });

  test.concurrent("a pod that is gone by then: what the spool has, and a gap", async ({
    onTestFinished: onFinished,
  }) => {
    const spoolFolder = await makeFolder(onFinished);
    const spec = specOf(world(), { command: shell(counting(400, 0.1)) });
    const { kubeconfig } = world();
    const first = startSupervisor({ kubeconfig, spec, spoolFolder, cleanUp: false }, onFinished);
    const { jobName } = await first.news("started");
    // What was printed a moment before the kill may not have reached the file.
    await first.news("output", () => first.output().includes("line 25\n"));
    await first.kill();
    await removePods(world(), jobName);
    const start = await world()
      .runner({ spoolFolder })
      .start({ ...spec, runId: "second" }, patience);
    const ended = await drain(runOf(start));
    expect(ended.output.startsWith(lines(20))).toBe(true);
    expect(lines(400).startsWith(ended.output)).toBe(true);
    expect(ended.exit).toMatchObject({
      kind: "failed",
      failure: { kind: "deleted-externally", object: "pod" },
      started: true,
      evidence: { logComplete: false, gaps: [{ reason: "pod-gone" }], outputBytes: ended.output.length },
    });
  });

  test.concurrent("a spool file whose Job is gone is swept, and no other", async ({
    onTestFinished: onFinished,
  }) => {
    const spoolFolder = await makeFolder(onFinished);
    const spec = specOf(world());
    const { kubeconfig, namespace, cluster } = world();
    const first = startSupervisor({ kubeconfig, spec, spoolFolder, cleanUp: false }, onFinished);
    const { jobName, jobUid } = await first.news("started");
    await first.news("exit");
    await first.kill();
    const [file = ""] = await readdir(spoolFolder);
    expect(file).toBe(`${jobUid}.spool`);
    await writeFile(join(spoolFolder, "damaged.spool"), "no frames");
    // Left by a process that died while it took the file over.
    const half = `${jobUid}.spool.4194305.new`;
    await copyFile(join(spoolFolder, file), join(spoolFolder, half));
    await writeFile(join(spoolFolder, "notes.txt"), "somebody's");
    const runner = world().runner({ spoolFolder });
    const sweep = async (options: { dryRun?: boolean; olderThanSeconds?: number } = {}) =>
      (await runner.sweep({ namespace, ...options })).filter(({ object }) => object.startsWith("spool/"));
    const now = { olderThanSeconds: 0 };
    expect(await sweep(now)).toMatchObject([{ object: "spool/damaged.spool", removed: false }]);
    await cluster.delete("jobs", namespace, jobName, { propagation: "Background" });
    expect(await sweep()).toEqual([]);
    const old = new Date(Date.now() - 7_200_000);
    for (const name of [file, half]) await utimes(join(spoolFolder, name), old, old);
    const gone = { removed: false, reason: "its Job is gone" };
    expect((await sweep()).toSorted((one, other) => one.object.localeCompare(other.object))).toMatchObject([
      { object: `spool/${file}`, ...gone },
      { object: `spool/${half}`, ...gone },
    ]);
    expect((await runner.sweep({ namespace: "default" })).map(({ object }) => object)).not.toContain(
      `spool/${file}`,
    );
    expect(await sweep({ ...now, dryRun: false })).toMatchObject([
      { removed: true },
      { removed: true },
      { removed: true },
    ]);
    expect(await readdir(spoolFolder)).toEqual(["notes.txt"]);
  });
});

test("a spool beyond its bound is told, and costs no line", async () => {
  const local = await startLocalCluster();
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const spoolFolder = await makeFolder();
  const runner = createRunner({ cluster, spoolFolder, spoolBytes: 2000 });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
    await local.close();
  });
  const command = shell(counting(100, 0.01));
  const ended = await drain(
    runOf(await runner.start({ namespace: "default", slot: "s", runId: "r", image: "a:1", command })),
  );
  expect(ended.output).toBe(lines(100));
  expect(ended.events.filter(({ type }) => type === "warning")).toMatchObject([
    { message: "output beyond 2000 bytes is not kept on disk for a replay" },
  ]);
  const [file = ""] = await readdir(spoolFolder);
  expect((await stat(join(spoolFolder, file))).size).toBeLessThanOrEqual(2000 + 200);
});

test.each([
  [true, /^line 1\n/],
  // What shows that the test rotates: the API has only the rest.
  [false, /^line (?:[6-9]|1\d)\n/],
])("a log whose head was rotated away meanwhile (spool: %s)", async (spooled, head) => {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  const spoolFolder = spooled ? await makeFolder() : null;
  const command = shell(counting(80, 0.2));
  const spec = { namespace: "default", slot: "s", runId: "r", image: "lab/base:1", command };
  const { kubeconfig } = local;
  const first = startSupervisor({ kubeconfig, spec, spoolFolder, cleanUp: false });
  const { jobName } = await first.news("started");
  await first.news("output", () => first.output().includes("line 5\n"));
  const cluster = await connect({ kubeconfig });
  const runner = createRunner({ cluster, ...(spoolFolder === null ? {} : { spoolFolder }) });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
  });
  const pods = await cluster.list("pods", "default", { labelSelector: `job-name=${jobName}` });
  const name = pods.kind === "ok" ? (pods.value.items[0]?.metadata?.name ?? "") : "";
  await local.kubelet.rotateLogs({ namespace: "default", name });
  await first.news("output", () => first.output().includes("line 15\n"));
  await first.kill();
  const ended = await drain(runOf(await runner.start({ ...spec, runId: "second" }, patience)));
  expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { gaps: [] } });
  expect(ended.output).toMatch(head);
  expect(lines(80).endsWith(ended.output)).toBe(true);
});

/** By force, and waits until nothing is left of them. */
async function removePods(world: World, jobName: string): Promise<void> {
  const path = `/api/v1/namespaces/${world.namespace}/pods`;
  for (;;) {
    const { body } = await world.request("GET", `${path}?labelSelector=job-name%3D${jobName}`);
    if (body.items.length === 0) return;
    for (const { metadata } of body.items)
      await world.request("DELETE", `${path}/${metadata.name}`, { gracePeriodSeconds: 0 });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
