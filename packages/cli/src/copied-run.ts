/** A run with a copied folder, seen from the terminal that comes back to it. */

import path from "node:path";

import {
  type Cluster,
  type CopiedFolders,
  type CopiedRun,
  readCopiedRun,
  remembersCopy,
} from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { duration } from "paperclip-adapter-claude-k8s/cli-parts";

import { UsageError } from "./exit-codes.ts";
import { folderToCopy } from "./workspace-options.ts";

export interface CopyOptions {
  readonly copy?: string;
  readonly copyMaxSize?: number;
}

export type Return =
  /** The run has no copied folders, or another process looks after them. */
  | { readonly kind: "none" }
  | { readonly kind: "known"; readonly folder: string; readonly copies: CopiedFolders }
  /** This process cannot bring anything back, and must not take the run over: nobody else would then. */
  | { readonly kind: "unknown"; readonly run: CopiedRun };

interface Job {
  readonly namespace: string;
  readonly jobName: string;
}

/** Which folder a Job's changes belong into: the one that was named, or the one that this process stands in. */
export async function returnOf(
  cluster: Cluster,
  job: Job,
  { copy, copyMaxSize }: CopyOptions,
  signal: AbortSignal,
): Promise<Return> {
  const run = await readCopiedRun(cluster, job, { signal });
  if (run === null) {
    if (copy !== undefined)
      throw new UsageError(`--copy ${copy}: Job ${job.jobName} is not there, or has no copied folder`);
    return { kind: "none" };
  }
  const folder =
    copy === undefined ? await rememberedAround(process.cwd(), run) : (await folderToCopy(copy)).real;
  if (folder === null) return { kind: "unknown", run };
  if (!(await remembersCopy(folder, run.jobUid)))
    throw new UsageError(
      `--copy ${copy ?? folder}: this folder was not sent to Job ${job.jobName}, or what it changed is here already; name the folder that \`run --copy\` was given, on the machine that it was given on`,
    );
  const limits = copyMaxSize === undefined ? {} : { limits: { bytes: copyMaxSize } };
  return {
    kind: "known",
    folder,
    copies: { folders: [{ path: run.path ?? "/workspace", folder, name: "the workspace" }], ...limits },
  };
}

async function rememberedAround(from: string, { jobUid }: Pick<CopiedRun, "jobUid">): Promise<string | null> {
  const above = path.dirname(from);
  // What lies beside the root of a file system cannot be.
  if (above === from) return null;
  return (await remembersCopy(from, jobUid)) ? from : rememberedAround(above, { jobUid });
}

/** How what a run changed comes back, for whoever leaves it. */
export function returnWords({ namespace, jobName }: Job, holdSeconds: number, folder: string | null): string {
  const named = folder === null ? "FOLDER" : shellWord(folder);
  const where = folder === null ? ", on the machine that sent the folder" : "";
  return (
    `▸ What it changes waits in its pod for ${duration(holdSeconds)} after its end. Bring it back${where}:\n` +
    `    claude-k8s attach ${plainLine(jobName)} -n ${plainLine(namespace)} --copy ${named}\n`
  );
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${plainLine(text).replaceAll("'", `'\\''`)}'`;
}
