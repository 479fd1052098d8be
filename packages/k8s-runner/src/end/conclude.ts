/** From a hint to the ending: read afresh, read the log to its end, gather the evidence. */

import type { Supervision } from "../manifest/supervision.ts";
import { mainContainer } from "../manifest/names.ts";
import { endingOf, endingWithoutState } from "../observe/ending.ts";
import { isFinished, unread } from "../observe/job-state.ts";
import type { Ending } from "../observe/pod-ending.ts";
import { hasStarted, mainState } from "../observe/view.ts";
import type { PodEvidence } from "../types/evidence.ts";
import type { RunExit, RunFailure } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { withDeleter } from "./deleter.ts";
import { evidenceOf, readEvents, readNode } from "./gather-evidence.ts";
import type { EventsAnswer, NodeAnswer } from "./gather-evidence.ts";
import { isUnreachable } from "../follow/health.ts";
import type { RunOutput } from "../follow/run-output.ts";
import { createBackoff } from "../async/backoff.ts";
import { removeJob } from "../remove/remove-job.ts";
import { stoppedExit } from "./stop.ts";
import type { Stopping } from "./stopping.ts";
import { confirmMissingMilliseconds } from "../follow/known-state.ts";
import type { Tracker } from "../follow/known-state.ts";

export interface Conclusion {
  /** `null`: it has not ended. */
  whenEnded(): Promise<RunExit | null>;
  /** It did not start in time: makes sure that it never will. */
  giveUp(failure: RunFailure): Promise<RunExit>;
  nextMilliseconds(): number | null;
}

export interface ConclusionOptions {
  readonly ref: RunRef;
  readonly supervision: Supervision;
  readonly tracker: Tracker;
  readonly output: RunOutput;
  readonly stopping: Stopping;
}

/** The container's state may come later than the pod's phase. */
const undecidedMilliseconds = 5000;
const lateStateMilliseconds = 30_000;
/** A pod that the cluster deletes on a node that does not answer: nobody will ever tell how it ended. */
const lostNodeMilliseconds = 120_000;
const noEvents: EventsAnswer = { events: [], unavailable: [] };
const noNode: NodeAnswer = { node: null, unavailable: [] };

