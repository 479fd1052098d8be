/** Spool files that nobody will replay, as their Jobs are gone. */

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readSpoolOwner } from "../logs/spool/spool-file.ts";
import type { SweepFinding } from "../types/run.ts";
import { wallTime } from "../clock.ts";
import type { RunnerContext } from "../runner-context.ts";

export interface SpoolLeftover {
  readonly path: string;
  readonly fileName: string;
  readonly jobUid: string;
  readonly ageSeconds: number;
  readonly damaged: boolean;
}

/** What a process leaves that died while it took a file over ends with `.new`. */
const spoolName = /^([^.]+)\.spool(?:\.\d+\.new)?$/;

/**
 * Candidates: those of this namespace of this cluster, and those that nobody can read. The folder may hold the files of several
 * clusters.
 */
export async function orphanedSpools(
  context: RunnerContext,
  namespace: string,
  olderThanSeconds: number,
): Promise<readonly SpoolLeftover[]> {
  const { spoolFolder } = context;
  if (spoolFolder === null) return [];
  const names = await readdir(spoolFolder).catch(() => []);
  const found = await Promise.all(names.map((name) => candidate(context, spoolFolder, namespace, name)));
  return found.filter((spool) => spool !== null && spool.ageSeconds >= olderThanSeconds) as SpoolLeftover[];
}

async function candidate(
  { clock, cluster, active }: RunnerContext,
  folder: string,
  namespace: string,
  fileName: string,
): Promise<SpoolLeftover | null> {
  const jobUid = spoolName.exec(fileName)?.[1];
  if (jobUid === undefined || active.has(jobUid)) return null;
  const path = join(folder, fileName);
  try {
    const owner = await readSpoolOwner(path);
    if (owner !== null && (owner.namespace !== namespace || owner.server !== cluster.server)) return null;
    const { mtimeMs } = await stat(path);
    const ageSeconds = Math.max(0, (wallTime(clock) - mtimeMs) / 1000);
    return { path, fileName, jobUid, ageSeconds, damaged: owner === null };
  } catch {
    // Removed meanwhile, or not ours to read.
    return null;
  }
}

export async function removeSpoolFile(
  path: string,
  { fileName, damaged, ageSeconds }: Omit<SpoolLeftover, "path">,
  dryRun: boolean,
): Promise<SweepFinding> {
  const reason = damaged ? "it cannot be read" : "its Job is gone";
  const removed =
    !dryRun &&
    (await rm(path, { force: true }).then(
      () => true,
      () => false,
    ));
  return { object: `spool/${fileName}`, reason, ageSeconds: Math.round(ageSeconds), removed };
}
