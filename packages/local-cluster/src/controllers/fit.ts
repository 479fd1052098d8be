import type { Node, Pod, Toleration } from "../objects/types.ts";
import { parseQuantity } from "../objects/quantity.ts";

export interface Refusal {
  readonly reasons: readonly string[];
  /** Would removing other pods help? Not for a pod larger than the node, nor for taints and selectors. */
  readonly preemptable: boolean;
}

/** Why the pod cannot run on the node, in the scheduler's words; null when it can. */
export function refusalOf(pod: Pod, node: Node, placed: readonly Pod[]): Refusal | null {
  if (node.spec.unschedulable === true)
    return { reasons: ["node(s) were unschedulable"], preemptable: false };
  const isTainted = (node.spec.taints ?? []).some(
    (entry) => entry.effect !== "PreferNoSchedule" && !tolerates(pod.spec.tolerations ?? [], entry),
  );
  if (isTainted) return { reasons: ["node(s) had untolerated taint(s)"], preemptable: false };
  const labels = node.metadata.labels ?? {};
  if (Object.entries(pod.spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value)) {
    return { reasons: ["node(s) didn't match Pod's node affinity/selector"], preemptable: false };
  }
  return roomOn(pod, node, placed);
}

function roomOn(pod: Pod, node: Node, placed: readonly Pod[]): Refusal | null {
  const running = placed.filter(
    (other) =>
      other.spec.nodeName === node.metadata.name &&
      other.status.phase !== "Succeeded" &&
      other.status.phase !== "Failed",
  );
  const reasons: string[] = [];
  let preemptable = true;
  const allocatable = node.status.allocatable;
  if (running.length + 1 > Number(allocatable["pods"])) reasons.push("Too many pods");
  for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
    const room = parseQuantity(allocatable[resource] ?? "0");
    const wanted = requested(pod, resource);
    const used = running.reduce((sum, other) => sum + requested(other, resource), 0);
    if (wanted > 0 && used + wanted > room) {
      reasons.push(`Insufficient ${resource}`);
      if (wanted > room) preemptable = false;
    }
  }
  return reasons.length === 0 ? null : { reasons, preemptable };
}

/** Init containers run one after the other: the largest counts, not their sum. */
function requested(pod: Pod, resource: string): number {
  const of = (container: { resources?: { requests?: Record<string, string> } }) =>
    parseQuantity(container.resources?.requests?.[resource] ?? "0");
  const main = pod.spec.containers.reduce((sum, container) => sum + of(container), 0);
  return Math.max(main, ...(pod.spec.initContainers ?? []).map(of));
}

export function tolerates(
  tolerations: readonly Toleration[],
  taint: { key: string; value?: string; effect: string },
): boolean {
  return tolerations.some((toleration) => {
    if (toleration.effect !== undefined && toleration.effect !== "" && toleration.effect !== taint.effect)
      return false;
    if (toleration.key === undefined || toleration.key === "") return toleration.operator === "Exists";
    if (toleration.key !== taint.key) return false;
    return toleration.operator === "Exists" || (toleration.value ?? "") === (taint.value ?? "");
  });
}

export function explainRefusal(nodeCount: number, refusals: readonly Refusal[]): string {
  if (nodeCount === 0) return "no nodes available to schedule pods";
  const counts = new Map<string, number>();
  for (const reason of refusals.flatMap((refusal) => refusal.reasons)) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const list = [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(", ");
  const hopeless = refusals.filter((refusal) => !refusal.preemptable).length;
  const victims = refusals.length - hopeless;
  const preemption = [
    ...(victims > 0 ? [`${victims} No preemption victims found for incoming pod`] : []),
    ...(hopeless > 0 ? [`${hopeless} Preemption is not helpful for scheduling`] : []),
  ].join(", ");
  return `0/${nodeCount} nodes are available: ${list}. no new claims to deallocate, preemption: 0/${nodeCount} nodes are available: ${preemption}.`;
}
