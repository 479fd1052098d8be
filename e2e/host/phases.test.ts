/**
 * The server dies while its runs are in every phase at once: waiting for a node, for an image, for what comes before Claude, at work,
 * over but not yet read, and being cleaned up. Each is taken over, ends rightly and is shown whole, and nothing is left.
 */

import { execFileSync } from "node:child_process";
import { CoordinationV1Api, type V1Pod, Watch } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Board } from "../support/board.ts";
import { type Gates, createGates } from "../support/gates.ts";
import { machine, missing } from "../support/machine.ts";
import { answers, bash, say } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

const phases = ["queued", "pulling", "starting", "working", "ended", "cleaned"] as const;
type Phase = (typeof phases)[number];

interface Started {
  readonly board: Board;
  readonly agentId: string;
  readonly issueId: string;
  readonly runId: string;
}

describe.skipIf(reason !== "")(`the server dies in every phase${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let gates: Gates;
  let ended = 0;
  beforeAll(async () => {
    world = await openWorld({ name: "phases" });
    gates = await createGates();
  }, 600_000);
  afterAll(async () => {
    await world?.close();
    gates?.close();
  }, 600_000);

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "%s",
    async (signal) => {
      const { paperclip, namespace } = world;
      const cluster = (...words: readonly string[]) =>
        execFileSync(machine.cluster.path, words, { stdio: "ignore" });
      const stamp = `${signal.toLowerCase()}-${Date.now()}`;
      const lateImage = `lab/late-${stamp}:1`;
      const settingsOf: Readonly<Record<Phase, Record<string, unknown>>> = {
        // As a queue does it, or a scheduler that waits for quota.
        queued: { podTemplate: { spec: { schedulingGates: [{ name: "e2e.test/room" }] } } },
        pulling: { image: lateImage, imagePullPolicy: "IfNotPresent" },
        starting: {
          initContainers: JSON.stringify([
            { name: "before", image: "lab/base:1", command: ["sh", "-c", gates.waitAt(`${stamp}-init`)] },
          ]),
        },
        working: {},
        ended: {},
        cleaned: {},
      };
      const begin = async (phase: Phase): Promise<Started> => {
        const gate = `${stamp}-${phase}`;
        const api = await world.messagesApi(
          answers(say(`I wait, ${gate}.`, bash(gates.waitAt(gate))), say(`I am through, ${gate}.`)),
        );
        const board = await world.board();
        const agentId = await board.agent(world.settings(api, settingsOf[phase]), phase);
        const { id: issueId } = await board.issue(agentId, `Work ${phase}`);
        const { id: runId } = await board.nextRun(agentId, []);
        return { board, agentId, issueId, runId };
      };
      const started = {} as Record<Phase, Started>;
      for (const phase of phases) started[phase] = await begin(phase);

      const atWork = async (phase: Phase): Promise<void> => {
        const { board, runId } = started[phase];
        await expect
          .poll(() => board.log(runId), { timeout: 180_000, interval: 500, message: `the tool of ${phase}` })
          .toContain("tool_use");
      };
      for (const phase of ["working", "ended", "cleaned"] as const) await atWork(phase);
      await expect
        .poll(() => statesOfPods(world), { timeout: 300_000, interval: 500 })
        .toMatchObject({ gated: 1, pulling: 1, initializing: 1 });

      // Its Secret goes first when a run is cleaned up.
      const cleaning = secretDeleted(world, started.cleaned.runId);
      gates.open(`${stamp}-cleaned`);
      await cleaning;
      paperclip.freeze();
      gates.open(`${stamp}-ended`);
      await expect
        .poll(() => statesOfPods(world), { timeout: 300_000, interval: 500 })
        .toMatchObject({ working: 1 });
      if (signal === "SIGKILL") await paperclip.kill();
      else await paperclip.terminateFrozen();
      await paperclip.start();

      onTestFinished(() => void cluster("ctr", "images", "rm", `docker.io/${lateImage}`));
      await openScheduling(world);
      const claude = `docker.io/lab/claude:${machine.claudeVersion}`;
      cluster("ctr", "images", "tag", claude, `docker.io/${lateImage}`);
      for (const gate of ["queued", "pulling", "init", "starting", "working"]) gates.open(`${stamp}-${gate}`);

      for (const phase of phases.filter((name) => name !== "cleaned")) {
        const { board, agentId, issueId } = started[phase];
        const done = await succeeded(board, agentId, phase);
        expectWhole(await board.log(done), `${stamp}-${phase}`);
        await board.setStatus(issueId, "done");
        await board.pause(agentId);
      }
      await expect.poll(() => world.leftOver(), { timeout: 300_000, interval: 1000 }).toEqual([]);
      // Whether its Job was gone already depends on the moment: it was taken over, or the first run has shown all of it. Later ones
      // are the host's own: the agent leaves its issue open.
      const { board, agentId, runId } = started.cleaned;
      const taken = (await board.runs(agentId)).findLast(({ status }) => status === "succeeded");
      expectWhole(await board.log(taken?.id ?? runId), `${stamp}-cleaned`);
      await board.pause(agentId);
      const { items: leases } = await world.admin
        .makeApiClient(CoordinationV1Api)
        .listNamespacedLease({ namespace });
      // That of the living server, and one of each before it: the host closes no adapter, an account with the documented Role may
      // not list them, and `claude-k8s clean` removes them.
      ended += 1;
      expect(leases.length).toBeLessThanOrEqual(1 + ended);
    },
    900_000,
  );
});

/** Claude Code's lines from the first to the last, once. */
function expectWhole(log: string, gate: string): void {
  expect([gate, log.split('"subtype":"init"').length - 1]).toEqual([gate, 1]);
  expect([gate, log.split('"type":"result"').length - 1]).toEqual([gate, 1]);
  expect(log).toContain(`I wait, ${gate}.`);
  expect(log).toContain(`I am through, ${gate}.`);
}

/** The first of the agent's runs that the host takes for a success. */
async function succeeded(board: Board, agentId: string, phase: Phase): Promise<string> {
  let runs: Awaited<ReturnType<Board["runs"]>> = [];
  await expect
    .poll(
      async () => {
        runs = await board.runs(agentId).catch(() => runs);
        const failed = runs.filter(({ status }) => status === "failed" || status === "timed_out");
        if (failed.length > 0) throw new Error(`${phase}: ${failed[0]?.error}`);
        return runs.some(({ status }) => status === "succeeded");
      },
      { timeout: 240_000, interval: 1000, message: `a successful run of the agent that was ${phase}` },
    )
    .toBe(true);
  return runs.findLast(({ status }) => status === "succeeded")!.id;
}

async function statesOfPods({ core, namespace }: EndToEndWorld) {
  const { items } = await core.listNamespacedPod({ namespace });
  const states = { gated: 0, pulling: 0, initializing: 0, working: 0, over: 0 };
  for (const pod of items) {
    const { status } = pod;
    const waiting = status?.containerStatuses?.[0]?.state?.waiting?.reason ?? "";
    if (status?.phase === "Running") states.working += 1;
    else if (status?.phase !== "Pending") states.over += 1;
    else if (/ImagePull|ErrImage/.test(waiting)) states.pulling += 1;
    else if (status.initContainerStatuses?.some(({ state }) => state?.running)) states.initializing += 1;
    else if (isGated(pod)) states.gated += 1;
  }
  return states;
}

const isGated = ({ status }: V1Pod): boolean =>
  status?.conditions?.some(({ reason: why }) => why === "SchedulingGated") === true;

async function openScheduling({ core, namespace }: EndToEndWorld): Promise<void> {
  const { items } = await core.listNamespacedPod({ namespace });
  for (const { metadata } of items.filter(isGated))
    await core.patchNamespacedPod({
      namespace,
      name: metadata?.name ?? "",
      body: [{ op: "remove", path: "/spec/schedulingGates" }],
    });
}

/** Resolves when the first Secret of the run is removed. */
async function secretDeleted({ admin, namespace }: EndToEndWorld, runId: string): Promise<void> {
  const stop = Promise.withResolvers<void>();
  const controller = await new Watch(admin).watch(
    `/api/v1/namespaces/${namespace}/secrets`,
    {},
    (type, secret) => {
      if (type === "DELETED" && JSON.stringify(secret.metadata).includes(runId)) stop.resolve();
    },
    (error) => (error ? stop.reject(error) : stop.resolve()),
  );
  await stop.promise.finally(() => controller.abort());
}
