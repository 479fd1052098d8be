/** How a pod ended: one row a branch, each with its near miss. */

import { describe, expect, test } from "vitest";
import type { PodEvidence } from "../../src/index.ts";
import { goneEnding, podEnding } from "../../src/observe/pod-ending.ts";
import type { PodEndingContext } from "../../src/observe/pod-ending.ts";
import {
  condition,
  container,
  disrupted,
  ended,
  init,
  nothingYet,
  pod,
  running,
  sidecar,
  waiting,
} from "./evidence.ts";

const context: PodEndingContext = {
  main: "main",
  stopped: false,
  nodeTaints: [],
  podDeadlineSeconds: 90,
  jobDeadline: null,
  suspended: false,
  cutOff: null,
};
const deleted = { deletionTimestamp: "2026-01-01T00:01:00Z" };
const stranger = { kind: "failed", failure: { kind: "deleted-externally", object: "pod", by: null } };
const oom = { memoryLimit: null, container: "main" };

function failure(kind: string, more: object = {}, rest: object = {}) {
  return { kind: "failed", failure: { kind, ...more }, ...rest };
}
function main(exitCode: number, state: Parameters<typeof ended>[1] = {}, more: Partial<PodEvidence> = {}) {
  return pod([container(ended(exitCode, state))], more);
}
function refused(more: Partial<PodEvidence>) {
  return pod([container(nothingYet)], { phase: "Failed", ...more });
}

type Row = readonly [string, PodEvidence, object | null, Partial<PodEndingContext>?];

function check(rows: readonly Row[]): void {
  const named = rows.map(([name, seen, expected, changed = {}]) => ({ name, seen, expected, changed }));
  test.each(named)("$name", ({ seen, expected, changed }) => {
    const ending = podEnding(seen, { ...context, ...changed });
    expect({ ending }).toMatchObject({ ending: expected });
  });
}

describe("by itself", () => {
  check([
    ["exit 0", main(0), { kind: "exited", exitCode: 0, signal: null }],
    ["exit 3", main(3), { kind: "exited", exitCode: 3, signal: null }],
    ["exit 128 is no signal", main(128), { kind: "exited", exitCode: 128, signal: null }],
    ["exit 143", main(143), { kind: "exited", exitCode: 143, signal: "SIGTERM" }],
    ["a signal that the runtime names", main(139, { signal: 11 }), { kind: "exited", signal: "SIGSEGV" }],
    ["it runs", pod([container(running)]), null],
    ["it waits", pod([container(waiting("ContainerCreating"))]), null],
    ["the pod has failed without a word", refused({}), null],
  ]);
});

describe("memory", () => {
  check([
    [
      "the main process was killed",
      main(137, { reason: "OOMKilled" }),
      failure("out-of-memory", { ...oom, certain: true, exitCode: 137 }),
    ],
    [
      "a child was killed, and it ended with 1",
      main(1, { reason: "OOMKilled" }),
      { kind: "exited", exitCode: 1 },
    ],
    [
      "a child was killed, and it ended with 0",
      main(0, { reason: "OOMKilled" }),
      { kind: "exited", exitCode: 0 },
    ],
    ["killed by nobody knows whom", main(137), failure("out-of-memory", { ...oom, certain: false })],
    ["137 for another reason", main(137, { reason: "Completed" }), { kind: "exited", signal: "SIGKILL" }],
    ["killed by us", main(137), { kind: "exited", exitCode: 137 }, { stopped: true }],
    [
      "the limit is told",
      pod([
        container(ended(137, { reason: "OOMKilled" }), {
          resources: { requests: {}, limits: { memory: "1Gi" } },
        }),
      ]),
      failure("out-of-memory", { memoryLimit: "1Gi" }),
    ],
  ]);
});

