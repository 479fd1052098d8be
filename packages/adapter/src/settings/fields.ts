import type { z } from "zod";

import type { SettingField } from "./field.ts";
import { claudeFields } from "./fields/claude.ts";
import { clusterFields } from "./fields/cluster.ts";
import { copiedFields } from "./fields/copied.ts";
import { guardFields } from "./fields/guards.ts";
import { placementFields } from "./fields/placement.ts";
import { podFields } from "./fields/pod.ts";
import { repositoryFields } from "./fields/repository.ts";
import { runFields } from "./fields/run.ts";
import { workspaceFields } from "./fields/workspace.ts";

/** In the order in which form and documentation show them. */
const fields = {
  ...podFields,
  ...placementFields,
  ...clusterFields,
  ...workspaceFields,
  ...copiedFields,
  ...repositoryFields,
  ...runFields,
  ...guardFields,
  ...claudeFields,
};

export type SettingKey = keyof typeof fields;
export type SettingValue<K extends SettingKey> = z.output<(typeof fields)[K]["schema"]>;

export interface NamedField extends SettingField {
  readonly key: SettingKey;
}

export const settingFields: readonly NamedField[] = Object.entries<SettingField>(fields).map(([key, field]) =>
  Object.assign({ key: key as SettingKey }, field),
);

export function settingField<K extends SettingKey>(key: K): (typeof fields)[K] & SettingField {
  return fields[key];
}
