import type { ExitLike } from "./exit.ts";
import type { SettingName } from "../setting-names.ts";
import type { SummaryLike } from "./summary.ts";

/** Everything there is to judge a run by. Only `exit` is required; what is missing is unknown and is never made up. */
export interface Evidence {
  readonly exit: ExitLike;
  /** What the stream said; leave it out when nothing was read. */
  readonly summary?: SummaryLike | null;
  /** The adapter's settings: flat keys (`"resources.limits.memory"`) or nested, read only to name present values. */
  readonly settings?: object | null;
  /** What became of the files that the agent worked on; leave it out where they need no way back. */
  readonly workspace?: WorkspaceLike | null;
}

export interface WorkspaceLike {
  /** `false`: changes are lost with the pod, or still lie where `message` says. */
  readonly returned: boolean;
  readonly message?: string | null;
}

export interface DiagnoseOptions {
  /** When the run ended, ISO 8601: "resets 6am" needs a day. Default: what the evidence tells, else such a time stays unknown. */
  readonly now?: string;
  /** IANA name of the reader's time zone; times in the cause are then told in it too. UTC is always told. */
  readonly timeZone?: string;
  /** Values that must never be quoted, with or without names. Known forms of keys and tokens are masked in any case. */
  readonly secrets?: readonly string[] | Readonly<Record<string, string>>;
  /**
   * Your own names for the settings that fixes name, in place of the adapter's labels: for example
   * `{ "resources.limits.memory": "resources.limits.memory of the Job" }`.
   */
  readonly settingNames?: Readonly<Partial<Record<SettingName, string>>>;
}
