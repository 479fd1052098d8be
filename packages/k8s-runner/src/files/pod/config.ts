/** What the program in the pod is told, in one variable of its environment. */

import type { CarriedFolder } from "../carried.ts";

export interface PodConfig {
  /** Where the copied folders are mounted for the program, by number. */
  readonly folders: readonly CarriedFolder[];
  /** Numbers of those that come back. */
  readonly back: readonly number[];
  /** A folder that only the program has. */
  readonly stateFolder: string;
  /** A volume that keeps contents for later runs; `null`: none. */
  readonly cacheFolder: string | null;
  /** A file in which the command leaves its process id. */
  readonly mainFile: string;
  /** Between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** After the command has ended: how long somebody may take to fetch what it left. */
  readonly holdSeconds: number;
  /** For the command to begin. */
  readonly startSeconds: number;
}

export const configVariable = "RUN_FILES";

export function readConfig(): PodConfig {
  return JSON.parse(process.env[configVariable] ?? "") as PodConfig;
}

/** Files in the state folder. */
export const stateNames = {
  /** Present: everything is in, and the command may begin. */
  received: "received",
  receiver: "receiver",
  before: "before",
  stop: "stop",
  /** Present: somebody has fetched what there was. */
  released: "released",
} as const;

/** The last line that a program prints. */
export type Reply =
  | {
      readonly kind: "received";
      readonly token: string | null;
      readonly entries: number;
      readonly bytes: number;
      /** What went wrong with the cache meanwhile; `null`: nothing, or there is none. */
      readonly cacheTrouble: string | null;
    }
  | { readonly kind: "done" }
  /** The command had ended already. */
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };
