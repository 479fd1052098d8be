/** Gathers what explains an ending, before anything is removed. */

import type { EventEvidence, NodeEvidence, RunEvidence } from "../types/evidence.ts";
import { eventEvidence, nodeEvidence } from "../observe/evidence.ts";
import { timingsOf } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { evidenceMilliseconds } from "../timings.ts";

type Reader = Pick<RunnerContext, "cluster" | "clock">;

export interface EventsAnswer {
  readonly events: readonly EventEvidence[];
  readonly unavailable: readonly string[];
}

const mostEvents = 50;

/** Of the Job, its pods and what a queue keeps of it, oldest first. */
export async function readEvents(
  { cluster }: Reader,
  ref: RunRef,
  view: View,
  signal: AbortSignal,
): Promise<EventsAnswer> {
  const uids = [ref.jobUid, view.pod?.uid, ...view.otherPods.map(({ uid }) => uid)].filter(
    (uid) => uid !== undefined,
  );
  const read = (fieldSelector: string) =>
    cluster.list(
      "events",
      ref.namespace,
      { fieldSelector },
      { signal, deadlineMilliseconds: evidenceMilliseconds },
    );
  const answers = await Promise.all(uids.map((uid) => read(`involvedObject.uid=${uid}`)));
  const failed = answers.find((answer) => answer.kind === "error");
  const own = answers.flatMap((answer) => (answer.kind === "ok" ? answer.value.items : []));
  const workload = workloadOf(own.map(eventEvidence));
  const queue =
    workload === null ? null : await read(`involvedObject.kind=Workload,involvedObject.name=${workload}`);
  const events = [...own, ...(queue?.kind === "ok" ? queue.value.items : [])]
    .map(eventEvidence)
    .toSorted((left, right) => (left.lastSeen ?? "").localeCompare(right.lastSeen ?? ""));
  return {
    events: events.slice(-mostEvents),
    unavailable: failed?.kind === "error" ? [`events: ${failed.error.message}`] : [],
  };
}

/**
 * Kueue says why a Job waits in events of a Workload, an object of its own. It names it in an event of the Job, "Created Workload:
 * NAMESPACE/NAME" (Kueue's documentation, "Troubleshooting Jobs").
 */
function workloadOf(events: readonly EventEvidence[]): string | null {
  const event = events.findLast(({ reason }) => reason === "CreatedWorkload");
  return /: [a-z0-9-]{1,63}\/([a-z0-9][a-z0-9.-]{0,252})$/.exec(event?.message ?? "")?.[1] ?? null;
}

export interface NodeAnswer {
  readonly node: NodeEvidence | null;
  readonly unavailable: readonly string[];
}

/** `null`: it may not be read, or nobody answered. That says nothing of the node; only its absence does. */
export async function readNode({ cluster }: Reader, name: string, signal: AbortSignal): Promise<NodeAnswer> {
  const options = { signal, deadlineMilliseconds: evidenceMilliseconds };
  const answer = await cluster.get("nodes", null, name, options);
  if (answer.kind === "ok") return { node: nodeEvidence(answer.value), unavailable: [] };
  const gone: NodeEvidence = { name, ready: null, conditions: [], unschedulable: false, taints: [] };
  const node = answer.error.kind === "not-found" ? gone : null;
  return { node, unavailable: [`node: ${answer.error.message}`] };
}

export interface LogEvidence {
  readonly complete: boolean;
  readonly gaps: RunEvidence["gaps"];
  readonly bytes: number;
  readonly lastLines: readonly string[];
}

export const noEvents: EventsAnswer = { events: [], unavailable: [] };
export const noNode: NodeAnswer = { node: null, unavailable: [] };

export const noLog: LogEvidence = { complete: false, gaps: [], bytes: 0, lastLines: [] };

export interface Gathered {
  readonly ref: Pick<RunRef, "namespace" | "jobName">;
  readonly view: View;
  readonly main: string;
  readonly log: LogEvidence;
  readonly events: EventsAnswer;
  readonly node: NodeAnswer;
}

export function evidenceOf({ ref, view, main, log, events, node }: Gathered): RunEvidence {
  return {
    namespace: ref.namespace,
    jobName: ref.jobName,
    pod: view.pod,
    otherPods: view.otherPods,
    job: view.job,
    events: events.events,
    node: node.node,
    lastLines: log.lastLines,
    gaps: log.gaps,
    // The end may be verified, and yet a stretch before it be lost.
    logComplete: log.complete && log.gaps.length === 0,
    outputBytes: log.bytes,
    timings: timingsOf(view, main),
    unavailable: [...events.unavailable, ...node.unavailable],
  };
}
