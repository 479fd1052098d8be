/**
 * Parts of a real cluster that are killed, frozen and stopped under a run. CLUSTER_CONTROL is a command that is called as
 * `restart PART [SIGNAL]`, `stop PART`, `start PART`, `freeze PART` and `thaw PART`. Nothing else may run on the cluster meanwhile.
 */

import { exec } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Run, RunEvent } from "../src/index.ts";
import { createHurriedClock } from "./clock.ts";
import { counting, drain, failureOf, openWorld, lines, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

const { KUBECONFIG: kubeconfigPath = "", CLUSTER_CONTROL: command = "" } = process.env;
const missing = kubeconfigPath === "" || command === "";
const timeout = 240_000;

describe.skipIf(missing)("[real] broken parts (needs KUBECONFIG and CLUSTER_CONTROL)", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld("real", readFileSync(kubeconfigPath, "utf8"));
  });
  afterAll(() => world.close());

  test.each([
    ["the API server is killed", () => control("restart apiserver KILL")],
    ["the API server is frozen for 20 s", () => frozen("apiserver", 20_000)],
    ["etcd is frozen for 10 s", () => frozen("etcd", 10_000)],
    ["the kubelet is killed", () => control("restart kubelet KILL")],
    ["the kubelet is frozen for 20 s", () => frozen("kubelet", 20_000)],
    ["the controllers are stopped for 10 s", () => stopped("controller-manager", 10_000)],
  ])("%s in the middle of a run, which notices nothing", { timeout }, async (_, disturb) => {
    const { ended } = await disturbed({ command: shell(counting(60, 0.5)), when: "line 6\n", disturb });
    expect(ended.output).toBe(lines(60));
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { logComplete: true, gaps: [] },
    });
  });

  test.each([
    ["the API server is down", () => stopped("apiserver", 15_000)],
    ["the kubelet is killed", () => control("restart kubelet KILL")],
    ["the kubelet is frozen", () => frozen("kubelet", 15_000)],
  ])("%s while a run ends, which is told all the same", { timeout }, async (_, disturb) => {
    const script = `${counting(10, 0.1)}; sleep 4; echo last; exit 7`;
    const { ended } = await disturbed({ command: shell(script), when: "line 10\n", disturb });
    expect(ended.output).toBe(`${lines(10)}last\n`);
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 7, evidence: { logComplete: true } });
  });

  test("the container runtime is restarted, and the run goes on", { timeout }, async () => {
    const { ended } = await disturbed({
      command: shell(counting(40, 0.5)),
      when: "line 6\n",
      disturb: () => control("restart containerd"),
    });
    expect(ended.output).toBe(lines(40));
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { logComplete: true } });
  });

  test("a node that does not answer is told, and is not the end of the run", { timeout }, async () => {
    const { ended } = await disturbed({
      command: shell(counting(200, 0.5)),
      when: "line 2\n",
      disturb: () => control("stop kubelet"),
      act: async ({ type }) => void (type === "node-unreachable" && (await control("start kubelet"))),
    });
    expect(ended.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["node-unreachable", "node-reachable"]),
    );
    expect(ended.output).toBe(lines(200));
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { logComplete: true } });
  });

  test(
    "a pod that is deleted on a node which never answers again is lost after a while",
    { timeout },
    async () => {
      const clock = createHurriedClock();
      try {
        const { ended } = await disturbed({
          command: shell("echo up; sleep 1000"),
          when: "up\n",
          clock,
          async disturb(run) {
            await control("stop kubelet");
            await world.request("DELETE", await podPath(run));
            await expect.poll(nodeTaints, { timeout: 90_000 }).toContain("node.kubernetes.io/unreachable");
            clock.hurry(20);
          },
        });
        expect(ended.output).toBe("up\n");
        expect(failureOf(ended.exit)).toMatchObject({ kind: "node-lost", node: "node-1" });
        expect(ended.exit).toMatchObject({ started: true, exitCode: null, evidence: { logComplete: false } });
      } finally {
        await control("start kubelet");
        await expect.poll(nodeTaints, { timeout: 60_000 }).toEqual([]);
      }
    },
  );

  test("a taint that nobody tolerates takes the pod away", { timeout }, async () => {
    const node = "/api/v1/nodes/node-1";
    try {
      const { ended } = await disturbed({
        command: shell("echo up; sleep 1000"),
        when: "up\n",
        disturb: () =>
          world.request("PATCH", node, {
            spec: { taints: [{ key: "example.com/repair", effect: "NoExecute" }] },
          }),
      });
      expect(failureOf(ended.exit)).toMatchObject({ kind: "drained", node: "node-1" });
      expect(ended.events.map(({ type }) => type)).toContain("pod-disrupted");
    } finally {
      await world.request("PATCH", node, { spec: { taints: null } });
    }
  });

  /** A run to its end; once its output has come to `when`, something is done to the cluster. */
  async function disturbed(options: {
    readonly command: readonly string[];
    readonly when: string;
    readonly disturb: (run: Run) => Promise<unknown>;
    readonly act?: (event: RunEvent) => Promise<void>;
    readonly clock?: ReturnType<typeof createHurriedClock>;
  }) {
    const { disturb, when, act, clock } = options;
    const runner = world.runner(clock === undefined ? {} : { clock });
    const acting: Promise<void>[] = [];
    const start = await runner.start(specOf(world, { command: options.command }), {
      onEvent: (event) => void (act !== undefined && acting.push(act(event))),
    });
    const run = runOf(start);
    let output = "";
    const disturbing: Promise<unknown>[] = [];
    const ended = await drain(run, (text) => {
      output += text;
      if (output.includes(when) && disturbing.length === 0) disturbing.push(disturb(run));
    });
    await Promise.all([...disturbing, ...acting]);
    await run.cleanUp({ keepJobSeconds: 0 }).catch(() => undefined);
    return { ended };
  }

  async function podPath({ ref }: Run): Promise<string> {
    const path = `/api/v1/namespaces/${ref.namespace}/pods`;
    const { body } = await world.request("GET", `${path}?labelSelector=job-name%3D${ref.jobName}`);
    return `${path}/${body.items[0]?.metadata.name ?? ""}`;
  }

  async function nodeTaints(): Promise<string[]> {
    const { body } = await world.request("GET", "/api/v1/nodes/node-1");
    return (body.spec.taints ?? []).map(({ key }: { key: string }) => key);
  }
});

async function control(words: string): Promise<void> {
  await promisify(exec)(`${command} ${words}`);
}

async function frozen(part: string, milliseconds: number): Promise<void> {
  await control(`freeze ${part}`);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await control(`thaw ${part}`);
}

async function stopped(part: string, milliseconds: number): Promise<void> {
  await control(`stop ${part}`);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await control(`start ${part}`);
}
