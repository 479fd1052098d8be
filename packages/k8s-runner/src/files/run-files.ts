/** The copied folders of one run: in before the command starts, back after it has ended. Both go on beside its supervision. */

import { linkSignals } from "../async/link-signals.ts";
import { holderContainer, mainContainer, receiverContainer } from "../manifest/names.ts";
import { programCommand } from "../manifest/copies.ts";
import type { Supervision } from "../manifest/supervision.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import { hasBegun } from "../observe/view.ts";
import type { View } from "../observe/view.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { CopiedFolders, FilesEvidence, FilesLeftOut, FilesReturn } from "../types/copies.ts";
import type { RunFailure } from "../types/exit.ts";
import type { RunRef } from "../types/run.ts";
import { callProgram } from "./exchange/program.ts";
import type { StartProgram } from "./exchange/program.ts";
import { createPatience, patienceBefore } from "./exchange/patience.ts";
import { fetchUntilBack, isHolding, isReceiving, sendUntilIn } from "./exchange/insist.ts";
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
    const sent = await sendUntilIn({ clock, view, journeys, patience, signal });
    if (sent.kind === "in") ({ leftOut } = sent);
    if (sent.kind === "failed") ({ failure } = sent);
  }
  function fetch(): Promise<FilesReturn> {
    const promisedSeconds = supervision.graceSeconds + holdSeconds;
    return fetchUntilBack({ clock, view, journeys, promisedSeconds, signal });
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

function eventOf(returned: FilesReturn): RunEventBody {
  const { kind, ...rest } = returned;
  return kind === "returned"
    ? ({ type: "files-returned", ...rest } as RunEventBody)
    : ({ type: "files-lost", ...rest } as RunEventBody);
}
