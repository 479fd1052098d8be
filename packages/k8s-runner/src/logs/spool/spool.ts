/** Between the socket and the consumer: what is read but not yet taken. In memory, and beyond a bound on disk. */

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { SpoolEntry, SpoolOwner } from "./frame.ts";
import { removeWithCopies } from "./half-copies.ts";
import { createEntryQueue } from "./queue.ts";
import type { EntryQueue, Item } from "./queue.ts";
import { REAL_DISK } from "./disk.ts";
import { adoptSpoolFile, createOverflowFile } from "./spool-file.ts";
import type { SpoolDisk } from "./disk.ts";
import type { FramePlace, SpoolFile } from "./spool-file.ts";
import { waitFor } from "../../async/wait-for.ts";

export interface SpoolOptions {
  /** Bytes held in memory for a consumer that is late. Default 1 MiB. */
  readonly memoryBytes?: number;
  /** Folder for what does not fit into memory; `null`: none, then reading waits for the consumer. */
  readonly overflowFolder: string | null;
  /** Default 1 GiB. Beyond it reading waits for the consumer. */
  readonly overflowBytes?: number;
  /** A file that outlives this process: the process that adopts the run replays from it. */
  readonly durable?: {
    readonly path: string;
    /** Told in the file. */
    readonly place?: { readonly server: string; readonly namespace: string };
    /** What comes later is not kept for an adopter. */
    readonly maximumBytes: number;
  };
  /** For tests. */
  readonly disk?: SpoolDisk;
}

