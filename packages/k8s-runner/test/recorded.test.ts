/** A recorded output: its pod, and the output of runs whose log is rotated while nobody follows. */

import { Readable } from "node:stream";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, createRunner, jobManifest, validateRunSpec } from "../src/index.ts";
import type { Cluster, RunSpec, Runner } from "../src/index.ts";
import { recordHeader } from "../src/record/script.ts";
import { createHurriedClock } from "./clock.ts";
import { describeReal, drain, runOf, shell, specOf } from "./world.ts";

const spec: RunSpec = {
  namespace: "default",
  slot: "recorded",
  runId: "r",
  image: "lab/base:1",
  command: ["agent"],
  recordOutput: {},
};

describe("the pod", () => {
  test("has one more container and volume, and the command becomes the shell that opened its output", () => {
    const pod = jobManifest({ ...spec, stdin: "x" }).spec?.template.spec;
    expect(pod?.containers.map(({ name }) => name)).toEqual(["main", "record"]);
    expect(pod?.containers[0]?.command?.slice(0, 3)).toEqual([
      "/bin/sh",
      "-c",
      'echo $$$$ > /run-record/main && exec "$$@" < "$$0" >> /run-record/output 2>&1',
    ]);
    expect(pod?.volumes).toContainEqual({ name: "run-record", emptyDir: { sizeLimit: "1269476011" } });
    expect(pod?.terminationGracePeriodSeconds).toBe(150);
  });

  test("is as before without it", () => {
    const { recordOutput: _recordOutput, ...plain } = spec;
    expect(jobManifest(plain).spec?.template.spec?.containers).toHaveLength(1);
  });

  test.each([
    [{ recordOutput: { limitBytes: 1000 } }, /recordOutput\.limitBytes/],
    [{ recordOutput: { holdSeconds: -1 } }, /recordOutput\.holdSeconds/],
    [{ recordOutput: { holdSecond: 1 } as object }, /did you mean recordOutput\.holdSeconds/],
    [{ writablePaths: ["/run-record/x"] }, /recordOutput/],
    [{ podTemplate: { spec: { shareProcessNamespace: false } } }, /shareProcessNamespace/],
    [{ extraContainers: [{ name: "record" }] }, /another container/],
  ] satisfies [Partial<RunSpec>, RegExp][])("refuses %j", (part, message) => {
    expect(() => validateRunSpec({ ...spec, ...part })).toThrow(message);
  });
});

/** On a local cluster where nothing can be executed in a pod. */
async function withoutExec(): Promise<{ readonly runner: Runner; readonly cluster: Cluster }> {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const runner = createRunner({ cluster: { ...cluster, exec: { open: async () => forbidden } } });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
  });
  return { runner, cluster };
}

test("where nothing can be executed in the pod, the output is read from the log, and a warning says so", async () => {
  const { runner } = await withoutExec();
  const command = shell("echo one; echo two >&2; sleep 1; printf three; exit 3");
  const start = await runner.start({ ...spec, command, recordOutput: { holdSeconds: 1 } });
  const ended = await drain(runOf(start));
  expect(ended.output).toBe("one\ntwo\nthree");
  expect(ended.exit).toMatchObject({
    kind: "exited",
    exitCode: 3,
    evidence: { logComplete: true, gaps: [] },
  });
  expect(ended.output).not.toContain(recordHeader);
});

test("where nothing can be executed in the pod, its container with the record does not hold the clean-up for the pod's grace", async () => {
  const { runner, cluster } = await withoutExec();
  const run = runOf(await runner.start({ ...spec, command: shell("echo one"), graceSeconds: 3600 }));
  await drain(run);
  // Rejects where something is left when its time is over, which is far less than the grace.
  await run.cleanUp({ keepJobSeconds: 0 });
  const pods = await cluster.list("pods", "default", {}, { signal: AbortSignal.timeout(60_000) });
  expect(pods).toMatchObject({ kind: "ok", value: { items: [] } });
}, 180_000);

test("a run ends although what prints its record never comes to an end", async () => {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  const cluster = await connect({ kubeconfig: local.kubeconfig });
  const clock = createHurriedClock();
  // As where the command has stopped the second container's programs, or put a pipe in the place of its file.
  const open: typeof cluster.exec.open = async (_request, { signal }) => {
    // In steps, as it may be asked before time goes faster.
    for (let waited = 0; waited < 20_000; waited += 500) await clock.sleep(500, signal);
    return {
      kind: "session",
      session: {
        output: Readable.from([Buffer.from("running\n")]),
        write: async () => undefined,
        ended: Promise.resolve({ kind: "exited", exitCode: 0 }),
        errors: () => "",
        cancel: () => undefined,
      },
    };
  };
  const runner = createRunner({ cluster: { ...cluster, exec: { open } }, clock });
  onTestFinished(async () => {
    await runner.close();
    await cluster.close();
  });
  const start = await runner.start({ ...spec, command: shell("echo one"), recordOutput: {} });
  const ended = await drain(runOf(start), (text) => void (text.includes("one") && clock.hurry(200)));
  expect(ended.output).toBe("one\n");
  expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  expect(ended.events).toContainEqual(
    expect.objectContaining({ type: "warning", message: expect.stringContaining("was not printed") }),
  );
});

