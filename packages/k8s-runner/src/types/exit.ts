/** How a run ended. The runner names what happened; what it means and what to do about it is not its business. */

import type { RunEvidence } from "./evidence.ts";
import type { FilesTrouble } from "./copies.ts";
import type { PolicyViolation } from "./policy.ts";

/** What went wrong outside the command. One kind a row of the tables in `observe/`. */
export type RunFailure =
  | {
      readonly kind: "out-of-memory";
      readonly certain: boolean;
      readonly container: string;
      readonly memoryLimit: string | null;
      readonly exitCode: number;
    }
  | {
      readonly kind: "evicted";
      readonly cause: "memory" | "disk" | "pid" | "other";
      readonly overLimit: boolean;
      readonly message: string | null;
    }
  | {
      readonly kind: "preempted" | "drained" | "node-shutdown" | "node-lost";
      readonly node: string | null;
      readonly message: string | null;
    }
  /** The kubelet refused the pod that the scheduler had placed on its node: resources, affinity, devices, pressure. */
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
      /** Name of the container that it is for, where it is not the main one. */
      readonly container?: string;
      readonly final: boolean;
      readonly reason: string;
      readonly message: string | null;
      readonly waitedSeconds: number;
    }
  | {
      readonly kind: "image-invalid";
      readonly image: string;
      /** Name of the container that it is for, where it is not the main one. */
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
  | { readonly kind: "unschedulable"; readonly message: string | null; readonly waitedSeconds: number }
  | { readonly kind: "volume-unavailable"; readonly message: string | null; readonly waitedSeconds: number }
  | { readonly kind: "queue-timeout"; readonly queueName: string | null; readonly waitedSeconds: number }
  | {
      readonly kind: "start-timeout";
      readonly phase: string;
      readonly message: string | null;
      readonly waitedSeconds: number;
      /** Why nothing could be copied into the run, where `phase` is `files`. */
      readonly trouble?: FilesTrouble;
    }
  /** A Job that is not this server's has the slot's name, or is the one that was asked for. It was left alone. */
  | {
      readonly kind: "slot-foreign";
      readonly jobName: string;
      readonly namespace: string;
      /** Continues "the Job is not ours: …". */
      readonly reason: string;
      readonly createdAt: string | null;
    }
  | { readonly kind: "quota-exceeded"; readonly message: string }
  | { readonly kind: "admission-rejected"; readonly message: string }
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
  /** It is being deleted, and takes nothing new. */
  | { readonly kind: "namespace-terminating"; readonly namespace: string; readonly message: string }
  | {
      readonly kind: "api-unreachable";
      readonly server: string;
      readonly message: string;
      readonly triedSeconds: number;
    }
  | { readonly kind: "kubeconfig-invalid"; readonly field: string | null; readonly message: string }
  /** The Job was not sent: its pod would be something that the policy does not allow. */
  | { readonly kind: "policy-violated"; readonly violations: readonly PolicyViolation[] }
  | {
      readonly kind: "deleted-externally";
      readonly object: "job" | "pod";
      /** The controller that did it, where it left a trace; `null`: a person or another program, which only an audit log names. */
      readonly by: string | null;
      readonly lastSeen: string | null;
    }
  | { readonly kind: "pod-replaced"; readonly firstPod: string; readonly secondPod: string }
  | { readonly kind: "pod-vanished"; readonly pod: string | null; readonly lastSeen: string | null }
  | { readonly kind: "reattach-failed"; readonly message: string }
  /** The repository of the run could not be prepared; or, at step `push`, the work in it not be brought to the server. */
  | {
      readonly kind: "workspace-failed";
      readonly step: "clone" | "setup" | "push";
      readonly repository: string | null;
      readonly ref: string | null;
      readonly command: string | null;
      readonly exitCode: number | null;
      /** The last words of git, or of the set-up command. */
      readonly message: string | null;
    }
  /** More than the limit is to be copied into the run. */
  | {
      readonly kind: "workspace-too-large";
      readonly what: string;
      /** `null`: more than the limit, and not counted further. */
      readonly bytes: number | null;
      /** `null`: not this limit was passed. */
      readonly limitBytes: number | null;
      /** Files, folders and links; absent or `null`: not this limit was passed. */
      readonly limitEntries?: number | null;
      /** What the caller calls the limit; `null`: it did not say. */
      readonly setting: string | null;
    }
  | { readonly kind: "exit-unknown"; readonly message: string };

/** Who asked for the stop. */
export type StopBy = "caller" | "deadline";

export type RunExit =
  /** The command ended by itself, or by a signal that nobody of ours sent. */
  | {
      readonly kind: "exited";
      readonly exitCode: number;
      readonly signal: string | null;
      readonly evidence: RunEvidence;
    }
  /** We stopped it. `exitCode` is what the command still said (143 after a graceful SIGTERM), `null` when it was never seen. */
  | {
      readonly kind: "stopped";
      readonly by: StopBy;
      readonly reason: string;
      /** SIGKILL was needed. */
      readonly forced: boolean;
      readonly exitCode: number | null;
      readonly signal: string | null;
      /** The container had started. */
      readonly started: boolean;
      readonly graceSeconds: number;
      readonly deadlineSeconds: number | null;
      readonly evidence: RunEvidence;
    }
  | {
      readonly kind: "failed";
      readonly failure: RunFailure;
      /** The container had started; `false`: it is certain that the command never ran. */
      readonly started: boolean;
      /** The Job could be neither removed nor suspended: although it was given up, the command may run yet. */
      readonly mayStillStart?: true;
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly evidence: RunEvidence;
    };

/** Who holds a slot. */
export interface SlotHolder {
  readonly jobName: string;
  readonly jobUid: string;
  readonly namespace: string;
  /**
   * This Job was deleted, and this pod of it may still run: it was left behind (`kubectl delete job --cascade=orphan`), or is being
   * ended (`terminating`). The slot is free when the pod has ended or is deleted. `null`: the Job itself has the slot.
   */
  readonly podName: string | null;
  readonly runId: string | null;
  /** Identity of the supervising process, `null`: none is known. */
  readonly supervisor: string | null;
  /** The supervisor's Lease is current. */
  readonly supervised: boolean;
  readonly createdAt: string | null;
  readonly terminating: boolean;
}
