/**
 * What somebody once lost a run to. Those that have a test elsewhere:
 *
 * - a supervisor is killed, a second process adopts, the transcript is that of an uninterrupted run: `adoption.test.ts`
 * - two replicas start at once: one Job, the other is told who holds it, or waits: `flight.test.ts`
 * - a command that ends in a moment keeps its output and its exit code: `endings.test.ts`
 * - a prompt with `$(X)`, `$$`, quotes and odd bytes arrives byte for byte: `endings.test.ts`
 * - out of memory, with the limit and the last lines: `endings.test.ts`
 * - unschedulable at first, then a node comes: `symptoms.test.ts`
 * - a stop lets the command say its last words: `endings.test.ts`; removed in the right order, verified: `clean-up.test.ts`
 * - a node that is drained: `endings.test.ts`
 * - a time to live that removes the Job before the last look: `symptoms.test.ts`
 * - a log whose head was rotated away while nobody supervised, with a spool and without: `adoption.test.ts`
 * - the permissions told are enough: `upkeep.test.ts`, and what a missing one costs: `clean-up.test.ts`
 *
 * A result frame followed by a hang, budgets, and sessions are the adapter's.
 */

import { readdir } from "node:fs/promises";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { expect, onTestFinished, test } from "vitest";
import { InvalidKubeconfigError, connect, createRunner } from "../src/index.ts";
import type { Run } from "../src/index.ts";
import { createHurriedClock } from "./clock.ts";
import { printing } from "./printing.ts";
import { proxied } from "./proxied.ts";
import { makeFolder, startSupervisor } from "./supervisor.ts";
import { counting, describeWorlds, drain, execute, failureOf, lines, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

describeWorlds("acceptance", (world) => {
  test.concurrent("a healthy run with output now and then needs one log connection", async () => {
    const spec = specOf(world(), { command: shell(counting(8, 2)) });
    const run = runOf(await world().runner().start(spec));
    let output = "";
    const hadWhenConnected: string[] = [];
    const listening = (async () => {
      for await (const { type } of run.events) if (type === "log-connected") hadWhenConnected.push(output);
    })();
    for await (const chunk of run.output) output += Buffer.from(chunk).toString();
    await listening;
    expect(output).toBe(lines(8));
    expect(await run.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { logComplete: true, gaps: [] },
    });
    // At its end the stream may be over before the pod says so, and is asked for once more.
    expect(hadWhenConnected.filter((had) => had !== output)).toEqual([""]);
  });

  test.concurrent("a log connection that is reset, twice, costs no line and repeats none", async () => {
    const { proxy, cluster } = await proxied(world());
    const resets = [400, 900].map((afterBytes) =>
      proxy.inject({
        when: { kind: "log-follow" },
        fault: { kind: "cut", ending: "disconnect", afterBytes },
      }),
    );
    const ended = await execute(
      world().runner({ cluster }),
      specOf(world(), { command: shell(counting(100, 0.1)) }),
    );
    expect(resets.map(({ remaining }) => remaining)).toEqual([0, 0]);
    expect(ended.output).toBe(lines(100));
    expect(ended.exit.evidence).toMatchObject({ logComplete: true, gaps: [] });
  });

  test.concurrent("a log connection that died without a word is found, while the pod runs", async () => {
    const { proxy, cluster } = await proxied(world());
    const silence = proxy.inject({
      when: { kind: "log-follow" },
      fault: { kind: "silence", afterBytes: 200 },
    });
    const clock = createHurriedClock();
    const start = await world()
      .runner({ cluster, clock })
      .start(
        specOf(world(), {
          command: shell(`${counting(30, 0.1)}; while [ ! -e /tmp/go ]; do sleep 0.2; done; echo end`),
        }),
      );
    const run = runOf(start);
    void silence.happened.then(() => clock.hurry(20));
    // It goes on without an end: only a read beside the dead stream can show the lines that are missing.
    let output = "";
    for await (const chunk of run.output) {
      output += Buffer.from(chunk).toString();
      if (output.includes("line 30\n")) void run.stop({ reason: "seen" });
    }
    expect(output).toBe(lines(30));
    expect(await run.exit).toMatchObject({ kind: "stopped", evidence: { logComplete: true, gaps: [] } });
  });

  test.concurrent("errors of the API server, three in a row, on every kind of read change nothing", async () => {
    const { proxy, cluster } = await proxied(world());
    const faults = ["get jobs", "list pods", "get pods", "log-follow", "log-read"].map((kind) =>
      proxy.inject({ when: { kind }, fault: { kind: "status", code: 500 }, times: 3 }),
    );
    const ended = await execute(
      world().runner({ cluster }),
      specOf(world(), { command: shell(counting(4, 1)) }),
    );
    expect(ended.output).toBe(lines(4));
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { logComplete: true, gaps: [] },
    });
    expect(faults.filter(({ remaining }) => remaining === 0).length).toBeGreaterThanOrEqual(3);
  });

  test.concurrent("preempted while it runs", async () => {
    const victim = await roomFor(world());
    const command = shell("echo up; sleep 100");
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { command, ...victim.spec })),
    );
    const ended = await drain(run, () => void victim.preempt(run));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "preempted", node: "node-1" });
    expect(ended.exit).toMatchObject({ started: true });
    expect(ended.events.map(({ type }) => type)).toContain("pod-disrupted");
  });

  test.concurrent("a child that was killed for memory does not make a failure of a success", async () => {
    const { local } = world();
    const hog = `node -e "const a=[];for(;;)a.push(Buffer.alloc(64<<20,1))"`;
    const run = runOf(
      await world()
        .runner()
        .start(
          specOf(world(), {
            command: shell(`echo up; ${local === null ? `${hog} || true` : "sleep 1"}; echo done`),
            resources: { limits: { memory: "96Mi" } },
          }),
        ),
    );
    const ended = await drain(run, (text) => {
      if (!text.includes("up")) return;
      void podOf(world(), run).then((name) =>
        local?.kubelet.oomKill({ namespace: world().namespace, name }, { child: true }),
      );
    });
    // The shell tells of its child on stderr, and a runtime promises no order between the two streams.
    const printed = ended.output.split("\n").filter((line) => line !== "" && line !== "Killed");
    expect(printed).toEqual(["up", "done"]);
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { logComplete: true } });
    const main = ended.exit.evidence.pod?.containers.find(({ name }) => name === "main");
    expect(main?.state).toMatchObject({ kind: "terminated", exitCode: 0, reason: "OOMKilled" });
  });

  test.concurrent("a namespace with Pod Security restricted admits a run, its payload included", async () => {
    const namespace = `${world().namespace}-restricted`;
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await world().request("POST", "/api/v1/namespaces", { metadata: { name: namespace, labels } });
    world().onClose(async () => void (await world().request("DELETE", `/api/v1/namespaces/${namespace}`)));
    const spec = specOf(world(), {
      namespace,
      command: shell("cat"),
      stdin: new Uint8Array(1_500_000).fill(97),
    });
    const ended = await execute(world().runner(), spec);
    expect(ended.bytes.length).toBe(1_500_000);
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });

  test.concurrent(
    "a log of several files is whole for who follows it",
    { timeout: 120_000 },
    async ({ onTestFinished: onFinished }) => {
      const { command, lines: printed, stageEnds, goOn } = await printing(world(), onFinished);
      const run = runOf(await world().runner().start(specOf(world(), { command })));
      const ended = await drain(run, (text) => {
        for (const [index, end] of stageEnds.entries())
          if (text.startsWith(end) || text.includes(`\n${end}`))
            void goOn(index + 1, { rotate: index < 3 ? run : null });
      });
      const { gaps, logComplete } = ended.exit.evidence;
      const { missing, wrong } = judgeNumbers(ended.output, printed);
      expect(ended.exit.kind).toBe("exited");
      expect(wrong).toEqual([]);
      // The real kubelet rotates when it wants to; what it had not sent by then is a gap.
      expect(missing.length).toBeLessThanOrEqual(world().local === null ? gaps.length : 0);
      expect(world().local === null ? [] : gaps).toEqual([]);
      expect(logComplete).toBe(gaps.length === 0);
    },
  );

  test.concurrent(
    "a gap, and the rest, for who was away while the log was rotated",
    { timeout: 120_000 },
    async ({ onTestFinished: onFinished, expect: expectHere }) => {
      const { command, printed, goOn } = await printing(world(), onFinished);
      const first = world().runner();
      const run = runOf(await first.start(specOf(world(), { command })));
      let head = "";
      let cursor = run.cursor();
      for await (const chunk of run.output) {
        head += Buffer.from(chunk).toString();
        cursor = run.cursor();
        if (head.includes("\n10 x")) break;
      }
      await first.close();
      await printed(1);
      await goOn(1, { rotate: run });
      for (const stage of [2, 3, 4]) await goOn(stage, { rotate: null });
      const second = world().runner();
      await expectHere
        .poll(() => stateOf(world(), run), { timeout: 100_000, interval: 1000 })
        .toBe("finished");
      const ended = await drain(runOf(await second.attach(run.ref, { cursor })));
      expect(head.startsWith("0 x")).toBe(true);
      expect(ended.output.endsWith("last\n")).toBe(true);
      expect(ended.output.length).toBeLessThan(11_000_000);
      expect(ended.exit).toMatchObject({
        kind: "exited",
        evidence: { logComplete: false, gaps: [{ reason: "rotated", after: cursor.lastTimestamp }] },
      });
    },
  );

  test.concurrent("a bad kubeconfig is told as what it is, and the next call is fine", async () => {
    const bad = connect({ kubeconfig: "clusters: [{" });
    await expect(bad).rejects.toSatisfy((error) => InvalidKubeconfigError.isInstance(error));
    const cluster = await connect({ kubeconfig: world().kubeconfig });
    world().onClose(() => cluster.close());
    expect((await execute(world().runner({ cluster }), specOf(world()))).output).toBe("hello\n");
  });

  test.concurrent("many runs, some of them with a supervisor that was killed, leave nothing", async ({
    onTestFinished: onFinished,
  }) => {
    const spoolFolder = await makeFolder(onFinished);
    const runner = world().runner({ spoolFolder });
    const { kubeconfig, namespace } = world();
    const specs = Array.from({ length: 16 }, () =>
      specOf(world(), { command: shell(`cat; ${counting(6, 0.3)}`), stdin: "in\n", secretEnv: { KEY: "v" } }),
    );
    const names = await Promise.all(
      specs.map(async (spec, index) => {
        if (index % 4 === 0) await crash(spec, index);
        const ended = await execute(runner, { ...spec, runId: `${spec.runId}-again` }, { waitSeconds: 50 });
        expect(ended.output).toBe(`in\n${lines(6)}`);
        await ended.run.cleanUp({ keepJobSeconds: 0 });
        return ended.run.ref.jobName;
      }),
    );
    const now = { namespace, olderThanSeconds: 0 };
    await runner.sweep({ ...now, dryRun: false });
    const left: string[] = [];
    for (const path of ["/apis/batch/v1", "/api/v1"])
      for (const resource of path === "/api/v1" ? ["pods", "secrets"] : ["jobs"]) {
        const { body } = await world().request("GET", `${path}/namespaces/${namespace}/${resource}`);
        for (const { metadata } of body.items)
          if (names.some((name) => metadata.name.startsWith(name))) left.push(`${resource}/${metadata.name}`);
      }
    expect(left).toEqual([]);
    expect(await readdir(spoolFolder)).toEqual([]);

    /** At different moments: claimed, running, ended, cleaned up. */
    async function crash(spec: (typeof specs)[number], index: number): Promise<void> {
      const task = { kubeconfig, spec, spoolFolder, cleanUp: index === 12 };
      const doomed = startSupervisor(task, onFinished);
      const moment = ["started", "output", "exit", "clean"] as const;
      await doomed.news(moment[index / 4] ?? "started");
      await doomed.kill();
    }
  });
});

