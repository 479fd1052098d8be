import type { Container, PodSpec } from "../../objects/types.ts";
import { parseQuantity } from "../../objects/quantity.ts";

export type Side = "requests" | "limits";

/** What the whole pod asks for: its containers together, or its largest init container where that is more. */
export function podTotal(spec: PodSpec, side: Side, resource: string): number {
  const of = (container: Container) => parseQuantity(container.resources?.[side]?.[resource] ?? "0");
  const main = spec.containers.reduce((sum, container) => sum + of(container), 0);
  return Math.max(main, ...(spec.initContainers ?? []).map(of));
}

export function allContainers(spec: PodSpec): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}
