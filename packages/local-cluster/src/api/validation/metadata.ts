import type { ObjectMeta } from "../../objects/types.ts";
import type { Resource } from "../resources.ts";
import type { StatusCause } from "../status.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const labelPattern = new RegExp(`^${label}$`, "u");
const subdomainPattern = new RegExp(`^${subdomain}$`, "u");
const qualifiedName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const qualifiedPattern = new RegExp(`^${qualifiedName}$`, "u");
const labelValuePattern = new RegExp(`^(${qualifiedName})?$`, "u");

export const subdomainWords = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
export const labelWords = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
const labelValueWords = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${qualifiedName})?')`;
const qualifiedWords = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`;

const annotationBytesLimit = 262_144;

export function invalidValue(field: string, value: unknown, why: string): StatusCause {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

export function required(field: string, why = ""): StatusCause {
  return { reason: "FieldValueRequired", message: `Required value${why === "" ? "" : `: ${why}`}`, field };
}

export function tooLong(field: string, limit: number): StatusCause {
  return { reason: "FieldValueTooLong", message: `Too long: may not be more than ${limit} bytes`, field };
}

export function validateMetadata(resource: Resource, meta: ObjectMeta): StatusCause[] {
  return [
    ...validateName(resource, meta.name),
    ...validateLabels(meta.labels, "metadata.labels"),
    ...validateAnnotations(meta.annotations, "metadata.annotations"),
  ];
}

function validateName(resource: Resource, name: string): StatusCause[] {
  const field = "metadata.name";
  if (name === "") return [required(field, "name or generateName is required")];
  if (resource.plural === "events") return [];
  const causes: StatusCause[] = [];
  if (resource.plural === "namespaces") {
    if (name.length > 63) causes.push(invalidValue(field, name, "must be no more than 63 bytes"));
    if (!labelPattern.test(name)) causes.push(invalidValue(field, name, labelWords));
    return causes;
  }
  if (name.length > 253) causes.push(invalidValue(field, name, "must be no more than 253 bytes"));
  if (!subdomainPattern.test(name)) causes.push(invalidValue(field, name, subdomainWords));
  return causes;
}

export function isLabel(name: string): boolean {
  return name.length <= 63 && labelPattern.test(name);
}

export function validateLabels(labels: Record<string, string> | undefined, field: string): StatusCause[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => {
    const causes = validateKey(key, field);
    if (value.length > 63) causes.push(invalidValue(field, value, "must be no more than 63 characters"));
    if (!labelValuePattern.test(value)) causes.push(invalidValue(field, value, labelValueWords));
    return causes;
  });
}

function validateKey(key: string, field: string): StatusCause[] {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const causes: StatusCause[] = [];
  if (parts.length > 2) {
    return [
      invalidValue(
        field,
        key,
        `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ),
    ];
  }
  if (parts.length === 2 && !subdomainPattern.test(parts[0] ?? "")) {
    causes.push(invalidValue(field, key, `prefix part ${subdomainWords}`));
  }
  if (name === "") causes.push(invalidValue(field, key, "name part must be non-empty"));
  if (name.length > 63) causes.push(invalidValue(field, key, "name part must be no more than 63 bytes"));
  if (!qualifiedPattern.test(name)) causes.push(invalidValue(field, key, qualifiedWords));
  return causes;
}

function validateAnnotations(annotations: Record<string, string> | undefined, field: string): StatusCause[] {
  const entries = Object.entries(annotations ?? {});
  const causes = entries.flatMap(([key]) => validateKey(key.toLowerCase(), field));
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (bytes > annotationBytesLimit) causes.push(tooLong(field, annotationBytesLimit));
  return causes;
}
