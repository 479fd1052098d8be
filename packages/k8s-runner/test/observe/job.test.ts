/** What a Job is doing, how it ended, and what its events and its waiting say: one row a branch, each with its near miss. */

import { describe, expect, test } from "vitest";
import { defaultBudgets } from "../../src/manifest/supervision.ts";
import { endingOf, wasKilled } from "../../src/observe/ending.ts";
import {
  finishedAt,
  jobDeadlineExceeded,
  jobEnding,
  jobState,
  podCreationFailure,
} from "../../src/observe/job-state.ts";
import { signalName } from "../../src/observe/signals.ts";
import { mountFailure, startFailure, startPhase } from "../../src/observe/start-phase.ts";
import type { StartPhaseName } from "../../src/observe/start-phase.ts";
import {
  condition,
  container,
  disrupted,
  ended,
  event,
  init,
  job,
  nothingYet,
  pod,
  running,
  sidecar,
  view,
  waiting,
} from "./evidence.ts";

const deleted = { deletionTimestamp: "2026-01-01T00:01:00Z" };

describe("what a Job is doing", () => {
  test.each([
    ["active", {}, { kind: "active" }],
    ["suspended", { suspended: true }, { kind: "suspended" }],
    ["complete", { conditions: [condition("Complete")] }, { kind: "complete" }],
    [
      "complete, not yet",
      { conditions: [condition("Complete", null, { status: "False" })] },
      { kind: "active" },
    ],
    [
      "failed",
      { conditions: [condition("Failed", "X", { message: "m" })] },
      { kind: "failed", reason: "X", message: "m" },
    ],
    [
      "failed comes before complete",
      { conditions: [condition("Complete"), condition("Failed")] },
      { kind: "failed" },
    ],
    ["about to fail", { conditions: [condition("FailureTarget", "X")] }, { kind: "ending", reason: "X" }],
    ["deleted", deleted, { kind: "ending", reason: null }],
    ["deleted and suspended", { ...deleted, suspended: true }, { kind: "ending" }],
    ["about to succeed", { conditions: [condition("SuccessCriteriaMet")] }, { kind: "active" }],
  ])("%s", (_, more, expected) => {
    expect(jobState(job(more))).toMatchObject(expected);
  });
  test("when it finished", () => {
    expect(finishedAt(job())).toBeNull();
    expect(finishedAt(job({ conditions: [condition("Failed", null, { lastTransitionTime: "then" })] }))).toBe(
      "then",
    );
    expect(finishedAt(job({ conditions: [condition("FailureTarget")] }))).toBeNull();
  });
  test("out of time", () => {
    const out = (type: string, reason: string) =>
      jobDeadlineExceeded(job({ conditions: [condition(type, reason)] }));
    expect(out("FailureTarget", "DeadlineExceeded")).toBe(true);
    expect(out("Failed", "DeadlineExceeded")).toBe(true);
    expect(out("Failed", "BackoffLimitExceeded")).toBe(false);
    expect(out("Complete", "DeadlineExceeded")).toBe(false);
  });
});

describe("a Job without a pod", () => {
  const failed = (reason: string | null, message: string | null = null) =>
    jobEnding(job({ conditions: [condition("Failed", reason, { message })] }), 5);
  test("says how it ended", () => {
    expect(jobEnding(job(), 5)).toBeNull();
    expect(jobEnding(job({ conditions: [condition("Complete")] }), 5)).toMatchObject({
      kind: "exited",
      exitCode: 0,
    });
    expect(failed("DeadlineExceeded")).toMatchObject({
      failure: { kind: "job-deadline-exceeded", seconds: 5 },
    });
    expect(failed("BackoffLimitExceeded")).toMatchObject({
      failure: { kind: "deleted-externally", object: "pod" },
    });
    expect(failed("SomethingNew", "words")).toMatchObject({
      failure: { kind: "exit-unknown", message: "words" },
    });
    expect(failed("SomethingNew")).toMatchObject({
      failure: { message: expect.stringContaining("SomethingNew") },
    });
    expect(failed(null)).toMatchObject({ failure: { message: expect.stringContaining("no reason") } });
  });
  test.each([
    ["exceeded quota: none, requested: pods=1", { kind: "quota-exceeded" }],
    [
      "pods is forbidden: unable to create new content in namespace old because it is being terminated",
      { kind: "namespace-terminating", namespace: "old" },
    ],
    [
      'error looking up service account ns/absent: serviceaccount "absent" not found',
      { kind: "service-account-missing", name: "absent" },
    ],
    [
      "error looking up service account ns/absent: something",
      { kind: "service-account-missing", name: "absent" },
    ],
    ["serviceaccount x not found", { kind: "service-account-missing", name: null }],
    ['violates PodSecurity "restricted:latest"', { kind: "admission-rejected" }],
  ])("events: %s", (message, expected) => {
    expect(podCreationFailure([event("FailedCreate", message, { object: "Job/run-x" })])).toMatchObject({
      ...expected,
      message,
    });
  });
  test("events of others say nothing", () => {
    expect(podCreationFailure([event("FailedCreate", "exceeded quota", { object: "Pod/x" })])).toBeNull();
    expect(podCreationFailure([event("SuccessfulCreate", "exceeded quota", { object: "Job/x" })])).toBeNull();
    const both = ["exceeded quota: a", "violates PodSecurity"].map((message) =>
      event("FailedCreate", message, { object: "Job/x" }),
    );
    expect(podCreationFailure(both)).toMatchObject({ kind: "admission-rejected" });
  });
});

