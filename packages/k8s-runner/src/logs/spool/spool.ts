/** Between the socket and the consumer: what is read but not yet taken. In memory, and beyond a bound on disk. */

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { SpoolEntry } from "./frame.ts";
import { removeWithCopies } from "./half-copies.ts";
import { REAL_DISK, adoptSpoolFile, createOverflowFile } from "./spool-file.ts";
import type { FramePlace, SpoolDisk, SpoolFile } from "./spool-file.ts";
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

/** One entry of the queue: in memory until it is known to be on disk, and longer while there is room. */
interface Item {
  entry: SpoolEntry | null;
  readonly size: number;
  file: SpoolFile | null;
  place: FramePlace | null;
}

const MEBIBYTE = 1024 * 1024;

export function createSpool(
  options: SpoolOptions,
  owner: { readonly podUid: string; readonly container: string },
  warn: (message: string) => void,
): Spool {
  const disk = options.disk ?? REAL_DISK;
  const memoryBytes = options.memoryBytes ?? MEBIBYTE;
  const overflowBytes = options.overflowBytes ?? 1024 * MEBIBYTE;
  const durableBytes = options.durable?.maximumBytes ?? 0;
  let queue: Item[] = [];
  let head = 0;
  let inMemory = 0;
  let durable: SpoolFile | null = null;
  let overflow: SpoolFile | null = null;
  /** On its way, or `false`: there is none and will be none. */
  let overflowOpening: Promise<void> | false | null = options.overflowFolder === null ? false : null;
  const files = new Set<SpoolFile>();
  let ended: { readonly error: unknown } | null = null;
  let changed = Promise.withResolvers<void>();

  function notify(): void {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  }

  function release(item: Item): void {
    if (item.entry === null) return;
    item.entry = null;
    inMemory -= item.size;
    notify();
  }

  function store(item: Item, file: SpoolFile, keepInMemory: boolean): void {
    const { place, written } = file.append(item.entry as SpoolEntry);
    void settle();
    async function settle(): Promise<void> {
      try {
        await written;
        item.file = file;
        item.place = place;
        if (!keepInMemory) release(item);
      } catch (error) {
        giveUp(file, error);
      }
    }
  }

  function giveUp(file: SpoolFile, error: unknown): void {
    if (file !== durable && file !== overflow) return;
    const lasting = file === durable;
    if (lasting) durable = null;
    else overflow = null;
    if (!lasting) overflowOpening = false;
    const consequence = lasting ? "this run's output can not be replayed" : "reading waits for the consumer";
    warn(`output can not be spooled to disk, ${consequence}: ${messageOf(error)}`);
    notify();
  }

  async function openOverflow(folder: string): Promise<void> {
    try {
      const path = join(folder, `claude-k8s-${randomUUID()}.spool`);
      overflow = await createOverflowFile(path, disk);
      files.add(overflow);
      for (const item of queue.slice(head))
        if (item.place === null && inMemory > memoryBytes) store(item, overflow, false);
    } catch (error) {
      overflowOpening = false;
      warn(`output can not be spooled to disk, reading waits for the consumer: ${messageOf(error)}`);
      notify();
    }
  }

  function spill(item: Item): void {
    if (overflow !== null && overflow.size < overflowBytes) store(item, overflow, false);
    else if (overflow === null && overflowOpening === null)
      overflowOpening = openOverflow(options.overflowFolder as string);
  }

  return {
    async open(keep) {
      if (options.durable === undefined) return false;
      try {
        const left: Item[] = [];
        durable = await adoptSpoolFile(
          options.durable.path,
          { kind: "owner", ...options.durable.place, ...owner },
          (frame, place) => {
            if (frame.kind !== "owner" && keep(frame)) left.push({ entry: null, size: 0, file: null, place });
          },
          disk,
        );
        files.add(durable);
        for (const item of left) item.file = durable;
        queue.push(...left);
        // The consumer may be waiting already, and a quiet run gives no other reason to wake it.
        notify();
        return true;
      } catch (error) {
        warn(`output can not be kept on disk, this run's output can not be replayed: ${messageOf(error)}`);
        return false;
      }
    },
    write(entry) {
      const size = entry.kind === "lines" ? entry.text.length + entry.marks.byteLength : 0;
      const item: Item = { entry, size, file: null, place: null };
      queue.push(item);
      inMemory += size;
      const fits = inMemory <= memoryBytes;
      if (durable !== null && durable.size + size > durableBytes) {
        warn(`output beyond ${durableBytes} bytes is not kept on disk for a replay`);
        durable = null;
      }
      if (durable !== null) store(item, durable, fits);
      else if (!fits) spill(item);
      notify();
      // Memory that waits for a slow disk has a bound, too.
      const bound = durable === null && overflow === null ? memoryBytes : 4 * memoryBytes;
      return inMemory > bound ? "full" : undefined;
    },
    async room(signal) {
      for (;;) {
        if (inMemory <= memoryBytes) return;
        await waitFor(changed.promise, signal);
      }
    },
    async flushed() {
      await durable?.flushed();
    },
    end(error) {
      ended = { error };
      notify();
    },
    async take() {
      for (;;) {
        if (ended?.error !== undefined) throw ended.error as Error;
        const item = queue[head];
        if (item !== undefined) return takeItem(item);
        if (ended !== null) return null;
        await changed.promise;
      }
    },
    async close() {
      if (overflowOpening !== null && overflowOpening !== false) await overflowOpening;
      for (const file of files) await file.close().catch(() => undefined);
      files.clear();
    },
    async remove() {
      durable = null;
      if (options.durable !== undefined) await removeWithCopies(options.durable.path, disk);
    },
  };

  async function takeItem(item: Item): Promise<SpoolEntry> {
    const entry = item.entry ?? ((await item.file?.read(item.place as FramePlace)) as SpoolEntry);
    release(item);
    head++;
    if (head > 1000 && head * 2 > queue.length) {
      queue = queue.slice(head);
      head = 0;
    }
    if (overflow !== null && head === queue.length && inMemory === 0 && overflow.size > 0)
      await overflow.reset();
    return entry;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
