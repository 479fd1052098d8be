import type { Facts } from "../facts/facts.ts";
import { flag, time, words } from "../facts/read.ts";
import { isLostTrack } from "../naming/pod-reasons.ts";
import { oneLine, sentence } from "../words/quote.ts";
import { timeWords } from "../words/time.ts";
import { neverRan, placeWords, said } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";

/** The pod is gone, and its last state with it. */
export function lostPod(
  kind: "deleted-externally" | "pod-replaced" | "pod-vanished" | "reattach-failed",
  facts: Facts,
  message: string | null,
): Verdict {
  const { failure } = facts;
  const lastSeen = time(failure["lastSeen"]);
  const seen =
    lastSeen === null || lastSeen === facts.cluster.podDeletedAt ? "" : ` ${seenWords(lastSeen, facts)}`;
  const bootstrap = neverRan(facts);
  switch (kind) {
    case "deleted-externally": {
      const by = words(failure["by"]);
      return {
        code: "k8s_job_deleted_externally",
        cause: `${deletionWords(facts, by)}${message === null ? "" : ` The cluster says: ${said(message)}`}${seen}${placeWords(facts)}`,
        detail: by,
        bootstrap,
        suspected: flag(failure["certain"]) === false,
      };
    }
    case "pod-replaced":
      return {
        code: "k8s_pod_replaced",
        cause: `The cluster started pod ${words(failure["secondPod"]) ?? "?"} after pod ${words(failure["firstPod"]) ?? "?"} of the same Job: the work may have been begun twice.`,
        detail: "pod replaced",
        bootstrap: false,
      };
    case "pod-vanished":
      return {
        code: "k8s_pod_vanished",
        cause: `Pod ${words(failure["pod"]) ?? facts.cluster.podName ?? "?"} is gone from the API without a last state; how it ended is unknown.${seen}${placeWords(facts)}`,
        detail: "pod vanished",
        bootstrap,
      };
    case "reattach-failed":
      return {
        code: "k8s_pod_reattach_failed",
        cause: `The Job to go on with has no pod any more: ${said(message)}`,
        detail: message,
        bootstrap: false,
      };
  }
}

function deletionWords({ cluster, failure, timeZone }: Facts, by: string | null): string {
  const object = words(failure["object"]) === "pod" ? "pod" : "Job";
  const who = by === null ? "somebody else (who, the cluster does not tell)" : oneLine(by, 200);
  const deletedAt = cluster.podDeletedAt;
  const suspected = flag(failure["certain"]) === false;
  if (suspected && deletedAt === null)
    return `The ${object} is gone, as if it had been deleted by ${who}; what else may have removed it, the evidence does not tell.`;
  const at = deletedAt === null ? "" : ` at ${timeWords(deletedAt, timeZone)}`;
  return `The ${object} was deleted by ${who}${at}.${
    suspected ? " Whether its command had ended by itself before that, the evidence does not tell." : ""
  }`;
}

/** The pod is there, and its node no longer knows what became of the container; `null`: it does. */
export function lostTrack(facts: Facts): Verdict | null {
  const { main, nodeName } = facts.cluster;
  if (main === null || !isLostTrack(main.reason, main.exitCode)) return null;
  return {
    code: "k8s_node_lost",
    cause: `Node ${nodeName ?? "unknown"} no longer knows what became of the container, as after a restart of the node or of its container runtime: ${said(main.message ?? main.reason)}${placeWords(facts)}`,
    detail: "lost track",
    bootstrap: false,
    names: { node: nodeName },
  };
}

function seenWords(lastSeen: string, facts: Facts): string {
  return Number.isNaN(Date.parse(lastSeen))
    ? `What was seen last: ${sentence(oneLine(lastSeen))}`
    : `Last seen at ${timeWords(lastSeen, facts.timeZone)}.`;
}
