import type { Facts } from "../facts/facts.ts";
import type { FixCondition } from "../catalog/entry.ts";
import { count, flag, number, words } from "../facts/read.ts";
import type { FailureKind } from "../evidence/failure.ts";
import { startReasons } from "../naming/pod-reasons.ts";
import { durationWords } from "../words/numbers.ts";
import { oneLine } from "../words/quote.ts";
import { exitWords } from "../words/signals.ts";
import { evictionCause, memoryCause, refusedByNode } from "./resource-causes.ts";
import { lostPod, lostTrack } from "./lost-pod.ts";
import { forSeconds, neverRan, placeWords, said, waited } from "./place-words.ts";
import { creationFailure } from "./creation-failure.ts";
import { ownFailure } from "./own-failure.ts";
import { slotForeign } from "./slot.ts";
import { startWords } from "./start-words.ts";
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

function containerStartFailure(facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  const reason = words(failure["reason"]);
  const exitCode = number(failure["exitCode"]);
  const told = startWords([message ?? ""]);
  // Evidence of earlier releases has the node's refusals under this kind, too.
  if (exitCode === null && told === null && reason !== null && !startReasons.has(reason))
    return refusedByNode(facts.cluster.nodeName, reason, message, facts);
  const trouble = preparation(message ?? "");
  const late = told === null && trouble === "runtime";
  return {
    code: "k8s_container_start_failed",
    ...(late ? { family: "transient_upstream" as const } : {}),
    cause: `${reason ?? "The command did not start"}${exitSuffix(failure["exitCode"])}: ${said(message)}${
      told === null ? "" : ` It means: ${told.means}.`
    }${placeWords(facts)}`,
    detail: message ?? reason,
    conditions: [told?.condition ?? trouble ?? "command"],
    names: { node: facts.cluster.nodeName },
  };
}

/** What went wrong before the command's turn came; neither the command nor its image is at fault then. */
function preparation(message: string): "runtime" | "memory" | "node" | null {
  if (/oom-killed|memory limit too low|memory limit[^\n]{0,60}minimum/i.test(message)) return "memory";
  if (
    /hook #?\d|(?:prestart|createruntime|createcontainer) hook|nvidia-container-cli|apparmor|seccomp|no space left|cgroup/i.test(
      message,
    )
  )
    return "node";
  const late =
    /context deadline exceeded|deadlineexceeded|is reserved for|transport is closing|ttrpc: closed|containerd\.sock|crio\.sock|timeout expired|timed out/i;
  return late.test(message) ? "runtime" : null;
}

function exitSuffix(exitCode: unknown): string {
  const known = number(exitCode);
  return known === null ? "" : ` (${exitWords(known, null)})`;
}

function initFailure(facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  const container = words(failure["container"]);
  const reason = words(failure["reason"]);
  const exitCode = number(failure["exitCode"]);
  const told = [exitCode === null ? null : exitWords(exitCode, null), reason].filter((part) => part !== null);
  return {
    code: "k8s_init_container_failed",
    cause: `Init container ${container ?? "?"} failed${told.length === 0 ? "" : `: ${told.join(", ")}`}${
      message === null ? "" : `: ${oneLine(message)}`
    }.${placeWords(facts)}`,
    detail: `${container ?? "?"} ${message ?? reason ?? ""}`,
    conditions: reason === "OOMKilled" ? ["memory"] : [],
    names: { container },
  };
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

function imageFailure(
  kind: "image-pull-failed" | "image-invalid",
  facts: Facts,
  message: string | null,
): Verdict {
  const { failure } = facts;
  const image = words(failure["image"]);
  const reason = words(failure["reason"]) ?? "no reason told";
  const told = message ?? "";
  const untrusted = isUntrusted(told);
  const final = kind === "image-invalid" || flag(failure["final"]) === true || untrusted;
  const container = words(failure["container"]);
  return {
    code: kind === "image-invalid" ? "k8s_image_invalid" : "k8s_image_pull_failed",
    cause: `Image ${image ?? "?"}${container === null ? "" : ` of container ${container}`} ${kind === "image-invalid" ? "cannot be used" : "was not pulled"} (${reason}${
      count(failure["waitedSeconds"]) === 0 ? "" : `, waited${waited(failure["waitedSeconds"])}`
    }): ${said(message)}${placeWords(facts)}`,
    detail: `${reason} ${message ?? ""}`,
    family: final ? null : "transient_upstream",
    conditions: untrusted ? ["untrusted"] : pullConditions(told),
    names: { image },
  };
}

/** A certificate does not become trusted by waiting. */
function isUntrusted(message: string): boolean {
  return /x509:|certificate (?:signed by unknown|has expired|is not valid|verify failed)|failed to verify certificate/i.test(
    message,
  );
}

function pullConditions(message: string): readonly FixCondition[] {
  if (/no match(?:ing)? (?:for platform|manifest)/i.test(message)) return ["processor"];
  return /denied|unauthorized|forbidden|authenticat|\b40[13]\b/i.test(message) ? ["denied"] : [];
}

function requestWords(facts: Facts): string {
  const memory = facts.cluster.main?.memoryRequest ?? null;
  return memory === null ? "" : ` The pod asks for ${memory} of memory.`;
}
