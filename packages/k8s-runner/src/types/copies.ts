/** Folders of this machine that a run gets as copies, and what it changed in them. */

import type { RefusalReason } from "../files/names.ts";
import type { V1Volume } from "../cluster/kubernetes-types.ts";
import type { Conflict } from "../files/folder-places.ts";

export interface CopiedFolder {
  /** Where the command finds it: an absolute path, an empty folder of the run's own until the copy is in it. */
  readonly path: string;
  /** What it is, as a noun for people: "the workspace". Comes back in the evidence. */
  readonly name?: string;
  /** The folder on this machine: an absolute path. A folder that does not exist is an empty one, and made when something comes back. */
  readonly folder: string;
  /** `in`: what the command changes is not wanted. `out`: it begins with nothing. Default `both`. */
  readonly direction?: "both" | "in" | "out";
  /**
   * What stays where it is, in either direction. Names at any depth (`node_modules`), paths from the folder on (`build/cache`); `*`
   * stands for any characters but a slash.
   */
  readonly exclude?: readonly string[];
  /** Only these files and folders travel, by patterns as above, from the folder on. Default: all. */
  readonly only?: readonly string[];
}

/**
 * The folders are sent over the exec API before the command starts, and what changed comes back after it has ended, however it
 * ended. Needs `create` on `pods/exec`, and Node.js 18 or newer in the image.
 */
export interface CopiedFolders {
  readonly folders: readonly CopiedFolder[];
  /** Of the two small containers that do it. Needs Node.js 18 or newer. Default: the image of the run. */
  readonly image?: string;
  /** How long the pod keeps what the command left, for somebody to fetch it. Default 900. */
  readonly holdSeconds?: number;
  /** Of all folders together, in each direction. Default 10 GiB and 1,000,000 entries. */
  readonly limits?: { readonly bytes?: number; readonly entries?: number };
  /**
   * A volume that keeps contents from one run to the next, so that only what it has not is sent. The command's container does not have
   * it mounted. One that is broken costs time, and is reported (`files-cache-unused`).
   */
  readonly cache?: V1Volume;
  /** What the caller calls these limits, for the failure that names one. */
  readonly limitNames?: { readonly bytes?: string; readonly entries?: string };
}

/**
 * Why a copy did not come about. `no-exec`: the API server, or something before it, does not know exec. `no-answer`: it answers with
 * errors only. `program-failed`: the program in the pod. `server-…`: this machine's disk.
 */
export type FilesTrouble =
  | "no-exec"
  | "no-answer"
  | "program-failed"
  | "pod-disk-full"
  | "server-disk-full"
  | "server-disk-failed"
  | "folders-unknown";

/** Something that was not carried over. */
export interface RefusedEntry {
  readonly path: string;
  readonly reason: RefusalReason;
}

export type FilesReturn =
  | {
      readonly kind: "returned";
      /** Files, folders and links that were written here; and those that were removed. */
      readonly written: number;
      readonly deleted: number;
      readonly bytes: number;
      /** At most 100; `conflicted` counts all. */
      readonly conflicts: readonly Conflict[];
      readonly conflicted: number;
      /** At most 100; `refused` counts all. */
      readonly refusals: readonly RefusedEntry[];
      readonly refused: number;
    }
  /** What the command changed is not here, and nothing here was touched. */
  | {
      readonly kind: "lost";
      readonly reason:
        | "pod-gone"
        | "time-over"
        | "forbidden"
        | "too-large"
        | "disk-full"
        | "not-sent"
        | "unavailable";
      readonly message: string;
    };

/** What did not go into the run: it cannot be read here, or is neither file, folder nor link. */
export interface FilesLeftOut {
  /** At most 100; `refused` counts all. */
  readonly refusals: readonly RefusedEntry[];
  readonly refused: number;
}

/** What became of the copied folders. */
export interface FilesEvidence {
  readonly returned: FilesReturn;
  /** Names of the folders that were to come back, where they have any. */
  readonly names: readonly string[];
  /** `null`: another process sent them. */
  readonly leftOut: FilesLeftOut | null;
}
