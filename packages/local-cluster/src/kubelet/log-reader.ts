import { open, type FileHandle } from "node:fs/promises";
import type { LogChange } from "./log-writer.ts";
import { parseRecord } from "./log-record.ts";

export interface LogQuery {
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** Whole seconds, inclusive; the filter is per record, not per line. */
  readonly sinceNanoseconds: bigint | null;
  readonly tailRecords: number | null;
  readonly limitBytes: number | null;
}

export interface LogSource {
  readonly path: string;
  isRunning(): boolean;
  subscribe(listener: (change: LogChange) => void): () => void;
}

const newline = 0x0a;
const chunkBytes = 64 * 1024;

/**
 * The kubelet's `ReadLogs`, its faults included: it re-opens from the start for every queued rotation, leaves what the
 * old file still had, and ends at the old file's end when the container has stopped meanwhile. `write` resolves when the
 * reader has taken the bytes.
 */
export async function readLog(
  source: LogSource,
  query: LogQuery,
  write: (bytes: Buffer) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const changes = followChanges(source, query.follow, signal);
  let file = await open(source.path, "r");
  try {
    let position = await tailStart(file, query.tailRecords);
    let rest: Buffer = Buffer.alloc(0);
    // One flag for both streams, as in the kubelet: a line in parts gets its timestamp once.
    let atLineStart = true;
    let remaining = query.limitBytes ?? Number.POSITIVE_INFINITY;
    for (;;) {
      if (signal.aborted || remaining <= 0) return;
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
      if (bytesRead === 0) {
        if (!query.follow) return;
        const change = await changes.next(source);
        if (change === null) return;
        if (change === "create") {
          await file.close();
          file = await open(source.path, "r");
          position = 0;
          rest = Buffer.alloc(0);
        }
        continue;
      }
      position += bytesRead;
      const bytes =
        rest.length === 0
          ? buffer.subarray(0, bytesRead)
          : Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const parts: Buffer[] = [];
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        const record = parseRecord(bytes.subarray(start, end + 1));
        start = end + 1;
        if (record === null) continue;
        if (query.sinceNanoseconds === null || record.nanoseconds >= query.sinceNanoseconds) {
          if (query.timestamps && atLineStart) parts.push(Buffer.from(`${fixedWidth(record.timestamp)} `));
          parts.push(record.text);
        }
        // Also for a record that the filter drops: the rest of its line then comes without a timestamp.
        atLineStart = record.text.length === 0 || record.text.at(-1) === newline;
      }
      rest = Buffer.from(bytes.subarray(start));
      const output = Buffer.concat(parts);
      const allowed = output.length > remaining ? output.subarray(0, remaining) : output;
      remaining -= allowed.length;
      if (allowed.length > 0) await write(allowed);
    }
  } finally {
    changes.close();
    await file.close();
  }
}

/** Go's `timeFormatOut`: nine digits always. */
function fixedWidth(timestamp: string): string {
  const match = /^(.{19})(?:\.(\d+))?([^]*)$/u.exec(timestamp);
  return match === null ? timestamp : `${match[1]}.${(match[2] ?? "").padEnd(9, "0")}${match[3]}`;
}

interface Changes {
  next(source: LogSource): Promise<LogChange | null>;
  close(): void;
}

/** What inotify would tell: writes fold into one, renames and creations queue up. */
function followChanges(source: LogSource, follow: boolean, signal: AbortSignal): Changes {
  const queue: LogChange[] = [];
  let wake: (() => void) | null = null;
  const rouse = () => {
    wake?.();
    wake = null;
  };
  const unsubscribe = follow
    ? source.subscribe((change) => {
        if (change !== "write" || queue.at(-1) !== "write") queue.push(change);
        rouse();
      })
    : () => undefined;
  signal.addEventListener("abort", rouse, { once: true });
  let lastLook = false;
  return {
    async next() {
      for (;;) {
        if (signal.aborted) return null;
        const running = source.isRunning();
        if (!running) {
          // Read once more after the end was seen: the last lines may have come between the read and the look.
          if (lastLook) return null;
          lastLook = true;
          return "write";
        }
        const change = queue.shift();
        if (change !== undefined) return change;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close() {
      unsubscribe();
      signal.removeEventListener("abort", rouse);
    },
  };
}

/** Offset of the n-th record from the end. Records, not lines: a long line counts once for each part. */
async function tailStart(file: FileHandle, records: number | null): Promise<number> {
  if (records === null) return 0;
  const { size } = await file.stat();
  if (records === 0) return size;
  let found = 0;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunkBytes);
    const { buffer } = await file.read(Buffer.allocUnsafe(end - start), 0, end - start, start);
    for (let index = buffer.length - 1; index >= 0; index -= 1) {
      if (buffer[index] !== newline || start + index === size - 1) continue;
      found += 1;
      if (found === records) return start + index + 1;
    }
    end = start;
  }
  return 0;
}