describe("disruptions", () => {
  check([
    [
      "preempted",
      main(143, {}, disrupted("PreemptionByScheduler", "higher")),
      failure(
        "preempted",
        { node: "node-1", message: "higher" },
        { exitCode: 143, signal: "SIGTERM", started: true },
      ),
    ],
    [
      "preempted, by its old name",
      main(143, {}, disrupted("PreemptionByKubeScheduler")),
      failure("preempted"),
    ],
    ["drained", main(143, {}, disrupted("EvictionByEvictionAPI")), failure("drained")],
    [
      "an administrator's taint",
      main(143, {}, disrupted("DeletionByTaintManager")),
      failure("drained"),
      { nodeTaints: ["maintenance=yes:NoExecute"] },
    ],
    [
      "the taint of a node that does not answer",
      main(143, {}, disrupted("DeletionByTaintManager")),
      failure("node-lost"),
      { nodeTaints: ["node.kubernetes.io/unreachable:NoExecute"] },
    ],
    [
      "the taint of a node that is not ready",
      main(143, {}, disrupted("DeletionByTaintManager")),
      failure("node-lost"),
      { nodeTaints: ["node.kubernetes.io/not-ready:NoExecute"] },
    ],
    [
      "a taint of a similar name",
      main(143, {}, disrupted("DeletionByTaintManager")),
      failure("drained"),
      { nodeTaints: ["my-node.kubernetes.io/unreachable:NoExecute"] },
    ],
    ["the node is gone", main(143, {}, disrupted("DeletionByPodGC")), failure("node-lost")],
    ["a reason that nobody knows", main(143, {}, disrupted("SomethingNew")), failure("drained")],
    ["no reason", main(143, {}, disrupted(null)), failure("drained")],
    [
      "announced, and taken back",
      main(
        143,
        {},
        { conditions: [condition("DisruptionTarget", "PreemptionByScheduler", { status: "False" })] },
      ),
      { kind: "exited" },
    ],
    [
      "another condition",
      main(143, {}, { conditions: [condition("Ready", "PreemptionByScheduler")] }),
      { kind: "exited" },
    ],
    [
      "the kubelet, for memory",
      main(
        137,
        {},
        { ...disrupted("TerminationByKubelet", "The node was low on resource: memory. "), phase: "Failed" },
      ),
      failure("evicted", { cause: "memory", overLimit: false }),
    ],
    [
      "the kubelet, for a critical pod",
      main(
        137,
        {},
        {
          ...disrupted("TerminationByKubelet", "Pod was preempted by Kubelet to accommodate a critical pod."),
          phase: "Failed",
          reason: "Preempting",
          message: "Preempted in order to admit critical pod",
        },
      ),
      failure("preempted", { message: "Preempted in order to admit critical pod" }),
    ],
    [
      "the kubelet, as the node shuts down",
      main(
        143,
        {},
        {
          ...disrupted("TerminationByKubelet"),
          reason: "Terminated",
          message: "Pod was terminated in response to imminent node shutdown.",
        },
      ),
      failure("node-shutdown", { message: expect.stringContaining("imminent") }),
    ],
    [
      "the kubelet, by its other name",
      main(143, {}, { ...disrupted("TerminationByKubelet"), reason: "NodeShutdown" }),
      failure("node-shutdown"),
    ],
    [
      "the kubelet, only by its words",
      main(
        143,
        {},
        { ...disrupted("TerminationByKubelet"), message: "Pod was rejected as the node is shutting down." },
      ),
      failure("node-shutdown"),
    ],
    [
      "the kubelet, only by the words of its condition",
      main(
        143,
        {},
        disrupted("TerminationByKubelet", "Pod was terminated in response to imminent node shutdown."),
      ),
      failure("node-shutdown", { message: expect.stringContaining("imminent") }),
    ],
    [
      "a condition comes before a reason",
      main(143, {}, { ...disrupted("PreemptionByScheduler"), reason: "Evicted", phase: "Failed" }),
      failure("preempted"),
    ],
  ]);
});

