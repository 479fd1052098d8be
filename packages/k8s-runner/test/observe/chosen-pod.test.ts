/** Which of a Job's pods is followed, what is read beside it, and what stays in view when it is gone. */

import { describe, expect, test } from "vitest";
import type { Job, Pod } from "../../src/cluster/wire.ts";
import { annotations } from "../../src/manifest/names.ts";
import { emptyView, lastSeen, timingsOf, viewOf } from "../../src/observe/view.ts";
import type { View } from "../../src/observe/view.ts";
import { condition, container, ended, init, pod, running, sidecar, view, waiting } from "./evidence.ts";
import { hasStarted } from "../../src/observe/view.ts";

const at = "2026-01-01T00:00:00Z";
const later = "2026-01-01T00:01:00Z";

function wirePod(
  name: string,
  more: {
    readonly state?: object;
    readonly deleted?: true;
    readonly spec?: object;
    readonly status?: object;
  } = {},
): Pod {
  const deleted = more.deleted ? { deletionTimestamp: later } : {};
  return {
    metadata: { name, uid: `uid-${name}`, ...deleted },
    spec: { containers: [{ name: "main" }], ...more.spec },
    status: { containerStatuses: [{ name: "main", state: more.state ?? {} }], ...more.status },
  } as unknown as Pod;
}

const works = { running: { startedAt: at } };
const chosen = (pods: readonly Pod[], followed: string | null = null): readonly (string | null)[] => {
  const { pod: own, otherPods, contested } = viewOf(null, pods, "main", followed);
  return [own?.name ?? null, otherPods.map(({ name }) => name).join(), contested.join()];
};

describe("the pod that is followed", () => {
  test.each<[string, readonly Pod[], string | null, readonly (string | null)[]]>([
    ["none", [], null, [null, "", ""]],
    ["the only one", [wirePod("a")], null, ["a", "", ""]],
    ["the only one, although it is deleted", [wirePod("a", { deleted: true })], null, ["a", "", ""]],
    [
      "the newest, where all are deleted before they ran",
      [wirePod("b", { deleted: true }), wirePod("a", { deleted: true })],
      null,
      ["b", "a", ""],
    ],
    [
      "the one beside one that was deleted before it ran",
      [wirePod("b", { deleted: true }), wirePod("a")],
      null,
      ["a", "b", ""],
    ],
    [
      "none of two, of which one was deleted while it ran",
      [wirePod("b"), wirePod("a", { deleted: true, state: works })],
      null,
      [null, "b,a", "a,b"],
    ],
    ["none of two", [wirePod("b"), wirePod("a")], null, [null, "b,a", "a,b"]],
    ["the one whose log is read, of two", [wirePod("b"), wirePod("a")], "uid-a", ["a", "b", ""]],
    ["none, where the one whose log is read is gone", [wirePod("b")], "uid-a", [null, "b", ""]],
  ])("is %s", (_name, pods, followed, expected) => expect(chosen(pods, followed)).toEqual(expected));
});

describe("what is read beside it", () => {
  test("of the Job", () => {
    const job = {
      metadata: {
        annotations: {
          [annotations.releasedAt]: at,
          [annotations.supervisor]: "server-1",
          [annotations.concludedAt]: later,
        },
      },
      spec: { activeDeadlineSeconds: 90 },
    } as unknown as Job;
    expect(viewOf(job, [], "main", null)).toMatchObject({
      jobDeadlineSeconds: 90,
      releasedAt: at,
      supervisor: "server-1",
      concluded: true,
    });
  });

  test.each<[string, Job | null]>([
    ["no Job", null],
    ["an empty Job", {}],
    ["a Job without annotations", { metadata: {}, spec: {} } as Job],
    ["a Job with others'", { metadata: { annotations: { a: "b" } } }],
  ])("of %s", (_name, job) =>
    expect(viewOf(job, [], "main", null)).toMatchObject({
      jobDeadlineSeconds: null,
      releasedAt: null,
      supervisor: null,
      concluded: false,
    }),
  );

  test("of its pod", () => {
    const one = wirePod("a", { spec: { activeDeadlineSeconds: 60 }, status: { startTime: at } });
    expect(viewOf(null, [one], "main", null)).toMatchObject({ podDeadlineSeconds: 60, acceptedAt: at });
  });

  test.each<[string, Pod, number]>([
    ["its spec's grace", { spec: { terminationGracePeriodSeconds: 30 } } as Pod, 30],
    ["its deletion's grace", { metadata: { deletionGracePeriodSeconds: 45 } }, 45],
    [
      "the longer of both",
      { metadata: { deletionGracePeriodSeconds: 5 }, spec: { terminationGracePeriodSeconds: 30 } } as Pod,
      30,
    ],
    ["none", {}, 0],
  ])("%s", (_name, one, seconds) => {
    expect(viewOf(null, [one], "main", null)).toMatchObject({
      podGraceSeconds: seconds,
      podDeadlineSeconds: null,
      acceptedAt: null,
    });
  });

  test("of no pod", () => {
    expect(viewOf(null, [], "main", null)).toMatchObject({
      pod: null,
      podState: null,
      podGraceSeconds: null,
    });
  });
});

