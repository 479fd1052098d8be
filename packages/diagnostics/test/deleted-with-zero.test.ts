/**
 * A pod that is deleted, and whose command caught the signal and ended with 0: it looks like one that was done. The container's
 * end and the deletion have times; https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination says how the
 * time of the deletion lies its grace after the request, and the kubelet's own last deletion sets both anew.
 */
import { describe, expect, test } from "vitest";
import { diagnose, evidenceOf, type KubernetesObjects, type SummaryLike } from "../src/index.ts";
import { ev, meta, pod, term } from "./cluster-reports/objects.ts";

const finishedAt = "2026-11-22T10:05:00Z";
const gone = (deletionTimestamp: string, graceSeconds?: number): object => ({
  deletionTimestamp,
  ...(graceSeconds !== undefined && { deletionGracePeriodSeconds: graceSeconds }),
});
const ended = (metadata: object, spec: object = {}, state: object = term(0)): KubernetesObjects => ({
  pod: pod(state, { metadata, spec, status: { phase: "Succeeded" } }),
});
const killing = (container: string): object => ({
  ...ev("Killing", `Stopping container ${container}`),
  type: "Normal",
});
const jobWith = (...conditions: readonly object[]): object => ({
  kind: "Job",
  metadata: meta("claude-1"),
  spec: {},
  status: { conditions },
});
const withoutTimes = { terminated: { exitCode: 0, reason: "Completed" } };

const unfinished: SummaryLike = {
  frames: 5,
  inits: 1,
  contentSeen: true,
  lastAssistant: { text: "At work." },
  result: null,
};

const deleted: readonly (readonly [string, KubernetesObjects, "certain" | "suspected"])[] = [
  ["asked for 10 s before its end", ended(gone("2026-11-22T10:05:20Z", 30)), "certain"],
  ["asked for in the second of its end", ended(gone("2026-11-22T10:05:30Z", 30)), "certain"],
  ["deleted by force before its end", ended(gone("2026-11-22T10:04:58Z", 0)), "certain"],
  [
    "the kubelet stopped it, however late it was deleted for good",
    { ...ended(gone("2026-11-22T10:09:00Z", 0)), events: [killing("main")] },
    "certain",
  ],
  ["its Job is not complete", { ...ended(gone("2026-11-22T10:05:02Z", 0)), job: jobWith() }, "certain"],
  ["deleted for good 2 s after its end", ended(gone("2026-11-22T10:05:02Z", 0)), "suspected"],
  ["the grace is not told, and is 30 s by default", ended(gone("2026-11-22T10:05:30Z")), "suspected"],
  [
    "the pod's own grace is long",
    ended(gone("2026-11-22T10:14:00Z", 0), { terminationGracePeriodSeconds: 600 }),
    "suspected",
  ],
  ["its end has no time", ended(gone("2026-11-22T10:05:20Z", 30), {}, withoutTimes), "suspected"],
];

const doneBefore: readonly (readonly [string, KubernetesObjects])[] = [
  ["a quarter of an hour later", ended(gone("2026-11-22T10:20:00Z"))],
  ["for good, a minute later", ended(gone("2026-11-22T10:06:00Z", 0))],
  // The pod still ran, as its other containers did.
  ["with its grace, a quarter of an hour later", ended(gone("2026-11-22T10:20:00Z", 30))],
  [
    "when another container was stopped",
    { ...ended(gone("2026-11-22T10:20:00Z", 30)), events: [killing("main-proxy")], job: jobWith() },
  ],
  [
    "by its Job's time to live",
    {
      ...ended(gone("2026-11-22T10:05:02Z", 0)),
      job: jobWith({ type: "Complete", status: "True", reason: "CompletionsReached" }),
    },
  ],
  ["never", ended({})],
];

describe("deleted while it ran", () => {
  test.each(deleted)("%s", (_name, objects, certainty) => {
    for (const summary of [undefined, unfinished]) {
      const told = diagnose({ ...evidenceOf(objects), ...(summary !== undefined && { summary }) });
      expect(told).toMatchObject({ code: "k8s_job_deleted_externally", certainty, bootstrap: false });
      expect(told.cause).toContain("deleted");
    }
  });
});

describe("deleted when its command had ended by itself", () => {
  test.each(doneBefore)("%s", (_name, objects) => {
    expect(diagnose({ ...evidenceOf(objects), summary: unfinished }).code).toBe("claude_output_lost");
    expect(diagnose(evidenceOf(objects)).code).toBe("claude_failed");
  });
});

test("a result that came before the deletion is the ending", () => {
  const [, objects] = deleted[0] ?? ["", {}];
  const success = { subtype: "success", isError: false, terminalReason: "completed", text: "Done." };
  const told = diagnose({ ...evidenceOf(objects), summary: { ...unfinished, result: success } });
  expect(told.outcome).toBe("success");
  const refused = {
    subtype: "success",
    isError: true,
    apiErrorStatus: 401,
    text: "API Error: 401 invalid x-api-key",
  };
  const failed = diagnose({ ...evidenceOf(objects), summary: { ...unfinished, result: refused } });
  expect(failed.code).toBe("claude_auth_required");
});

test("what the evidence does not tell is said to be unknown", () => {
  const told = diagnose(evidenceOf(ended(gone("2026-11-22T10:05:02Z", 0))));
  expect(told.cause).toContain("deleted by somebody else");
  expect(told.cause).toContain("2026-11-22 10:05 UTC");
  expect(told.cause).toContain("the evidence does not tell");
  const sure = diagnose(evidenceOf(ended(gone("2026-11-22T10:05:20Z", 30))));
  expect(sure.cause).not.toContain("the evidence does not tell");
});

test("of evidence that a runner saved, too", () => {
  const main = { name: "main", state: { kind: "terminated", exitCode: 0, reason: "Completed", finishedAt } };
  const podSeen = { name: "claude-1-abcde", phase: "Succeeded", containers: [main] };
  const of = (deletionTimestamp: string): string | null =>
    diagnose({
      exit: {
        kind: "exited",
        exitCode: 0,
        signal: null,
        evidence: { pod: { ...podSeen, deletionTimestamp } },
      },
      summary: unfinished,
    }).code;
  expect(of("2026-11-22T10:04:58Z")).toBe("k8s_job_deleted_externally");
  expect(of("2026-11-22T10:20:00Z")).toBe("claude_output_lost");
});

test("a deletion is part of the evidence, whatever the ending", () => {
  const told = diagnose(evidenceOf(ended(gone("2026-11-22T10:20:00Z"))));
  expect(told.evidence).toContainEqual({
    source: "deletion of the pod",
    text: "it was asked for",
    count: 1,
    lastSeen: "2026-11-22T10:20:00Z",
  });
});