describe("the pod's reason", () => {
  const low = (what: string) =>
    `The node was low on resource: ${what}. Threshold quantity: 1, available: 0. `;
  check([
    [
      "evicted for memory",
      main(137, {}, { phase: "Failed", reason: "Evicted", message: low("memory") }),
      failure("evicted", { cause: "memory", overLimit: false }),
    ],
    [
      "evicted for disk",
      main(137, {}, { phase: "Failed", reason: "Evicted", message: low("ephemeral-storage") }),
      failure("evicted", { cause: "disk", overLimit: false }),
    ],
    [
      "evicted for nodefs",
      main(137, {}, { phase: "Failed", reason: "Evicted", message: low("nodefs") }),
      failure("evicted", { cause: "disk" }),
    ],
    [
      "evicted for inodes",
      main(137, {}, { phase: "Failed", reason: "Evicted", message: low("inodes") }),
      failure("evicted", { cause: "disk" }),
    ],
    [
      "evicted for processes",
      main(137, {}, { phase: "Failed", reason: "Evicted", message: low("pids") }),
      failure("evicted", { cause: "pid" }),
    ],
    [
      "evicted for something else",
      main(137, {}, { phase: "Failed", reason: "Evicted", message: low("stupidity") }),
      failure("evicted", { cause: "other" }),
    ],
    [
      "evicted without a word",
      main(137, {}, { phase: "Failed", reason: "Evicted" }),
      failure("evicted", { cause: "other", message: null }),
    ],
    [
      "over its own disk limit",
      main(
        137,
        {},
        {
          phase: "Failed",
          reason: "Evicted",
          message: "Pod ephemeral local storage usage exceeds the total limit of containers 20Mi. ",
        },
      ),
      failure("evicted", { cause: "disk", overLimit: true }),
    ],
    [
      "over an emptyDir's limit",
      main(
        137,
        {},
        {
          phase: "Failed",
          reason: "Evicted",
          message: 'Usage of EmptyDir volume "tmp" exceeds the limit "1Mi". ',
        },
      ),
      failure("evicted", { cause: "disk", overLimit: true }),
    ],
    [
      "its deadline",
      main(143, {}, { phase: "Failed", reason: "DeadlineExceeded" }),
      failure("pod-deadline-exceeded", { seconds: 90 }),
    ],
    [
      "its deadline, which was our stop",
      main(143, {}, { phase: "Failed", reason: "DeadlineExceeded" }),
      { kind: "exited", exitCode: 143 },
      { stopped: true },
    ],
    [
      "preempted by the kubelet",
      refused({ reason: "Preempting", message: "for a critical pod" }),
      failure("preempted", { message: "for a critical pod" }),
    ],
    ["its node was lost", main(143, {}, { phase: "Failed", reason: "NodeLost" }), failure("node-lost")],
    [
      "shutdown, Terminated",
      main(143, {}, { phase: "Failed", reason: "Terminated" }),
      failure("node-shutdown"),
    ],
    [
      "shutdown, NodeShutdown",
      refused({ reason: "NodeShutdown" }),
      failure("node-shutdown", {}, { started: false }),
    ],
    ["shutdown, Shutdown", main(143, {}, { phase: "Failed", reason: "Shutdown" }), failure("node-shutdown")],
    ...[
      "OutOfcpu",
      "OutOfmemory",
      "NodeAffinity",
      "UnexpectedAdmissionError",
      "NodePorts",
      "SomethingNew",
    ].map((reason): Row => [
      `refused: ${reason}`,
      refused({ reason, message: "Pod was rejected: words" }),
      failure(
        "node-refused",
        { node: "node-1", reason, message: "Pod was rejected: words" },
        { started: false, exitCode: null },
      ),
    ]),
    [
      "a reason that nobody knows, after it has run",
      main(3, {}, { phase: "Failed", reason: "SomethingNew" }),
      { kind: "exited", exitCode: 3 },
    ],
    [
      "a reason that nobody knows, while it runs",
      pod([container(running)], { reason: "SomethingNew" }),
      null,
    ],
  ]);
});

