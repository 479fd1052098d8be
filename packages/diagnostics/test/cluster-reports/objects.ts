/** Objects as `kubectl get … -o json` prints them, with what a state needs and no more. */
import type { KubernetesObjects } from "../../src/index.ts";

/** What it is, the objects, the codes that are right, the family (`undefined`: either), words of cause or fix. */
export type Row = readonly [string, KubernetesObjects, string, string | null | undefined, RegExp];
export const T = "transient_upstream";

export const at = "2026-11-22T10:00:00Z";

interface Parts {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

export const meta = (name: string, more: object = {}): object => ({
  name,
  namespace: "agents",
  uid: `u-${name}`,
  creationTimestamp: at,
  ...more,
});
export const pod = (state: object | null, more: Parts = {}): object => ({
  kind: "Pod",
  metadata: meta("claude-1-abcde", more.metadata),
  spec: {
    nodeName: "node-1",
    restartPolicy: "Never",
    containers: [{ name: "main", image: "registry.example.com/agent:2", resources: {} }],
    ...more.spec,
  },
  status: {
    phase: "Running",
    containerStatuses: state === null ? [] : [{ name: "main", restartCount: 0, state }],
    ...more.status,
  },
});
export const term = (
  exitCode: number,
  reason = exitCode === 0 ? "Completed" : "Error",
  message = "",
): object => ({
  terminated: { exitCode, reason, message, startedAt: at, finishedAt: "2026-11-22T10:05:00Z" },
});
export const wait = (reason: string, message?: string): object => ({ waiting: { reason, message } });
export const run = { running: { startedAt: at } };
export const ev = (reason: string, message: string, kind = "Pod", name = "claude-1-abcde"): object => ({
  type: "Warning",
  reason,
  message,
  involvedObject: { kind, name },
  lastTimestamp: at,
});
export const rejected = (reason: string, message: string): KubernetesObjects => ({
  pod: {
    kind: "Pod",
    metadata: meta("claude-1-abcde"),
    spec: { nodeName: "node-1", containers: [{ name: "main" }] },
    status: { phase: "Failed", reason, message },
  },
});
export const pending = (reason: string, message: string): KubernetesObjects => ({
  pod: pod(wait(reason, message), { status: { phase: "Pending" } }),
});
export const unsched = (message: string): KubernetesObjects => ({
  pod: pod(null, {
    spec: { nodeName: undefined },
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    },
  }),
});
export const creating = (...events: readonly object[]): KubernetesObjects => ({
  pod: pod(wait("ContainerCreating"), { status: { phase: "Pending" } }),
  events,
});
/** The Job controller's words when it may not make the pod. */
export const fc = (message: string): KubernetesObjects => ({
  job: { kind: "Job", metadata: meta("claude-1"), spec: {}, status: { conditions: [] } },
  events: [ev("FailedCreate", `Error creating: ${message}`, "Job", "claude-1")],
});
