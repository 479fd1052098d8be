/** What the command changed → the folders of this machine: put down whole, then moved in. Every step may be the last of this process. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { linkSignals } from "../../async/link-signals.ts";
import type { ApiError } from "../../cluster/cluster.ts";
import type { ExecSession } from "../../cluster/exec-source.ts";
import type { CopiedFolder, FilesReturn, RefusedEntry } from "../../types/copies.ts";
import { applyStage } from "../apply.ts";
import type { Conflict } from "../folder-places.ts";
import { ArchiveBrokenError, ArchiveLimitError } from "../archive-reader.ts";
import type { ArchiveLimits } from "../archive-reader.ts";
import { readListing } from "../listing.ts";
import { readJson, stageArchive } from "../stage.ts";
import { collector } from "./collector.ts";
import { diskTrouble } from "./patience.ts";
import { callProgram, endWords, refusedOrInterrupted } from "./program.ts";
import type { Interruption, StartProgram } from "./program.ts";
import { runStateOf, runsIn } from "./run-state.ts";
import type { RunState } from "./run-state.ts";

export interface FetchOptions {
  readonly folders: readonly CopiedFolder[];
  readonly limits: ArchiveLimits;
  readonly state: RunState;
  /** Ends the names of versions that are kept beside: something by which the run can be known. */
  readonly suffix: string;
  readonly start: StartProgram;
  /** For the command to end, before anything comes. */
  readonly patienceSeconds: number;
  readonly progress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export type Returned = Extract<FilesReturn, { kind: "returned" }>;

export type FetchOutcome =
  | Returned
  | Extract<FilesReturn, { kind: "lost" }>
  | { readonly kind: "refused"; readonly error: ApiError }
  | Interruption;

const silenceMilliseconds = 60_000;
const releaseMilliseconds = 10_000;
const mostReported = 100;

export async function fetchChanges(options: FetchOptions): Promise<FetchOutcome> {
  const { state } = options;
  await mkdir(state.folder, { recursive: true, mode: 0o700 });
  const before = await finishedReport(state);
  if (before !== null) return before;
  if ((await state.committed()) === null) {
    const interrupted = await fetchStage(options);
    if (interrupted !== null) return interrupted;
  }
  return moveIn(options);
}

/**
 * Nobody needs the pod any more. Asked for once, and not for long: what the run left is safe, or lost, and whoever removes the run ends
 * a pod that has not heard it.
 */
export async function releasePod(start: StartProgram, signal: AbortSignal): Promise<void> {
  const linked = linkSignals([signal, AbortSignal.timeout(releaseMilliseconds)]);
  await callProgram(start, ["release"], linked.signal)
    .catch(() => null)
    .finally(() => linked.release());
  signal.throwIfAborted();
}

async function finishedReport(state: RunState): Promise<Returned | null> {
  return (await state.finished()) as Returned | null;
}

/** `null`: it is here. */
async function fetchStage(options: FetchOptions): Promise<FetchOutcome | null> {
  const { state, start, signal } = options;
  const answer = await start(["send"], signal);
  if (answer.kind === "error") return refusedOrInterrupted(answer.error);
  const { session } = answer;
  const incoming = state.incoming();
  const refusals = collector<RefusedEntry>();
  try {
    const staged = await stageArchive(watched(session, options), incoming, {
      copies: options.folders.length,
      limits: options.limits,
      outwardLinks: false,
      refuse: (path, reason) => refusals.add({ path: pathWithin(path), reason }),
    });
    await writeNote(incoming, {
      roots: options.folders.map(({ folder }) => folder),
      end: staged.end,
      bytes: staged.bytes,
      refusals: refusals.list,
      refused: refusals.count(),
    });
    await state.commit(incoming);
    return null;
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    signal.throwIfAborted();
    return outcomeOf(error, session);
  } finally {
    session.cancel("all is here");
  }
}

async function outcomeOf(error: unknown, session: ExecSession): Promise<FetchOutcome> {
  if (error instanceof ArchiveLimitError)
    return { kind: "lost", reason: "too-large", message: error.message };
  if (error instanceof ArchiveBrokenError) {
    session.cancel(error.message);
    const end = await session.ended;
    const said = endWords(end, session.errors());
    const trouble = end.kind === "cut" ? null : "program-failed";
    return { kind: "interrupted", message: `${error.message}; ${said}`, trouble };
  }
  return { kind: "interrupted", message: (error as Error).message, trouble: diskTrouble(error) };
}

