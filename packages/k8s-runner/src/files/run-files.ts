/** The copied folders of one run: in before the command starts, back after it has ended. Both go on beside its supervision. */

import { createBackoff } from "../async/backoff.ts";
import { linkSignals } from "../async/link-signals.ts";
import { holderContainer, mainContainer, receiverContainer } from "../manifest/names.ts";
import { programCommand } from "../manifest/copies.ts";
import type { Supervision } from "../manifest/supervision.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import { mainState } from "../observe/containers.ts";
import { hasBegun } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunnerContext } from "../runner-context.ts";
import type {
  CopiedFolders,
  FilesEvidence,
  FilesLeftOut,
  FilesReturn,
  FilesTrouble,
} from "../types/copies.ts";
import type { RunFailure } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import { callProgram } from "./exchange/program.ts";
import type { Interruption, StartProgram } from "./exchange/program.ts";
import { createPatience, patienceAfter, patienceBefore } from "./exchange/patience.ts";
import { createJourneys } from "./exchange/journeys.ts";
import type { Journeys } from "./exchange/journeys.ts";

export interface RunFiles {
  /** Sends what is due, fetches what there is. `stopped`: its end was asked for. A failure: the folders will never be in. */
  act(view: View, stopped: boolean): RunFailure | null;
  /** The command has ended, or its pod is gone: waits until what it left is here, or is lost. `null`: there is nothing to fetch. */
  finish(): Promise<FilesEvidence | null>;
  /** Asks for a gentle end of the command alone. */
  stopMain(view: View, graceSeconds: number): Promise<StopAnswer>;
  /** Another process has the run: it brings and fetches its files. */
  leave(): void;
  /** What is remembered of the copies is not needed any more. */
  remove(): Promise<void>;
}

/** `ended`: it had ended before it could be asked. `unable`: it cannot be asked that way. */
export type StopAnswer = "asked" | "ended" | "unable";

export interface RunFilesOptions {
  readonly ref: RunRef;
  readonly copies: CopiedFolders | null;
  readonly supervision: Supervision;
  /** Only watch. */
  readonly observe: boolean;
  readonly view: () => View;
  readonly emit: (event: RunEventBody) => void;
  /** Something is different. */
  readonly changed: () => void;
}

const noFiles: RunFiles = {
  act: () => null,
  finish: async () => null,
  stopMain: async () => "unable",
  leave: () => undefined,
  remove: async () => undefined,
};
const stopMilliseconds = 10_000;
/** The holder may have to be found again, and what is there to be sent, after the time for which it promised to stay. */
const lateMilliseconds = 30_000;
const forbiddenMilliseconds = 60_000;

export function createRunFiles(context: RunnerContext, options: RunFilesOptions): RunFiles {
  const { holdSeconds = null } = options.supervision;
  return options.observe || holdSeconds === null ? noFiles : filesOf(context, options, holdSeconds);
}

