/** Plays what the API showed of a pod, look after look, to the tables that decide how a run ended. */

import { emptyMemory, looksEnded, step } from "../../src/end/step.ts";
import type { Observation } from "../../src/end/step.ts";
import type { Job, Pod } from "../../src/cluster/wire.ts";
import type { NodeEvidence } from "../../src/index.ts";
import type { Ending } from "../../src/observe/pod-ending.ts";
import { emptyView, hasBegun, lastSeen, viewOf } from "../../src/observe/view.ts";
import type { View } from "../../src/observe/view.ts";

/** Fields as the API writes them; what a report does not say is as in a pod that runs well. */
type Raw = Readonly<Record<string, any>>;

export interface Look {
  /** `null`: a fresh read does not find it. */
  readonly pod: Raw | null;
  readonly others?: readonly Raw[];
  /** `null`: a fresh read does not find it. */
  readonly job?: Raw | null;
  /** So it stays for so long. */
  readonly seconds?: number;
  /** What a read of the node brings; `null`: it may not be read, or nobody answers. */
  readonly node?: NodeEvidence["ready"] | "gone" | "tainted-unreachable";
  /** Output goes on coming. */
  readonly speaks?: boolean;
  readonly killed?: boolean | null;
}

export interface Judged {
  readonly ending: Ending | null;
  readonly afterSeconds: number;
  readonly view: View;
}

const main = "main";

export function judge(looks: readonly Look[], more: Partial<Observation> = {}): Judged {
  let now = 1_000_000_000;
  const begunAt = now;
  let view = emptyView;
  let memory = emptyMemory;
  let heardAt: number | null = null;
  let followed: string | null = null;
  for (const look of looks) {
    const pods = [look.pod, ...(look.others ?? [])].filter((pod) => pod !== null) as Pod[];
    const job = look.job === null ? null : jobOf(look.job ?? {});
    const until = now + (look.seconds ?? 1) * 1000;
    view = lastSeen(view, viewOf(job, pods, main, followed));
    if (view.pod !== null && hasBegun(view, main)) followed = view.pod.uid;
    const found = { job: job !== null, pod: pods.some(({ metadata }) => metadata?.uid === view.pod?.uid) };
    let asked: { node?: NodeEvidence | null; killed?: boolean | null } = {};
    while (now < until) {
      if (look.speaks === true) heardAt = now;
      if (!looksEnded(view, !found.pod || !found.job)) {
        now += 1000;
        continue;
      }
      const observation: Observation = {
        view,
        main,
        stopped: false,
        stopGraceSeconds: null,
        held: false,
        found,
        graceSeconds: 30,
        heardAt,
        ...asked,
        ...more,
      };
      const next = step(memory, observation, now);
      memory = next.memory;
      switch (next.action.kind) {
        case "read-node":
          asked.node = nodeOf(look.node ?? null);
          break;
        case "read-events":
          asked.killed = look.killed ?? null;
          break;
        case "look-again":
          break;
        case "wait":
          asked = {};
          now += Math.max(1000, next.action.milliseconds);
          break;
        case "conclude":
          return { ending: next.action.ending, afterSeconds: (now - begunAt) / 1000, view };
      }
    }
  }
  return { ending: null, afterSeconds: (now - begunAt) / 1000, view };
}

function nodeOf(node: NonNullable<Look["node"]> | null): NodeEvidence | null {
  if (node === null) return null;
  const ready = node === "gone" ? null : node === "tainted-unreachable" ? "Unknown" : node;
  const taints = node === "tainted-unreachable" ? ["node.kubernetes.io/unreachable:NoExecute"] : [];
  return { name: "node-1", ready, conditions: [], unschedulable: false, taints };
}

function jobOf({ metadata, spec, status }: Raw): Job {
  const created = "2026-01-01T00:00:00Z";
  return {
    metadata: { name: "run-x", namespace: "n", uid: "job-1", creationTimestamp: created, ...metadata },
    spec: { suspend: false, ...spec },
    status: { active: 1, ...status },
  };
}

interface PodOptions {
  readonly uid?: string;
  readonly createdAt?: string;
  readonly metadata?: Raw;
  readonly spec?: Raw;
  readonly status?: Raw;
  /** Init containers by name: their `restartPolicy` and status. */
  readonly inits?: Readonly<Record<string, Raw>>;
  /** Status of `main`. */
  readonly main?: Raw;
  /** Statuses of further containers. */
  readonly beside?: Readonly<Record<string, Raw>>;
  readonly conditions?: readonly Raw[];
}

export function podOf({
  uid = "pod-1",
  createdAt,
  metadata,
  spec,
  status,
  inits = {},
  ...rest
}: PodOptions): Raw {
  const { main: mainStatus, beside = {}, conditions = [] } = rest;
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:01Z" };
  return {
    metadata: {
      name: `run-x-${uid}`,
      uid,
      creationTimestamp: createdAt ?? "2026-01-01T00:00:00Z",
      ...metadata,
    },
    spec: {
      nodeName: "node-1",
      terminationGracePeriodSeconds: 30,
      initContainers: Object.entries(inits).map(([name, { restartPolicy }]) => ({ name, restartPolicy })),
      containers: [main, ...Object.keys(beside)].map((name) => ({ name })),
      ...spec,
    },
    status: {
      phase: "Running",
      startTime: "2026-01-01T00:00:01Z",
      conditions: [scheduled, ...conditions],
      initContainerStatuses: statusesOf(inits),
      containerStatuses: statusesOf({ [main]: mainStatus ?? {}, ...beside }),
      ...status,
    },
  };
}

function statusesOf(containers: Readonly<Record<string, Raw>>): readonly Raw[] {
  return Object.entries(containers).map(([name, { started, state }]) => ({ name, started, state }));
}

export const runs = (startedAt = "2026-01-01T00:00:02Z"): Raw => ({
  started: true,
  state: { running: { startedAt } },
});
export const waits = (reason?: string, message?: string): Raw => ({
  started: false,
  state: {
    waiting: { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) },
  },
});
export const over = (exitCode: number, more: Raw = {}): Raw => ({
  started: false,
  state: {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      startedAt: "2026-01-01T00:00:02Z",
      finishedAt: "2026-01-01T00:00:09Z",
      ...more,
    },
  },
});
