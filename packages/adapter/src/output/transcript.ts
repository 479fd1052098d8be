import type { Redactor } from "@claude-k8s/diagnostics";

import type { ExecutionContext } from "../host/contract.ts";
import { chunksOf } from "./chunks.ts";
import type { Redaction } from "./redaction.ts";

/** The container's output on its way to the host: as it is, but for secrets, in chunks that the host keeps whole. */
export interface Transcript {
  /** Never rejects: what the host cannot store is no reason to end a run that is paid for. */
  write(bytes: Uint8Array): Promise<void>;
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

  // Awaited one by one: the host stores chunks in the order of their calls, and this is its only brake.
  async function send(text: string): Promise<void> {
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

  return {
    write(bytes) {
      redactor ??= redaction.redactor();
      return send(redactor.push(decoder.decode(bytes, { stream: true })));
    },
    async end() {
      redactor ??= redaction.redactor();
      await send(redactor.push(decoder.decode()) + redactor.end());
      if (lostBytes > 0) onLost(lostBytes);
    },
  };
}