describe("deleted", () => {
  check([
    ["by a stranger, ended by SIGTERM", main(143, {}, deleted), { ...stranger, exitCode: 143 }],
    ["by a stranger, ended by SIGKILL", main(137, {}, deleted), { ...stranger, exitCode: 137 }],
    ["by a stranger, while it ended by itself", main(3, {}, deleted), { kind: "exited", exitCode: 3 }],
    ["by a stranger, and it caught SIGTERM", main(3, {}, deleted), stranger, { cutOff: true }],
    [
      "by a stranger, after it had been killed",
      main(143, {}, deleted),
      { kind: "exited", exitCode: 143 },
      { cutOff: false },
    ],
    ["by us", main(143, {}, deleted), { kind: "exited", exitCode: 143 }, { stopped: true }],
    [
      "by the Job's deadline",
      main(143, {}, deleted),
      failure("job-deadline-exceeded", { seconds: 5 }),
      { jobDeadline: { seconds: 5 } },
    ],
    [
      "by the queue",
      main(143, {}, deleted),
      failure("preempted", { message: "the queue suspended the Job" }),
      { suspended: true },
    ],
    ["by the queue, before the deletion is seen", main(143), { kind: "exited" }, { suspended: true }],
    [
      "and the kubelet lost it",
      main(137, { reason: "ContainerStatusUnknown" }, deleted),
      { ...stranger, exitCode: null, signal: null },
    ],
    [
      "by us, and the kubelet lost it",
      main(137, { reason: "ContainerStatusUnknown" }, deleted),
      failure("exit-unknown"),
      { stopped: true },
    ],
    [
      "not at all, and the kubelet lost it",
      main(137, { reason: "ContainerStatusUnknown", message: "words" }),
      failure("exit-unknown", { message: "words" }),
    ],
    [
      "not at all, and a runtime that restarted lost it",
      main(255, { reason: "Unknown", message: "words" }),
      failure("exit-unknown", { message: "words" }),
    ],
    ["not at all, and the command itself ended with 255", main(255), { kind: "exited", exitCode: 255 }],
  ]);
});

describe("exit 0", () => {
  check([
    [
      "of a pod that was preempted while it ran",
      main(0, {}, { ...deleted, ...disrupted("PreemptionByScheduler") }),
      failure("preempted", {}, { exitCode: 0, started: true }),
      { cutOff: true },
    ],
    [
      "of a pod that was preempted afterwards",
      main(0, {}, { ...deleted, ...disrupted("PreemptionByScheduler") }),
      { kind: "exited" },
      { cutOff: false },
    ],
    [
      "of a pod that was preempted, nobody knows when",
      main(0, {}, { ...deleted, ...disrupted("PreemptionByScheduler") }),
      { kind: "exited" },
    ],
    [
      "drained",
      main(0, {}, { ...deleted, ...disrupted("EvictionByEvictionAPI") }),
      failure("drained"),
      { cutOff: true },
    ],
    [
      "evicted",
      main(0, {}, { phase: "Failed", reason: "Evicted", message: "resource: memory" }),
      failure("evicted", { cause: "memory" }),
      { cutOff: true },
    ],
    [
      "out of its pod's time",
      main(0, {}, { phase: "Failed", reason: "DeadlineExceeded" }),
      failure("pod-deadline-exceeded"),
      { cutOff: true },
    ],
    [
      "out of its Job's time",
      main(0, {}, deleted),
      failure("job-deadline-exceeded"),
      { cutOff: true, jobDeadline: { seconds: 5 } },
    ],
    ["suspended by the queue", main(0, {}, deleted), failure("preempted"), { cutOff: true, suspended: true }],
    ["deleted by a stranger", main(0, {}, deleted), { ...stranger, exitCode: 0 }, { cutOff: true }],
    ["deleted by us", main(0, {}, deleted), { kind: "exited", exitCode: 0 }, { cutOff: true, stopped: true }],
    ["of a disruption that was taken back", main(0), { kind: "exited", exitCode: 0 }, { cutOff: true }],
  ]);
});

