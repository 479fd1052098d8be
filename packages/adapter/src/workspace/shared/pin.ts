/** Keeps a pod on a node by its affinity. Pure. */

import type { RunSpec } from "@claude-k8s/k8s-runner";

type Affinity = NonNullable<RunSpec["affinity"]>;
type Terms = NonNullable<
  NonNullable<Affinity["nodeAffinity"]>["requiredDuringSchedulingIgnoredDuringExecution"]
>["nodeSelectorTerms"];

export interface Pin {
  readonly node: string;
  /** Without it another node will do. */
  readonly strict: boolean;
}

/** What the pod asked for of nodes before still holds. */
export function pinned(affinity: Affinity | undefined, { node, strict }: Pin): Affinity {
  const before = affinity?.nodeAffinity ?? {};
  const term = { matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] };
  const added = strict
    ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: onNode(before, term) } }
    : {
        preferredDuringSchedulingIgnoredDuringExecution: [
          ...(before.preferredDuringSchedulingIgnoredDuringExecution ?? []),
          { weight: 100, preference: term },
        ],
      };
  return Object.assign({}, affinity, { nodeAffinity: Object.assign({}, before, added) });
}

/** Terms are alternatives; what is in one of them holds together. */
function onNode(before: NonNullable<Affinity["nodeAffinity"]>, node: Terms[number]): Terms {
  const terms = before.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return [node];
  return terms.map((term) =>
    Object.assign({}, term, { matchFields: [...(term.matchFields ?? []), ...(node.matchFields ?? [])] }),
  );
}
