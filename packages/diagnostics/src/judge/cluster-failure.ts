import type { Facts } from "../facts/facts.ts";
import { flag, number, words } from "../facts/read.ts";
import type { FailureKind } from "../evidence/failure.ts";
import { durationWords } from "../words/numbers.ts";
import { evictionCause, memoryCause, refusedByNode } from "./resource-causes.ts";
import { lostPod, lostTrack } from "./lost-pod.ts";
import { forSeconds, neverRan, placeWords, said, waited } from "./place-words.ts";
import { creationFailure } from "./creation-failure.ts";
import { ownFailure } from "./own-failure.ts";
import { slotForeign } from "./slot.ts";
import { containerStartFailure, imageFailure, initFailure } from "./start-failure.ts";
import type { Verdict } from "./verdict.ts";
import { copyFailure, workspaceFailure } from "./workspace-failure.ts";

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
      return {
        code: "k8s_container_config_error",
        conditions: [/runAsNonRoot|run as root/i.test(message ?? "") ? "root" : "missing"],
        cause: `${words(failure["reason"]) ?? "The container's configuration is incomplete"}: ${said(message)}${placeWords(facts)}`,
        detail: message,
      };
    case "container-start-failed":
      return containerStartFailure(facts, message);
    case "init-container-failed":
      return initFailure(facts, message);
    case "unschedulable":
      return {
        code: "k8s_unschedulable",
        conditions: ["nodes"],
        cause: `No node took the pod${forSeconds(failure["waitedSeconds"])}. The scheduler says: ${said(message)}${requestWords(facts)}`,
        detail: message,
      };
    case "queue-timeout": {
      const queue = words(failure["queueName"]);
      return {
        code: "k8s_unschedulable",
        conditions: ["queue"],
        cause: `The Job waited${waited(failure["waitedSeconds"])} in ${
          queue === null ? "its queue" : `queue ${queue}`
        } and was never let in.`,
        detail: `queue ${queue ?? ""}`,
      };
    }
    case "volume-unavailable":
      return {
        code: "k8s_volume_unavailable",
        cause: `The pod waited${waited(failure["waitedSeconds"])} for a volume: ${said(message)}${placeWords(facts)}`,
        detail: message,
      };
    case "start-timeout":
      if (words(failure["phase"]) === "files") return copyFailure(facts, message);
      return {
        code: "k8s_start_timeout",
        cause: `The pod waited${waited(failure["waitedSeconds"])}, last in ${words(failure["phase"]) ?? "an unknown phase"}: ${said(message)}${placeWords(facts)}`,
        detail: `${words(failure["phase"]) ?? ""} ${message ?? ""}`,
        // That it waits is seen; that it waited too long is not.
        suspected: number(failure["waitedSeconds"]) === null,
      };
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

const disruptions = {
  preempted: { code: "k8s_pod_preempted", words: "A pod of higher priority took its place" },
  drained: {
    code: "k8s_node_drained",
    words: "The pod had to leave its node, as for a drain, a taint or an autoscaler",
  },
  "node-shutdown": { code: "k8s_node_shutdown", words: "The node shut down" },
  "node-lost": { code: "k8s_node_lost", words: "The node became unreachable or disappeared" },
} as const;

export function disruption(
  kind: keyof typeof disruptions,
  facts: Facts,
  node: string | null,
  message: string | null,
): Verdict {
  const name = node ?? facts.cluster.nodeName;
  const queue = kind === "preempted" && /queue/i.test(message ?? "");
  const elsewhere = node === null || node === facts.cluster.nodeName ? "" : ` (node ${node})`;
  return {
    code: disruptions[kind].code,
    cause: `${queue ? "The queue took the Job's place away" : disruptions[kind].words}${elsewhere}: ${said(message)}${placeWords(facts)}`,
    detail: kind,
    names: { node: name },
    bootstrap: neverRan(facts),
  };
}

function deadline(object: "pod" | "Job", facts: Facts, seconds: number | null): Verdict {
  return {
    code: "timeout",
    cause: `The ${object}'s own deadline${seconds === null ? "" : ` of ${durationWords(seconds)}`} passed, and the cluster ended it.${placeWords(facts)}`,
    detail: `${object} deadline`,
    bootstrap: neverRan(facts),
  };
}

function requestWords(facts: Facts): string {
  const memory = facts.cluster.main?.memoryRequest ?? null;
  return memory === null ? "" : ` The pod asks for ${memory} of memory.`;
}
