/**
 * What went wrong outside Claude, already named by whoever saw it. `k8s-runner`'s `RunFailure` fits as it is; the last four
 * kinds are for whoever turns settings into a run. A kind that is not listed here is told as `claude_failed`, with its name.
 */
export type FailureLike =
  | {
      readonly kind: "out-of-memory";
      /** `false`: only the signal speaks for it. */
      readonly certain: boolean;
      readonly container: string;
      readonly memoryLimit: string | null;
      readonly exitCode: number;
    }
  | {
      readonly kind: "evicted";
      readonly cause: "memory" | "disk" | "pid" | "other";
      /** The pod used more than its own limit, the node was not short. */
      readonly overLimit: boolean;
      readonly message: string | null;
    }
  | {
      readonly kind: "preempted" | "drained" | "node-shutdown" | "node-lost";
      readonly node: string | null;
      readonly message: string | null;
    }
  | {
      readonly kind: "node-refused";
      readonly node: string | null;
      readonly reason: string;
      readonly message: string | null;
    }
  | { readonly kind: "pod-deadline-exceeded" | "job-deadline-exceeded"; readonly seconds: number | null }
  | {
      readonly kind: "image-pull-failed";
      readonly image: string;
      /** Name of the container that it is for, where it is not the one that runs Claude. */
      readonly container?: string;
      /** Waiting longer cannot help: not found, denied. */
      readonly final: boolean;
      readonly reason: string;
      readonly message: string | null;
      /** Leave it out where it is not known. */
      readonly waitedSeconds?: number;
    }
  | {
      readonly kind: "image-invalid";
      readonly image: string;
      /** Name of the container that it is for, where it is not the one that runs Claude. */
      readonly container?: string;
      readonly reason: string;
      readonly message: string | null;
    }
  | { readonly kind: "container-config-error"; readonly reason: string; readonly message: string | null }
  | {
      readonly kind: "container-start-failed";
      readonly reason: string;
      readonly message: string | null;
      readonly exitCode: number | null;
    }
  | {
      readonly kind: "init-container-failed";
      readonly container: string;
      readonly exitCode: number | null;
      readonly reason: string | null;
      readonly message: string | null;
    }
  | {
      readonly kind: "unschedulable" | "volume-unavailable";
      readonly message: string | null;
      /** Leave it out where it is not known. */
      readonly waitedSeconds?: number;
    }
  | { readonly kind: "queue-timeout"; readonly queueName: string | null; readonly waitedSeconds?: number }
  | {
      readonly kind: "start-timeout";
      /** `files`: the container waits for what is to be copied into it. */
      readonly phase: string;
      readonly message: string | null;
      /** Leave it out where it is not known. */
      readonly waitedSeconds?: number;
      /** Of phase `files`: `no-exec`, `no-answer`, `program-failed`, `pod-disk-full`, `server-disk-full` and others. */
      readonly trouble?: string;
    }
  | { readonly kind: "quota-exceeded" | "admission-rejected"; readonly message: string }
  | { readonly kind: "service-account-missing"; readonly name: string | null; readonly message: string }
  | {
      readonly kind: "create-rejected";
      readonly resource: string;
      readonly httpStatus: number | null;
      readonly reason: string | null;
      readonly message: string;
      readonly causes: readonly { readonly field: string | null; readonly message: string }[];
    }
  | {
      readonly kind: "forbidden";
      readonly verb: string;
      readonly resource: string;
      readonly namespace: string;
      readonly message: string;
    }
  | { readonly kind: "namespace-missing"; readonly namespace: string }
  | { readonly kind: "namespace-terminating"; readonly namespace: string; readonly message: string }
  | {
      readonly kind: "api-unreachable";
      readonly server: string;
      readonly message: string;
      readonly triedSeconds: number;
    }
  | { readonly kind: "kubeconfig-invalid"; readonly field: string | null; readonly message: string }
  | {
      readonly kind: "deleted-externally";
      readonly object: "job" | "pod";
      readonly by: string | null;
      readonly lastSeen: string | null;
      /** `false`: it fits what is seen, and something else may have ended the run. Left out: it is certain. */
      readonly certain?: boolean;
      /** What the cluster says beside it. */
      readonly message?: string | null;
    }
  | { readonly kind: "pod-replaced"; readonly firstPod: string; readonly secondPod: string }
  | { readonly kind: "pod-vanished"; readonly pod: string | null; readonly lastSeen: string | null }
  | { readonly kind: "reattach-failed" | "exit-unknown"; readonly message: string }
  | { readonly kind: "settings-invalid"; readonly problems: readonly SettingProblem[] }
  | {
      readonly kind: "skill-not-found";
      readonly skill: string;
      readonly message: string | null;
      /** Names of the skills that are there. */
      readonly available: readonly string[];
    }
  | {
      /** The runs of one day together: this one would begin after their budget was spent. */
      readonly kind: "daily-budget-reached";
      /** US dollars. */
      readonly spentUsd: number;
      readonly budgetUsd: number;
      /** When the next day begins, ISO 8601. */
      readonly resetsAt: string;
    }
  | {
      readonly kind: "claude-version-unsupported";
      /** `null`: it could not be told. */
      readonly version: string | null;
      /** The range that the settings demand. */
      readonly range: string;
    }
  | { readonly kind: "agent-id-invalid"; readonly agentId: string }
  | {
      readonly kind: "not-allowed";
      /** Every setting that was refused, so that all can be mended at once. */
      readonly refusals: readonly SettingRefusal[];
      /** Path of the operator's file; `null`: there is none, and the closed defaults apply. */
      readonly file: string | null;
    }
  /** The runner did not send the Job: its pod would be more than its policy allows. */
  | { readonly kind: "policy-violated"; readonly violations: readonly PodViolation[] }
  | {
      readonly kind: "slot-foreign";
      readonly jobName: string;
      readonly namespace: string;
      /** What is wrong with its seal, as a clause: "it carries no seal", "its seal was made with another key". */
      readonly reason: string | null;
      /** ISO 8601. */
      readonly createdAt?: string | null;
    }
  | {
      readonly kind: "workspace-failed";
      readonly step: WorkspaceStep;
      /** The address without credentials. */
      readonly repository?: string | null;
      /** Branch, tag or commit that was asked for, or the branch that was pushed. */
      readonly ref?: string | null;
      /** The set-up command, for step `setup`. */
      readonly command?: string | null;
      readonly exitCode?: number | null;
      /** The last words of git or of the command; for `clone` and `push` they decide between the codes. */
      readonly message: string | null;
    }
  | {
      readonly kind: "workspace-too-large";
      /** What was too large, as a noun: "the workspace", "file dump.sql". */
      readonly what: string;
      /** `null`: more than the limit, and not counted further. */
      readonly bytes: number | null;
      /** `null`: not this limit was passed. */
      readonly limitBytes: number | null;
      /** Files and folders; absent or `null`: not this limit was passed. */
      readonly limitEntries?: number | null;
      /** Key of the setting that holds the limit; `null`: it cannot be changed. */
      readonly setting: string | null;
    };

