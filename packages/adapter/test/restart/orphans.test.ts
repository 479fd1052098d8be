import type { RunListing } from "@claude-k8s/k8s-runner";
import { describe, expect, test } from "vitest";

import { afterWake, isOrphan, nextWakes } from "../../src/restart/orphans.ts";

const listing: RunListing = {
  ref: { namespace: "n", jobName: "run-1", jobUid: "u1", runId: "r1" },
  slot: "s",
  state: "running",
  ending: null,
  supervisor: "dead",
  supervised: false,
  sealed: null,
  concludedAt: null,
  note: null,
  labels: { "paperclip.io/adapter-type": "claude_k8s" },
  createdAt: null,
  podName: null,
  nodeName: null,
};

test.each<[string, Partial<RunListing>, boolean]>([
  ["a live run without a supervisor", {}, true],
  ["an ended one that nobody has collected", { state: "finished" }, true],
  ["one with the seal of this server", { sealed: true }, true],
  ["one that somebody else has made", { sealed: false }, false],
  ["one whose supervisor lives", { supervised: true }, false],
  ["one that was collected and is kept for a look", { concludedAt: "2026-01-01T00:00:00Z" }, false],
  ["one that its supervisor let go of", { supervisor: null }, true],
  ["one that was not sealed by this server", { sealed: false }, false],
  ["one that is being removed", { state: "terminating" }, false],
  [
    "one that is not to be taken over",
    { labels: { "paperclip.io/adapter-type": "claude_k8s", "paperclip.io/reattach": "never" } },
    false,
  ],
  ["one of another adapter, or of nobody's", { labels: {} }, false],
])("%s", (_, changes, orphaned) => {
  expect(isOrphan({ ...listing, ...changes }, "claude_k8s")).toBe(orphaned);
});

describe("when a successor is called for", () => {
  test("not at first sight, as a Lease may be renewed late", () => {
    const first = nextWakes(new Map(), [listing], 0);
    expect(first.wake).toEqual([]);
    expect(nextWakes(first.orphans, [listing], 4999).wake).toEqual([]);
    expect(nextWakes(first.orphans, [listing], 5000).wake).toEqual([listing]);
  });

  test("a run that found its supervisor again is forgotten", () => {
    const first = nextWakes(new Map(), [listing], 0);
    const none = nextWakes(first.orphans, [], 3000);
    expect(nextWakes(none.orphans, [listing], 6000).wake).toEqual([]);
  });

  test("again after five minutes in which nobody came, three times at most", () => {
    let now = 5000;
    let known = nextWakes(new Map(), [listing], 0).orphans;
    const times: number[] = [];
    for (; now < 3_600_000; now += 1000) {
      const next = nextWakes(known, [listing], now);
      known = next.orphans;
      if (next.wake.length === 0) continue;
      times.push(now);
      known = new Map([["u1", afterWake(next.orphans.get("u1")!, now)]]);
    }
    expect(times).toEqual([5000, 305_000, 605_000]);
  });
});