export interface Spool {
  /**
   * Opens the durable file. `keep` is asked for every entry that an earlier process left, and the entries that it declines are
   * not given to the consumer again. False: there is no durable file, and what `keep` saw is void.
   */
  open(keep: (entry: SpoolEntry) => boolean): Promise<boolean>;
  /** Never waits. `full`: taken, but take no more before `room()`. */
  write(entry: SpoolEntry): "full" | undefined;
  /** Rejects with `signal.reason`. */
  room(signal: AbortSignal): Promise<void>;
  /** Resolves when the durable file has everything so far, or there is none. */
  flushed(): Promise<void>;
  /** No more entries will come; with an error, the consumer gets it at once. */
  end(error?: unknown): void;
  /** The next entry; `null`: the end. */
  take(): Promise<SpoolEntry | null>;
  /** Lets go of the files; the durable one stays. */
  close(): Promise<void>;
  /** Removes the durable file; nothing is kept for an adopter any more. */
  remove(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

interface State {
  readonly options: SpoolOptions;
  readonly owner: Pick<SpoolOwner, "podUid" | "container">;
  readonly warn: (message: string) => void;
  readonly disk: SpoolDisk;
  readonly memoryBytes: number;
  readonly queue: EntryQueue;
  /** Every file that is open. */
  readonly files: Set<SpoolFile>;
  durable: SpoolFile | null;
  overflow: SpoolFile | null;
  /** On its way, or `false`: there is none and will be none. */
  overflowOpening: Promise<void> | false | null;
  ended: { readonly error: unknown } | null;
  changed: PromiseWithResolvers<void>;
}

export function createSpool(
  options: SpoolOptions,
  owner: { readonly podUid: string; readonly container: string },
  warn: (message: string) => void,
): Spool {
  const state: State = {
    options,
    owner,
    warn,
    disk: options.disk ?? REAL_DISK,
    memoryBytes: options.memoryBytes ?? MEBIBYTE,
    queue: createEntryQueue(() => notify(state)),
    files: new Set(),
    durable: null,
    overflow: null,
    overflowOpening: options.overflowFolder === null ? false : null,
    ended: null,
    changed: Promise.withResolvers<void>(),
  };
  return {
    open: (keep) => openDurable(state, keep),
    write: (entry) => write(state, entry),
    async room(signal) {
      while (state.queue.inMemory > state.memoryBytes) await waitFor(state.changed.promise, signal);
    },
    async flushed() {
      await state.durable?.flushed();
    },
    end(error) {
      state.ended = { error };
      notify(state);
    },
    take: () => take(state),
    close: () => close(state),
    async remove() {
      state.durable = null;
      if (options.durable !== undefined) await removeWithCopies(options.durable.path, state.disk);
    },
  };
}

function notify(state: State): void {
  state.changed.resolve();
  state.changed = Promise.withResolvers<void>();
}

async function openDurable(state: State, keep: (entry: SpoolEntry) => boolean): Promise<boolean> {
  const { options, owner, queue, files, disk, warn } = state;
  if (options.durable === undefined) return false;
  const { path, place } = options.durable;
  try {
    const left: Item[] = [];
    const onFrame: Parameters<typeof adoptSpoolFile>[2] = (frame, at) => {
      if (frame.kind !== "owner" && keep(frame)) left.push({ entry: null, size: 0, file: null, place: at });
    };
    const file = await adoptSpoolFile(path, { kind: "owner", ...place, ...owner }, onFrame, disk);
    state.durable = file;
    files.add(file);
    for (const item of left) item.file = file;
    queue.pushStored(left);
    // The consumer may be waiting already, and a quiet run gives no other reason to wake it.
    notify(state);
    return true;
  } catch (error) {
    warn(`output can not be kept on disk, this run's output can not be replayed: ${messageOf(error)}`);
    return false;
  }
}

function write(state: State, entry: SpoolEntry): "full" | undefined {
  const { queue, memoryBytes, options, warn } = state;
  const item = queue.push(entry);
  const fits = queue.inMemory <= memoryBytes;
  const durableBytes = options.durable?.maximumBytes ?? 0;
  if (state.durable !== null && state.durable.size + item.size > durableBytes) {
    warn(`output beyond ${durableBytes} bytes is not kept on disk for a replay`);
    state.durable = null;
  }
  if (state.durable !== null) void store(state, item, state.durable, fits);
  else if (!fits) spill(state, item);
  notify(state);
  // Memory that waits for a slow disk has a bound, too.
  const bound = state.durable === null && state.overflow === null ? memoryBytes : 4 * memoryBytes;
  return queue.inMemory > bound ? "full" : undefined;
}

async function store(state: State, item: Item, file: SpoolFile, keepInMemory: boolean): Promise<void> {
  const { place, written } = file.append(item.entry as SpoolEntry);
  try {
    await written;
    item.file = file;
    item.place = place;
    if (!keepInMemory) state.queue.release(item);
  } catch (error) {
    giveUp(state, file, error);
  }
}

function giveUp(state: State, file: SpoolFile, error: unknown): void {
  if (file === state.durable) {
    state.durable = null;
    state.warn(
      `output can not be spooled to disk, this run's output can not be replayed: ${messageOf(error)}`,
    );
  } else if (file === state.overflow) withoutOverflow(state, error);
  else return;
  notify(state);
}

function withoutOverflow(state: State, error: unknown): void {
  state.overflow = null;
  state.overflowOpening = false;
  state.warn(`output can not be spooled to disk, reading waits for the consumer: ${messageOf(error)}`);
}

function spill(state: State, item: Item): void {
  const { overflow, options } = state;
  const most = options.overflowBytes ?? 1024 * MEBIBYTE;
  if (overflow !== null && overflow.size < most) void store(state, item, overflow, false);
  else if (overflow === null && state.overflowOpening === null)
    state.overflowOpening = openOverflow(state, options.overflowFolder as string);
}

async function openOverflow(state: State, folder: string): Promise<void> {
  const { queue, memoryBytes, disk, files } = state;
  try {
    const path = join(folder, `claude-k8s-${randomUUID()}.spool`);
    const file = await createOverflowFile(path, disk);
    state.overflow = file;
    files.add(file);
    for (const item of queue.unstored())
      if (queue.inMemory > memoryBytes) void store(state, item, file, false);
  } catch (error) {
    withoutOverflow(state, error);
    notify(state);
  }
}

async function take(state: State): Promise<SpoolEntry | null> {
  for (;;) {
    if (state.ended?.error !== undefined) throw state.ended.error as Error;
    const item = state.queue.first();
    if (item !== undefined) return takeItem(state, item);
    if (state.ended !== null) return null;
    await state.changed.promise;
  }
}

async function takeItem(state: State, item: Item): Promise<SpoolEntry> {
  const { queue } = state;
  const entry = item.entry ?? ((await item.file?.read(item.place as FramePlace)) as SpoolEntry);
  queue.release(item);
  queue.shift();
  const { overflow } = state;
  if (overflow !== null && queue.isEmpty && queue.inMemory === 0 && overflow.size > 0) await overflow.reset();
  return entry;
}

/** No file is opened any more, and each that is open is let go of. */
async function close(state: State): Promise<void> {
  const opening = state.overflowOpening;
  state.overflowOpening = false;
  if (opening !== null && opening !== false) await opening;
  for (const file of state.files) await file.close().catch(() => undefined);
  state.files.clear();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
