import type { FailureCode, Family } from "../codes.ts";

/** A fix that only helps in some endings of a code. */
export interface ConditionalFix {
  readonly when: FixCondition;
  readonly text: string;
}

export const fixConditions = {
  sigkill: "after SIGKILL",
  memory: "short of memory",
  disk: "out of disk",
  denied: "denied by the registry",
  missing: "an object is missing",
  root: "the image runs as root",
  command: "its command did not start",
  rejected: "the node refused the pod",
  sysctl: "the node forbids a sysctl",
  appArmor: "the node lacks an AppArmor profile",
  queue: "waited in a queue",
  nodes: "waited for a node",
  operator: "the operator has a file",
  closed: "there is no operator's file",
  ssh: "the address is an SSH address",
  gitTools: "git lacks a program",
  network: "the network failed",
  longContext: "for a long context",
  modelLimit: "a limit of one model",
  cloudModel: "a cloud or a gateway",
  cloudLogin: "a cloud's login",
  inferenceProfile: "Bedrock wants an inference profile",
  otherProvider: "the words or the model are another provider's",
  ownProvider: "no other provider is named",
  gateway: "the gateway said so",
  proxy: "a proxy refuses",
  history: "the stored conversation is refused",
  heap: "the heap's limit",
  cpu: "an instruction that the processor does not have",
  fault: "a fault of the program",
  seccomp: "a forbidden system call",
  threads: "no thread or process could be made",
  processor: "an image for another processor",
  path: "a program is not there",
  mode: "a program may not be executed",
  libraries: "a library does not fit",
  format: "it is not stream-json",
  running: "it has not ended",
  untrusted: "the registry's certificate is not trusted",
  runtime: "the node's container runtime did not answer in time",
  node: "the node could not prepare the container",
  webhook: "the cluster failed to answer",
  counted: "a quota counts what the pod does not name",
  probe: "a probe failed",
  exec: "exec is not there",
  unwritable: "a folder that may not be written",
  watches: "the node's limit of watched files",
  descriptors: "the limit of open files",
  podDisk: "the pod's disk is full",
  serverDisk: "the server's disk failed",
  program: "the program in the pod failed",
  claimFull: "the claim is full",
  claimRights: "the claim may not be written to",
  claimStorage: "the claim's storage failed",
} as const;

export type FixCondition = keyof typeof fixConditions;

/** What the catalogue says of a code. */
export interface EntryWords {
  /** What happened, one line, without numbers. */
  readonly title: string;
  /** When this code is told, for people who write rules on it. */
  readonly when: string;
  /** Retried by the host or not. Where it depends on the evidence, `familyNote` says on what. */
  readonly family: Family | null;
  readonly familyNote?: string;
  /** The agent never started. */
  readonly bootstrap: boolean;
  readonly session: "keep" | "clear";
  /** Where it depends on the evidence: on what. */
  readonly sessionNote?: string;
  /**
   * What to do, the most likely first. `{setting:KEY}` becomes the setting's label with its present value; `{pod}`, `{job}`,
   * `{namespace}`, `{image}`, `{node}` and others the name from the evidence. A line whose name is not known is left out.
   */
  readonly fix: readonly (string | ConditionalFix)[];
}

export interface CatalogEntry extends EntryWords {
  readonly code: FailureCode;
}

/** The entries of one part of the catalogue. */
export type Entries = Readonly<Partial<Record<FailureCode, EntryWords>>>;
