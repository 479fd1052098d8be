/** What Kubernetes and Linux accept, each with its words. The API would refuse most of it, too, but later and less clearly. */

import { InvalidRunSpecError } from "../errors.ts";

/** `MAX_ARG_STRLEN` of Linux, its final NUL included: a longer argument or variable makes the start fail. */
const longestArgumentBytes = 131_071;

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName =
  /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const variableName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
/** Its length first: a number of a million digits is gone through again from each of them. */
const quantity = /^(?=[^]{1,64}$)[+-]?(?:\d+\.?\d*|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

export function fail(field: string, value: unknown, rule: string): never {
  throw new InvalidRunSpecError(field, shown(value), rule);
}

/** For values that may be secret. */
export function failSecretly(field: string, rule: string): never {
  throw new InvalidRunSpecError(field, null, rule);
}

export function nonEmpty(field: string, value: unknown, longest: number): void {
  if (typeof value !== "string" || value === "") fail(field, value, "must be a non-empty string");
  if (value.length > longest) fail(field, value, `must have at most ${longest} characters`);
}

export function namespaceName(field: string, value: unknown): void {
  if (typeof value !== "string" || !dnsLabel.test(value))
    fail(field, value, "must be a DNS label: lower-case letters, digits and -, at most 63 characters");
}

export function objectName(field: string, value: unknown): void {
  if (typeof value !== "string" || value.length > 253 || !dnsSubdomain.test(value))
    fail(field, value, "must be a name of a Kubernetes object: lower-case letters, digits, - and .");
}

export function labelKey(field: string, key: string): void {
  const [prefix = ""] = key.includes("/") ? key.split("/") : [];
  if (!qualifiedName.test(key) || prefix.length > 253)
    fail(
      field,
      key,
      "must be a label key: an optional DNS prefix with /, and at most 63 letters, digits, -, _ and .",
    );
}

export function labelText(field: string, value: unknown): void {
  if (typeof value !== "string" || !labelValue.test(value))
    fail(field, value, "must be a label value: at most 63 letters, digits, -, _ and .");
}

export function environmentName(field: string, name: string): void {
  if (!variableName.test(name) || name.length > 200)
    fail(
      field,
      name,
      "must be the name of a variable: letters, digits, _, - and ., not first a digit, at most 200",
    );
}

/** Told without its value. */
export function processString(field: string, value: unknown, prefix = ""): void {
  if (typeof value !== "string") failSecretly(field, "must be a string");
  if (value.includes("\0")) failSecretly(field, "must not contain a NUL character");
  const bytes = Buffer.byteLength(prefix) + Buffer.byteLength(value);
  if (bytes > longestArgumentBytes)
    failSecretly(
      field,
      `has ${bytes} bytes; Linux takes at most ${longestArgumentBytes}: pass it as a file or as stdin`,
    );
}

export function absolutePath(field: string, value: unknown): void {
  if (typeof value !== "string" || !value.startsWith("/")) fail(field, value, "must be an absolute path");
  if (value.includes(":") || value.includes("\0")) fail(field, value, "must not contain a colon or NUL");
  if (value.split("/").some((part) => part === ".." || part === "."))
    fail(field, value, "must not contain . or ..");
}

export function quantities(field: string, values: Readonly<Record<string, unknown>> | undefined): void {
  for (const [name, value] of Object.entries(values ?? {}))
    if (typeof value !== "string" || !quantity.test(value))
      fail(`${field}.${name}`, value, "must be a quantity in Kubernetes' notation, such as 500m or 2Gi");
}

export function wholeNumber(field: string, value: unknown, least = 0): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > 2 ** 31 - 1)
    fail(field, value, `must be a whole number, at least ${least}`);
}

export function seconds(field: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || value > 2 ** 31 - 1)
    fail(field, value, "must be a number of seconds, at least 0");
}

export function oneOf(field: string, value: unknown, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value as string))
    fail(field, value, `must be one of ${choices.join(", ")}`);
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length <= 120 ? text : `${text.slice(0, 120)}… (${text.length} characters)`;
}
