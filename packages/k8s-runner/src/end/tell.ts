/** How it ended → the exit: the log is read to its end, and the evidence gathered, before anything is removed. */

import type { Supervision } from "../manifest/supervision.ts";
import { mainContainer } from "../manifest/names.ts";
import { mainHasEnded } from "../observe/containers.ts";
import type { Ending } from "../observe/pod-ending.ts";
import type { RunEvidence } from "../types/evidence.ts";
import type { RunExit } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { whenClosed } from "../repository/closing.ts";
import type { ClosedRepository } from "../repository/closing.ts";
import type { FilesEvidence } from "../types/copies.ts";
import type { RunFiles } from "../files/run-files.ts";
import type { RunOutput } from "../follow/run-output.ts";
import type { Tracker } from "../follow/known-state.ts";
import { withDeleter } from "./deleter.ts";
import { evidenceOf, noEvents, readEvents } from "./gather-evidence.ts";
import type { NodeAnswer } from "./gather-evidence.ts";
import { startedMeanwhile, withRemark } from "./given-up.ts";
import type { GivingUp } from "./given-up.ts";
import type { LateWork } from "./late-work.ts";
import { stoppedExit } from "./stop.ts";
import type { Stopping } from "./stopping.ts";

/** All that the end of one run needs. */
export interface EndContext {
  readonly runner: RunnerContext;
  readonly ref: RunRef;
  readonly supervision: Supervision;
  readonly tracker: Tracker;
  readonly output: RunOutput;
  readonly stopping: Stopping;
  readonly files: RunFiles;
  readonly late: LateWork;
}

/** What the command left in places that are not the pod's. */
interface Work {
  readonly brought: FilesEvidence | null;
  readonly closed: ClosedRepository | null;
}

/** `giving`: it did not start in time, and was being removed when it ended. */
export async function exitOf(
  context: EndContext,
  ending: Ending,
  node: NodeAnswer,
  giving: GivingUp | null,
): Promise<RunExit> {
  const { runner, ref, tracker, output } = context;
  const view = tracker.view();
  const { pod } = view;
  const { stopping } = context;
  const ended = stopping.requested() === null && mainHasEnded(pod, mainContainer);
  if (pod !== null && (stopping.hasBegun(view) || ended)) output.start(ref.namespace, pod);
  // Adopted after its pod was removed: what the process before us has kept is all that there is.
  const replayed = pod === null && (await output.startFromSpool(ref.namespace));
  if (ending.kind === "failed" && ending.failure.kind === "node-lost") output.lose();
  else output.nudge();
  const plain = ending.kind === "exited" && ending.exitCode === 0;
  const work = workOf(context);
  const [log, events, early] = await Promise.all([
    output.finish(),
    plain ? noEvents : readEvents(runner, ref, view, runner.closing),
    Promise.race([work, context.stopping.hurried()]),
  ]);
  const evidence = evidenceOf({
    ref,
    view: tracker.view(),
    main: mainContainer,
    log,
    events: withRemark(events, giving),
    node,
  });
  const told = toldAs(context, ending, giving);
  const whole = async (done: Work): Promise<RunExit> => {
    const withWork = { ...evidence, ...evidenceOfWork(done) };
    if (told.kind === "exited") return exited(told, done, withWork);
    const started = told.started || (replayed && log.bytes > 0);
    if (told.kind === "stopped") return { ...told, started, evidence: withWork };
    const place = { node: pod?.nodeName ?? null, taints: node.node?.taints ?? [] };
    const failure = await withDeleter(runner, ref, told.failure, events.events, place);
    return { ...told, failure, started, evidence: withWork };
  };
  if (early !== null) return whole(early);
  context.late.follows(work.then(whole));
  const exit = await whole({ brought: null, closed: null });
  return { ...exit, evidence: { ...exit.evidence, workIsLate: true } };
}

async function workOf({ runner, tracker, files, supervision }: EndContext): Promise<Work> {
  const [brought, closed] = await Promise.all([files.finish(), whenClosed(runner, tracker, supervision)]);
  return { brought, closed };
}

function evidenceOfWork({ brought, closed }: Work): Pick<RunEvidence, "files" | "repository"> {
  return {
    ...(brought === null ? {} : { files: brought }),
    ...(closed === null ? {} : { repository: closed.evidence }),
  };
}

/** Work that is lost is the ending, however well the command ended; what made the command fail stays the reason. */
function exited(
  told: WithoutEvidence<Extract<RunExit, { kind: "exited" }>>,
  { closed }: Work,
  evidence: RunEvidence,
): RunExit {
  const lost = told.exitCode === 0 ? (closed?.failure ?? null) : null;
  if (lost === null) return { ...told, evidence };
  return { ...told, kind: "failed", failure: lost, started: true, evidence };
}

type WithoutEvidence<E> = E extends RunExit ? Omit<E, "evidence"> : never;

/** What we did ourselves comes before what the cluster shows of it. */
function toldAs(
  { tracker, stopping, supervision }: EndContext,
  ending: Ending,
  giving: GivingUp | null,
): WithoutEvidence<RunExit> {
  const view = tracker.view();
  const request = stopping.requested();
  const { deadlineSeconds } = supervision;
  const stopped =
    request === null
      ? null
      : stoppedExit(request, ending, view, { deadlineSeconds, alone: stopping.alone() });
  if (stopped !== null) return stopped;
  // One that has begun after all, and ended by itself, has an ending of its own.
  if (giving === null || ending.kind === "exited") return ending;
  return { ...ending, failure: giving.failure, started: startedMeanwhile(giving.view, view) };
}
