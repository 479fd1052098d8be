import type { LentVolume, RunSpec } from "@claude-k8s/k8s-runner";

import type { Ending } from "../ending.ts";
import type { Pin } from "./pin.ts";

export const workspaceModes = ["shared", "claim", "copied", "repository", "empty"] as const;
export type WorkspaceMode = (typeof workspaceModes)[number];

/** What a mode adds to a run's spec. */
export type WorkspaceSpec = Pick<
  RunSpec,
  | "volumes"
  | "volumeMounts"
  | "initContainers"
  | "extraContainers"
  | "copies"
  | "repository"
  | "env"
  | "secretEnv"
  | "secretEnvFrom"
  | "runAsUser"
  | "runAsGroup"
  | "fsGroup"
>;

/** Where the agent of one run works, decided. Each mode has a module that makes one. */
export interface Workspace {
  readonly mode: WorkspaceMode;
  /** Why this mode, as a clause. */
  readonly why: string;
  /** What else is to be said of it; for the host's list of events and the invocation. */
  readonly notes: readonly string[];
  /** Absolute, in the pod. */
  readonly workingDirectory: string;
  /** Of the agent's own, on a volume that outlives the pod; `null`: the image's, which does not. */
  readonly lastingHome: string | null;
  /** The same folder on the server's disk, where it lies there. */
  readonly homeOnServer?: string;
  /** Folders of the server that are in the pod, too. */
  readonly places: readonly { readonly server: string; readonly pod: string }[];
  readonly spec: WorkspaceSpec;
  /** Volumes of `spec` that no rule allows by itself, and the parts of them that the pod may see. */
  readonly lent: readonly LentVolume[];
  /** `null`: any node will do. */
  readonly pin: Pin | null;
  /** For the shell of the container, before Claude Code: what ends there ends the run. */
  readonly before?: string;
  /** Before the first Job: makes what the pod needs. An ending: the run cannot be. Rejects with `signal.reason` only. */
  readonly begin?: (signal: AbortSignal) => Promise<Ending | null>;
  /** After each ending: what there is to be said of the files, each a line. */
  readonly collect?: (ending: Ending) => Promise<readonly string[]>;
}

export type WorkspaceAnswer =
  | { readonly kind: "ready"; readonly workspace: Workspace }
  | { readonly kind: "refused"; readonly ending: Ending };
