import type { FileFence } from "./file-fences.ts";
import type { FolderReading } from "./server-files.ts";

/** Which files of the server a run may take along. */
export interface FileAccess {
  /** For paths that settings name. */
  readonly files: readonly FileFence[];
  /** The same and the skills that come with the server. */
  readonly skills: readonly FileFence[];
  /** Of all files together; `null`: no limit but those of each kind. */
  readonly maximumBytes: number | null;
}

export const outsideRule =
  "only files of this agent's or its company's folders below Paperclip's home, by their real path, links resolved";

/** Why a file was not read, as a clause. Says nothing of what lies elsewhere on the server. */
export function refusalWords(refusal: Exclude<FolderReading, { readonly kind: "read" }>): string {
  switch (refusal.kind) {
    case "missing":
      return `it could not be read (${refusal.code})`;
    case "outside":
      return "it is outside of the folders of this agent and its company";
    case "special":
      return "it is a device, a FIFO or of another kind";
    case "too-large":
      return `it has more than ${refusal.maximumBytes} bytes`;
    case "too-many":
      return `it has more than ${refusal.maximumFiles} files`;
    case "changed":
      return "it was exchanged while it was read";
  }
}
