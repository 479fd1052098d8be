/** The pod that we run in, read once. */

import type { ApiError, Cluster } from "../cluster/cluster.ts";
import type { OwnPodAnswer } from "../types/own-pod.ts";
import { ownPodOf } from "./own-pod.ts";

export interface OwnPodName {
  readonly namespace: string;
  readonly name: string;
  /** Our container. Absent: the first one. */
  readonly container?: string;
}

/**
 * Reads the pod that this process runs in. `cluster` must be the cluster of that pod: another one may have a pod of the same name,
 * which is why `uid` (the downward API's `metadata.uid`) should be given where it is known.
 */
export async function readOwnPod(
  cluster: Pick<Cluster, "get">,
  { namespace, name, container, uid }: OwnPodName & { readonly uid?: string },
  options: { readonly signal?: AbortSignal } = {},
): Promise<OwnPodAnswer> {
  const answer = await cluster.get("pods", namespace, name, options);
  if (answer.kind === "error")
    return { kind: "none", reason: reasonOf(answer.error), message: answer.error.message };
  if (uid !== undefined && answer.value.metadata?.uid !== uid)
    return { kind: "none", reason: "not-found", message: `pod ${namespace}/${name} is another one` };
  const pod = ownPodOf(answer.value, container ?? null);
  if (pod !== null) return { kind: "pod", pod };
  const message = `pod ${namespace}/${name} has no container${container === undefined ? "" : ` ${container}`}`;
  return { kind: "none", reason: "not-found", message };
}

function reasonOf({ kind }: ApiError): Extract<OwnPodAnswer, { kind: "none" }>["reason"] {
  if (kind === "not-found" || kind === "gone") return "not-found";
  return kind === "forbidden" || kind === "unauthorized" ? "forbidden" : "unavailable";
}
