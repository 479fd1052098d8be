import type { PodSpec } from "./pod.ts";
import type { ApiObject, Condition, ObjectMeta } from "./object.ts";

export interface JobSpec {
  parallelism?: number;
  completions?: number;
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  suspend?: boolean;
  completionMode?: string;
  manualSelector?: boolean;
  podReplacementPolicy?: "Failed" | "TerminatingOrFailed";
  selector?: { matchLabels?: Record<string, string> };
  managedBy?: string;
  template: { metadata?: Partial<ObjectMeta>; spec: PodSpec };
}

export interface JobStatus {
  active?: number;
  ready?: number;
  failed?: number;
  succeeded?: number;
  terminating?: number;
  startTime?: string;
  completionTime?: string;
  conditions?: Condition[];
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] };
}

export interface Job extends ApiObject {
  spec: JobSpec;
  status: JobStatus;
}