/**
 * Where the workspace failed. `clone` covers everything that git does before the agent starts; what git said then tells a
 * refused credential and an unknown ref from other trouble. `push` is what happens after the agent ended.
 */
export type WorkspaceStep = "clone" | "setup" | "push";

/** One setting that the operator's rules do not allow. */
export interface SettingRefusal {
  /** Key of the setting, as in `settingNames`, or a path below it (`podTemplate.spec.hostNetwork`). */
  readonly setting: string;
  /** As given; leave it out when it is secret. */
  readonly value?: unknown;
  /** What is allowed, as the end of "… is not allowed: ": "only images of registry.example.com". */
  readonly rule: string;
  /** Key of the operator's file that would allow it (`allow.images`); `null`: nothing allows it. */
  readonly allow: string | null;
}

/** A field of the pod that a rule does not allow. */
export interface PodViolation {
  /** Path in the pod template: `spec.hostNetwork`. */
  readonly field: string;
  /** As JSON, shortened; `null`: nothing is there, and something must be. */
  readonly value: string | null;
  /** Name of the rule: `hostNamespaces`, `secret`, `image`. */
  readonly rule: string;
  /** Continues "the field …": `must be absent or false`. */
  readonly requirement: string;
}

/** One setting that cannot be used. */
export interface SettingProblem {
  /** Key of the setting, as in `settingNames`, or a path below it. */
  readonly field: string;
  /** As given; leave it out when it is secret. */
  readonly value?: unknown;
  /** What a value must be like. */
  readonly rule: string;
  /** A value that would do. */
  readonly example?: string | null;
}

export type FailureKind = FailureLike["kind"];
