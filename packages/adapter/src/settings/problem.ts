import { type SettingKey, settingField } from "./fields.ts";
import type { SettingProblem } from "./settings.ts";

/** A setting that can be read and cannot be used, for a reason that shows only where the run is to be. */
export function settingProblem(field: SettingKey, value: string | null, rule: string): SettingProblem {
  return { field, value, rule, example: settingField(field).example };
}
