import type { z } from "zod";

import type { ConfigField } from "../host/contract.ts";

/**
 * One setting, in one place: how its value is read, what the host's form shows, and what errors and the documentation say
 * about it. Names avoid `secret`, `token`, `key` and the like: the host shows such fields as `***REDACTED***` and would
 * store that text.
 */
export interface SettingField {
  /** The host's value → ours. It never sees a value that means "not set" (`isUnset`). */
  readonly schema: z.ZodType;
  readonly label: string;
  readonly type: ConfigField["type"];
  readonly options?: readonly string[];
  readonly hint: string;
  /** What a value must be, as errors and documentation say it. */
  readonly rule: string;
  readonly example: string;
  /** What holds when it is not set. */
  readonly unset: string;
  readonly group: "Cluster" | "Pod" | "Workspace" | "Run" | "Claude";
  /** A few words that the form shows behind the label: its hints are seen only under the pointer. */
  readonly aside?: string;
  /**
   * What the form shows for it, and writes into new agents: the value that holds when it is not set. An agent's value that is the
   * same counts as not set, so that the operator's file has its say. A toggle without one is stored as false.
   */
  readonly formDefault?: boolean | number;
  /** 0 is a value of its own. Such a field needs a `formDefault`: the form stores 0 for a number without one. */
  readonly zeroIsValue?: boolean;
  /** Absent from the form: the host writes it by itself or has a field of its own for it. */
  readonly hidden?: boolean;
  /** Never shown in an error. */
  readonly concealed?: boolean;
  /** Another key under which the host stores the same; the setting's own key wins. */
  readonly alias?: string;
}

export type SettingFields = Readonly<Record<string, SettingField>>;