describe("what is gone stays in view", () => {
  const before: View = {
    ...view({ pod: pod([container(running)]) }),
    jobDeadlineSeconds: 90,
    releasedAt: at,
    supervisor: "server-1",
    podDeadlineSeconds: 60,
    acceptedAt: at,
    podGraceSeconds: 30,
    otherPods: [pod([], { name: "other" })],
  };

  test("when nothing is left", () => expect(lastSeen(before, emptyView)).toEqual(before));

  test("unless there are several, of which none is followed", () => {
    const now = lastSeen(before, { ...emptyView, contested: ["a", "b"] });
    expect(now).toMatchObject({ pod: null, podState: null, podGraceSeconds: null, contested: ["a", "b"] });
  });

  test("what is new takes its place", () => {
    const now: View = {
      ...view({ pod: pod([container(ended(0))], { uid: "pod-2" }) }),
      jobDeadlineSeconds: 91,
      releasedAt: later,
      supervisor: "server-2",
      podDeadlineSeconds: 61,
      acceptedAt: later,
      podGraceSeconds: 31,
      otherPods: [pod([], { name: "another" })],
    };
    expect(lastSeen(before, now)).toEqual(now);
  });

  test.each([
    [false, false, false],
    [true, false, true],
    [false, true, true],
    [true, true, true],
  ])("concluded: %s, then %s", (one, two, expected) => {
    const first = { ...emptyView, concluded: one };
    expect(lastSeen(first, { ...emptyView, concluded: two }).concluded).toBe(expected);
  });
});

describe("the times of a run", () => {
  test("that ended", () => {
    const shown = view({
      pod: pod([container(ended(0, { startedAt: at, finishedAt: later }))], {
        conditions: [
          condition("Ready", null, { lastTransitionTime: later }),
          condition("PodScheduled", null, { lastTransitionTime: "2026-01-01T00:00:05Z" }),
        ],
      }),
      releasedAt: "2026-01-01T00:00:03Z",
    });
    expect(timingsOf(shown, "main")).toEqual({
      createdAt: at,
      releasedAt: "2026-01-01T00:00:03Z",
      scheduledAt: "2026-01-01T00:00:05Z",
      startedAt: at,
      finishedAt: later,
    });
  });

  test("that goes on, on a node that it was not seen to be given", () => {
    const conditions = [condition("PodScheduled", "Unschedulable", { status: "False" })];
    const shown = view({ pod: pod([container(running)], { conditions }) });
    expect(timingsOf(shown, "main")).toMatchObject({ scheduledAt: null, startedAt: at, finishedAt: null });
  });

  test("of which nothing is known", () => {
    expect(timingsOf(emptyView, "main")).toEqual({
      createdAt: null,
      releasedAt: null,
      scheduledAt: null,
      startedAt: null,
      finishedAt: null,
    });
  });
});

describe("the command has begun", () => {
  const unknown = ended(137, { reason: "ContainerStatusUnknown", startedAt: null });
  test.each<[string, Parameters<typeof hasStarted>[0], boolean]>([
    ["nobody has seen a pod", null, false],
    ["it runs", pod([container(running)]), true],
    ["it waits", pod([container(waiting("ContainerCreating"))]), false],
    ["it ended", pod([container(ended(1))]), true],
    ["it could not be started", pod([container(ended(128, { reason: "StartError" }))]), false],
    ["it could not be run", pod([container(ended(127, { reason: "ContainerCannotRun" }))]), false],
    ["no time of a start is known", pod([container(ended(137, { startedAt: null }))]), false],
    ["its state was lost", pod([container(unknown)]), true],
    ["its state was lost after a preparation succeeded", pod([init(ended(0)), container(unknown)]), true],
    ["its state was lost after a preparation failed", pod([init(ended(1)), container(unknown)]), false],
    ["its state was lost while a preparation runs", pod([init(running), container(unknown)]), true],
    ["its state was lost beside a sidecar that failed", pod([sidecar(ended(1)), container(unknown)]), true],
  ])("%s", (_name, own, expected) => expect(hasStarted(own, "main")).toBe(expected));
});
