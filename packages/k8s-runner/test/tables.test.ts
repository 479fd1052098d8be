/** What a real cluster showed (Kubernetes 1.34), through the tables of `observe/`. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defaultBudgets } from "../src/manifest/supervision.ts";
import { endingOf } from "../src/observe/ending.ts";
import { eventEvidence, nodeEvidence } from "../src/observe/evidence.ts";
import { startFailure, startPhase } from "../src/observe/start-phase.ts";
import { viewOf } from "../src/observe/view.ts";

const folder = new URL("../../diagnostics/test/fixtures/cluster/", import.meta.url);
const oom = { kind: "out-of-memory", container: "agent" };
const pull = { kind: "image-pull-failed" };
const neverStarted = { kind: "container-start-failed", exitCode: 128 };

/** `exit`: the command's own; `failure` with `started` for a pod that ended; `waits` for what has not ended, with its budget. */
const expected: Readonly<Record<string, object>> = {
  "admission-policy": { waits: "pod-creation", failure: { kind: "admission-rejected" } },
  "admission-webhook-unreachable": { waits: "pod-creation", failure: { kind: "admission-rejected" } },
  "config-missing-configmap": { waits: "config", failure: { kind: "container-config-error" } },
  "config-missing-secret-key": { waits: "config", failure: { kind: "container-config-error" } },
  "config-missing-secret": { waits: "config", failure: { kind: "container-config-error" } },
  "config-run-as-root": { waits: "config", failure: { kind: "container-config-error" } },
  "evicted-api": { failure: { kind: "drained", node: "node-1" }, started: true, exitCode: 143 },
  "evicted-empty-dir": { failure: { kind: "evicted", cause: "disk", overLimit: true }, started: true },
  "evicted-ephemeral-storage": {
    failure: { kind: "evicted", cause: "disk", overLimit: true },
    started: true,
  },
  "exit-1": { exit: 1, signal: null },
  "exit-126-shell": { exit: 126, signal: null },
  "exit-127-shell": { exit: 127, signal: null },
  "exit-2": { exit: 2, signal: null },
  "exit-255": { exit: 255, signal: null },
  "exit-3": { exit: 3, signal: null },
  "exit-42": { exit: 42, signal: null },
  "image-denied": { waits: "image", seconds: 0, failure: { ...pull, final: true } },
  "image-err-pull": { waits: "image", seconds: 0, failure: { ...pull, final: true } },
  "image-forbidden": { waits: "image", seconds: 0, failure: { ...pull, final: true } },
  "image-init-not-found": { waits: "image", seconds: 0, failure: { ...pull, final: true } },
  "image-invalid-name": {
    waits: "image",
    seconds: 0,
    failure: { kind: "image-invalid", reason: "InvalidImageName" },
  },
  "image-never-pull": {
    waits: "image",
    seconds: 0,
    failure: { kind: "image-invalid", reason: "ErrImageNeverPull" },
  },
  "image-not-found": { waits: "image", seconds: 0, failure: { ...pull, final: true } },
  "image-rate-limited": { waits: "image", seconds: 900, failure: { ...pull, final: false } },
  "image-registry-broken": { waits: "image", seconds: 900, failure: { ...pull, final: false } },
  "image-registry-unknown-host": { waits: "image", seconds: 900, failure: { ...pull, final: false } },
  "init-failed": { failure: { kind: "init-container-failed", exitCode: 2 }, started: false },
  "init-oom": {
    failure: { kind: "init-container-failed", exitCode: 137, reason: "OOMKilled" },
    started: false,
  },
  "job-deadline": { failure: { kind: "job-deadline-exceeded", seconds: 3 }, started: true, exitCode: 143 },
  "job-deleted-background": { failure: { kind: "deleted-externally", object: "job" }, started: true },
  "job-deleted": { failure: { kind: "deleted-externally", object: "job" }, started: true },
  "job-ttl": { exit: 0, signal: null },
  "kubelet-node-affinity": {
    failure: { kind: "node-refused", reason: "NodeAffinity", node: "node-1" },
    started: false,
  },
  "kubelet-out-of-cpu": { failure: { kind: "node-refused", reason: "OutOfcpu" }, started: false },
  "limit-range": { waits: "pod-creation", failure: { kind: "admission-rejected" } },
  "node-deleted": { failure: { kind: "node-lost", node: "node-1" }, started: true, exitCode: null },
  "node-lost-evicted": { goesOn: true },
  "node-unreachable": { goesOn: true },
  "oom-child-exit-1": { exit: 1, signal: null },
  "oom-child-exit-137": { failure: { ...oom, certain: true, exitCode: 137 }, started: true },
  "oom-child": { exit: 0, signal: null },
  oom: { failure: { ...oom, certain: true, memoryLimit: "96Mi", exitCode: 137 }, started: true },
  "pod-deadline-before-start": { failure: { kind: "pod-deadline-exceeded", seconds: 3 } },
  "pod-deadline": { failure: { kind: "pod-deadline-exceeded", seconds: 3 }, started: true, exitCode: 143 },
  "pod-deleted-before-start": { failure: { kind: "deleted-externally", object: "pod" }, exitCode: null },
  "pod-deleted-by-force": { failure: { kind: "deleted-externally", object: "pod" }, started: true },
  "pod-deleted-ignores-term": { failure: { kind: "deleted-externally", object: "pod" }, exitCode: 137 },
  "pod-deleted": { failure: { kind: "deleted-externally", object: "pod" }, exitCode: 143 },
  "pod-security-restricted": { waits: "pod-creation", failure: { kind: "admission-rejected" } },
  preempted: { failure: { kind: "preempted", node: "node-1" }, started: true },
  "priority-class-missing": { waits: "pod-creation", failure: { kind: "admission-rejected" } },
  "quota-exceeded": { waits: "pod-creation", seconds: 60, failure: { kind: "quota-exceeded" } },
  "quota-needs-limits": { waits: "pod-creation", failure: { kind: "admission-rejected" } },
  "runtime-class-missing": { waits: "pod-creation", failure: { kind: "admission-rejected" } },
  "scheduling-gated": { waits: "queue", seconds: null, failure: { kind: "queue-timeout" } },
  "service-account-missing": {
    waits: "pod-creation",
    failure: { kind: "service-account-missing", name: "absent" },
  },
  "signal-abrt": { exit: 134, signal: "SIGABRT" },
  "signal-hup": { exit: 129, signal: "SIGHUP" },
  "signal-int": { exit: 130, signal: "SIGINT" },
  "signal-kill-child": { failure: { ...oom, certain: false, exitCode: 137 }, started: true },
  "signal-kill": { failure: { ...oom, certain: false, exitCode: 137 }, started: true },
  "signal-segv": { exit: 139, signal: "SIGSEGV" },
  "signal-term": { exit: 143, signal: "SIGTERM" },
  "start-argument-too-long": { exit: 1, signal: null },
  "start-command-missing": { failure: neverStarted, started: false },
  "start-command-not-executable": { failure: neverStarted, started: false },
  "start-memory-too-small": {
    waits: "start",
    seconds: 900,
    failure: { kind: "start-timeout", phase: "start" },
  },
  "start-working-directory": { failure: neverStarted, started: false },
  succeeded: { exit: 0, signal: null },
  "suspended-while-running": { failure: { kind: "preempted" }, started: true },
  suspended: { waits: "queue", seconds: null, failure: { kind: "queue-timeout" } },
  "taint-no-execute": { failure: { kind: "drained" }, started: true },
  "termination-message": { exit: 3, signal: null },
  "unschedulable-cordoned": { waits: "scheduling", seconds: 1800, failure: { kind: "unschedulable" } },
  "unschedulable-cpu": { waits: "scheduling", failure: { kind: "unschedulable" } },
  "unschedulable-selector": { waits: "scheduling", failure: { kind: "unschedulable" } },
  "unschedulable-taint": { waits: "scheduling", failure: { kind: "unschedulable" } },
  "volume-claim-missing": { waits: "scheduling", failure: { kind: "volume-unavailable" } },
  "volume-claim-unbound": { waits: "scheduling", failure: { kind: "volume-unavailable" } },
  "volume-hostpath-missing": { waits: "start", failure: { kind: "volume-unavailable" } },
  "volume-missing-secret": {
    waits: "start",
    failure: { kind: "container-config-error", reason: "FailedMount" },
  },
};

const supervision = { graceSeconds: 30, deadlineSeconds: null, budgets: defaultBudgets, queueName: null };
const captured = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

describe("what a real cluster showed", () => {
  test.each(captured)("%s", (name) => {
    const evidence = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
    expect(conclusion(evidence)).toMatchObject(expected[name] ?? { unexpected: name });
  });
  test("every expectation has its evidence", () => {
    expect(Object.keys(expected).filter((name) => !captured.includes(name))).toEqual([]);
  });
});

function conclusion({ job, pod, podDeleted, jobDeleted, events, node }: any): object {
  const view = viewOf(job, pod === null ? [] : [pod], "agent", null);
  const found = { job: job !== null && !jobDeleted, pod: pod !== null && !podDeleted };
  const context = { main: "agent", stopped: false, node: node === null ? null : nodeEvidence(node), found };
  const ending = endingOf(view, context);
  if (ending?.kind === "exited") return { exit: ending.exitCode, signal: ending.signal };
  if (ending !== null) return ending;
  const phase = startPhase(view, supervision);
  if (phase === null) return { goesOn: true };
  const failure = startFailure(phase, view, supervision, 1, (events ?? []).map(eventEvidence));
  return { waits: phase.name, seconds: phase.budgetSeconds, failure };
}
