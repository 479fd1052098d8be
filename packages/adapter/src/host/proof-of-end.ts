import type { ExitLike } from "@claude-k8s/diagnostics";
import type { PodEvidence, RunEvidence } from "@claude-k8s/k8s-runner";

/** What `provesEnd` looks at, of an ending. */
export interface EndedAs {
  readonly exit: ExitLike;
  /** `null`: there never was a Job that could run. */
  readonly evidence: RunEvidence | null;
}

/**
 * Is it certain that nothing of the run runs any more? A stop is acknowledged on no less: the host takes the acknowledgement for
 * leave to start the next run in the same workspace.
 */
export function provesEnd({ exit, evidence }: EndedAs): boolean {
  switch (exit.kind) {
    case "exited":
    // A start that was refused has removed what it had made, or says otherwise with a run of its own.
    case "busy":
    case "refused":
      return true;
    case "stopped":
      return hasEnded(exit) || (evidence !== null && isTakenDown(evidence));
    case "failed":
      if (Reflect.get(exit, "mayStillStart") === true) return false;
      return hasEnded(exit) || (evidence !== null && isOver(evidence.pod));
    default:
      return false;
  }
}

function hasEnded(exit: { readonly started?: boolean; readonly exitCode?: number | null }): boolean {
  return exit.started === false || (exit.exitCode ?? null) !== null;
}

/** Of a pod that was deleted with its grace, the kubelet confirms the end; of one on a lost node nobody does. */
function isTakenDown({ pod, node }: RunEvidence): boolean {
  if (isOver(pod)) return true;
  return !isAbandoned(pod) && (node === null || node.ready === "True");
}

/** The kubelet itself says that no container of it runs. */
function isOver(pod: PodEvidence | null): boolean {
  return pod !== null && (pod.phase === "Failed" || pod.phase === "Succeeded") && !isAbandoned(pod);
}

const abandoned: ReadonlySet<string> = new Set(["DeletionByTaintManager", "DeletionByPodGC", "NodeLost"]);

/** The control plane has given the pod up because its node does not answer: what it says of its containers is a guess. */
function isAbandoned(pod: PodEvidence | null): boolean {
  if (pod === null) return false;
  const reasons = [
    pod.reason,
    ...pod.conditions.map(({ type, reason }) => (type === "DisruptionTarget" ? reason : null)),
  ];
  return reasons.some((reason) => reason !== null && abandoned.has(reason));
}
