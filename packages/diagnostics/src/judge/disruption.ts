/** The cluster took the pod's node or its place away: nothing that the run did. */

import type { Facts } from "../facts/facts.ts";
import { neverRan, placeWords, said } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";

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
