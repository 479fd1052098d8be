/** The folders of this machine → the pod, in one go. */

import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import type { ApiError } from "../../cluster/cluster.ts";
import type { ExecSession } from "../../cluster/exec-source.ts";
import type { CopiedFolder, FilesLeftOut, RefusedEntry } from "../../types/copies.ts";
import { archiveOf } from "../archive-writer.ts";
import type { ArchiveLimits } from "../archive-reader.ts";
import { sharedDisk } from "../disk.ts";
import { askCache } from "../cache/ask-cache.ts";
import type { HashSet } from "../cache/hash-set.ts";
import { noHashes } from "../cache/hash-set.ts";
import { writeListing } from "../listing.ts";
import type { ListingWriter } from "../listing.ts";
import { collector } from "./collector.ts";
import { diskTrouble } from "./patience.ts";
import { refusedOrInterrupted, replyOf } from "./program.ts";
import type { Interruption, ProgramEnd, StartProgram } from "./program.ts";
import type { RunState } from "./run-state.ts";
import { TooLargeError, sentItems } from "./sent-items.ts";

export interface SendOptions {
  readonly folders: readonly CopiedFolder[];
  readonly limits: ArchiveLimits;
  readonly state: RunState;
  readonly start: StartProgram;
  readonly progress: (bytes: number) => void;
  /** Told why a cache is not used, or not filled; not given: there is none. */
  readonly cacheUnused?: (message: string) => void;
  readonly signal: AbortSignal;
}

export type SendOutcome =
  | ({
      readonly kind: "sent";
      readonly entries: number;
      readonly bytes: number;
      readonly fromCache: { readonly files: number; readonly bytes: number };
    } & FilesLeftOut)
  | { readonly kind: "too-large"; readonly limit: "bytes" | "entries"; readonly allowed: number }
  | { readonly kind: "refused"; readonly error: ApiError }
  | Interruption;

/** Nothing is taken, and nothing is said: the connection is dead. */
const silenceMilliseconds = 60_000;

/** A cache that does not keep its word is asked once; then all is sent. */
export async function sendFolders(options: SendOptions): Promise<SendOutcome> {
  const { state, start, signal, cacheUnused } = options;
  await mkdir(state.folder, { recursive: true, mode: 0o700 });
  if (cacheUnused === undefined) {
    // Without a cache nobody needs them.
    await rm(state.hashes, { force: true });
    return withoutCache(options);
  }
  const cache = await askCache(start, signal);
  if (cache.kind === "interrupted" || cache.kind === "refused") return cache;
  if (cache.kind === "known") {
    const outcome = await sendWith(options, cache.hashes);
    if (outcome.kind !== "cache-broken") return outcome;
    cacheUnused(outcome.message);
  } else cacheUnused(cache.message);
  return withoutCache(options);
}

async function withoutCache(options: SendOptions): Promise<SendOutcome> {
  const outcome = await sendWith(options, noHashes);
  if (outcome.kind !== "cache-broken") return outcome;
  // It was asked for nothing.
  return { kind: "interrupted", message: outcome.message, trouble: "program-failed" };
}

type AnyOutcome = SendOutcome | { readonly kind: "cache-broken"; readonly message: string };

async function sendWith(options: SendOptions, cached: HashSet): Promise<AnyOutcome> {
  const { state, start, signal } = options;
  const token = randomUUID();
  const listing = await writeListing(state.listing(token));
  try {
    const answer = await start(["receive"], signal);
    if (answer.kind === "error") return toOutcome(refusedOrInterrupted(answer.error));
    return await exchange(answer.session, { token, listing, cached }, options);
  } finally {
    await listing.close();
  }
}

interface Sending {
  readonly token: string;
  readonly listing: ListingWriter;
  readonly cached: HashSet;
}

async function exchange(session: ExecSession, sending: Sending, options: SendOptions): Promise<AnyOutcome> {
  const { token } = sending;
  const totals = { entries: 0, bytes: 0, fromCache: { files: 0, bytes: 0 } };
  const leftOut = collector<RefusedEntry>();
  const answered = replyOf(session);
  const local: { error: unknown } = { error: null };
  const writing = sendAll(
    session,
    archiveOf(sentItems(options, sending, { totals, refuse: leftOut.add }), {
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
  if (end.kind === "reply" && end.reply.kind === "received" && end.reply.cacheTrouble !== null)
    options.cacheUnused?.(end.reply.cacheTrouble);
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

const nothingSent = { entries: 0, bytes: 0, fromCache: { files: 0, bytes: 0 }, refusals: [], refused: 0 };

function toOutcome(
  end: ProgramEnd,
  totals: Omit<Extract<SendOutcome, { kind: "sent" }>, "kind"> = nothingSent,
): AnyOutcome {
  if (end.kind !== "reply") return end;
  const { reply } = end;
  switch (reply.kind) {
    case "received":
      return { kind: "sent", ...totals };
    case "failed":
      if (reply.code === "ECACHE") return { kind: "cache-broken", message: reply.message };
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
