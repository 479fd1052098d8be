/** What an event says of a pod that was deleted, row by row, each with its near miss. */

import { expect, test } from "vitest";
import type { EventEvidence } from "../../src/index.ts";
import { removedBy } from "../../src/observe/removal-events.ts";
import { removalRows } from "../../../diagnostics/test/removal-rows.ts";

function event(object: string, reason: string, message: string): EventEvidence {
  return { type: "Normal", reason, message, count: 1, firstSeen: null, lastSeen: null, object, source: null };
}

test.each(removalRows)("%s, %s: %s", (object, reason, message, kind) => {
  expect(removedBy([event(object, reason, message)], "node-1", [])?.kind ?? null).toBe(kind);
});

test("the newest that says so counts, and a word that is taken back counts for nothing", () => {
  const marked = event("Pod/p", "TaintManagerEviction", "Marking for deletion Pod n/p");
  const cancelled = event("Pod/p", "TaintManagerEviction", "Cancelling deletion of Pod n/p");
  const killing = event("Pod/p", "Killing", "Stopping container main");
  expect(removedBy([marked, killing], "node-1", [])).toEqual({
    kind: "drained",
    node: "node-1",
    message: "Marking for deletion Pod n/p",
  });
  expect(removedBy([marked, cancelled, killing], "node-1", [])).toBeNull();
  expect(removedBy([cancelled, marked], "node-1", [])?.kind).toBe("drained");
});

test("a taint of a node that is away is no administrator's", () => {
  const marked = event("Pod/p", "TaintManagerEviction", "Marking for deletion Pod n/p");
  const away = event("Pod/p", "NodeNotReady", "Node is not ready");
  expect(removedBy([away, marked], "node-1", [])?.kind).toBe("node-lost");
  expect(removedBy([marked], "node-1", ["node.kubernetes.io/unreachable:NoExecute"])?.kind).toBe("node-lost");
  expect(removedBy([marked], "node-1", ["example.com/reserved:NoExecute"])?.kind).toBe("drained");
});
