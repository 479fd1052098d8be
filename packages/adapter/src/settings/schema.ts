import type { ConfigField } from "../host/contract.ts";
import { settingFields } from "./fields.ts";

/** The form that Paperclip's web page shows for this adapter. */
export function configSchema(): { fields: ConfigField[] } {
  return { fields: settingFields.filter((field) => field.hidden !== true).map(toConfigField) };
}

function toConfigField(field: (typeof settingFields)[number]): ConfigField {
  return {
    key: field.key,
    label: field.label,
    type: field.type,
    group: field.group,
    hint: `${field.hint} Not set: ${field.unset}.`,
    ...(field.options && {
      options: [
        // Without an empty choice the form picks the first one and stores it.
        { label: "Not set", value: "" },
        ...field.options.map((option) => ({ label: option, value: option })),
      ],
    }),
    ...(field.formDefault !== undefined && { default: field.formDefault }),
  };
}
