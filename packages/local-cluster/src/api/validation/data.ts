import type { ConfigMap, Secret } from "../../objects/types.ts";
import type { StatusCause } from "../status.ts";
import { invalidValue, tooLong } from "./metadata.ts";

const keyPattern = /^[-._a-zA-Z0-9]+$/u;
const limitBytes = 1_048_576;

type Data = Partial<Pick<Secret, "data" | "immutable" | "type">> & Pick<ConfigMap, "binaryData">;

/** Secrets and ConfigMaps: keys become file names, and all values together fit in 1 MiB. */
export function validateData(object: Data): StatusCause[] {
  const causes: StatusCause[] = [];
  let bytes = 0;
  for (const [field, values] of [
    ["data", object.data],
    ["binaryData", object.binaryData],
  ] as const) {
    const encoded = field === "binaryData" || object.type !== undefined;
    for (const [key, value] of Object.entries(values ?? {})) {
      bytes += encoded ? Buffer.byteLength(value, "base64") : Buffer.byteLength(value);
      if (!keyPattern.test(key)) {
        causes.push(
          invalidValue(
            `${field}[${key}]`,
            key,
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
          ),
        );
      } else if (key.length > 253) {
        causes.push(invalidValue(`${field}[${key}]`, key, "must be no more than 253 characters"));
      }
    }
  }
  if (bytes > limitBytes) causes.push(tooLong(object.type === undefined ? "[]" : "data", limitBytes));
  return causes;
}

export function validateImmutable(next: Data, previous: Data): StatusCause[] {
  if (previous.immutable !== true) return [];
  const causes: StatusCause[] = [];
  const forbid = (field: string, message: string): void =>
    void causes.push({ reason: "FieldValueForbidden", message: `Forbidden: ${message}`, field });
  if (next.immutable !== true) forbid("immutable", "field is immutable when `immutable` is set");
  if (JSON.stringify(next.data) !== JSON.stringify(previous.data)) {
    forbid("data", "field is immutable when `immutable` is set");
  }
  return causes;
}
