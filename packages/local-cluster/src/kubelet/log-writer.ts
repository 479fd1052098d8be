import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { ContainerOutput } from "./runtime.ts";
import type { NodeClock } from "./node-clock.ts";

const longestLineBytes = 16 * 1024;
const newline = 0x0a;
const carriageReturn = 0x0d;

export type LogChange = "write" | "rename" | "create";

/** One container's log on disk, as containerd writes and kubelet rotates it. */
export interface ContainerLog extends ContainerOutput {
  /** The only file the API reads. */
  readonly path: string;
  size(): number;
  /** The streams have ended: what is left without a newline becomes a partial record. */
  end(): void;
  /** The open file is renamed, a new one opened. Nothing that is written gets lost by it. */
  rotate(maxFiles: number): void;
  /** Takes the files away, as the kubelet does with an evicted pod's. */
  remove(): void;
  subscribe(listener: (change: LogChange) => void): () => void;
}

export function createContainerLog(path: string, clock: NodeClock): ContainerLog {
  mkdirSync(dirname(path), { recursive: true });
  let file: number | null = openSync(path, "a");
  let size = 0;
  const pending: Record<"stdout" | "stderr", Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const listeners = new Set<(change: LogChange) => void>();
  const notify = (change: LogChange) => {
    for (const listener of listeners) listener(change);
  };

  function append(bytes: Buffer): void {
    if (file === null || bytes.length === 0) return;
    writeSync(file, bytes);
    size += bytes.length;
    notify("write");
  }

  function write(stream: "stdout" | "stderr", chunk: Uint8Array): void {
    const bytes = pending[stream].length === 0 ? Buffer.from(chunk) : Buffer.concat([pending[stream], chunk]);
    const parts: Buffer[] = [];
    const rest = cutRecords(bytes, (tag, text) => parts.push(...record(stream, tag, text)));
    pending[stream] = Buffer.from(rest);
    append(Buffer.concat(parts));
  }

  function record(stream: string, tag: "F" | "P", text: Buffer): Buffer[] {
    return [Buffer.from(`${clock.logTimestamp()} ${stream} ${tag} `), text, Buffer.from("\n")];
  }

  function end(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      if (pending[stream].length > 0) append(Buffer.concat(record(stream, "P", pending[stream])));
      pending[stream] = Buffer.alloc(0);
    }
    if (file !== null) closeSync(file);
    file = null;
    notify("write");
  }

  function rotate(maxFiles: number): void {
    if (file === null || !existsSync(path)) return;
    const stamp = clock
      .logTimestamp()
      .replaceAll(/[^0-9]/gu, "")
      .slice(0, 20);
    renameSync(path, `${path}.${stamp}`);
    notify("rename");
    closeSync(file);
    file = openSync(path, "a");
    size = 0;
    notify("create");
    const older = rotatedFiles(path);
    for (const name of older.slice(0, Math.max(0, older.length - (maxFiles - 1)))) rmSync(name);
  }

  return {
    path,
    write,
    end,
    rotate,
    size: () => size,
    remove() {
      for (const name of [...rotatedFiles(path), path]) rmSync(name, { force: true });
      notify("write");
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whole lines become full records, and pieces of a long line partial ones; what is left waits for its line's end. */
function cutRecords(bytes: Buffer, give: (tag: "F" | "P", text: Buffer) => void): Buffer {
  let start = 0;
  for (;;) {
    const stop = bytes.indexOf(newline, start);
    const length = (stop === -1 ? bytes.length : stop) - start;
    if (length > longestLineBytes || (stop === -1 && length === longestLineBytes)) {
      give("P", bytes.subarray(start, start + longestLineBytes));
      start += longestLineBytes;
    } else if (stop === -1) {
      return bytes.subarray(start);
    } else {
      // containerd reads lines as Go's bufio does: "\r\n" ends a line too.
      const text = stop > start && bytes[stop - 1] === carriageReturn ? stop - 1 : stop;
      give("F", bytes.subarray(start, text));
      start = stop + 1;
    }
  }
}

/** The oldest first. */
function rotatedFiles(path: string): string[] {
  const folder = dirname(path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((name) => name.startsWith(`${path}.`))
    .sort();
}