function filesOf(context: RunnerContext, options: RunFilesOptions, holdSeconds: number): RunFiles {
  const { closing, clock } = context;
  const { ref, copies, view, emit, changed, supervision } = options;
  const inPod = (container: string): StartProgram => programIn(context, ref, view, container);
  const journeys: Journeys = createJourneys({
    copies,
    run: ref.jobUid,
    emit,
    patienceSeconds: supervision.graceSeconds,
    receiver: inPod(receiverContainer),
    holder: inPod(holderContainer),
  });
  const patience = createPatience(patienceBefore);
  const leaving = new AbortController();
  const { signal } = linkSignals([closing, leaving.signal]);
  let sending: Promise<void> | null = null;
  let failure: RunFailure | null = null;
  let leftOut: FilesLeftOut | null = null;
  let fetching: Promise<FilesReturn> | null = null;

  async function send(): Promise<void> {
    const backoff = createBackoff({ first: 500, last: 10_000, random: () => clock.random() });
    while (isReceiving(view())) {
      const outcome = await journeys.send(signal);
      if (outcome.kind === "sent") {
        leftOut = outcome.leftOut;
        return;
      }
      if (outcome.kind === "failed") {
        failure = outcome.failure;
        return;
      }
      const { message, trouble } = outcome;
      const waitedSeconds = patience.endsWith(trouble, clock.now());
      if (trouble !== null && waitedSeconds !== null) {
        failure = { kind: "start-timeout", phase: "files", message, waitedSeconds, trouble };
        return;
      }
      await clock.sleep(backoff.next(), signal);
    }
  }
  async function fetch(): Promise<FilesReturn> {
    const backoff = createBackoff({ first: 500, last: 10_000, random: () => clock.random() });
    const until = clock.now() + (supervision.graceSeconds + holdSeconds) * 1000 + lateMilliseconds;
    const patienceNow = createPatience(patienceAfter);
    let forbiddenSince: number | null = null;
    for (;;) {
      const outcome = await journeys.fetch(signal, isHolding(view()));
      if (outcome.kind === "returned" || outcome.kind === "lost") return outcome;
      if (outcome.kind === "refused") {
        // Rights that were taken away by mistake are given back while the pod waits.
        forbiddenSince ??= clock.now();
        const { message } = outcome.error;
        if (!isHolding(view()) || clock.now() - forbiddenSince > forbiddenMilliseconds)
          return { kind: "lost", reason: "forbidden", message };
      } else {
        const { message, trouble } = outcome;
        if (!isHolding(view())) return lost(view(), outcome);
        if (patienceNow.endsWith(trouble, clock.now()) !== null)
          return { kind: "lost", reason: "unavailable", message };
        if (clock.now() > until) return { kind: "lost", reason: reasonOf(trouble) ?? "time-over", message };
      }
      await clock.sleep(backoff.next(), signal);
    }
  }
  function begin(): Promise<FilesReturn> {
    fetching ??= fetch().then((returned) => {
      emit(eventOf(returned));
      return returned;
    });
    // It is awaited at the end; a runner that is closed before must not fall over it.
    fetching.catch(() => undefined);
    return fetching;
  }
  return {
    act(seen, stopped) {
      // The container that takes them is still seen to run for a moment when they are in.
      if (isReceiving(seen) && leftOut === null) {
        sending ??= send().finally(() => {
          sending = null;
          changed();
        });
        sending.catch(() => undefined);
      }
      // Where the whole pod ends, the kubelet says no more of the command until all have ended, and the holder waits for us.
      const ending =
        stopped || seen.podState?.kind === "ended" || (seen.pod?.deletionTimestamp ?? null) !== null;
      if (ending && hasBegun(seen, mainContainer)) void begin();
      return failure;
    },
    async finish() {
      if (leaving.signal.aborted || !hasBegun(view(), mainContainer)) return null;
      try {
        const returned = await begin();
        const names = (copies?.folders ?? []).flatMap(({ name, direction }) =>
          name === undefined || direction === "in" ? [] : [name],
        );
        return { returned, names, leftOut };
      } catch (error) {
        if (leaving.signal.aborted) return null;
        throw error;
      }
    },
    async stopMain(seen, graceSeconds) {
      if (!isHolding(seen)) return "unable";
      const linked = linkSignals([closing, AbortSignal.timeout(stopMilliseconds)]);
      const words = ["stop", String(graceSeconds)];
      const end = await callProgram(inPod(holderContainer), words, linked.signal)
        .catch(() => null)
        .finally(() => linked.release());
      closing.throwIfAborted();
      if (end?.kind !== "reply") return "unable";
      if (end.reply.kind === "ended") return "ended";
      return end.reply.kind === "done" ? "asked" : "unable";
    },
    leave: () => leaving.abort(new Error("another process has taken the run over")),
    remove: () => journeys.remove(),
  };
}

function programIn(
  { cluster }: RunnerContext,
  { namespace }: RunRef,
  view: () => View,
  container: string,
): StartProgram {
  return (words, signal) =>
    cluster.exec.open(
      { namespace, podName: view().pod?.name ?? "", container, command: programCommand(...words) },
      { signal },
    );
}

function stateIn(view: View, container: string) {
  return view.pod?.containers.find(({ name }) => name === container)?.state ?? null;
}

function isReceiving(view: View): boolean {
  return stateIn(view, receiverContainer)?.kind === "running";
}

function isHolding(view: View): boolean {
  return stateIn(view, holderContainer)?.kind === "running";
}

function reasonOf(trouble: FilesTrouble | null): "disk-full" | null {
  return trouble === "server-disk-full" ? "disk-full" : null;
}

function lost(view: View, { message, trouble }: Interruption): FilesReturn {
  const holder = stateIn(view, holderContainer);
  const ended = mainState(view.pod, mainContainer).kind === "terminated";
  const byItself = holder?.kind === "terminated" && holder.exitCode === 0 && ended;
  return { kind: "lost", reason: reasonOf(trouble) ?? (byItself ? "time-over" : "pod-gone"), message };
}

function eventOf(returned: FilesReturn): RunEventBody {
  const { kind, ...rest } = returned;
  return kind === "returned"
    ? ({ type: "files-returned", ...rest } as RunEventBody)
    : ({ type: "files-lost", ...rest } as RunEventBody);
}
