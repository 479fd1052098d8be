import type { FixCondition } from "../catalog/entry.ts";
import type { Facts } from "../facts/facts.ts";
import { exitWords } from "../words/signals.ts";
import { neverRan, placeWords, said } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";

export function memoryCause(facts: Facts, certain: boolean, memoryLimit: string | null): Verdict {
  const probe = certain ? null : failedProbe(facts);
  if (probe !== null) return killedByProbe(facts, probe);
  const { main } = facts.cluster;
  const limit = memoryLimit ?? main?.memoryLimit ?? null;
  const request = main?.memoryRequest ?? null;
  const withoutLimit = main?.resourcesKnown === true ? "no memory limit is set" : null;
  const numbers = [
    exitWords(facts.exitCode, facts.signal),
    limit === null ? withoutLimit : `memory limit ${limit}`,
    request === null ? null : `request ${request}`,
  ]
    .filter((part) => part !== null)
    .join("; ");
  const happened = certain
    ? `The kernel killed the container for memory: OOMKilled, ${numbers}.`
    : `Killed without any other cause in sight (${numbers}); memory is the usual one, but the cluster does not confirm it.`;
  return {
    code: "k8s_oom_killed",
    cause: `${happened}${placeWords(facts)}`,
    detail: certain ? "OOMKilled" : "SIGKILL",
    suspected: !certain,
  };
}

/** The kubelet's words when it kills a container for its probe. */
function failedProbe({ cluster }: Facts): string | null {
  const killing = cluster.events.findLast(
    ({ reason, message }) => reason === "Killing" && /failed (?:liveness|startup) probe/i.test(message),
  );
  if (killing === undefined) return null;
  return cluster.events.findLast(({ reason }) => reason === "Unhealthy")?.message ?? killing.message;
}

function killedByProbe(facts: Facts, words: string): Verdict {
  return {
    code: facts.stream?.contentSeen === true ? "claude_truncated" : "claude_killed",
    cause: `The kubelet killed the container because its probe failed: ${said(words)}${placeWords(facts)}`,
    detail: "probe failed",
    conditions: ["probe"],
  };
}

export function evictionCause(
  facts: Facts,
  cause: string | null,
  overLimit: boolean,
  message: string | null,
): Verdict {
  const resource = resourceWords.get(cause ?? "") ?? "some resource";
  const happened = overLimit
    ? `The pod used more ${resource} than its limit, so the node evicted it`
    : `The node was short of ${resource} and evicted the pod`;
  return {
    code: "k8s_pod_evicted",
    cause: `${happened}: ${said(message)}${memoryWords(facts, cause)}${placeWords(facts)}`,
    detail: `${cause ?? "other"} ${overLimit ? "over limit" : "pressure"}`,
    bootstrap: neverRan(facts),
    conditions: cause === "memory" || cause === "disk" ? [cause] : [],
    names: { node: facts.cluster.nodeName },
  };
}

const resourceWords: ReadonlyMap<string, string> = new Map([
  ["memory", "memory"],
  ["disk", "disk"],
  ["pid", "process ids"],
]);

function memoryWords(facts: Facts, cause: string | null): string {
  if (cause !== "memory") return "";
  const { main } = facts.cluster;
  if (main === null || !main.resourcesKnown) return "";
  return main.memoryRequest === null
    ? " The pod asks for no memory, so it goes first."
    : ` The pod asks for ${main.memoryRequest} of memory.`;
}

/** The scheduler had found room, and the kubelet did not see it: it knows better what its node has at that moment. */
export function refusedByNode(
  node: string | null,
  reason: string | null,
  message: string | null,
  facts: Facts,
): Verdict {
  const forbidden = forbiddenBy.get(reason ?? "");
  return {
    code: "k8s_unschedulable",
    conditions: forbidden === undefined ? ["rejected", "nodes"] : [forbidden],
    // The scheduler knows nothing of either, and chooses such a node again.
    ...(forbidden !== undefined && { family: null }),
    cause: `Node ${node ?? "unknown"} refused the pod that was placed on it (${reason ?? "no reason given"}), before anything of it ran: ${said(message)}${placeWords(facts)}`,
    detail: `${reason ?? ""} refused`,
  };
}

/** What the pod asks for and the node's configuration does not allow. */
const forbiddenBy: ReadonlyMap<string, FixCondition> = new Map([
  ["SysctlForbidden", "sysctl"],
  ["AppArmor", "appArmor"],
]);
