import type { ConfigField } from "../host/contract.ts";

/**
 * One setting: what the host's form shows, and what errors and the documentation say about it. Names avoid `secret`,
 * `token`, `key` and the like: the host shows such fields as `***REDACTED***` and would store that text.
 */
export interface SettingField {
  readonly key: string;
  readonly label: string;
  readonly type: ConfigField["type"];
  readonly options?: readonly string[];
  readonly hint: string;
  /** What a value must be, as errors and documentation say it. */
  readonly rule: string;
  readonly example: string;
  /** What holds when it is not set. */
  readonly unset: string;
  readonly group: "Cluster" | "Pod" | "Run" | "Claude";
  /** Written into new agents by the form; a toggle without one is stored as false. */
  readonly formDefault?: boolean;
  /** Absent from the form: the host writes it by itself or has a field of its own for it. */
  readonly hidden?: boolean;
}
