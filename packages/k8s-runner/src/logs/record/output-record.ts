/** The file beside a log that has all of the command's output, as the follower sees it. */

export interface RecordedOutput {
  /** The log starts with this line, which is none of the output: whoever reads it has the log from its first byte. */
  readonly header: Uint8Array;
  /** `null`: this process may not read the file, and a stretch that the log has lost stays lost. */
  readonly record: OutputRecord | null;
  /** Why the log is shorter than the output, whatever its own end looks like; `null`: it is not, as far as anybody can tell. */
  readonly brokenOff: () => string | null;
}

export interface OutputRecord {
  /**
   * Gives away what the file holds from this byte to its present end, in order, one piece at a time. Rejects only with
   * `signal.reason`.
   */
  read(
    from: number,
    take: (bytes: Uint8Array) => Promise<"stop" | undefined>,
    signal: AbortSignal,
  ): Promise<RecordReadEnd>;
  /** Of the whole file, when the command has ended and nothing will be written any more; `null`: that is not known. */
  size(): number | null;
  /** Everything is taken; nobody needs the file any more. */
  release(): void;
}

export type RecordReadEnd =
  /** All of it. */
  | { readonly kind: "end" }
  /** Whoever took it had enough. */
  | { readonly kind: "stopped" }
  /** What was given away is good, and another try may bring the rest. */
  | { readonly kind: "interrupted"; readonly message: string }
  /** It cannot be had, now or later. */
  | { readonly kind: "lost"; readonly message: string };
