import { expect, vi } from "vitest";

import type { Json, OpenAnswer } from "../http-client.ts";
import {
  isFinished,
  isOver,
  isRunning,
  linesOf,
  sh,
  watchEvents,
  type Behaviour,
  type Scene,
} from "../subject.ts";

/** Prints a numbered line five times a second. */
const count = (lines: number): Json =>
  sh(`i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo line $i; sleep 0.2; done`);

const numbered = (lines: number): string[] =>
  Array.from({ length: lines }, (_, index) => `line ${index + 1}`);

/** The lines until the answer ends or breaks, and which of the two it was. */
async function readToEnd(
  answer: OpenAnswer,
): Promise<{ readonly lines: string[]; readonly broken: boolean }> {
  const lines: string[] = [];
  try {
    for await (const line of linesOf(answer.body)) lines.push(line);
    return { lines, broken: false };
  } catch {
    return { lines, broken: true };
  }
}

async function runningPod(scene: Scene, lines: number): Promise<OpenAnswer> {
  await scene.pod("p", count(lines));
  await scene.until("pods", isRunning, "p");
  return scene.client.open(`${scene.pods}/p/log?follow=true`);
}

async function versionOf(scene: Scene, resource: string): Promise<string> {
  return (await scene.client.get(scene.path(resource))).json.metadata.resourceVersion;
}

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

/** Parts of the cluster that go away and come back, and clocks that cannot be trusted. */
export const restartBehaviours: readonly Behaviour[] = [
  {
    name: "the API server restarts: watches and follows come to an end, the container and its Job notice nothing",
    needsControl: true,
    alone: true,
    async show(scene) {
      await scene.job("run", count(30));
      const pod = await scene.podOf("run", isRunning);
      const follow = await scene.client.open(`${scene.pods}/${pod.metadata.name}/log?follow=true`);
      const followed = readToEnd(follow);
      const watch = await scene.client.open(`${scene.pods}?watch=true`);
      const watched = readToEnd(watch);
      await scene.control?.restart("apiserver");
      // A real one that is asked to end lets follows go on for a while, and may see the last line.
      const { lines } = await followed;
      expect(lines).toEqual(numbered(lines.length));
      await watched;
      const job = await scene.until("jobs", isFinished, "run");
      expect(job.status).toMatchObject({ succeeded: 1 });
      expect((await scene.log(pod.metadata.name)).text.trimEnd().split("\n")).toEqual(numbered(30));
      const after = (await scene.client.get(`${scene.pods}/${pod.metadata.name}`)).json;
      expect(after.status.containerStatuses[0]).toMatchObject({ restartCount: 0 });
      expect(after.metadata.uid).toBe(pod.metadata.uid);
    },
  },
  {
    name: "after a restart of the API server an old resourceVersion is too old: 410 Expired; a list and its watch go on",
    needsControl: true,
    alone: true,
    async show(scene) {
      const old = await versionOf(scene, "secrets");
      await scene.create(scene.path("secrets"), { metadata: { name: "one" } });
      await scene.create(scene.path("secrets"), { metadata: { name: "two" } });
      await scene.control?.restart("apiserver");
      const events: Json[] = [];
      const path = `${scene.path("secrets")}?watch=true&resourceVersion=${old}`;
      for await (const event of watchEvents(scene.client, path, signal())) events.push(event);
      expect(events).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
      expect(events[0].object.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
      const list = (await scene.client.get(scene.path("secrets"))).json;
      expect(list.items.map((item: Json) => item.metadata.name)).toEqual(["one", "two"]);
      await scene.create(scene.path("secrets"), { metadata: { name: "three" } });
      const next = `${scene.path("secrets")}?watch=true&resourceVersion=${list.metadata.resourceVersion}`;
      for await (const event of watchEvents(scene.client, next, signal())) {
        expect(event).toMatchObject({ type: "ADDED", object: { metadata: { name: "three" } } });
        break;
      }
    },
  },
  {
    name: "after a restart of the API server that keeps its history, a watch goes on where it was",
    localOnly: "a real API server begins its watch history anew",
    alone: true,
    async show(scene) {
      const old = await versionOf(scene, "secrets");
      await scene.create(scene.path("secrets"), { metadata: { name: "one" } });
      await scene.local?.apiServer.restart();
      const list = (): Promise<number> =>
        scene.client.get(scene.path("secrets")).then(
          ({ status }) => status,
          // A kept connection that the restart broke.
          () => 0,
        );
      await vi.waitFor(async () => expect(await list()).toBe(200));
      const path = `${scene.path("secrets")}?watch=true&resourceVersion=${old}`;
      for await (const event of watchEvents(scene.client, path, signal())) {
        expect(event).toMatchObject({ type: "ADDED", object: { metadata: { name: "one" } } });
        break;
      }
    },
  },
  {
    name: "the kubelet restarts: follows end, the container runs on, and its log has every line",
    needsControl: true,
    alone: true,
    async show(scene) {
      const follow = readToEnd(await runningPod(scene, 40));
      const before = (await scene.client.get(`${scene.pods}/p`)).json.status.containerStatuses[0];
      await scene.control?.restart("kubelet");
      const { lines } = await follow;
      expect(lines.length).toBeLessThan(40);
      expect(lines).toEqual(numbered(lines.length));
      const over = await scene.until("pods", isOver, "p");
      expect(over.status).toMatchObject({ phase: "Succeeded" });
      expect(over.status.containerStatuses[0]).toMatchObject({
        containerID: before.containerID,
        restartCount: 0,
        state: { terminated: { exitCode: 0 } },
      });
      expect((await scene.log("p")).text.trimEnd().split("\n")).toEqual(numbered(40));
    },
  },
  {
    name: "the node's clock steps back: later lines have earlier timestamps, and sinceTime hides them",
    localOnly: "its node has no clock of its own",
    alone: true,
    async show(scene) {
      await scene.pod("p", sh("echo before; sleep 1.2; echo after"));
      await scene.until("pods", isRunning, "p");
      await vi.waitFor(async () => expect((await scene.log("p")).text).toBe("before\n"), 5_000);
      scene.local?.kubelet.stepClock(-3_600_000);
      try {
        await scene.until("pods", isOver, "p");
        const text = (await scene.log("p", "?timestamps=true")).text;
        const [before = "", after = ""] = text.split("\n");
        expect(Date.parse(after.split(" ")[0] ?? "")).toBeLessThan(Date.parse(before.split(" ")[0] ?? ""));
        expect((await scene.log("p", `?sinceTime=${before.slice(0, 19)}Z`)).text).toBe("before\n");
      } finally {
        scene.local?.kubelet.stepClock(3_600_000);
      }
    },
  },
  {
    name: "a coarse clock: many lines share one timestamp, in the order they were written",
    localOnly: "its node's clock counts nanoseconds",
    alone: true,
    async show(scene) {
      scene.local?.kubelet.setClockGranularity(1_000);
      try {
        await scene.pod("p", sh("for i in 1 2 3 4 5 6 7 8 9; do echo $i; done"));
        await scene.until("pods", isOver, "p");
        const lines = (await scene.log("p", "?timestamps=true")).text.trimEnd().split("\n");
        expect(lines.map((line) => line.split(" ")[1])).toEqual("123456789".split(""));
        expect(new Set(lines.map((line) => line.split(" ")[0])).size).toBeLessThanOrEqual(2);
        for (const line of lines) expect(line).toMatch(/:\d\d\.000000000/);
      } finally {
        scene.local?.kubelet.setClockGranularity(0);
      }
    },
  },
];
