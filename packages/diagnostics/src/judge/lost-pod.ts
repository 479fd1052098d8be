import type { Facts } from "../facts/facts.ts";
import { words } from "../facts/read.ts";
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
  const lastSeen = words(failure["lastSeen"]);
  const seen =
    lastSeen === null || lastSeen === facts.cluster.podDeletedAt ? "" : ` ${seenWords(lastSeen, facts)}`;
  const bootstrap = neverRan(facts);
  switch (kind) {
    case "deleted-externally": {
      const by = words(failure["by"]);
      return {
        code: "k8s_job_deleted_externally",
        cause: `The ${words(failure["object"]) === "pod" ? "pod" : "Job"} was deleted by ${
          by === null ? "somebody else (who, the cluster does not tell)" : oneLine(by, 200)
        }${facts.cluster.podDeletedAt === null ? "" : ` at ${timeWords(facts.cluster.podDeletedAt, facts.timeZone)}`}.${seen}${placeWords(facts)}`,
        detail: by,
        bootstrap,
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