describe("it never ran", () => {
  check([
    ...["StartError", "ContainerCannotRun", "CreateContainerError", "RunContainerError"].map(
      (reason): Row => [
        reason,
        main(128, { reason, startedAt: null, message: "words" }),
        failure("container-start-failed", { reason, message: "words", exitCode: 128 }, { started: false }),
      ],
    ),
    [
      "an init container has failed",
      pod([init(ended(2)), container(waiting("PodInitializing"))]),
      failure(
        "init-container-failed",
        { container: "prepare", exitCode: 2, reason: "Error" },
        { started: false },
      ),
    ],
    ["an init container has succeeded", pod([init(ended(0)), container(waiting("PodInitializing"))]), null],
    [
      "an init container has failed as the pod was evicted",
      pod([init(ended(137)), container(waiting("PodInitializing"))], { phase: "Failed", reason: "Evicted" }),
      failure("evicted", {}, { started: false }),
    ],
    [
      "… as the pod was deleted",
      pod([init(ended(143)), container(waiting("PodInitializing"))], deleted),
      stranger,
    ],
    [
      "… as we deleted it",
      pod([init(ended(143)), container(waiting("PodInitializing"))], deleted),
      failure("init-container-failed"),
      { stopped: true },
    ],
    [
      "… as the Job's time was up",
      pod([init(ended(143)), container(waiting("PodInitializing"))], deleted),
      failure("job-deadline-exceeded"),
      { jobDeadline: { seconds: 5 } },
    ],
    [
      "… and the kubelet gives the main one a state that it never had",
      pod([init(ended(2)), container(ended(137, { reason: "ContainerStatusUnknown" }))], { phase: "Failed" }),
      failure("init-container-failed", {}, { started: false }),
    ],
    [
      "once the main container has run, no init container decides",
      pod([init(ended(2)), container(ended(5))]),
      { kind: "exited", exitCode: 5 },
    ],
    ["… nor while it runs", pod([init(ended(2)), container(running)]), null],
  ]);
});

describe("init containers that the kubelet starts again", () => {
  check([
    [
      "an init container with a policy of its own failed, and may be started again",
      pod([init(ended(1), { restartPolicy: "OnFailure" }), container(waiting("PodInitializing"))], {
        phase: "Pending",
      }),
      null,
    ],
    [
      "… but not when the pod is over",
      pod([init(ended(1), { restartPolicy: "Never" }), container(waiting("PodInitializing"))], {
        phase: "Failed",
      }),
      failure("init-container-failed", { container: "prepare", exitCode: 1 }),
    ],
    [
      "… nor one that follows the pod's policy",
      pod([init(ended(1)), container(waiting("PodInitializing"))], { phase: "Pending" }),
      failure("init-container-failed", { container: "prepare", exitCode: 1 }),
    ],
    [
      "one fell over before the main container began",
      pod([sidecar(ended(1)), container(waiting("PodInitializing"))]),
      null,
    ],
    ["one fell over while it runs", pod([sidecar(ended(1)), container(running)]), null],
    [
      "one was killed after it",
      pod([sidecar(ended(137)), container(ended(0))], { phase: "Succeeded" }),
      { kind: "exited", exitCode: 0 },
    ],
    [
      "one was killed after it had failed",
      pod([sidecar(ended(143)), container(ended(3))], { phase: "Failed" }),
      { kind: "exited", exitCode: 3 },
    ],
    [
      "one fell over, and an init container has failed",
      pod([sidecar(ended(1)), init(ended(4)), container(waiting("PodInitializing"))]),
      failure("init-container-failed", { container: "prepare", exitCode: 4 }),
    ],
    [
      "one fell over, and the kubelet lost the main container",
      pod([sidecar(ended(1)), container(ended(137, { reason: "ContainerStatusUnknown" }))], {
        phase: "Failed",
      }),
      failure("exit-unknown", {}, { started: true }),
    ],
  ]);
});

describe("a pod that is gone", () => {
  test.each([
    [
      "what was announced has happened",
      pod([container(running)], disrupted("EvictionByEvictionAPI")),
      failure("drained", {}, { started: true, exitCode: null }),
    ],
    ["its reason has", pod([container(running)], { reason: "Evicted" }), failure("evicted")],
  ])("%s", (_, seen, expected) => {
    expect(goneEnding(seen, context)).toMatchObject(expected);
  });
  test("nothing was announced", () => {
    expect(goneEnding(pod([container(running)], deleted), context)).toBeNull();
  });
});
