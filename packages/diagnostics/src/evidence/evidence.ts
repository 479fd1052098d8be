import type { ExitLike } from "./exit.ts";
import type { SummaryLike } from "./summary.ts";

/** Everything there is to judge a run by. Only `exit` is required; what is missing is unknown and is never made up. */
export interface Evidence {
  readonly exit: ExitLike;
  /** What the stream said; leave it out when nothing was read. */
  readonly summary?: SummaryLike | null;
  /** The adapter's settings: flat keys (`"resources.limits.memory"`) or nested, read only to name present values. */
  readonly settings?: object | null;
}

export interface DiagnoseOptions {
  /** When the run ended, ISO 8601: "resets 6am" needs a day. Default: what the evidence tells, else such a time stays unknown. */
  readonly now?: string;
  /** IANA name of the reader's time zone; times in the cause are then told in it too. UTC is always told. */
  readonly timeZone?: string;
  /** Values that must never be quoted, with or without names. Known forms of keys and tokens are masked in any case. */
  readonly secrets?: readonly string[] | Readonly<Record<string, string>>;
}
