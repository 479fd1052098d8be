import type { SettingField } from "./field.ts";
import { claudeFields } from "./fields/claude.ts";
import { clusterFields } from "./fields/cluster.ts";
import { podFields } from "./fields/pod.ts";
import { runFields } from "./fields/run.ts";

/** All settings, in the order in which form and documentation show them. */
export const settingFields: readonly SettingField[] = [
  ...podFields,
  ...clusterFields,
  ...runFields,
  ...claudeFields,
];

export function settingField(key: string): SettingField {
  const found = settingFields.find((field) => field.key === key);
  if (found === undefined) throw new TypeError(`no setting is named ${key}`);
  return found;
}
