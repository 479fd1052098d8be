import type { Facts } from "../facts/facts.ts";
import { flag, number, words } from "../facts/read.ts";
import type { FailureKind } from "../evidence/failure.ts";
import { durationWords } from "../words/numbers.ts";
import { evictionCause, memoryCause, refusedByNode } from "./resource-causes.ts";
import { lostPod, lostTrack } from "./lost-pod.ts";
import { neverRan, placeWords } from "./place-words.ts";
import { creationFailure } from "./creation-failure.ts";
import { disruption } from "./disruption.ts";
import { ownFailure } from "./own-failure.ts";
import { slotForeign } from "./slot.ts";
import { configurationFailure, containerStartFailure, imageFailure, initFailure } from "./start-failure.ts";
import type { Verdict } from "./verdict.ts";
import { waitFailure } from "./wait-failure.ts";
import { workspaceFailure } from "./workspace-failure.ts";

/**
 * A failure that is already named becomes a code and words; nothing is classified again. `null` where the kind says only
 * that the ending is unknown, or is none that this release knows: what the stream says is then the best that there is.
 */
export function judgeFailure(facts: Facts): Verdict | null {
  const kind = facts.failureKind as FailureKind | null;
  const { failure } = facts;
  const message = words(failure["message"]);
  switch (kind) {
    case "out-of-memory":
      return memoryCause(facts, flag(failure["certain"]) !== false, words(failure["memoryLimit"]));
    case "evicted":
      return evictionCause(facts, words(failure["cause"]), flag(failure["overLimit"]) === true, message);
    case "preempted":
    case "drained":
    case "node-shutdown":
    case "node-lost":
      return disruption(kind, facts, words(failure["node"]), message);
    case "node-refused":
      return refusedByNode(words(failure["node"]), words(failure["reason"]), message, facts);
    case "pod-deadline-exceeded":
    case "job-deadline-exceeded":
      return deadline(kind === "pod-deadline-exceeded" ? "pod" : "Job", facts, number(failure["seconds"]));
    case "image-pull-failed":
    case "image-invalid":
      return imageFailure(kind, facts, message);
    case "container-config-error":
      return configurationFailure(facts, message);
    case "container-start-failed":
      return containerStartFailure(facts, message);
    case "init-container-failed":
      return initFailure(facts, message);
    case "unschedulable":
    case "queue-timeout":
    case "volume-unavailable":
    case "start-timeout":
      return waitFailure(kind, facts, message);
    case "quota-exceeded":
    case "admission-rejected":
    case "service-account-missing":
    case "create-rejected":
    case "forbidden":
    case "namespace-missing":
    case "namespace-terminating":
    case "api-unreachable":
      return creationFailure(kind, facts, message);
    case "deleted-externally":
    case "pod-replaced":
    case "pod-vanished":
    case "reattach-failed":
      return lostPod(kind, facts, message);
    case "kubeconfig-invalid":
    case "settings-invalid":
    case "skill-not-found":
    case "claude-version-unsupported":
    case "agent-id-invalid":
    case "not-allowed":
    case "daily-budget-reached":
    case "policy-violated":
      return ownFailure(kind, facts, message);
    case "slot-foreign":
      return slotForeign(facts);
    case "workspace-failed":
    case "workspace-too-large":
      return workspaceFailure(kind, facts, message);
    case "exit-unknown":
      return lostTrack(facts);
    case null:
      return null;
    default:
      return laterKind(kind);
  }
}

/** Evidence of a later release may carry a kind that this one does not know. */
function laterKind(_kind: never): null {
  return null;
}

function deadline(object: "pod" | "Job", facts: Facts, seconds: number | null): Verdict {
  return {
    code: "timeout",
    cause: `The ${object}'s own deadline${seconds === null ? "" : ` of ${durationWords(seconds)}`} passed, and the cluster ended it.${placeWords(facts)}`,
    detail: `${object} deadline`,
    bootstrap: neverRan(facts),
  };
}