const forbidden = {
  kind: "error",
  error: { kind: "forbidden", httpStatus: 403, message: "pods/exec is forbidden", retryAfterSeconds: null },
} as never;

describeReal("a recorded output", (world) => {
  test.concurrent("is whole after its log was rotated while nobody followed", async () => {
    // Over the 10 MiB at which the kubelet rotates, then slowly for as long as it needs to look twice.
    const line = `"y".repeat(200)`;
    const program = `let i=0;const t=setInterval(()=>{let s="";const to=i<55000?i+1000:i+1;while(i<to)s+=i+++" "+${line}+"\\n";process.stdout.write(s);if(i>=55300)clearInterval(t)},100)`;
    const recorded = specOf(world(), { command: ["node", "-e", program], recordOutput: {} });
    const first = world().runner({ leaseSeconds: 5 });
    const run = runOf(await first.start(recorded));
    for await (const chunk of run.output) if (chunk.length > 0) break;
    await first.close();
    await whenEnded(world, run.ref.jobName);
    const second = world().runner({ leaseSeconds: 5 });
    const ended = await drain(
      runOf(await second.start({ ...recorded, runId: "second" }, { waitSeconds: 40 })),
    );
    const expected = Array.from({ length: 55_300 }, (_, index) => `${index} ${"y".repeat(200)}\n`).join("");
    expect(ended.output === expected).toBe(true);
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { logComplete: true, gaps: [], outputBytes: expected.length },
    });
    // What shows that the log alone did not have it.
    expect(ended.events).toContainEqual(expect.objectContaining({ type: "log-fetched" }));
    await ended.run.cleanUp({ keepJobSeconds: 0 });
  }, 120_000);

  test.concurrent("keeps exit code, signal and the last line of a command that is stopped or killed", async () => {
    const runner = world().runner();
    const stoppable = shell("trap 'printf bye; exit 7' TERM; echo up; while :; do sleep 0.1; done");
    const run = runOf(await runner.start(specOf(world(), { command: stoppable, recordOutput: {} })));
    const stopped = await drain(run, (text) => void (text.includes("up") && run.stop()));
    expect(stopped.output).toBe("up\nbye");
    expect(stopped.exit).toMatchObject({
      kind: "stopped",
      exitCode: 7,
      forced: false,
      evidence: { gaps: [] },
    });
    const killed = await drain(
      runOf(await runner.start(specOf(world(), { command: shell("echo up; kill -9 $$"), recordOutput: {} }))),
    );
    expect(killed.output).toBe("up\n");
    expect(killed.exit).toMatchObject({ exitCode: 137, evidence: { logComplete: true, gaps: [] } });
    await stopped.run.cleanUp({ keepJobSeconds: 0 });
    await killed.run.cleanUp({ keepJobSeconds: 0 });
  }, 120_000);

  test.concurrent("whose printer is killed is told to be cut short", async () => {
    // Both containers see each other's processes.
    const kill = `for one in /proc/[0-9]*; do tr '\\0' ' ' < $one/cmdline | grep -q 'hel[d]=0' && kill -9 \${one#/proc/}; done 2> /dev/null`;
    const command = shell(`echo up; sleep 1; ${kill}; echo unheard; sleep 2`);
    const start = await world()
      .runner()
      .start(specOf(world(), { command, recordOutput: {} }));
    const ended = await drain(runOf(start));
    expect(ended.output).toBe("up\n");
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: {
        logComplete: false,
        gaps: [{ reason: "log-unavailable", message: expect.stringMatching(/record/) }],
      },
    });
    await ended.run.cleanUp({ keepJobSeconds: 0 });
  }, 120_000);
});

/** Until the command has ended; its pod stays. */
async function whenEnded(
  world: Parameters<Parameters<typeof describeReal>[1]>[0],
  jobName: string,
): Promise<void> {
  const { namespace } = world();
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=job-name%3D${jobName}`;
  for (;;) {
    const { body } = await world().request("GET", path);
    const states = body.items[0]?.status?.containerStatuses ?? [];
    if (states.find(({ name }: { name: string }) => name === "main")?.state?.terminated !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
