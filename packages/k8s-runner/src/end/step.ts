/** What a look at a run that seems to have ended means, and what to do next. Pure: memory and time go in and come out. */

import {
  disruptionOf,
  isEndedByKubelet,
  isTakenAway,
  mainHasEnded,
  mainState,
  podIsOver,
} from "../observe/containers.ts";
import { endingOf, endingWithoutState } from "../observe/ending.ts";
import { isFinished, isSuspended, jobState, unread } from "../observe/job-state.ts";
import type { Ending } from "../observe/pod-ending.ts";
import { hasBegun } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import {
  confirmMissingMilliseconds,
  lateLookMilliseconds,
  lateStateMilliseconds,
  lostNodeMilliseconds,
  overdueMilliseconds,
  undecidedMilliseconds,
} from "../timings.ts";
import type { NodeEvidence } from "../types/evidence.ts";

/** Since when, by our own clock, something has been so; `null`: it is not. */
export interface Memory {
  readonly missingSince: number | null;
  /** The pod is over, and its container's state has not come; or the other way round, where the pod's word is needed. */
  readonly lateSince: number | null;
  /** The pod is being deleted, and its node was not seen to be well. */
  readonly terminatingSince: number | null;
  /** A second look was taken before a node is called lost. */
  readonly lookedAgain: boolean;
  /** The Job is suspended for good, and has no pod. */
  readonly heldSince: number | null;
}

export const emptyMemory: Memory = {
  missingSince: null,
  lateSince: null,
  terminatingSince: null,
  lookedAgain: false,
  heldSince: null,
};

export interface Observation {
  readonly view: View;
  readonly main: string;
  readonly stopped: boolean;
  /** The cluster has taken our wish to end it, with so much grace; `null`: it has not. */
  readonly stopGraceSeconds: number | null;
  /** Our stop could not delete the Job, and suspended it; nobody else will release it again. */
  readonly held: boolean;
  /** What the fresh read has found. */
  readonly found: { readonly job: boolean; readonly pod: boolean };
  /** Of this run's spec; the pod's own may be longer. */
  readonly graceSeconds: number;
  /** When the last byte of the log came; `null`: none ever did. */
  readonly heardAt: number | null;
  /** `undefined`: not asked for yet. `null`: it may not be read, or did not answer. */
  readonly node?: NodeEvidence | null;
  /** Whether the kubelet says that it ended the command; `undefined`: not asked for yet. `null`: its events cannot be read. */
  readonly killed?: boolean | null;
}

export type Action =
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "read-node" | "read-events" | "look-again" }
  | { readonly kind: "conclude"; readonly ending: Ending };

export interface Step {
  readonly memory: Memory;
  readonly action: Action;
}

/** Only a hint: a watch may be behind, and what is missing in it may be there. */
export function looksEnded({ job, pod, podState }: View, missing: boolean): boolean {
  if (podState?.kind === "ended") return true;
  if (job !== null && (isFinished(job) || job.deletionTimestamp !== null)) return true;
  return missing || (pod !== null && pod.deletionTimestamp !== null);
}

/** A new hint is followed at once, however short ago the last look was. */
export function hintOf({ job, pod, podState }: View, main: string, missing: boolean): string {
  const finished = job !== null && isFinished(job);
  const states = [podState?.kind, pod?.phase, mainState(pod, main).kind, pod?.deletionTimestamp];
  return [...states, job?.deletionTimestamp, finished, missing].join();
}

export function step(before: Memory, observation: Observation, now: number): Step {
  const { view, main, found } = observation;
  const missing = missingStep(before, observation, now);
  if (missing.action !== null) return { memory: missing.memory, action: missing.action };
  let { memory } = missing;
  if (observation.node === undefined && needsNode(view, main))
    return { memory, action: { kind: "read-node" } };
  if (observation.killed === undefined && needsEvents(observation))
    return { memory, action: { kind: "read-events" } };
  const late = lateStep(memory, observation, now);
  if (late.action !== null) return { memory: late.memory, action: late.action };
  ({ memory } = late);
  const { node = null, killed, stopped } = observation;
  const told = endingOf(view, { main, stopped, node, found, ...(killed === undefined ? {} : { killed }) });
  if (told !== null) return { memory, action: { kind: "conclude", ending: told } };
  const held = heldStep(memory, observation, now);
  if (held.action !== null) return { memory: held.memory, action: held.action };
  return lostStep(held.memory, observation, now);
}

type PartialStep = { readonly memory: Memory; readonly action: Action | null };

/** One replica of the API server may be behind: what is missing must be missing twice, some seconds apart. */
function missingStep(memory: Memory, { view, main, found }: Observation, now: number): PartialStep {
  if (found.job && (found.pod || view.pod === null))
    return { memory: { ...memory, missingSince: null }, action: null };
  const missingSince = memory.missingSince ?? now;
  const left = missingSince + confirmMissingMilliseconds - now;
  // The disappearance of what has ended changes nothing.
  const action = left <= 0 || mainHasEnded(view.pod, main) ? null : wait(left);
  return { memory: { ...memory, missingSince }, action };
}

