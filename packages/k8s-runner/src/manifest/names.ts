/** Every name, label and annotation that the runner writes. Foreign words are hashed, their originals kept in annotations. */

import { createHash, randomBytes } from "node:crypto";

export const labels = {
  managedBy: "app.kubernetes.io/managed-by",
  slot: "claude-k8s.io/slot",
  run: "claude-k8s.io/run",
  /** Jobs of one cap. */
  cap: "claude-k8s.io/cap",
  queue: "kueue.x-k8s.io/queue-name",
} as const;

export const manager = "claude-k8s";

export const annotations = {
  slot: "claude-k8s.io/slot",
  runId: "claude-k8s.io/run-id",
  /** Identity of the process that supervises; its Lease has the same name. */
  supervisor: "claude-k8s.io/supervisor",
  /** Unique for each claim: tells our own Job from one with the same run id that another process made. */
  attempt: "claude-k8s.io/attempt",
  /** JSON: what a process that adopts the run must know of the spec. */
  supervision: "claude-k8s.io/supervision",
  /** How many payload Secrets there are; their names follow from the attempt. */
  payloadSecrets: "claude-k8s.io/payload-secrets",
  /** Made by a key, with the Job's creation: this Job may be removed by whoever has the key, but not adopted. */
  claim: "claude-k8s.io/claim",
  /** Made by a key, with the release, when the UID is known: this Job may be adopted by whoever has the key. */
  seal: "claude-k8s.io/seal",
  releasedAt: "claude-k8s.io/released-at",
  /** When the supervisor took it over from another one. */
  adoptedAt: "claude-k8s.io/adopted-at",
  /** Identity of the process that calls for a successor of a dead supervisor. */
  reservedBy: "claude-k8s.io/reserved-by",
  /** JSON on a cap's Lease: who runs and who waits. */
  capState: "claude-k8s.io/cap-state",
  /** The ending was told and the consumer is finished with it: the Job may make room. */
  concludedAt: "claude-k8s.io/concluded-at",
  /** What the consumer has to say about the run on a Job that is kept. */
  note: "claude-k8s.io/note",
} as const;

/** A list of hundreds of Jobs stays small. */
export const longestNote = 4096;

export const mainContainer = "main";
export const payloadContainer = "payload";
/** Waits before the command until its folders are in. */
export const receiverContainer = "files";
/** Keeps what the command left until it is fetched. */
export const holderContainer = "files-holder";
/** Prints the file that the command's output goes into, and keeps it until it is taken. */
export const recorderContainer = "record";
/** Clones the repository before the command. */
export const cloneContainer = "repository";
export const setupContainer = "repository-setup";
/** Looks at the repository after the command has ended, and pushes it where that is wished. */
export const closingContainer = "repository-closing";

/** At most 63 characters, as the Job controller copies it into a label, with room for what it appends for the pod. */
export function jobNameOf(slot: string): string {
  return `run-${slotHash(slot)}`;
}

export function slotHash(slot: string): string {
  return shortHash(slot, 20);
}

/** Names a cap in labels and in the name of its Lease. */
export function capHash(name: string): string {
  return shortHash(name, 20);
}

export const capLeasePrefix = "cap-";

export function capLeaseName(name: string): string {
  return capLeasePrefix + capHash(name);
}

/** The run id itself where it is a valid label value. */
export function runLabel(runId: string): string {
  return labelValue.test(runId) ? runId : `h-${shortHash(runId, 20)}`;
}

export const labelValue = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

export function payloadSecretName(jobName: string, attempt: string, index: number): string {
  return `${jobName}-${attempt}-${index}`;
}

export function newAttempt(): string {
  return base32(randomBytes(5));
}

export const attemptForm = /^[a-z0-9]{1,32}$/;

export function attemptFor(runId: string): string {
  return shortHash(runId, 8);
}

function shortHash(text: string, length: number): string {
  return base32(createHash("sha256").update(text).digest()).slice(0, length);
}

/** Lower case and digits, as names of objects allow. */
const alphabet = "0123456789abcdefghijklmnopqrstuv";

function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = "";
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31];
      bits -= 5;
    }
    value &= (1 << bits) - 1;
  }
  return text;
}