describe("pod and Job together", () => {
  const context = { main: "main", stopped: false, node: null, found: { job: true, pod: true } };
  const gone = { ...context, found: { job: true, pod: false } };
  const complete = job({ conditions: [condition("Complete")] });
  const alive = pod([container(running)]);
  test("whoever deleted the Job had its pod deleted", () => {
    const shown = view({ pod: pod([container(ended(143))], deleted), job: job(deleted) });
    expect(endingOf(shown, context)).toMatchObject({ failure: { object: "job" } });
    expect(endingOf(view({ ...shown, job: job() }), context)).toMatchObject({ failure: { object: "pod" } });
    expect(
      endingOf(view({ ...shown, job: job() }), { ...context, found: { job: false, pod: true } }),
    ).toMatchObject({
      failure: { object: "job" },
    });
  });
  test("a pod that is found and goes on has not ended", () => {
    expect(endingOf(view({ pod: alive, job: complete }), context)).toBeNull();
  });
  test("what was announced for a pod that is gone has happened", () => {
    const going = pod([container(running)], disrupted("EvictionByEvictionAPI"));
    expect(endingOf(view({ pod: going }), gone)).toMatchObject({ failure: { kind: "drained" } });
  });
  test("a Job that is complete had exit 0, unless its pod was taken away while it worked", () => {
    expect(endingOf(view({ pod: alive, job: complete }), gone)).toMatchObject({
      kind: "exited",
      exitCode: 0,
    });
    const cut = view({ pod: pod([container(running)], deleted), job: complete, cutOff: true });
    expect(endingOf(cut, gone)).toMatchObject({
      failure: { kind: "deleted-externally" },
      exitCode: 0,
      started: true,
    });
    expect(endingOf(cut, { ...gone, stopped: true })).toMatchObject({ kind: "exited", exitCode: 0 });
  });
  test("a second pod is no continuation", () => {
    const second = pod([container(running)], {
      name: "second",
      uid: "pod-2",
      createdAt: "2026-01-01T00:05:00Z",
    });
    expect(endingOf(view({ pod: alive, otherPods: [second] }), gone)).toMatchObject({
      failure: { kind: "pod-replaced", firstPod: "run-x-1", secondPod: "second" },
    });
    const earlier = { ...second, createdAt: "2025-01-01T00:00:00Z" };
    expect(endingOf(view({ pod: alive, otherPods: [earlier] }), gone)).toBeNull();
  });
  test("without pod and Job it was deleted", () => {
    const nothing = { ...context, found: { job: false, pod: false } };
    expect(endingOf(view({ pod: alive }), nothing)).toMatchObject({
      failure: { kind: "deleted-externally", object: "job", lastSeen: null },
      started: true,
    });
    expect(endingOf(view({}), nothing)).toMatchObject({ started: false });
  });
  test("what has been seen to run has run, although its kubelet refuses the pod after a restart", () => {
    const refused = pod([container(nothingYet)], { phase: "Failed", reason: "NodeAffinity" });
    expect(endingOf(view({ pod: refused }), context)).toMatchObject({ started: false });
    expect(endingOf(view({ pod: refused, ran: true }), context)).toMatchObject({ started: true });
  });
  test("a kept pod that was ended after its run has the run's ending", () => {
    const kept = pod([container(ended(3))], { phase: "Failed", reason: "DeadlineExceeded" });
    expect(endingOf(view({ pod: kept, concluded: true }), context)).toMatchObject({
      kind: "exited",
      exitCode: 3,
    });
    expect(endingOf(view({ pod: kept }), context)).toMatchObject({
      failure: { kind: "pod-deadline-exceeded" },
    });
  });
  test("the kubelet's word on who ended a container", () => {
    expect(wasKilled([event("Killing", "Stopping container main")], "main")).toBe(true);
    expect(wasKilled([event("Killing", "Stopping container main-proxy")], "main")).toBe(false);
    expect(wasKilled([event("Killing", "Stopping container proxy")], "main")).toBe(false);
    expect(wasKilled([event("Started", "Stopping container main")], "main")).toBe(false);
  });
});

