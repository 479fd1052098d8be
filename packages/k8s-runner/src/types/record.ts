/** A record of the output beside the log. */

/**
 * The command's output goes into a file on a volume of the pod, which a second, small container prints and keeps. A stretch that the log
 * API has lost is fetched from it, so that the output is whole after any time in which nobody followed, up to `holdSeconds` after the
 * command's end. Needs `/bin/sh` and the core utilities in the image, and `create` and `get` on `pods/exec`.
 */
export interface RecordedOutputSpec {
  /** How long the pod stays after the command has ended, for somebody to take the output. Default 900. */
  readonly holdSeconds?: number;
  /**
   * Of the file. Beyond it the oldest output is not kept, where the image has util-linux' `fallocate`; else a pod that writes a
   * sixth more is evicted. Default 1 GiB, at least 1 MiB.
   */
  readonly limitBytes?: number;
}
