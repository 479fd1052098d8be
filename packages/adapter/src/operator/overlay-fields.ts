import type { SettingRefusal } from "@claude-k8s/diagnostics";

import { isObject } from "../settings/values.ts";

/** What `podTemplate` sets although the operator's list of fields (`allow.podTemplateFields`) does not have it. */
export function refusedFields(podTemplate: unknown, listed: readonly string[]): readonly SettingRefusal[] {
  const set = new Set(fieldsIn(JSON.parse(JSON.stringify(podTemplate ?? {})), ""));
  return [...set]
    .filter((field) => !isListed(field, listed))
    .map((field) => ({
      setting: `podTemplate.${field}`,
      rule: listedRule(listed),
      allow: "allow.podTemplateFields",
    }));
}

export function isListed(field: string, listed: readonly string[]): boolean {
  return listed.some((each) => covers(normal(each), field));
}

export function listedRule(listed: readonly string[]): string {
  return listed.length === 0 ? "no field of it may be set" : `only ${listed.join(", ")}`;
}

/** `podTemplate.spec.containers[].x` is meant as `spec.containers[*].x`. */
export function normal(field: string): string {
  return field.replace(/^podTemplate\./, "").replaceAll(/\[\d*\]/g, "[*]");
}

function covers(listed: string, field: string): boolean {
  return field === listed || field.startsWith(`${listed}.`) || field.startsWith(`${listed}[`);
}

/**
 * Paths of what stands at the ends. The name of an element only says which one is meant, unless it is all that there is: an empty
 * variable, a volume of nothing. What is empty takes the place of what was there (`command: []` starts the image's own), and an
 * element with `$patch` is removed or replaced whole.
 */
function fieldsIn(value: unknown, at: string): readonly string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [at] : value.flatMap((each) => fieldsOfElement(each, `${at}[*]`));
  if (!isObject(value) || Object.keys(value).length === 0) return at === "" ? [] : [at];
  return Object.entries(value).flatMap(([name, each]) => fieldsIn(each, at === "" ? name : `${at}.${name}`));
}

function fieldsOfElement(element: unknown, at: string): readonly string[] {
  if (!isObject(element)) return fieldsIn(element, at);
  const { name, ...rest } = element;
  if ("$patch" in rest || typeof name !== "string" || Object.keys(rest).length === 0) return [at];
  return fieldsIn(rest, at);
}
