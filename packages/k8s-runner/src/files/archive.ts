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
      /** The hash under which the receiver has the content already: the archive holds none of it. */
      readonly cached?: string;
    }
  | { readonly kind: "folder"; readonly copy: number; readonly path: string; readonly mode: number }
  | { readonly kind: "link"; readonly copy: number; readonly path: string; readonly target: string }
  | { readonly kind: "deleted"; readonly copy: number; readonly path: string };

/** Record of an entry that stands for one that is gone. */
export const deletedRecord = "CLAUDEK8S.deleted";
/**
 * Record of an entry in whose name or target U+FFFD stands itself. A reader puts that character in the place of bytes that are no UTF-8,
 * and could not tell the one from the other.
 */
export const replacementRecord = "CLAUDEK8S.replacement";
export const replacement = "\uFFFD";
/** Name of the last entry. Its content is JSON; an archive without it was cut. */
export const endName = "end";
export const mostEndBytes = 1024 * 1024;

/** What stands in the place of a link's target, before the hash. */
export const cachedTarget = "sha256:";

export function archiveName(copy: number, path: string): string {
  return path === "" ? String(copy) : `${copy}/${path}`;
}
