/** The folders that a process was given for a run, in the order in which the run's Job has them. Pure. */

import type { Job } from "../cluster/wire.ts";
import { copiedVolumeIndex } from "../manifest/copies.ts";
import { mainContainer } from "../manifest/names.ts";
import type { CopiedFolder, CopiedFolders } from "../types/copies.ts";

/** Stands for a folder of the Job's that this process was not given. */
export const unknownFolder = "";

/**
 * What travels is numbered as the Job was made. Whoever takes the Job over may have been given other folders, or the same in another
 * order, and by number alone one folder's files would be put into another one: only a folder with the same path in the pod is the same.
 * `null`: none of them is known.
 */
export function foldersOfJob(job: Job, copies: CopiedFolders | null): CopiedFolders | null {
  const paths = copiedPaths(job);
  if (copies === null || paths.length === 0) return copies;
  const folders = paths.map(
    (path): CopiedFolder =>
      copies.folders.find((one) => one.path === path) ?? { path, folder: unknownFolder },
  );
  return folders.every(({ folder }) => folder === unknownFolder) ? null : { ...copies, folders };
}

/** By their numbers. */
export function copiedPaths({ spec }: Job): readonly string[] {
  const main = spec?.template.spec?.containers.find(({ name }) => name === mainContainer);
  const paths: string[] = [];
  for (const { name, mountPath } of main?.volumeMounts ?? []) {
    const index = copiedVolumeIndex(name);
    if (index !== null) paths[index] = mountPath;
  }
  // An overlay may have taken one away: its number still counts.
  return Array.from(paths, (path) => path ?? unknownFolder);
}
