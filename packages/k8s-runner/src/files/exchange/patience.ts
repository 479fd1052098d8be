/** How long a trouble may last until it counts as one that will not pass. */

import type { FilesTrouble } from "../../types/copies.ts";

export interface Patience {
  /** The trouble was met again. Seconds that it has lasted, when that is long enough; `null`: try again. */
  endsWith(trouble: FilesTrouble | null, nowMilliseconds: number): number | null;
}

type Seconds = Readonly<Record<FilesTrouble, number>>;

/** Before the command starts, nothing is lost by an early refusal: only what passes by itself is waited for. */
export const patienceBefore: Seconds = {
  // The kubelet may not know a pod yet that the API server shows as running.
  "no-exec": 10,
  "no-answer": 120,
  "program-failed": 20,
  "pod-disk-full": 0,
  "server-disk-full": 20,
  "server-disk-failed": 0,
  "folders-unknown": 0,
};

/** When the command has ended, its work is at stake: somebody may make room while the pod waits. */
export const patienceAfter: Seconds = {
  "no-exec": 60,
  "no-answer": Number.POSITIVE_INFINITY,
  "program-failed": 120,
  "pod-disk-full": Number.POSITIVE_INFINITY,
  "server-disk-full": Number.POSITIVE_INFINITY,
  "server-disk-failed": Number.POSITIVE_INFINITY,
  "folders-unknown": 0,
};

export function createPatience(seconds: Seconds): Patience {
  let met: { readonly trouble: FilesTrouble; readonly since: number } | null = null;
  return {
    endsWith(trouble, now) {
      // A connection that broke in between says nothing of what the trouble was.
      if (trouble === null) return null;
      if (met?.trouble !== trouble) met = { trouble, since: now };
      const lasted = (now - met.since) / 1000;
      return lasted >= seconds[trouble] ? Math.round(lasted * 10) / 10 : null;
    },
  };
}

/** What this machine's own disk says, when something went wrong here. `null`: it was not the disk. */
export function diskTrouble(error: unknown): FilesTrouble | null {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== "string" || syscall === undefined) return null;
  return code === "ENOSPC" || code === "EDQUOT" ? "server-disk-full" : "server-disk-failed";
}
