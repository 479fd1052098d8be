/** One journey in each direction, with what is said on the way. */

import { join } from "node:path";
import type { ApiError } from "../../cluster/cluster.ts";
import type { RunEventBody } from "../../observe/run-events.ts";
import type { CopiedFolders, FilesLeftOut, FilesReturn } from "../../types/copies.ts";
import type { RunFailure } from "../../types/exit.ts";
import type { ArchiveLimits } from "../archive-reader.ts";
import { fetchChanges, finishEarlier, releasePod, suffixOf } from "./fetch-back.ts";
import type { FetchOutcome } from "./fetch-back.ts";
import { unknownFolder } from "../job-folders.ts";
import { diskTrouble } from "./patience.ts";
import type { Interruption, StartProgram } from "./program.ts";
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
    | { readonly kind: "sent"; readonly leftOut: FilesLeftOut }
    | { readonly kind: "failed"; readonly failure: RunFailure }
    | Interruption
  >;
  /** `asking`: the pod is there. Without it, only what has arrived before is moved in. */
  fetch(
    signal: AbortSignal,
    asking: boolean,
  ): Promise<FilesReturn | { readonly kind: "refused"; readonly error: ApiError } | Interruption>;
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
    const root = (await stateRootOf(folders.filter(({ folder }) => folder !== unknownFolder))) ?? "";
    await finishEarlier(root);
    return (state = runStateOf(root, run));
  }
  return {
    async send(signal) {
      if (copies === null)
        return { kind: "interrupted", message: unknownFolders, trouble: "folders-unknown" };
      const { folders } = copies;
      const outcome = await guarded(async () => {
        const known = await prepared(folders);
        return sendFolders({
          folders: placed(folders, known),
          limits,
          state: known,
          start: receiver,
          progress: progressOf(emit, "files-sending"),
          ...(copies.cache !== undefined && {
            cacheUnused: (message: string) => emit({ type: "files-cache-unused", message }),
          }),
          signal,
        });
      });
      signal.throwIfAborted();
      if (outcome.kind === "sent") {
        const { entries, bytes, fromCache, refusals, refused } = outcome;
        const cached = copies.cache === undefined ? {} : { fromCache };
        emit({ type: "files-sent", entries, bytes, ...cached, refusals, refused });
        return { kind: "sent", leftOut: { refusals, refused } };
      }
      if (outcome.kind !== "interrupted") return { kind: "failed", failure: failureOf(outcome, copies) };
      emit({ type: "files-interrupted", direction: "in", message: outcome.message });
      return outcome;
    },
    async fetch(signal, asking) {
      if (copies === null) return { kind: "lost", reason: "unavailable", message: unknownFolders };
      const { folders } = copies;
      if (folders.every(({ direction }) => direction === "in")) {
        await releasePod(holder, signal);
        return nothing;
      }
      const outcome = await guarded(async () => {
        const known = await prepared(folders);
        return fetchChanges({
          folders: placed(folders, known),
          limits,
          state: known,
          suffix: suffixOf(run),
          start: asking ? holder : absent,
          patienceSeconds,
          progress: progressOf(emit, "files-fetching"),
          signal,
        });
      });
      signal.throwIfAborted();
      if (outcome.kind === "interrupted")
        emit({ type: "files-interrupted", direction: "out", message: outcome.message });
      // What is here is safe, and what is too large will not become smaller: the pod may go.
      else if (asking && outcome.kind !== "refused") await releasePod(holder, signal);
      return outcome;
    },
    async remove() {
      if (copies === null) return;
      const known = await prepared(copies.folders);
      if ((await known.committed()) === null) await known.remove();
    },
  };
}

/** What belongs into a folder that is not known is put down beside, and goes with the rest that is remembered of the run. */
function placed(folders: CopiedFolders["folders"], { folder: own }: RunState): CopiedFolders["folders"] {
  return folders.map((one, index) =>
    one.folder === unknownFolder ? { ...one, folder: join(own, `unknown-${index}`) } : one,
  );
}

function progressOf(
  emit: JourneyOptions["emit"],
  type: "files-sending" | "files-fetching",
): (bytes: number) => void {
  let next = progressBytes;
  return (bytes) => {
    if (bytes < next) return;
    next = bytes + progressBytes;
    emit({ type, bytes });
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
): Promise<T | Interruption> {
  try {
    return await journey();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "interrupted", message, trouble: diskTrouble(error) };
  }
}

function failureOf(
  outcome: Exclude<SendOutcome, { kind: "sent" | "interrupted" }>,
  { limitNames }: CopiedFolders,
): RunFailure {
  switch (outcome.kind) {
    case "too-large":
      return {
        kind: "workspace-too-large",
        what: "what is to be copied into the run",
        bytes: null,
        limitBytes: outcome.limit === "bytes" ? outcome.allowed : null,
        limitEntries: outcome.limit === "entries" ? outcome.allowed : null,
        setting: limitNames?.[outcome.limit] ?? null,
      };
    case "refused":
      return {
        kind: "forbidden",
        verb: "create",
        resource: "pods/exec",
        namespace: "",
        message: outcome.error.message,
      };
  }
}