async function* watched(session: ExecSession, options: FetchOptions): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const cancel = (): void => session.cancel("the pod sends nothing any more");
  let silence = setTimeout(cancel, options.patienceSeconds * 1000 + silenceMilliseconds);
  try {
    for await (const chunk of session.output) {
      clearTimeout(silence);
      silence = setTimeout(cancel, silenceMilliseconds);
      bytes += chunk.length;
      options.progress(bytes);
      yield chunk;
    }
  } finally {
    clearTimeout(silence);
  }
}

interface Note {
  /** The folders that it belongs into. */
  readonly roots: readonly string[];
  readonly end: unknown;
  readonly bytes: number;
  readonly refusals: readonly RefusedEntry[];
  readonly refused: number;
}

/** What has arrived and is not in the folders yet is moved in, whoever fetched it. */
export async function moveIn({
  state,
  suffix,
}: Pick<FetchOptions, "state" | "suffix">): Promise<FetchOutcome> {
  const stage = await state.committed();
  if (stage === null)
    return (
      (await finishedReport(state)) ?? {
        kind: "interrupted",
        message: "nothing has arrived",
        trouble: null,
      }
    );
  const note = (await readJson(join(stage, noteName))) as Note | null;
  const conflicts = collector<Conflict>();
  const roots = note?.roots ?? [];
  for (const root of roots) await mkdir(root, { recursive: true });
  const applied = await applyStage(stage, {
    roots,
    before: readListing(state.listing(tokenOf(note?.end) ?? "none")),
    suffix,
    conflict: conflicts.add,
  });
  const theirs = refusalsOf(note?.end);
  const report: Returned = {
    kind: "returned",
    ...applied,
    bytes: note?.bytes ?? 0,
    conflicts: conflicts.list,
    conflicted: conflicts.count(),
    refusals: [...(note?.refusals ?? []), ...theirs.list].slice(0, mostReported),
    refused: (note?.refused ?? 0) + theirs.count,
  };
  await state.finish(report);
  return report;
}

const noteName = "note";

async function writeNote(folder: string, note: Note): Promise<void> {
  await writeFile(join(folder, noteName), JSON.stringify(note), { mode: 0o600 });
}

function tokenOf(end: unknown): string | null {
  const token = (end as { readonly token?: unknown } | null | undefined)?.token;
  return typeof token === "string" && token !== "" ? token : null;
}

/** As the pod says, which may say anything. */
function refusalsOf(end: unknown): { readonly list: readonly RefusedEntry[]; readonly count: number } {
  const { refused, refusals } = (end ?? {}) as { readonly refused?: unknown; readonly refusals?: unknown };
  const list = (Array.isArray(refusals) ? refusals : [])
    .slice(0, mostReported)
    .flatMap((refusal: unknown) => {
      const { path, reason } = (refusal ?? {}) as { readonly path?: unknown; readonly reason?: unknown };
      return typeof path === "string" && typeof reason === "string"
        ? [{ path: path.slice(0, 1000), reason: reason.slice(0, 40) as RefusedEntry["reason"] }]
        : [];
    });
  return {
    list,
    count: typeof refused === "number" && Number.isSafeInteger(refused) ? refused : list.length,
  };
}

/** Without the number of its folder. */
function pathWithin(name: string): string {
  return name.replace(/^\d{1,4}\//, "").slice(0, 1000);
}

/** What earlier runs left half-way is brought to its end, before anybody sends the folders again; what is old is removed. */
export async function finishEarlier(root: string): Promise<void> {
  for (const run of await runsIn(root)) {
    const state = runStateOf(root, run);
    if ((await state.committed()) === null) {
      await state.removeIfOld();
      continue;
    }
    if ((await state.finished()) === null) await moveIn({ state, suffix: suffixOf(run) });
  }
}

export function suffixOf(run: string): string {
  return `conflict-${run.slice(0, 8)}`;
}