describe("what a start waits for", () => {
  const budgets = { ...defaultBudgets, queueSeconds: 7, initSeconds: 11 };
  const supervision = { graceSeconds: 30, deadlineSeconds: null, budgets, queueName: "agents" };
  const scheduled = (reason: string, message = "") =>
    pod([container(nothingYet)], {
      nodeName: null,
      conditions: [condition("PodScheduled", reason, { status: "False", message })],
    });
  const main = (reason: string, message = "words") => pod([container(waiting(reason, message))]);
  test.each<[string, ReturnType<typeof view>, StartPhaseName | null, number | null, object?]>([
    [
      "a queue",
      view({ job: job({ suspended: true }) }),
      "queue",
      7,
      { kind: "queue-timeout", queueName: "agents" },
    ],
    ["a gate", view({ pod: scheduled("SchedulingGated") }), "queue", 7, { kind: "queue-timeout" }],
    ["a pod", view({}), "pod-creation", 60, { kind: "start-timeout", phase: "pod-creation" }],
    ["nothing: it is being ended", view({ job: job(deleted) }), null, null],
    ["nothing: there is no Job", view({ job: null }), null, null],
    [
      "a node",
      view({ pod: scheduled("Unschedulable", "0/3") }),
      "scheduling",
      1800,
      { kind: "unschedulable", message: "0/3" },
    ],
    [
      "a scheduler",
      view({ pod: pod([container(nothingYet)], { nodeName: null }) }),
      "scheduling",
      1800,
      { kind: "unschedulable", message: null },
    ],
    [
      "a volume",
      view({ pod: scheduled("Unschedulable", "unbound PersistentVolumeClaims") }),
      "scheduling",
      1800,
      { kind: "volume-unavailable" },
    ],
    [
      "an image",
      view({ pod: main("ErrImagePull", "503") }),
      "image",
      900,
      { kind: "image-pull-failed", final: false },
    ],
    [
      "an image in vain",
      view({ pod: main("ErrImagePull", "not found") }),
      "image",
      0,
      { kind: "image-pull-failed", final: true },
    ],
    [
      "a sidecar's image",
      view({ pod: pod([sidecar(waiting("ErrImagePull", "503")), container(nothingYet)]) }),
      "image",
      900,
      { kind: "image-pull-failed", container: "proxy" },
    ],
    [
      "an image that cannot be one",
      view({ pod: main("InvalidImageName") }),
      "image",
      0,
      { kind: "image-invalid" },
    ],
    [
      "a Secret",
      view({ pod: main("CreateContainerConfigError") }),
      "config",
      30,
      { kind: "container-config-error", message: "words" },
    ],
    [
      "a start",
      view({ pod: main("RunContainerError") }),
      "config",
      30,
      { kind: "container-start-failed", reason: "RunContainerError" },
    ],
    [
      "an init container",
      view({ pod: pod([init(running), container(nothingYet)]) }),
      "init",
      11,
      { kind: "start-timeout", phase: "init", message: "prepare" },
    ],
    [
      "a sidecar that falls over",
      view({ pod: pod([sidecar(waiting("CrashLoopBackOff", "back-off")), container(nothingYet)]) }),
      "init",
      11,
      { kind: "start-timeout", phase: "init", message: "proxy: CrashLoopBackOff: back-off" },
    ],
    [
      "anything else",
      view({ pod: main("ContainerCreating") }),
      "start",
      900,
      { kind: "start-timeout", phase: "start" },
    ],
    ["nothing: it runs", view({ pod: pod([container(running)]) }), null, null],
    ["nothing: it has ended", view({ pod: pod([container(ended(0))]) }), null, null],
  ])("%s", (_, shown, name, budgetSeconds, failure = {}) => {
    const phase = startPhase(shown, supervision);
    expect(phase).toEqual(name === null ? null : { name, budgetSeconds });
    const failed = phase === null ? {} : startFailure(phase, shown, supervision, 3, []);
    expect(failed).toMatchObject(failure);
  });
  test.each([
    ['MountVolume.SetUp failed for volume "x" : secret "absent" not found', "container-config-error"],
    ['MountVolume.SetUp failed for volume "x" : configmap "absent" not found', "container-config-error"],
    ["references non-existent secret key: k", "container-config-error"],
    ['Multi-Attach error for volume "pvc-1"', "volume-unavailable"],
  ])("a mount: %s", (message, kind) => {
    expect(mountFailure([event("FailedMount", message)], 3)).toMatchObject({ kind, message });
    expect(mountFailure([event("FailedAttachVolume", message)], 3)).toMatchObject({ kind });
    expect(mountFailure([event("FailedScheduling", message)], 3)).toBeNull();
  });
});

test.each([
  [0, null, null],
  [128, null, null],
  [129, null, "SIGHUP"],
  [130, null, "SIGINT"],
  [135, null, "SIGBUS"],
  [137, null, "SIGKILL"],
  [138, null, "SIGUSR1"],
  [143, null, "SIGTERM"],
  [159, null, "SIGSYS"],
  [145, null, null],
  [255, null, null],
  [1, 9, "SIGKILL"],
  [0, 64, "signal 64"],
])("exit %i and signal %s: %s", (exitCode, signal, name) => {
  expect(signalName(exitCode, signal)).toBe(name);
});
