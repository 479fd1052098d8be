/** One journey in each direction, with what is said on the way. */

import type { RunEventBody } from "../../observe/run-events.ts";
import type { CopiedFolders, FilesReturn } from "../../types/copies.ts";
import type { RunFailure } from "../../types/exit.ts";
import type { ArchiveLimits } from "../archive-reader.ts";
import { fetchChanges, finishEarlier, releasePod, suffixOf } from "./fetch-back.ts";
import type { FetchOutcome } from "./fetch-back.ts";
import type { StartProgram } from "./program.ts";
import { runStateOf, stateRootOf } from "./run-state.ts";
import type { RunState } from "./run-state.ts";
import { sendFolders } from "./send-in.ts";
import type { SendOutcome } from "./send-in.ts";

export interface JourneyOptions {
  /** `null`: this process was not told which folders they are. */
  readonly copies: CopiedFolders | null;
  /** Names the run among all that have copied these folders. */
  readonly run: string;
  readonly emit: (event: RunEventBody) => void;
  readonly patienceSeconds: number;
  readonly receiver: StartProgram;
  readonly holder: StartProgram;
}

export interface Journeys {
  send(
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: "sent" }
    | { readonly kind: "failed"; readonly failure: RunFailure }
    | { readonly kind: "interrupted" }
  >;
  /** `asking`: the pod is there. Without it, only what has arrived before is moved in. */
  fetch(
    signal: AbortSignal,
    asking: boolean,
  ): Promise<FilesReturn | { readonly kind: "interrupted"; readonly message: string }>;
  /** Forgets the run, unless something of it is still to be moved into the folders. */
  remove(): Promise<void>;
}

const defaultLimits: ArchiveLimits = { bytes: 10 * 1024 ** 3, entries: 1_000_000 };
/** Often enough for a person who waits. */
const progressBytes = 64 * 1024 * 1024;
const unknownFolders =
  "this process does not know the folders of the run; start it anew with them, or attach with them";

export function createJourneys(options: JourneyOptions): Journeys {
  const { copies, run, emit, patienceSeconds, receiver, holder } = options;
  const limits = { ...defaultLimits, ...copies?.limits };
  let state: RunState | null = null;

  async function prepared(folders: CopiedFolders["folders"]): Promise<RunState> {
    if (state !== null) return state;
    const root = (await stateRootOf(folders)) ?? "";
    await finishEarlier(root);
    return (state = runStateOf(root, run));
  }
  function progressOf(type: "files-sending" | "files-fetching"): (bytes: number) => void {
    let next = progressBytes;
    return (bytes) => {
      if (bytes < next) return;
      next = bytes + progressBytes;
      emit({ type, bytes });
    };
  }
  return {
    async send(signal) {
      if (copies === null) return { kind: "failed", failure: notIn(unknownFolders) };
      const { folders } = copies;
      const outcome = await guarded(async () =>
        sendFolders({
          folders,
          limits,
          state: await prepared(folders),
          start: receiver,
          progress: progressOf("files-sending"),
          signal,
        }),
      );
      signal.throwIfAborted();
      if (outcome.kind === "sent")
        emit({ type: "files-sent", entries: outcome.entries, bytes: outcome.bytes });
      if (outcome.kind === "interrupted")
        emit({ type: "files-interrupted", direction: "in", message: outcome.message });
      if (outcome.kind === "sent" || outcome.kind === "interrupted") return { kind: outcome.kind };
      return { kind: "failed", failure: failureOf(outcome) };
    },
    async fetch(signal, asking) {
      if (copies === null) return { kind: "lost", reason: "unavailable", message: unknownFolders };
      const { folders } = copies;
      if (folders.every(({ direction }) => direction === "in")) {
        await releasePod(holder, signal);
        return nothing;
      }
      const outcome = await guarded(async () =>
        fetchChanges({
          folders,
          limits,
          state: await prepared(folders),
          suffix: suffixOf(run),
          start: asking ? holder : absent,
          patienceSeconds,
          progress: progressOf("files-fetching"),
          signal,
        }),
      );
      signal.throwIfAborted();
      if (outcome.kind === "interrupted")
        emit({ type: "files-interrupted", direction: "out", message: outcome.message });
      // What is here is safe, and what is too large will not become smaller: the pod may go.
      else if (asking) await releasePod(holder, signal);
      return outcome;
    },
    async remove() {
      if (copies === null) return;
      const known = await prepared(copies.folders);
      if ((await known.committed()) === null) await known.remove();
    },
  };
}

const nothing: FilesReturn = {
  kind: "returned",
  written: 0,
  deleted: 0,
  bytes: 0,
  conflicts: [],
  conflicted: 0,
  refusals: [],
  refused: 0,
};

const absent: StartProgram = async () => ({
  kind: "error",
  error: {
    kind: "not-found",
    httpStatus: null,
    reason: null,
    message: "the pod is gone",
    causes: [],
    retryAfterSeconds: null,
  },
});

/** What this machine's disk refuses may be mended while the pod waits. */
async function guarded<T extends SendOutcome | FetchOutcome>(
  journey: () => Promise<T>,
): Promise<T | { readonly kind: "interrupted"; readonly message: string }> {
  try {
    return await journey();
  } catch (error) {
    return { kind: "interrupted", message: error instanceof Error ? error.message : String(error) };
  }
}

function failureOf(outcome: Exclude<SendOutcome, { kind: "sent" | "interrupted" }>): RunFailure {
  switch (outcome.kind) {
    case "too-large":
      return outcome.limit === "bytes"
        ? {
            kind: "workspace-too-large",
            what: "the folders to be copied",
            bytes: null,
            limitBytes: outcome.allowed,
            setting: null,
          }
        : notIn(`there are more than ${outcome.allowed} files and folders to be copied`);
    case "refused":
      return {
        kind: "forbidden",
        verb: "create",
        resource: "pods/exec",
        namespace: "",
        message: outcome.error.message,
      };
    case "disk-full":
      return notIn(`the pod's disk is full: ${outcome.message}`);
    case "unreadable":
      return notIn(`the folders cannot be read: ${outcome.message}`);
  }
}

function notIn(message: string): RunFailure {
  return { kind: "start-timeout", phase: "files", message, waitedSeconds: 0 };
}
