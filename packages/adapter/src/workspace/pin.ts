/** Keeps a pod on the node that has its volume, by its affinity. Pure. */

import type { RunSpec } from "@claude-k8s/k8s-runner";

type Affinity = NonNullable<RunSpec["affinity"]>;
type Terms = NonNullable<
  NonNullable<Affinity["nodeAffinity"]>["requiredDuringSchedulingIgnoredDuringExecution"]
>["nodeSelectorTerms"];

export type Pin =
  | {
      readonly kind: "node";
      readonly node: string;
      /** Without it another node will do. */
      readonly strict: boolean;
    }
  /** On the node of the pods with these labels, as long as there is one; the pod itself has them, too, so that the first one may go anywhere. */
  | { readonly kind: "beside"; readonly labels: Readonly<Record<string, string>> };

/** What the pod asked for of nodes before still holds. */
export function pinned(affinity: Affinity | undefined, pin: Pin): Affinity {
  return pin.kind === "node" ? onNodeOf(affinity, pin) : besideOthers(affinity, pin.labels);
}

function besideOthers(affinity: Affinity | undefined, labels: Readonly<Record<string, string>>): Affinity {
  const before = affinity?.podAffinity ?? {};
  const term = { labelSelector: { matchLabels: { ...labels } }, topologyKey: "kubernetes.io/hostname" };
  const terms = before.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const added = { requiredDuringSchedulingIgnoredDuringExecution: [...terms, term] };
  return Object.assign({}, affinity, { podAffinity: Object.assign({}, before, added) });
}

function onNodeOf(
  affinity: Affinity | undefined,
  { node, strict }: Extract<Pin, { kind: "node" }>,
): Affinity {
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