test("a log that is rotated under a run, again and again, is whole", async () => {
  const local = await startLocalCluster();
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const runner = createRunner({ cluster });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
    await local.close();
  });
  const command = shell(counting(60, 0.05));
  const run = runOf(
    await runner.start({ namespace: "default", slot: "s", runId: "r", image: "a:1", command }),
  );
  let rotations = 0;
  const ended = await drain(run, (text) => {
    if (!/line \d*0\n/.test(text)) return;
    rotations += 1;
    void cluster.list("pods", "default", {}).then((pods) => {
      const name = pods.kind === "ok" ? (pods.value.items[0]?.metadata?.name ?? "") : "";
      return local.kubelet.rotateLogs({ namespace: "default", name }).catch(() => undefined);
    });
  });
  expect(rotations).toBeGreaterThanOrEqual(4);
  expect(ended.output).toBe(lines(60));
  expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  // A reconnect that falls on a rotation may announce a gap where nothing is missing; then nothing is complete, either.
  expect(ended.exit.evidence.logComplete).toBe(ended.exit.evidence.gaps.length === 0);
});

/** The first lines before which others are missing, and what is none of the lines, or comes again. */
function judgeNumbers(output: string, lineCount: number): { missing: number[]; wrong: string[] } {
  const missing: number[] = [];
  const wrong: string[] = [];
  let next = 0;
  for (const line of output.split("\n").slice(0, -2)) {
    const number = line.length === 99 && /^\d+ x+$/.test(line) ? Number.parseInt(line, 10) : -1;
    if (number < next) wrong.push(line.slice(0, 40));
    else if (number > next) missing.push(number);
    if (number >= next) next = number + 1;
  }
  if (next < lineCount) missing.push(lineCount);
  if (!output.endsWith("x\nlast\n")) wrong.push(output.slice(-40));
  return { missing, wrong: wrong.slice(0, 5) };
}

