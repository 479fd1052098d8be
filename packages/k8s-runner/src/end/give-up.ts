/** A run that did not start in time is removed; it is said to have failed when it is certain that it will never run. */

import { mainContainer } from "../manifest/names.ts";
import { mainState, podIsOver } from "../observe/containers.ts";
import { removeJob } from "../remove/remove-job.ts";
import type { RunExit, RunFailure } from "../types/exit.ts";
import { evidenceOf, noNode, readEvents, readNode } from "./gather-evidence.ts";
import { startedMeanwhile, withRemark } from "./given-up.ts";
import type { GivingUp } from "./given-up.ts";
import { suspendJob } from "./stop.ts";
import type { EndContext } from "./tell.ts";

/** The evidence first: with the Job it goes. */
export async function beginGivingUp(
  { runner, ref, tracker }: EndContext,
  failure: RunFailure,
): Promise<GivingUp> {
  const view = tracker.view();
  const nodeName = view.pod?.nodeName ?? null;
  const [events, node] = await Promise.all([
    readEvents(runner, ref, view, runner.closing),
    nodeName === null ? noNode : readNode(runner, nodeName, runner.closing),
  ]);
  return { failure, view, events, node, held: null, mayStillStart: false };
}

/** `null`: something may still run, or start. */
export async function goOnGivingUp(context: EndContext, giving: GivingUp): Promise<RunExit | null> {
  const { runner, ref, tracker } = context;
  const { closing } = runner;
  const answer = await tracker.read(closing);
  if (answer.kind === "ok" && answer.job === null && answer.pods.length === 0) return tell(context, giving);
  const target = { namespace: ref.namespace, name: ref.jobName, uid: ref.jobUid };
  const removal = await removeJob(runner, target, closing);
  const seen = await tracker.read(closing);
  if (removal.kind === "gone" || removal.kind === "changed") return tell(context, giving);
  if (seen.kind === "error") return null;
  const { pod } = tracker.view();
  const mayRun = seen.pods.length > 0 && mainState(pod, mainContainer).kind === "running" && !podIsOver(pod);
  if (mayRun) return null;
  // A pod that is going and has not begun never will: the kubelet starts nothing in it any more.
  if (removal.kind === "held") return tell(context, giving);
  if (removal.error.kind === "unavailable") return null;
  return withoutRemoval(context, giving, removal.error.message);
}

/** Who may not delete the Job may at least suspend it: then it makes no pod, and ends the one that it has. */
async function withoutRemoval(
  context: EndContext,
  giving: GivingUp,
  message: string,
): Promise<RunExit | null> {
  const error = await suspendJob(context.runner, context.ref);
  if (error?.kind === "unavailable") return null;
  giving.held =
    error === null
      ? `job: it could not be removed, and was suspended: ${message}`
      : `job: it could not be removed, and may still start: ${message}`;
  giving.mayStillStart = error !== null;
  if (error !== null) return tell(context, giving);
  const seen = await context.tracker.read(context.runner.closing);
  if (seen.kind === "error") return null;
  if (seen.pods.some(({ status }) => !podIsOver(status))) return null;
  return tell(context, giving);
}

async function tell({ ref, tracker, output }: EndContext, giving: GivingUp): Promise<RunExit> {
  const { failure, view, events, node, mayStillStart } = giving;
  tracker.update();
  const after = tracker.view();
  const started = startedMeanwhile(view, after);
  if (started && after.pod !== null) output.start(ref.namespace, after.pod);
  const evidence = evidenceOf({
    ref,
    view,
    main: mainContainer,
    log: await output.finish(),
    events: withRemark(events, giving),
    node,
  });
  const told = { kind: "failed", failure, started, exitCode: null, signal: null, evidence } as const;
  return mayStillStart ? { ...told, mayStillStart } : told;
}
