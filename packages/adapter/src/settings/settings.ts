import type { ResourceSpec, RunSpec } from "@claude-k8s/k8s-runner";

/** The settings of one agent, checked. `null`: not set; the cluster, the image or Claude Code decides. */
export interface Settings {
  readonly cluster: {
    /** Path of a kubeconfig on the server; `null`: the service account of the server's own pod, or the usual places. */
    readonly kubeconfig: string | null;
    readonly namespace: string | null;
  };
  readonly pod: {
    readonly image: string;
    readonly imagePullPolicy: "Always" | "IfNotPresent" | "Never" | null;
    readonly serviceAccountName: string | null;
    readonly resources: ResourceSpec;
    readonly labels: Readonly<Record<string, string>>;
    readonly nodeSelector: Readonly<Record<string, string>>;
    readonly tolerations: NonNullable<RunSpec["tolerations"]>;
    readonly podTemplate: NonNullable<RunSpec["podTemplate"]> | null;
    /** Absolute path in the pod. */
    readonly workingDirectory: string | null;
    /** Absolute path in the pod; `null`: as the image gives it. */
    readonly homeDirectory: string | null;
  };
  readonly life: {
    /** `null`: no deadline. */
    readonly deadlineSeconds: number | null;
    readonly graceSeconds: number;
    /** How long to wait for a slot that another run still holds. */
    readonly busyWaitSeconds: number;
    /** The finished Job stays until its time to live; otherwise it goes with the run. */
    readonly retainJobs: boolean;
    readonly ttlSecondsAfterFinished: number;
  };
  readonly claude: {
    readonly model: string | null;
    readonly effort: string | null;
    readonly maxTurns: number | null;
    readonly skipPermissions: boolean;
    readonly extraArgs: readonly string[];
    readonly promptTemplate: string | null;
    readonly bootstrapPromptTemplate: string | null;
    readonly instructionsFilePath: string | null;
    /** Address of Paperclip's API as the pod reaches it. */
    readonly paperclipApiUrl: string | null;
  };
  /** As the host resolved it: may hold secrets and the server's own paths. */
  readonly env: Readonly<Record<string, string>>;
}

/** One setting that cannot be used. `value` is shown to people: never a value of `env`. */
export interface SettingProblem {
  readonly field: string;
  /** As it was given, cut to 200 characters; `null`: not given. */
  readonly value: string | null;
  /** What a value must be. */
  readonly rule: string;
  readonly example: string;
}

export type ParsedSettings =
  | { readonly kind: "valid"; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly kind: "invalid"; readonly problems: readonly SettingProblem[] };