async function stateOf(world: World, { ref }: Run): Promise<string | undefined> {
  const listing = await world.runner().list({ namespace: world.namespace });
  return listing.find(({ ref: { jobUid } }) => jobUid === ref.jobUid)?.state;
}

async function podOf(world: World, { ref }: Run): Promise<string> {
  const path = `/api/v1/namespaces/${ref.namespace}/pods?labelSelector=job-name%3D${ref.jobName}`;
  return (await world.request("GET", path)).body.items[0]?.metadata.name ?? "";
}

/** In the real cluster a pod of higher priority comes that fits only where the run is. */
async function roomFor(world: World) {
  const { local, namespace } = world;
  if (local !== null)
    return {
      spec: {},
      preempt: async (run: Run) => local.scheduler.preempt({ namespace, name: await podOf(world, run) }),
    };
  const { body } = await world.request("GET", "/api/v1/nodes");
  const { cpu } = body.items[0].status.allocatable;
  const most = cpu.endsWith("m") ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000;
  const resources = { requests: { cpu: `${Math.floor(most * 0.6)}m` } };
  const priority = `${namespace}-high`;
  const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
  await world.request("POST", classes, { metadata: { name: priority }, value: 1_000_000 });
  world.onClose(async () => void (await world.request("DELETE", `${classes}/${priority}`)));
  const container = {
    name: "main",
    image: "lab/base:1",
    imagePullPolicy: "Never",
    command: shell("sleep 1"),
  };
  return {
    spec: { resources },
    preempt: () =>
      world.request("POST", `/api/v1/namespaces/${namespace}/pods`, {
        metadata: { name: "high" },
        spec: {
          restartPolicy: "Never",
          priorityClassName: priority,
          containers: [{ ...container, resources }],
        },
      }),
  };
}
