/** Pod → what it is doing. A pure table over the evidence. */

import type { ContainerEvidence, PodEvidence } from "../types/evidence.ts";
import { isSidecar, mainOf, mayRestart, podIsOver } from "./containers.ts";

export type PodState =
  /** Held back by a scheduling gate. */
  | { readonly kind: "gated"; readonly message: string | null }
  | { readonly kind: "unscheduled" }
  | { readonly kind: "unschedulable"; readonly message: string; readonly volume: boolean }
  /** On a node; sandbox, volumes or nothing known yet. */
  | { readonly kind: "preparing"; readonly reason: string | null; readonly message: string | null }
  | {
      readonly kind: "image-waiting";
      readonly container: string;
      readonly image: string;
      readonly reason: string;
      readonly message: string | null;
      /** Waiting longer cannot help. */
      readonly final: boolean;
      /** The image's name or the node's policy is wrong, not the registry. */
      readonly invalid: boolean;
    }
  | { readonly kind: "config-waiting"; readonly reason: string; readonly message: string | null }
  | { readonly kind: "start-failing"; readonly reason: string; readonly message: string | null }
  /** It fell over before the main container could start, and the kubelet starts it again. */
  | {
      readonly kind: "init-restarting";
      readonly container: string;
      readonly reason: string | null;
      readonly message: string | null;
    }
  | { readonly kind: "initializing"; readonly container: string }
  | { readonly kind: "running"; readonly startedAt: string | null }
  /** The main container ended, or the pod did. */
  | { readonly kind: "ended" };

export function podState(pod: PodEvidence, main: string): PodState {
  const container = mainOf(pod, main);
  if (podIsOver(pod) || container?.state.kind === "terminated") return { kind: "ended" };
  if (container?.state.kind === "running") return { kind: "running", startedAt: container.state.startedAt };
  if (pod.nodeName === null) return schedulingState(pod);
  const waiting = waitingState(container);
  // The kubelet comes to the main container only after everything before it, so its own reason is the one that counts.
  if (waiting !== null && waiting.kind !== "preparing") return waiting;
  return initState(pod) ?? waiting ?? preparing;
}

const preparing: PodState = { kind: "preparing", reason: null, message: null };

function schedulingState(pod: PodEvidence): PodState {
  const scheduled = pod.conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False") return { kind: "unscheduled" };
  if (scheduled.reason === "SchedulingGated") return { kind: "gated", message: scheduled.message };
  const message = scheduled.message ?? "";
  return { kind: "unschedulable", message, volume: /persistentvolume|volume node affinity/i.test(message) };
}

/** The first init container that holds up the others. `null`: none does. */
function initState(pod: PodEvidence): PodState | null {
  for (const container of pod.containers) {
    if (!container.init) continue;
    const state = isSidecar(container) ? sidecarState(container) : preparationState(container, pod);
    if (state !== null) return state;
  }
  return null;
}

function preparationState(container: ContainerEvidence, pod: PodEvidence): PodState | null {
  const { name, state } = container;
  if (state.kind === "terminated") {
    if (state.exitCode === 0) return null;
    const { reason, message } = state;
    return mayRestart(container, pod)
      ? { kind: "init-restarting", container: name, reason, message }
      : { kind: "ended" };
  }
  if (state.kind === "running") return { kind: "initializing", container: name };
  if (state.kind === "waiting" && state.reason === "CrashLoopBackOff" && mayRestart(container, pod))
    return { kind: "init-restarting", container: name, reason: state.reason, message: state.message };
  // A later one only says that it waits for the first.
  return waitingState(container) ?? preparing;
}

/** A sidecar that has started holds up nothing, and whatever it exits with, the kubelet starts it again. */
function sidecarState(container: ContainerEvidence): PodState | null {
  const { name, state, started } = container;
  if (started === true) return null;
  switch (state.kind) {
    case "running":
      // Its startup probe has not passed yet. A kubelet that says nothing of it knows no such wait.
      return started === false ? { kind: "initializing", container: name } : null;
    case "terminated":
      return { kind: "init-restarting", container: name, reason: state.reason, message: state.message };
    case "waiting": {
      const { reason, message } = state;
      if (reason === "CrashLoopBackOff") return { kind: "init-restarting", container: name, reason, message };
      return waitingState(container) ?? preparing;
    }
    case "unknown":
      return preparing;
  }
}

const imageReasons: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);
const invalidImageReasons: ReadonlySet<string> = new Set(["InvalidImageName", "ErrImageNeverPull"]);
const startReasons: ReadonlySet<string> = new Set([
  "CreateContainerError",
  "RunContainerError",
  "CrashLoopBackOff",
  "PreCreateHookError",
  "PostStartHookError",
]);
const finalPullMessage =
  /not found|manifest unknown|unauthorized|denied|forbidden|authentication required|no match for platform|no matching manifest|invalid reference|signature|unsupported (?:manifest|media)|media ?type\b[^\n]{0,160}\bsupported|precondition failed|cannot be pulled|short-name/i;
/** A name that could not be looked up is also "not found", but may be found again. */
const transientPullMessage =
  /lookup |no such host|dial tcp|timeout|timed out|connection (?:refused|reset)|EOF|too ?many ?requests|\b(?:429|5\d\d)\b/i;

function waitingState(container: ContainerEvidence | undefined): PodState | null {
  if (container?.state.kind !== "waiting") return null;
  const { reason, message } = container.state;
  if (reason === null) return { kind: "preparing", reason, message };
  if (imageReasons.has(reason) || invalidImageReasons.has(reason)) {
    const invalid = invalidImageReasons.has(reason);
    const final = invalid || isFinalPull(message ?? "");
    return {
      kind: "image-waiting",
      container: container.name,
      image: container.image ?? "",
      reason,
      message,
      final,
      invalid,
    };
  }
  if (reason === "CreateContainerConfigError") return { kind: "config-waiting", reason, message };
  if (startReasons.has(reason)) return { kind: "start-failing", reason, message };
  return { kind: "preparing", reason, message };
}

function isFinalPull(message: string): boolean {
  return finalPullMessage.test(message) && !transientPullMessage.test(message);
}
