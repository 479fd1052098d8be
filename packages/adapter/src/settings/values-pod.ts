import type { RunSpec } from "@claude-k8s/k8s-runner";
import { z } from "zod";

import { objectName } from "./patterns.ts";
import { structured } from "./structured.ts";
import { anyObject, isObject, namePairs, text } from "./values.ts";

/** Values that are parts of a pod. Only what we look into ourselves is checked: a cluster says better what is wrong with the rest. */

export const affinity = () =>
  z
    .preprocess(
      structured,
      z.strictObject({
        nodeAffinity: anyObject.optional(),
        podAffinity: anyObject.optional(),
        podAntiAffinity: anyObject.optional(),
      }),
    )
    .transform((value) => value as NonNullable<RunSpec["affinity"]>);

export const spreadConstraints = () =>
  z
    .preprocess(structured, z.array(z.looseObject({ topologyKey: text() })))
    .transform((list) => list as unknown as NonNullable<RunSpec["topologySpreadConstraints"]>);

export const hostAliases = () =>
  z
    .preprocess(structured, z.array(z.strictObject({ ip: z.string(), hostnames: z.array(text()) })))
    .transform((list): NonNullable<RunSpec["hostAliases"]> => list);

const containerName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const containers = () =>
  z
    .preprocess(
      structured,
      z.array(
        z.looseObject({
          name: text(containerName),
          image: text(/^\S+$/),
          securityContext: anyObject.optional(),
        }),
      ),
    )
    .transform((list) => list as unknown as NonNullable<RunSpec["extraContainers"]>);

/** `a, b` or a list; `{name: a}` is how a pod says it. */
export const objectNames = () =>
  z.preprocess(
    (raw) => {
      const isPlain = typeof raw === "number" || (typeof raw === "string" && !/^\s*(\[|-\s)/.test(raw));
      const list = isPlain ? String(raw).split(/[\s,]+/) : structured(raw);
      return Array.isArray(list)
        ? list.filter((each) => each !== "").map((each: unknown) => (isObject(each) ? each["name"] : each))
        : list;
    },
    z.array(text(objectName)).min(1),
  );

const reference = z.preprocess(
  referenceParts,
  z
    .strictObject({
      name: text(objectName),
      key: text(/^[-._A-Za-z0-9]{1,253}$/),
      optional: z.boolean().optional(),
    })
    .transform(({ name, key, optional }) => ({
      secretName: name,
      key,
      ...(optional !== undefined && { optional }),
    })),
);

/** `secret/key`, and `{secretName, key}` as well as a pod's `{name, key}`. */
function referenceParts(raw: unknown): unknown {
  if (typeof raw === "string") {
    const [name, key, ...more] = raw.trim().split("/");
    return more.length === 0 ? { name, key } : raw;
  }
  if (!isObject(raw) || !Object.hasOwn(raw, "secretName")) return raw;
  const { secretName, ...rest } = raw;
  return { name: secretName, ...rest };
}

/** `NAME=secret/key` lines, or an object as in a pod's `secretKeyRef`. */
export const references = () =>
  z.preprocess(namePairs, z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), reference));

export const inheritable = [
  "image",
  "pullLogins",
  "dns",
  "hostAliases",
  "nodeSelector",
  "tolerations",
  "affinity",
  "runtimeClass",
  "provider",
] as const;
export type Inheritable = (typeof inheritable)[number];

/** Names with blanks or commas between them, or a list; `none` is the empty list. */
export const inheritance = () =>
  z.preprocess(
    (raw) => {
      const names = typeof raw === "string" ? raw.split(/[\s,]+/).filter((name) => name !== "") : raw;
      return Array.isArray(names) && names.length === 1 && names[0] === "none" ? [] : names;
    },
    z.array(z.enum(inheritable)),
  );