export function createConclusion(context: RunnerContext, options: ConclusionOptions): Conclusion {
  const { clock, closing } = context;
  const { ref, supervision, tracker, output, stopping } = options;
  const backoff = createBackoff({ first: 500, last: 15_000, random: () => clock.random() });
  let overSince: number | null = null;
  let missingSince: number | null = null;
  let terminatingSince: number | null = null;
  let againAt: number | null = null;
  let looked = "";

  async function whenEnded(): Promise<RunExit | null> {
    if (!looksEnded()) return null;
    const hint = hintOf();
    if (hint === looked && againAt !== null && clock.now() < againAt) return null;
    looked = hint;
    againAt = null;
    const answer = await tracker.read(closing);
    if (answer.kind === "error") {
      // Forbidden or unauthorized for now: blind, not dead.
      againAt = clock.now() + backoff.next();
      return null;
    }
    backoff.reset();
    looked = hintOf();
    const view = tracker.view();
    const pod = answer.pods.some(({ metadata }) => metadata?.uid === view.pod?.uid);
    const found = { job: answer.job !== null, pod };
    if (!confirmed(found)) return null;
    const node = needsNode() ? await readNode(context, view.pod?.nodeName ?? "", closing) : noNode;
    const stopped = stopping.requested() !== null;
    const ending =
      endingOf(view, { main: mainContainer, stopped, node: node.node, found }) ??
      lateEnding(found.pod) ??
      lostEnding(node);
    if (ending === null) {
      againAt = clock.now() + undecidedMilliseconds;
      return null;
    }
    return conclude(ending, node);
  }
  /** Hints only. */
  function looksEnded(): boolean {
    const { job, podState, pod } = tracker.view();
    if (podState?.kind === "ended") return true;
    if (job !== null && (isFinished(job) || job.deletionTimestamp !== null)) return true;
    return tracker.missing() || (pod !== null && pod.deletionTimestamp !== null);
  }
  /** A new hint is followed at once, however short ago the last look was. */
  function hintOf(): string {
    const { job, pod, podState } = tracker.view();
    const container = mainState(pod, mainContainer).kind;
    const finished = job !== null && isFinished(job);
    return [
      podState?.kind,
      pod?.phase,
      container,
      pod?.deletionTimestamp,
      job?.deletionTimestamp,
      finished,
      tracker.missing(),
    ].join();
  }
  /** Missing twice, some seconds apart. */
  function confirmed(found: { readonly job: boolean; readonly pod: boolean }): boolean {
    const { pod } = tracker.view();
    if (found.job && (found.pod || pod === null)) {
      missingSince = null;
      return true;
    }
    missingSince ??= clock.now();
    const leftMilliseconds = missingSince + confirmMissingMilliseconds - clock.now();
    if (leftMilliseconds <= 0 || podHasEnded()) return true;
    againAt = clock.now() + leftMilliseconds;
    return false;
  }
  /** Then its disappearance changes nothing. */
  function podHasEnded(): boolean {
    return mainState(tracker.view().pod, mainContainer).kind === "terminated";
  }
  function needsNode(): boolean {
    const { pod } = tracker.view();
    if (pod?.nodeName == null) return false;
    const disrupted = pod.conditions.some(
      ({ type, status }) => type === "DisruptionTarget" && status === "True",
    );
    return disrupted || (pod.deletionTimestamp !== null && !podHasEnded());
  }
  function lateEnding(podFound: boolean): Ending | null {
    const { pod } = tracker.view();
    const over = pod?.phase === "Failed" || pod?.phase === "Succeeded";
    if (!podFound || !over) {
      overSince = null;
      return null;
    }
    overSince ??= clock.now();
    return clock.now() - overSince < lateStateMilliseconds ? null : endingWithoutState(tracker.view());
  }
  function lostEnding({ node }: NodeAnswer): Ending | null {
    const { pod } = tracker.view();
    if (pod === null || pod.deletionTimestamp === null || !isUnreachable(node)) {
      terminatingSince = null;
      return null;
    }
    // By our own clock alone: the API server's may be minutes away from it.
    terminatingSince ??= clock.now();
    const patienceMilliseconds = supervision.graceSeconds * 1000 + lostNodeMilliseconds;
    if (clock.now() - terminatingSince < patienceMilliseconds) return null;
    const message = `the node has not answered since before ${pod.deletionTimestamp ?? ""}`;
    return unread({ kind: "node-lost", node: pod.nodeName, message }, hasStarted(pod, mainContainer));
  }

  async function conclude(ending: Ending, node: NodeAnswer): Promise<RunExit> {
    const view = tracker.view();
    if (view.pod !== null && (hasStarted(view.pod, mainContainer) || podHasEnded()))
      output.start(ref.namespace, view.pod);
    // Adopted after its pod was removed: what the process before us has kept is all that there is.
    const replayed = view.pod === null && (await output.startFromSpool(ref.namespace));
    if (ending.kind === "failed" && ending.failure.kind === "node-lost") output.lose();
    else output.nudge();
    const plain = ending.kind === "exited" && ending.exitCode === 0;
    const [log, events] = await Promise.all([
      output.finish(),
      plain ? noEvents : readEvents(context, ref, view, closing),
    ]);
    const evidence = evidenceOf({ ref, view: tracker.view(), main: mainContainer, log, events, node });
    const request = stopping.requested();
    const stopped =
      request === null ? null : stoppedExit(request, ending, tracker.view(), supervision.deadlineSeconds);
    const told = stopped ?? ending;
    if (told.kind === "exited") return { ...told, evidence };
    const started = told.started || (replayed && log.bytes > 0);
    if (told.kind === "stopped") return { ...told, started, evidence };
    const failure = await withDeleter(context, ref, told.failure, events.events);
    return { ...told, failure, started, evidence };
  }
  async function giveUp(failure: RunFailure): Promise<RunExit> {
    const view = tracker.view();
    const events = await readEvents(context, ref, view, closing);
    const node = view.pod?.nodeName == null ? noNode : await readNode(context, view.pod.nodeName, closing);
    const answer = await tracker.read(closing);
    const notRemoved = answer.kind === "error" || answer.job !== null ? await remove() : [];
    tracker.update();
    const others = [...view.otherPods, ...tracker.view().otherPods];
    const started =
      startedMeanwhile(view.pod, tracker.view().pod) || others.some((pod) => hasStarted(pod, mainContainer));
    const evidence = evidenceOf({
      ref,
      view,
      main: mainContainer,
      log: await finishLog(started),
      events: { ...events, unavailable: [...events.unavailable, ...notRemoved] },
      node,
    });
    return { kind: "failed", failure, started, exitCode: null, signal: null, evidence };
  }
  /** Why it may start after all. */
  async function remove(): Promise<readonly string[]> {
    const target = { namespace: ref.namespace, name: ref.jobName, uid: ref.jobUid };
    const removal = await removeJob(context, target, closing);
    return removal.kind === "failed"
      ? [`job: it could not be removed, and may still start: ${removal.error.message}`]
      : [];
  }
  /** The kubelet gives a container that it never made the same unknown state as one that it lost: what was seen before decides. */
  function startedMeanwhile(before: PodEvidence | null, after: PodEvidence | null): boolean {
    const state = mainState(after, mainContainer);
    const unknown = state.kind === "terminated" && state.reason === "ContainerStatusUnknown";
    return hasStarted(unknown ? before : after, mainContainer);
  }
  function finishLog(started: boolean) {
    const { pod } = tracker.view();
    if (started && pod !== null) output.start(ref.namespace, pod);
    return output.finish();
  }
  return {
    whenEnded,
    giveUp,
    nextMilliseconds: () => (againAt === null ? null : Math.max(0, againAt - clock.now())),
  };
}
