import { lstat } from "node:fs/promises";
import path from "node:path";

import type { CopiedFolder, CopiedFolders } from "@claude-k8s/k8s-runner";

import { podPaths } from "../claude/paths.ts";
import { quantityValue } from "../operator/quantities.ts";
import type { Settings } from "../settings/settings.ts";
import { fileNotes } from "./file-notes.ts";
import type { Workspace } from "./workspace.ts";

/** A folder of this machine, by the name that it is known under and by its real path. */
export interface CarriedPlace {
  readonly server: string;
  readonly real: string;
}

/** An agent that works on the copy of a folder; `home`: what it keeps for itself beside it. Both are allowed and exist. */
export async function carriedWorkspace(
  folder: CarriedPlace,
  home: CarriedPlace | null,
  settings: Pick<Settings, "copies" | "pod">,
  why: string,
): Promise<Workspace> {
  const workingDirectory = settings.pod.workingDirectory ?? podPaths.workingDirectory;
  const carried = [
    { ...folder, pod: workingDirectory, name: "the workspace" },
    ...(home === null ? [] : [{ ...home, pod: podPaths.agentHome, name: "the agent's home" }]),
  ];
  return {
    mode: "copied",
    why,
    notes: await notesOf(folder.real, settings),
    workingDirectory,
    lastingHome: null,
    places: carried.map(({ server, pod }) => ({ server, pod })),
    spec: {
      copies: {
        folders: carried.map(({ real, pod, name }): CopiedFolder => ({
          path: pod,
          folder: real,
          name,
          exclude: settings.copies.exclude,
        })),
        holdSeconds: settings.copies.holdSeconds,
        ...limitsOf(settings),
      },
    },
    lent: [],
    pin: null,
    collect: async (ending) => fileNotes(ending),
  };
}

/** Of all that a run copies, with the names that a refusal gives them. */
export function limitsOf({ copies }: Pick<Settings, "copies">): Pick<CopiedFolders, "limits" | "limitNames"> {
  return {
    limits: { bytes: quantityValue(copies.maxSize), entries: copies.maxFiles },
    limitNames: { bytes: "copyMaxSize", entries: "copyMaxFiles" },
  };
}

async function notesOf(folder: string, { copies }: Pick<Settings, "copies">): Promise<readonly string[]> {
  // A worktree's `.git` is a file that names a folder elsewhere on this machine.
  const isWorktree = (await lstat(path.join(folder, ".git")).catch(() => null))?.isFile() === true;
  return [
    "What the agent changes comes back when it has ended",
    ...(copies.exclude.length === 0 ? [] : [`Not copied: ${copies.exclude.join(", ")}`]),
    ...(isWorktree
      ? [
          "The folder is a git worktree, whose repository lies elsewhere on the server: git does not work in it",
        ]
      : []),
  ];
}
