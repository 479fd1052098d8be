/** Would any node take this pod? Only what other pods do not change: labels and taints. Pure. */

import type { Node, Pod } from "../cluster/wire.ts";

type PodSpec = NonNullable<Pod["spec"]>;
type Taint = NonNullable<NonNullable<Node["spec"]>["taints"]>[number];
type Toleration = NonNullable<PodSpec["tolerations"]>[number];

const mostTaintsNamed = 5;

/**
 * Why none of the nodes that the pod's node selector leaves takes it, in the scheduler's manner; `null`: one does. Taints that only
 * prefer other pods keep none away.
 */
export function misfitOf(
  selected: readonly Node[],
  pod: Pick<PodSpec, "nodeSelector" | "tolerations">,
): string | null {
  const labels = selectorOf(pod);
  if (selected.length === 0) return `no node has the labels ${labels}`;
  const repelling = selected.flatMap((node) => repellingTaint(node, pod.tolerations ?? []) ?? []);
  if (repelling.length < selected.length) return null;
  const taints = new Set(
    repelling.map(({ key, value }) => (value === undefined || value === "" ? key : `${key}=${value}`)),
  );
  const named = [...taints].slice(0, mostTaintsNamed).join(", ");
  return `the ${selected.length === 1 ? "one node" : `${selected.length} nodes`} with the labels ${labels} have taints that the pod does not tolerate: ${named}`;
}

/** As a label selector of the API says it. */
export function selectorOf({ nodeSelector = {} }: Pick<PodSpec, "nodeSelector">): string {
  return Object.entries(nodeSelector)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

function repellingTaint({ spec }: Node, tolerations: readonly Toleration[]): Taint | null {
  const hard = (spec?.taints ?? []).filter(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
  return hard.find((taint) => !tolerations.some((toleration) => tolerates(toleration, taint))) ?? null;
}

/** Without an effect it tolerates each of them, and without a key, which only `Exists` may leave out, every taint. */
function tolerates({ key = "", operator, value = "", effect = "" }: Toleration, taint: Taint): boolean {
  if (effect !== "" && effect !== taint.effect) return false;
  if (operator === "Exists") return key === "" || key === taint.key;
  return key === taint.key && value === (taint.value ?? "");
}
