import type { Interrupts } from "../interrupts.ts";
import type { Streams } from "../streams.ts";

/** What a command gets: its arguments, its options with the common ones, and where it reads and writes. */
export type Work = (context: {
  readonly streams: Streams;
  /** As they are, without mask: for what holds nothing but what this program made up itself. */
  readonly own: Streams;
  readonly options: never;
  readonly words: readonly unknown[];
  readonly signal: AbortSignal;
  readonly interrupts: Interrupts;
}) => Promise<number>;

/** How a definition says what its command does. `letsGo`: an interruption needs no answer of its own. */
export type Does = (work: Work, how?: { readonly letsGo: boolean }) => (...given: unknown[]) => Promise<void>;
