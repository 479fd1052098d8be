/** The archive in which folders travel: a plain tar, with what tar has no word for in extended records. */

/** An entry as it travels. `copy`: which of the folders; `path`: below it, empty for the folder itself. */
export type ArchiveItem =
  | {
      readonly kind: "file";
      readonly copy: number;
      readonly path: string;
      readonly mode: number;
      readonly modifiedSeconds: number;
      readonly size: number;
    }
  | { readonly kind: "folder"; readonly copy: number; readonly path: string; readonly mode: number }
  | { readonly kind: "link"; readonly copy: number; readonly path: string; readonly target: string }
  | { readonly kind: "deleted"; readonly copy: number; readonly path: string };

/** Record of an entry that stands for one that is gone. */
export const deletedRecord = "CLAUDEK8S.deleted";
/** Name of the last entry. Its content is JSON; an archive without it was cut. */
export const endName = "end";
export const mostEndBytes = 1024 * 1024;

export function archiveName(copy: number, path: string): string {
  return path === "" ? String(copy) : `${copy}/${path}`;
}
