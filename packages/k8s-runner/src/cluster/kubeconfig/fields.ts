/** Fields of a kubeconfig's entry, each of the type that kubectl demands. */

import { InvalidKubeconfigError } from "../../errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A cluster, a user or a context by its name. */
export interface Entry {
  readonly name: string;
  readonly fields: Fields;
  /** Relative paths start there. */
  readonly folder: string;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `null`: absent or empty. */
export function textOf(entry: Entry, field: string): string | null {
  const value = entry.fields[field] ?? "";
  if (typeof value !== "string") throw wrongType(entry, field, "a string");
  return value === "" ? null : value;
}

export function textsOf(entry: Entry, field: string): readonly string[] {
  const value = entry.fields[field] ?? [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string"))
    throw wrongType(entry, field, "a list of strings");
  return value;
}

/** YAML 1.1, which kubectl reads, has these words for true and false; the parser here reads YAML 1.2, which has not. */
const wordsForTrue = /^(?:y|yes|on)$/i;
const wordsForFalse = /^(?:n|no|off)$/i;

export function flagOf(entry: Entry, field: string): boolean {
  const value = entry.fields[field] ?? false;
  if (typeof value === "string" && wordsForTrue.test(value)) return true;
  if (typeof value === "string" && wordsForFalse.test(value)) return false;
  if (typeof value !== "boolean") throw wrongType(entry, field, "true or false");
  return value;
}

/** Bytes that are written in base64. */
export function dataOf(entry: Entry, field: string): Buffer | null {
  const text = textOf(entry, field);
  if (text === null) return null;
  const compact = text.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw wrongType(entry, field, "base64");
  return Buffer.from(compact, "base64");
}

/** Without the value, which may be a secret. */
export function wrongType(entry: Entry, field: string, wanted: string): InvalidKubeconfigError {
  return new InvalidKubeconfigError(
    field,
    `${field} of ${quote(entry.name)} in the kubeconfig is not ${wanted}`,
  );
}

/** Two fields that kubectl does not take together; each holds something. */
export function refuseBoth(entry: Entry, field: string, other: string, why: string): void {
  const isGiven = (name: string): boolean =>
    ![undefined, null, "", false].includes(entry.fields[name] as never);
  if (isGiven(field) && isGiven(other))
    throw new InvalidKubeconfigError(
      field,
      `${quote(entry.name)} in the kubeconfig has ${field} and ${other}, which kubectl refuses together: ${why}`,
    );
}

export function list(named: readonly { readonly name: string }[]): string {
  return named.length === 0 ? "none" : named.map(({ name }) => quote(name)).join(", ");
}

export function quote(name: string): string {
  return JSON.stringify(name);
}
