/** What is remembered from one view to the next, and how old a run is for whoever first looks. */

import { describe, expect, test } from "vitest";
import type { Pod } from "../../src/cluster/wire.ts";
import { ranForMilliseconds } from "../../src/observe/age.ts";
import { emptyView, lastSeen, viewOf } from "../../src/observe/view.ts";
import { condition, container, disrupted, pod, running, view } from "./evidence.ts";

const at = "2026-01-01T00:00:00Z";

function seen(
  state: object,
  more: { readonly uid?: string; readonly deleted?: boolean; readonly disruption?: string } = {},
) {
  const conditions =
    more.disruption === undefined
      ? []
      : [{ type: "DisruptionTarget", status: "True", reason: more.disruption }];
  return viewOf(
    null,
    [
      {
        metadata: {
          uid: more.uid ?? "a",
          name: "p",
          ...(more.deleted === true ? { deletionTimestamp: at } : {}),
        },
        spec: { nodeName: "n", containers: [{ name: "main" }] },
        status: { conditions, containerStatuses: [{ name: "main", state }] },
      } as unknown as Pod,
    ],
    "main",
    null,
  );
}
const works = { running: { startedAt: at } };
const over = { terminated: { exitCode: 0, startedAt: at, finishedAt: at } };

describe("which came first", () => {
  const after = (...views: ReturnType<typeof seen>[]) =>
    views.reduce((before, now) => lastSeen(before, now), emptyView).cutOff;
  test("the deletion", () =>
    expect(after(seen(works, { deleted: true }), seen(over, { deleted: true }))).toBe(true));
  test("the end", () => expect(after(seen(works), seen(over), seen(over, { deleted: true }))).toBe(false));
  test("nobody saw", () => expect(after(seen(works), seen(over, { deleted: true }))).toBeNull());
  test("a drain", () =>
    expect(after(seen(works, { disruption: "EvictionByEvictionAPI" }), seen(over))).toBe(true));
  test("the kubelet announces nothing in time", () => {
    expect(after(seen(works, { disruption: "TerminationByKubelet" }))).toBeNull();
  });
  test("another pod has a story of its own", () => {
    expect(after(seen(works, { deleted: true }), seen(works, { uid: "b" }))).toBeNull();
  });
});

describe("what has run", () => {
  const ran = (...views: ReturnType<typeof seen>[]) =>
    views.reduce((before, now) => lastSeen(before, now), emptyView).ran;
  test("has run, although its state is forgotten", () => expect(ran(seen(works), seen({}))).toBe(true));
  test("was another pod", () => expect(ran(seen(works), seen({}, { uid: "b" }))).toBe(false));
  test.each([
    ["1970-01-01T00:00:00Z", false],
    ["0001-01-01T00:00:00Z", false],
    ["1970-01-01T00:00:01Z", true],
    ["1970-01-01T00:48:00Z", true],
    ["2026-01-01T00:00:00Z", true],
  ])("began at a time that a clock has shown: %s", (startedAt, expected) => {
    expect(ran(seen({ terminated: { exitCode: 143, startedAt } }))).toBe(expected);
  });
  test("is not known by a state that the kubelet made up", () => {
    const unknown = { terminated: { exitCode: 137, reason: "ContainerStatusUnknown", startedAt: null } };
    expect(ran(seen(unknown))).toBe(false);
  });
});

describe("how long it has been running", () => {
  const second = (count: number) => new Date(Date.parse(at) + count * 1000).toISOString();
  const begun = (accepted: number | null, started: number) =>
    view({
      pod: pod([container({ kind: "running", startedAt: second(started) })], {
        conditions: [condition("PodScheduled")],
      }),
      acceptedAt: accepted === null ? null : second(accepted),
    });
  const now = Date.parse(at) + 60_000;
  test.each([
    ["clocks agree", begun(1, 11), 50_000],
    ["the node is ten minutes ahead", begun(601, 611), 50_000],
    ["the node is ten minutes behind", begun(-599, -589), 50_000],
    ["the node's clock was set back meanwhile", begun(1, -100), 60_000],
    ["longer on the way than there was time", begun(1, 101), 0],
    ["nobody knows when the kubelet took it", begun(null, 11), null],
    ["nobody placed it", { ...begun(1, 11), pod: pod([container(running)], disrupted("X")) }, null],
  ])("%s", (_, shown, expected) => {
    expect(ranForMilliseconds(shown, "main", now)).toBe(expected);
  });
});
