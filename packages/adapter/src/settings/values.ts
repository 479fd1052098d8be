import type { RunSpec } from "@claude-k8s/k8s-runner";
import validRange from "semver/ranges/valid.js";
import { z } from "zod";

import { longestText, notReadable, structured } from "./structured.ts";
import { splitWords } from "./words.ts";

/** The forms in which values come: from the host's form (text and numbers), from its API (anything), from YAML files. */

/** What the form stores for a field that nobody filled. The form stores 0 for numbers; where a text "0" means it too, `zero` is set. */
export function isUnset(raw: unknown, zero: boolean): boolean {
  if (raw === undefined || raw === null || raw === 0) return true;
  if (typeof raw === "string") return raw.trim() === "" || (zero && raw.trim() === "0");
  if (Array.isArray(raw)) return raw.length === 0;
  return isObject(raw) && Object.keys(raw).length === 0;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** People write `image: 7` and mean the text. */
const numberAsText = (raw: unknown) => (typeof raw === "number" ? String(raw) : raw);

export const text = (pattern = /^[^\0]*$/) => z.preprocess(numberAsText, z.string().trim().regex(pattern));

/** Keeps its line ends and blanks: prompts are texts of their own. */
export const prose = () => z.preprocess(numberAsText, z.string());

/** As npm reads it; a short text, as its grammar is searched with regular expressions. */
export const versionRange = () =>
  z.preprocess(
    numberAsText,
    z
      .string()
      .trim()
      .max(200)
      .refine((range) => validRange(range) !== null),
  );

/** Numbers in text are accepted. */
export const count = (maximum: number) =>
  z.preprocess(
    (raw) => (typeof raw === "string" && /^\d+$/.test(raw.trim()) ? Number(raw.trim()) : raw),
    z.int().min(1).max(maximum),
  );

/** 0 is "off"; what is not off is at least `minimum`. */
export const countOrOff = (minimum: number, maximum: number) =>
  z.preprocess(
    (raw) => (typeof raw === "string" && /^\d+$/.test(raw.trim()) ? Number(raw.trim()) : raw),
    z.union([z.literal(0), z.int().min(minimum).max(maximum)]),
  );

export const amount = (maximum: number) =>
  z.preprocess(
    (raw) => (typeof raw === "string" && /^\d+(\.\d+)?$/.test(raw.trim()) ? Number(raw.trim()) : raw),
    z.number().positive().max(maximum),
  );

export const toggle = () =>
  z.preprocess((raw) => (raw === "true" ? true : raw === "false" ? false : raw), z.boolean());

export const choice = <const T extends readonly string[]>(choices: T) =>
  z.preprocess((raw) => (typeof raw === "string" ? raw.trim() : raw), z.enum(choices));

/** Kubernetes takes numbers too: 2 CPUs. */
export const quantity = () =>
  z.preprocess(
    (raw) => (typeof raw === "number" && raw > 0 ? String(raw) : raw),
    z
      .string()
      .trim()
      .regex(/^\d+(\.\d+)?([numkMGTPE]|[KMGTPE]i|[eE]\d+)?$/),
  );

/** The word for "none at all", where an empty text means "not set". */
export const noQuantity = "none";

export const quantityOrNone = () => z.union([z.literal(noQuantity), quantity()]);

/** It becomes one argument, and Linux takes none of 128 KiB. */
const largestObject = 64 * 1024;

export const jsonObject = () =>
  z.preprocess(
    structured,
    z
      .record(z.string(), z.unknown())
      .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= largestObject),
  );

export const anyObject = z.record(z.string(), z.unknown());

/** `name=value` lines, or an object. Numbers and booleans in an object become text, as YAML writers expect. */
export const names = () =>
  z.preprocess(
    namePairs,
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
  );

/** Lines of `name=value`, else what a YAML or JSON text says, else the value itself. */
export function namePairs(raw: unknown): unknown {
  return typeof raw === "string" && !looksStructured(raw) ? nameLines(raw) : structured(raw);
}

/** JSON, or a line of YAML: a colon before any equals sign. */
function looksStructured(raw: string): boolean {
  if (raw.trimStart().startsWith("{")) return true;
  return raw.split("\n").some((line) => /:(\s|$)/.test(line.split("=", 1)[0] ?? ""));
}

function nameLines(raw: string): unknown {
  if (raw.length > longestText) return notReadable;
  // `[^]`, since `.` stops at a line end of another kind, and a comment would be looked at again from each of its signs.
  const lines = raw.split("\n").map((line) => line.replace(/(^|\s)#[^]*$/, "").trim());
  const pairs: [string, string][] = [];
  for (const line of lines.filter((each) => each !== "")) {
    const at = line.indexOf("=");
    if (at < 1) return notReadable;
    pairs.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return Object.fromEntries(pairs);
}

export const tolerations = () =>
  z
    .preprocess(structured, z.array(anyObject))
    .transform((list) => list as unknown as NonNullable<RunSpec["tolerations"]>);

const objects = z.array(anyObject).nullish();
const overlayContainers = z
  .array(
    z.looseObject({
      env: objects,
      envFrom: objects,
      volumeMounts: z.array(z.looseObject({ mountPath: z.string().nullish() })).nullish(),
      resources: anyObject.nullish(),
    }),
  )
  .nullish();

/** Only the lists that we look into ourselves: a cluster says better what is wrong with the rest. */
const overlaySpec = z.looseObject({
  containers: overlayContainers,
  initContainers: overlayContainers,
  volumes: objects,
});

/** `apiVersion` and `kind` are what a copied manifest has; they say nothing here. */
export const podTemplate = () =>
  z
    .preprocess(
      structured,
      z.strictObject({
        apiVersion: z.unknown().optional(),
        kind: z.unknown().optional(),
        metadata: anyObject.nullish(),
        spec: overlaySpec.nullish(),
      }),
    )
    .transform(({ metadata, spec }): NonNullable<RunSpec["podTemplate"]> => ({
      ...(metadata && { metadata }),
      ...(spec && { spec: spec as Record<string, unknown> }),
    }));

/** A list, or a line as a shell would read it. */
export const argumentList = () =>
  z.preprocess(
    (raw) => (typeof raw === "string" ? (splitWords(raw) ?? notReadable) : raw),
    z.array(z.preprocess(numberAsText, z.string().regex(/^[^\0]*$/))),
  );

export { mostVariables } from "../plain-values.ts";
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** As the host resolves it: texts. `{type: "plain", value}` is how it stores one, and what has no value is not the pod's. */
export const environment = () =>
  z.preprocess(
    (raw) => (isObject(raw) ? Object.fromEntries(Object.entries(raw).flatMap(plainVariable)) : raw),
    z.record(z.string().regex(variableName), z.string().regex(/^[^\0]*$/)),
  );

function plainVariable([name, raw]: [string, unknown]): [string, unknown][] {
  const value = isObject(raw) && raw["type"] === "plain" ? raw["value"] : raw;
  if (value === undefined || value === null) return [];
  return [[name, typeof value === "number" || typeof value === "boolean" ? String(value) : value]];
}

/** What the host replaces by a secret before a run; one that is left could not be resolved, or stands where none is resolved. */
export function isSecretReference(raw: unknown): boolean {
  return isObject(raw) && typeof raw["type"] === "string" && /(^|_)secret_ref$/.test(raw["type"]);
}
