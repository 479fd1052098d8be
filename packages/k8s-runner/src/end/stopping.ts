/** The stop of one run: asked for once, carried out until it is done. */

import type { ApiError } from "../cluster/cluster.ts";
import { mainContainer } from "../manifest/names.ts";
import type { Supervision } from "../manifest/supervision.ts";
import { createBackoff } from "../async/backoff.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import type { RunFiles } from "../files/run-files.ts";
import { mainHasEnded, podIsOver } from "../observe/containers.ts";
import { hasBegun } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { StopBy } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { kubeletMilliseconds, overdueMilliseconds } from "../timings.ts";
import { startedMeanwhile } from "./given-up.ts";
import { askToStop, deletePod } from "./stop.ts";
import type { StopRequest } from "./stop.ts";

export interface Stopping {
  requested(): StopRequest | null;
  /** The command has begun. The kubelet gives a container that it never made the same state as one that it lost. */
  hasBegun(view: View): boolean;
  /** The first request counts. */
  request(
    request: { readonly by: StopBy; readonly reason: string; readonly graceSeconds?: number },
    view: View,
  ): void;
  act(view: View): Promise<void>;
  /** In so many seconds the ending is to be told, without what the command left where that is still on its way. */
  hurry(seconds: number): void;
  /** Resolves with `null` when that time is over; never, while nobody is in a hurry. */
  hurried(): Promise<null>;
  /** SIGKILL was needed; said once. */
  tellForced(): void;
  /** The cluster has taken it. */
  asked(): boolean;
  /** The command was signalled by itself; its pod shows nothing of it. */
  alone(): boolean;
  /** The Job was deleted, with everything that it might still create. */
  removing(): boolean;
  nextMilliseconds(): number | null;
}

export interface StoppingOptions {
  readonly ref: RunRef;
  readonly supervision: Supervision;
  readonly files: RunFiles;
  readonly emit: (event: RunEventBody) => void;
}

/** In place of a pod's UID: the Job was deleted, with every pod that it might still make. */
const theJob = "the Job";

export function createStopping(
  context: RunnerContext,
  { ref, supervision, files, emit }: StoppingOptions,
): Stopping {
  const { clock } = context;
  const hurry = Promise.withResolvers<null>();
  const backoff = createBackoff({ first: 500, last: 10_000, random: () => clock.random() });
  let request: StopRequest | null = null;
  /** Of the pod, or of the Job where there was none. */
  let asked: { readonly uid: string; readonly at: number } | null = null;
  let againAt = 0;
  let told = false;
  let forced = false;
  /** Only the command was asked, not its pod. */
  let signalled = false;

  async function ask(view: View, current: StopRequest): Promise<void> {
    const alone = await files.stopMain(view, current.graceSeconds);
    if (alone === "ended") request = { ...current, tooLate: true };
    signalled = alone !== "unable";
    const error = signalled ? null : await askToStop(context, ref, view, current);
    if (error === null) asked = { uid: targetOf(view), at: clock.now() };
    else later(error);
  }
  async function force(view: View, { graceSeconds }: StopRequest, at: number): Promise<void> {
    const lateMilliseconds = clock.now() - at - graceSeconds * 1000 - kubeletMilliseconds;
    if (view.pod === null || lateMilliseconds < 0) return;
    // A stop of the pod is done when nothing runs in it any more, one of the command when that has ended.
    if (signalled ? view.podState?.kind !== "running" : podIsOver(view.pod)) return;
    tellForced();
    if (forced || lateMilliseconds < overdueMilliseconds) return;
    const error = await deletePod(context, ref, view.pod, 1);
    if (error === null) forced = true;
    else later(error);
  }
  function tellForced(): void {
    if (!told) emit({ type: "stop-forced" });
    told = true;
  }
  function later(error: ApiError): void {
    againAt = clock.now() + backoff.next();
    if (error.kind !== "unavailable")
      emit({ type: "warning", message: `the run cannot be stopped: ${error.message}` });
  }
  return {
    requested: () => request,
    hasBegun: (view) =>
      request === null ? hasBegun(view, mainContainer) : startedMeanwhile(request.before, view),
    request({ by, reason, graceSeconds }, view) {
      if (request !== null) return;
      const grace = graceSeconds ?? supervision.graceSeconds;
      const tooLate = mainHasEnded(view.pod, mainContainer);
      request = { by, reason, graceSeconds: grace, tooLate, before: view };
      emit({ type: "stop-requested", by, reason, graceSeconds: grace });
    },
    async act(view) {
      if (request === null || clock.now() < againAt) return;
      if (asked?.uid === targetOf(view)) await force(view, request, asked.at);
      else await ask(view, request);
    },
    hurry(seconds) {
      // Called off with the run, which then has no ending to be told.
      clock.sleep(seconds * 1000, context.closing).then(
        () => hurry.resolve(null),
        () => undefined,
      );
    },
    hurried: () => hurry.promise,
    tellForced,
    asked: () => asked !== null,
    alone: () => signalled,
    removing: () => asked?.uid === theJob,
    nextMilliseconds() {
      if (request === null) return null;
      if (asked === null || clock.now() < againAt) return againAt - clock.now();
      const untilForce = asked.at + request.graceSeconds * 1000 + kubeletMilliseconds - clock.now();
      if (untilForce > 0) return untilForce;
      return forced ? null : overdueMilliseconds;
    },
  };
}

function targetOf(view: View): string {
  return view.pod !== null && hasBegun(view, mainContainer) ? view.pod.uid : theJob;
}
