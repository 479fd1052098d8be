/**
 * Whose a Job is. Names, labels and annotations can be written by anybody who may write Jobs in the namespace; a seal only by who
 * has the key.
 */

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Job, Lease, Secret } from "../cluster/wire.ts";
import { annotations, attemptForm, jobNameOf, labels, manager, slotHash } from "./names.ts";

/** At least 16 bytes; a text counts as its UTF-8. */
export type SealKey = string | Uint8Array;

/** Made once per runner. */
export interface Seals {
  /** There is a key: what has no valid seal is foreign. */
  readonly checked: boolean;
  /** Annotations for a Job that is about to be created. */
  claim(job: Job): Readonly<Record<string, string>>;
  /** Annotations for a Job that exists and is about to be released. */
  seal(job: Job): Readonly<Record<string, string>>;
  /** Annotations for a Secret of a Job. */
  ownSecret(namespace: string, name: string): Readonly<Record<string, string>>;
  /** Annotations for a Lease. */
  ownLease(namespace: string, name: string): Readonly<Record<string, string>>;
  standing(job: Job): Standing;
  isOwnSecret(secret: Secret): boolean;
  isOwnLease(lease: Lease): boolean;
}

export type Standing =
  /** Sealed; without a key: in the form of the runner's own Jobs. */
  | { readonly kind: "ours" }
  /** Of us, or a copy of what we wrote on it, and never released: nothing of it is to be had, and it may go. */
  | { readonly kind: "claimed" }
  /** `reason` continues "the Job is not ours: …". */
  | { readonly kind: "foreign"; readonly reason: string };

const version = "1";
const shortestKeyBytes = 16;

export function createSeals(sealKey: SealKey | readonly SealKey[] | undefined): Seals {
  const keys = keysOf(sealKey);
  const [first] = keys;
  const sign = (name: string, parts: readonly string[]): Readonly<Record<string, string>> =>
    first === undefined ? {} : { [name]: `${version}.${mac(first, parts).toString("base64url")}` };
  const isSigned = (text: unknown, parts: readonly string[]): boolean => {
    const bytes = macIn(text);
    return bytes !== null && keys.some((key) => timingSafeEqual(mac(key, parts), bytes));
  };
  return {
    checked: first !== undefined,
    claim: (job) => sign(annotations.claim, claimParts(job)),
    seal: (job) => sign(annotations.seal, sealParts(job)),
    ownSecret: (namespace, name) => sign(annotations.seal, ["secret", namespace, name]),
    ownLease: (namespace, name) => sign(annotations.seal, ["lease", namespace, name]),
    standing(job) {
      const reason = formReason(job);
      if (reason !== null) return { kind: "foreign", reason };
      if (first === undefined) return { kind: "ours" };
      const written = job.metadata?.annotations ?? {};
      if (isSigned(written[annotations.seal], sealParts(job))) return { kind: "ours" };
      if (isUnreleased(job) && isSigned(written[annotations.claim], claimParts(job)))
        return { kind: "claimed" };
      const bare = written[annotations.seal] === undefined;
      return {
        kind: "foreign",
        reason: bare
          ? "it carries no seal"
          : "its seal was made with another key, or for another Job or pod template",
      };
    },
    isOwnSecret({ metadata, immutable }) {
      const { namespace = "", name = "", labels: own = {} } = metadata ?? {};
      const slot = payloadForm.exec(name)?.[1];
      if (slot === undefined || own[labels.slot] !== slot || immutable !== true) return false;
      return (
        first === undefined ||
        isSigned(metadata?.annotations?.[annotations.seal], ["secret", namespace, name])
      );
    },
    isOwnLease({ metadata, spec }) {
      const { namespace = "", name = "" } = metadata ?? {};
      if (spec?.holderIdentity !== name) return false;
      return (
        first === undefined || isSigned(metadata?.annotations?.[annotations.seal], ["lease", namespace, name])
      );
    },
  };
}

const payloadForm = /^run-([a-z0-9]{20})-[a-z0-9]{1,32}-\d{1,4}$/;

/** What every Job of the runner has, sealed or not; `null`: this one has it, too. */
export function formReason({ metadata }: Job): string | null {
  const slot = metadata?.annotations?.[annotations.slot];
  const attempt = metadata?.annotations?.[annotations.attempt];
  if (metadata?.labels?.[labels.managedBy] !== manager)
    return `it has no label ${labels.managedBy}=${manager}`;
  if (typeof slot !== "string" || metadata.name !== jobNameOf(slot))
    return "its name is not that of its slot";
  if (metadata.labels[labels.slot] !== slotHash(slot)) return "its slot's label is not that of its slot";
  if (typeof attempt !== "string" || !attemptForm.test(attempt)) return "it names no attempt";
  return null;
}

function isUnreleased({ metadata, spec }: Job): boolean {
  return spec?.suspend === true && metadata?.annotations?.[annotations.releasedAt] === undefined;
}

/** Everything that the runner writes once, and goes by later. */
function claimParts({ metadata }: Job): readonly string[] {
  const written = metadata?.annotations ?? {};
  const fixed = [annotations.slot, annotations.attempt, annotations.payloadSecrets, annotations.supervision];
  return [
    "claim",
    metadata?.namespace ?? "",
    metadata?.name ?? "",
    ...fixed.map((name) => written[name] ?? ""),
  ];
}

function sealParts(job: Job): readonly string[] {
  const [, ...parts] = claimParts(job);
  return ["seal", ...parts, job.metadata?.uid ?? "", templateDigest(job)];
}

/** What others may change in a Job that waits in a queue, and do: see "mutable scheduling directives" of Kubernetes. */
const schedulingFields: ReadonlySet<string> = new Set([
  "affinity",
  "nodeSelector",
  "schedulingGates",
  "tolerations",
]);

function templateDigest({ spec }: Job): string {
  const pod = (spec?.template.spec ?? {}) as Readonly<Record<string, unknown>>;
  const fixed = Object.entries(pod).filter(([name]) => !schedulingFields.has(name));
  return createHash("sha256")
    .update(canonicalJson(Object.fromEntries(fixed)))
    .digest("base64url");
}

/** The same text for the same content, whatever the order of its fields. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, field]) => field !== null)
            .toSorted(([left], [right]) => (left < right ? -1 : 1)),
        )
      : inner,
  );
}

/** As a JSON list, so that no two lists of parts make the same text. */
function mac(key: Uint8Array, parts: readonly string[]): Buffer {
  return createHmac("sha256", key)
    .update(JSON.stringify(["claude-k8s", version, ...parts]))
    .digest();
}

function macIn(text: unknown): Buffer | null {
  const found = typeof text === "string" ? /^1\.([A-Za-z0-9_-]{43})$/.exec(text)?.[1] : undefined;
  return found === undefined ? null : Buffer.from(found, "base64url");
}

function keysOf(sealKey: SealKey | readonly SealKey[] | undefined): readonly Uint8Array[] {
  if (sealKey === undefined) return [];
  const given = typeof sealKey === "string" || sealKey instanceof Uint8Array ? [sealKey] : sealKey;
  const keys = given.map((key) => (typeof key === "string" ? Buffer.from(key) : key));
  if (keys.length === 0 || keys.some(({ length }) => length < shortestKeyBytes))
    throw new TypeError(
      `sealKey must be one key or a list of keys, each of at least ${shortestKeyBytes} bytes`,
    );
  return keys;
}
