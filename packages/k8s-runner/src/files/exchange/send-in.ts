/** The folders of this machine → the pod, in one go. */

import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { ApiError } from "../../cluster/cluster.ts";
import type { ExecSession } from "../../cluster/exec-source.ts";
import type { CopiedFolder, FilesLeftOut, RefusedEntry } from "../../types/copies.ts";
import { archiveOf } from "../archive-writer.ts";
import type { SourcedItem } from "../archive-writer.ts";
import type { ArchiveLimits } from "../archive-reader.ts";
import { sharedDisk } from "../disk.ts";
import { carriedEntries } from "../carried.ts";
import type { CarriedFolder } from "../carried.ts";
import { writeListing } from "../listing.ts";
import type { ListedEntry, ListingWriter } from "../listing.ts";
import { itemOf } from "../pod/send.ts";
import { collector } from "./collector.ts";
import { diskTrouble } from "./patience.ts";
import { refusedOrInterrupted, replyOf } from "./program.ts";
import type { Interruption, ProgramEnd, StartProgram } from "./program.ts";
import type { RunState } from "./run-state.ts";

export interface SendOptions {
  readonly folders: readonly CopiedFolder[];
  readonly limits: ArchiveLimits;
  readonly state: RunState;
  readonly start: StartProgram;
  readonly progress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export type SendOutcome =
  | ({ readonly kind: "sent"; readonly entries: number; readonly bytes: number } & FilesLeftOut)
  | { readonly kind: "too-large"; readonly limit: "bytes" | "entries"; readonly allowed: number }
  | { readonly kind: "refused"; readonly error: ApiError }
  | Interruption;

export class TooLargeError extends Error {
  readonly limit: "bytes" | "entries";
  readonly allowed: number;

  constructor(limit: "bytes" | "entries", allowed: number) {
    super(`there are more than ${allowed} ${limit}`);
    this.limit = limit;
    this.allowed = allowed;
  }
}

/** Nothing is taken, and nothing is said: the connection is dead. */
const silenceMilliseconds = 60_000;

export async function sendFolders(options: SendOptions): Promise<SendOutcome> {
  const { state, start, signal } = options;
  const token = randomUUID();
  await mkdir(state.folder, { recursive: true, mode: 0o700 });
  const listing = await writeListing(state.listing(token));
  try {
    const answer = await start(["receive"], signal);
    if (answer.kind === "error") return toOutcome(refusedOrInterrupted(answer.error));
    return await exchange(answer.session, token, listing, options);
  } finally {
    await listing.close();
  }
}

async function exchange(
  session: ExecSession,
  token: string,
  listing: ListingWriter,
  options: SendOptions,
): Promise<SendOutcome> {
  const totals = { entries: 0, bytes: 0 };
  const leftOut = collector<RefusedEntry>();
  const answered = replyOf(session);
  const local: { error: unknown } = { error: null };
  const writing = sendAll(
    session,
    archiveOf(sentItems(options, listing, totals, leftOut.add), {
      disk: sharedDisk,
      // One that was removed since it was listed is not missed.
      unreadable: ({ path }, { code }) =>
        void (code === "ENOENT" || leftOut.add({ path, reason: "unreadable" })),
      end: () => ({ token }),
    }),
    options,
  ).catch((error: unknown) => {
    local.error = error;
    session.cancel("the folders cannot be sent");
  });
  const end = await answered;
  await writing;
  if (end.kind === "reply")
    return toOutcome(end, { ...totals, refusals: leftOut.list, refused: leftOut.count() });
  if (local.error instanceof TooLargeError)
    return { kind: "too-large", limit: local.error.limit, allowed: local.error.allowed };
  options.signal.throwIfAborted();
  const trouble = diskTrouble(local.error);
  return trouble === null
    ? toOutcome(end)
    : { kind: "interrupted", message: (local.error as Error).message, trouble };
}

/** Ends early where the program answers without having read all: what is left is then not wanted. */
async function sendAll(
  session: ExecSession,
  archive: AsyncIterable<Uint8Array>,
  { progress, signal }: SendOptions,
): Promise<void> {
  let over = false;
  void session.ended.then(() => void (over = true));
  let bytes = 0;
  for await (const chunk of archive) {
    signal.throwIfAborted();
    if (over) return;
    const silence = setTimeout(() => session.cancel("the pod takes nothing any more"), silenceMilliseconds);
    try {
      await session.write(chunk);
    } catch {
      return;
    } finally {
      clearTimeout(silence);
    }
    bytes += chunk.length;
    progress(bytes);
  }
}

async function* sentItems(
  { folders, limits, signal }: SendOptions,
  listing: ListingWriter,
  totals: { entries: number; bytes: number },
  refuse: (refusal: RefusedEntry) => void,
): AsyncGenerator<SourcedItem> {
  for await (const entry of carriedEntries(sentFolders(folders), refuse, { signal })) {
    totals.entries += 1;
    totals.bytes += entry.size;
    if (totals.entries > limits.entries) throw new TooLargeError("entries", limits.entries);
    if (totals.bytes > limits.bytes) throw new TooLargeError("bytes", limits.bytes);
    await listing.add(entry);
    yield { item: itemOf(entry), source: sourceOf(folders, entry) };
  }
  // Before the archive's end: when the pod has that, the run begins, though this process may be gone.
  await listing.flush();
}

function sourceOf(folders: readonly CopiedFolder[], { kind, copy, path }: ListedEntry): string | null {
  return kind === "file" ? `${folders[copy]?.folder ?? ""}/${path}` : null;
}

/** All of them, as their numbers count; of those that only come back, nothing is carried. */
export function sentFolders(folders: readonly CopiedFolder[]): readonly CarriedFolder[] {
  return folders.map(({ folder, direction, exclude = [], only = [] }) => ({
    folder,
    exclude: direction === "out" ? ["*"] : exclude,
    only,
  }));
}

const nothingSent = { entries: 0, bytes: 0, refusals: [], refused: 0 };

function toOutcome(
  end: ProgramEnd,
  totals: Omit<Extract<SendOutcome, { kind: "sent" }>, "kind"> = nothingSent,
): SendOutcome {
  if (end.kind !== "reply") return end;
  const { reply } = end;
  switch (reply.kind) {
    case "received":
      return { kind: "sent", ...totals };
    case "failed":
      return {
        kind: "interrupted",
        message: reply.message,
        trouble: ["ENOSPC", "EDQUOT"].includes(reply.code) ? "pod-disk-full" : "program-failed",
      };
    case "done":
    case "ended":
      return {
        kind: "interrupted",
        message: "the program in the pod answered something else",
        trouble: "program-failed",
      };
  }
}