function needsNode({ pod }: View, main: string): boolean {
  if (pod?.nodeName == null) return false;
  return disruptionOf(pod) !== undefined || (pod.deletionTimestamp !== null && !mainHasEnded(pod, main));
}

/** The kubelet's events tell whether it ended the command: its status says why only later, and not in which order. */
function needsEvents({ view, main, stopped }: Observation): boolean {
  const { pod, cutOff } = view;
  const state = mainState(pod, main);
  if (pod === null || stopped || state.kind !== "terminated") return false;
  if (!podIsOver(pod) && !isTakenAway(pod)) return true;
  const unknown = isEndedByKubelet(pod) || (isTakenAway(pod) && cutOff === null);
  return state.exitCode === 0 && unknown;
}

/**
 * The container's state may come later than the pod's phase. The other way round the phase is waited for only where it matters:
 * the kubelet ended the command and will say why, or we did, and want to see that nothing runs beside it any more.
 */
function lateStep(memory: Memory, observation: Observation, now: number): PartialStep {
  const { view, main, found, stopped, stopGraceSeconds, killed } = observation;
  const over = podIsOver(view.pod);
  const ended = mainHasEnded(view.pod, main);
  const reasonToCome = killed === true && view.pod !== null && !isTakenAway(view.pod);
  const isLate = over
    ? !ended && !decidedByPod(observation)
    : ended && ((stopped && stopGraceSeconds !== null) || reasonToCome);
  if (!found.pod || !isLate) return { memory: { ...memory, lateSince: null }, action: null };
  const lateSince = memory.lateSince ?? now;
  const next = { ...memory, lateSince };
  // After its grace we have the rest of the pod killed.
  const patience = Math.max(lateStateMilliseconds, (stopGraceSeconds ?? 0) * 1000 + overdueMilliseconds);
  if (now - lateSince < patience) return { memory: next, action: wait(lateLookMilliseconds) };
  return { memory: next, action: over ? { kind: "conclude", ending: endingWithoutState(view, main) } : null };
}

/** The pod itself says how it ended: evicted, refused, an init container that failed. */
function decidedByPod({ view, main, stopped, node = null, found }: Observation): boolean {
  return endingOf(view, { main, stopped, node, found }) !== null;
}

/**
 * Its controller has seen that it is suspended, has ended its pod and makes no other. It may have been making one when it was
 * suspended, so that no pod must be there twice, some seconds apart.
 */
function heldStep(memory: Memory, { view, main, found, held }: Observation, now: number): PartialStep {
  const none = held && found.job && !found.pod && view.contested.length === 0 && isHeldBack(view);
  if (!none) return { memory: { ...memory, heldSince: null }, action: null };
  const heldSince = memory.heldSince ?? now;
  const next = { ...memory, heldSince };
  const left = heldSince + confirmMissingMilliseconds - now;
  if (left > 0) return { memory: next, action: wait(left) };
  const lastSeen = view.pod?.deletionTimestamp ?? null;
  const ending = unread(
    { kind: "deleted-externally", object: "pod", by: null, lastSeen },
    hasBegun(view, main),
  );
  return { memory: next, action: { kind: "conclude", ending } };
}

/** The Job is suspended, and its controller has seen it. */
export function isHeldBack({ job }: View): boolean {
  return job !== null && jobState(job).kind === "suspended" && isSuspended(job);
}

/**
 * A pod that is being deleted on a node that does not answer: nobody will ever say how it ended. A node that may not be read is
 * not for that reason dead, and one whose log still speaks is alive, whatever its object says.
 */
function lostStep(memory: Memory, observation: Observation, now: number): Step {
  const { view, node = null, main, heardAt } = observation;
  const { pod } = view;
  const well = node !== null && node.ready === "True";
  if (pod === null || pod.deletionTimestamp === null || well)
    return {
      memory: { ...memory, terminatingSince: null, lookedAgain: false },
      action: wait(undecidedMilliseconds),
    };
  const terminatingSince = memory.terminatingSince ?? now;
  const grace = Math.max(observation.graceSeconds, view.podGraceSeconds ?? 0) * 1000;
  const silentSince = Math.max(terminatingSince + grace, heardAt ?? 0);
  if (now - silentSince < lostNodeMilliseconds)
    return {
      memory: { ...memory, terminatingSince, lookedAgain: false },
      action: wait(undecidedMilliseconds),
    };
  // Reading the node has taken its time: the pod is looked at once more before it is given up.
  if (!memory.lookedAgain)
    return { memory: { ...memory, terminatingSince, lookedAgain: true }, action: { kind: "look-again" } };
  const message =
    node === null
      ? `nothing has been heard of the node since before ${pod.deletionTimestamp}`
      : `the node has not answered since before ${pod.deletionTimestamp}`;
  const ending = unread({ kind: "node-lost", node: pod.nodeName, message }, hasBegun(view, main));
  return { memory: { ...memory, terminatingSince }, action: { kind: "conclude", ending } };
}

function wait(milliseconds: number): Action {
  return { kind: "wait", milliseconds };
}
