import { setImmediate } from "node:timers/promises";

import type { Redactor } from "@claude-k8s/diagnostics";

import type { ExecutionContext } from "../host/contract.ts";
import { chunksOf } from "./chunks.ts";
import type { Redaction } from "./redaction.ts";

/** Masking text that wants to be slow takes up to 48 ms for so much; between two pieces the server does what else it has to do. */
const maskedAtOnceBytes = 16 * 1024;

/** The container's output on its way to the host: as it is, but for secrets, in chunks that the host keeps whole. */
export interface Transcript {
  /** Never rejects: what the host cannot store is no reason to end a run that is paid for. */
  write(bytes: Uint8Array): Promise<void>;
  /** A line of our own, between those of the output: at once where a line is over, else as soon as one is. */
  note(line: string): void;
  /** To be called once, behind the last byte. */
  end(): Promise<void>;
}

/** `onLost` is told how many bytes the host did not take, at the end, and at once of the first. */
export function createTranscript(
  onLog: ExecutionContext["onLog"],
  redaction: Redaction,
  onLost: (bytes: number) => void = () => undefined,
): Transcript {
  const decoder = new TextDecoder();
  // Made with the first output: only then everything is known of a Job that was taken over.
  let redactor: Redactor | null = null;
  let lostBytes = 0;
  const notes: string[] = [];
  let isLineStart = true;
  // Notes come when they will; what is sent stays in order.
  let queue: Promise<void> = Promise.resolve();

  // Awaited one by one: the host stores chunks in the order of their calls, and this is its only brake.
  async function send(text: string): Promise<void> {
    if (text !== "") isLineStart = text.endsWith("\n");
    for (const chunk of chunksOf(text)) {
      if (await isTaken(chunk)) continue;
      if (lostBytes === 0) onLost(Buffer.byteLength(chunk));
      lostBytes += Buffer.byteLength(chunk);
    }
  }

  async function isTaken(chunk: string): Promise<boolean> {
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        await onLog("stdout", chunk);
        return true;
      } catch {
        // Once more: most of a server's failures pass within a request.
      }
    }
    return false;
  }

  async function sendNotes(): Promise<void> {
    for (let note = notes.shift(); note !== undefined; note = notes.shift())
      await send(`${redaction.mask(note)}\n`);
  }

  /** A line that is being written is never cut in two: not even while a long one comes in many chunks. */
  async function sendAround(text: string): Promise<void> {
    if (isLineStart) await sendNotes();
    const end = notes.length === 0 ? -1 : text.indexOf("\n");
    await send(text.slice(0, end + 1));
    if (end !== -1) await sendNotes();
    await send(text.slice(end + 1));
    if (isLineStart) await sendNotes();
  }

  function later(task: () => Promise<void>): Promise<void> {
    queue = queue.then(task);
    return queue;
  }

  return {
    write(bytes) {
      return later(async () => {
        redactor ??= redaction.redactor();
        for (let at = 0; at < bytes.length; at += maskedAtOnceBytes) {
          if (at > 0) await setImmediate();
          const slice = bytes.subarray(at, at + maskedAtOnceBytes);
          await sendAround(redactor.push(decoder.decode(slice, { stream: true })));
        }
      });
    },
    note(line) {
      notes.push(line);
      void later(async () => {
        if (isLineStart) await sendNotes();
      });
    },
    async end() {
      await later(async () => {
        redactor ??= redaction.redactor();
        await sendAround(redactor.push(decoder.decode()) + redactor.end());
        if (notes.length > 0) await send("\n");
        await sendNotes();
      });
      if (lostBytes > 0) onLost(lostBytes);
    },
  };
}
