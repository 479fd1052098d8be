/** Coming back to a run that has copied folders, from a process that was not told of them. */

import { stat } from "node:fs/promises";

import type { Cluster, RequestOptions } from "../cluster/cluster.ts";
import { annotations } from "../manifest/names.ts";
import { parseSupervision } from "../manifest/supervision.ts";
import { copiedPaths } from "./job-folders.ts";
import { runStateOf, stateRootOf } from "./exchange/run-state.ts";

export interface CopiedRun {
  readonly jobUid: string;
  /** How long its pod keeps what the command left. */
  readonly holdSeconds: number;
  /** Where the first of its folders is in the pod: by it a folder is known. `null`: the Job does not say. */
  readonly path: string | null;
}

/** `null`: the Job has no copied folders, is not there, or cannot be read. Rejects with `signal.reason` only. */
export async function readCopiedRun(
  cluster: Pick<Cluster, "get">,
  { namespace, jobName }: { readonly namespace: string; readonly jobName: string },
  options: RequestOptions = {},
): Promise<CopiedRun | null> {
  const answer = await cluster.get("jobs", namespace, jobName, options);
  if (answer.kind === "error") return null;
  const { uid, annotations: notes } = answer.value.metadata ?? {};
  const { holdSeconds = null } = parseSupervision(notes?.[annotations.supervision]);
  if (uid === undefined || holdSeconds === null) return null;
  return { jobUid: uid, holdSeconds, path: copiedPaths(answer.value)[0] ?? null };
}

/**
 * Whether this machine remembers that it sent `folder`, an absolute path, as the first of the run's folders. Only then may what the run
 * changed be fetched into it: what stands on the Job, anybody may have written who may write Jobs.
 */
export async function remembersCopy(folder: string, jobUid: string): Promise<boolean> {
  // The UID becomes a part of a path.
  if (!/^[A-Za-z0-9-]{1,63}$/.test(jobUid)) return false;
  const root = await stateRootOf([{ path: "/", folder }]);
  if (root === null) return false;
  return (await stat(runStateOf(root, jobUid).folder).catch(() => null))?.isDirectory() ?? false;
}
