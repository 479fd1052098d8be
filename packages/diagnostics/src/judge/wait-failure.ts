/** The pod waited for longer than it may: for a place, a node, a volume, or to be started. */

import type { Facts } from "../facts/facts.ts";
import { number, words } from "../facts/read.ts";
import { forSeconds, placeWords, said, waited } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";
import { copyFailure } from "./workspace-failure.ts";

type WaitKind = "unschedulable" | "queue-timeout" | "volume-unavailable" | "start-timeout";

export function waitFailure(kind: WaitKind, facts: Facts, message: string | null): Verdict {
  switch (kind) {
    case "unschedulable":
      return noNode(facts, message);
    case "queue-timeout":
      return neverLetIn(facts);
    case "volume-unavailable":
      return {
        code: "k8s_volume_unavailable",
        cause: `The pod waited${waited(facts.failure["waitedSeconds"])} for a volume: ${said(message)}${placeWords(facts)}`,
        detail: message,
      };
    case "start-timeout":
      return words(facts.failure["phase"]) === "files"
        ? copyFailure(facts, message)
        : notStarted(facts, message);
  }
}

function noNode(facts: Facts, message: string | null): Verdict {
  const memory = facts.cluster.main?.memoryRequest ?? null;
  const request = memory === null ? "" : ` The pod asks for ${memory} of memory.`;
  return {
    code: "k8s_unschedulable",
    conditions: ["nodes"],
    cause: `No node took the pod${forSeconds(facts.failure["waitedSeconds"])}. The scheduler says: ${said(message)}${request}`,
    detail: message,
  };
}

function neverLetIn({ cluster, failure }: Facts): Verdict {
  const queue = words(failure["queueName"]);
  const place = queue === null ? "its queue" : `queue ${queue}`;
  const known = number(failure["waitedSeconds"]) !== null;
  const held = cluster.podName === null ? "The Job is suspended" : "The pod is held back";
  return {
    code: "k8s_unschedulable",
    conditions: ["queue"],
    cause: known
      ? `The Job waited${waited(failure["waitedSeconds"])} in ${place} and was never let in.`
      : `${held}, as one that waits in ${place}; for how long, the evidence does not tell.`,
    detail: `queue ${queue ?? ""}`,
    // One that ran is suspended, too, when its place is taken away: then its pod is gone.
    ...(!known && { suspected: true, bootstrap: cluster.podSought }),
  };
}

function notStarted(facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  const phase = words(failure["phase"]);
  return {
    code: "k8s_start_timeout",
    cause: `The pod waited${waited(failure["waitedSeconds"])}, last in ${phase ?? "an unknown phase"}: ${said(message)}${placeWords(facts)}`,
    detail: `${phase ?? ""} ${message ?? ""}`,
    // That it waits is seen; that it waited too long is not.
    suspected: number(failure["waitedSeconds"]) === null,
  };
}
