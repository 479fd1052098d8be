import { formatQuantity, parseQuantity } from "../../objects/quantity.ts";
import type { Container, LimitRange, LimitRangeItem, Pod, Quantities } from "../../objects/types.ts";
import type { Store } from "../../store/store.ts";
import { podTotal, type Side } from "./pod-resources.ts";

const annotation = "kubernetes.io/limit-ranger";

/** What the API server fills into a LimitRange: a maximum is a default limit, a default limit a default request. */
export function defaultLimitRange(range: LimitRange): void {
  for (const item of range.spec?.limits ?? []) {
    if (item.type !== "Container") continue;
    const limits = { ...item.max, ...item.default };
    const requests = { ...item.min, ...limits, ...item.defaultRequest };
    if (Object.keys(limits).length > 0) item.default = limits;
    if (Object.keys(requests).length > 0) item.defaultRequest = requests;
  }
}

/** Gives the pod's containers what they do not ask for themselves, and says so in an annotation. */
export function applyLimitRanges(store: Store, pod: Pod): void {
  for (const range of rangesOf(store, pod)) {
    const set = [
      ...(pod.spec.initContainers ?? []).flatMap((container) => fill(container, range, "init container")),
      ...pod.spec.containers.flatMap((container) => fill(container, range, "container")),
    ];
    if (set.length === 0) continue;
    const text = `LimitRanger plugin set: ${set.join("; ")}`;
    pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: text };
  }
}

function fill(container: Container, range: LimitRange, word: string): string[] {
  const defaults: Record<Side, Quantities> = { requests: {}, limits: {} };
  for (const item of range.spec.limits) {
    if (item.type !== "Container") continue;
    Object.assign(defaults.requests, item.defaultRequest);
    Object.assign(defaults.limits, item.default);
  }
  const resources = (container.resources ??= {});
  return (["requests", "limits"] as const).flatMap((side) => {
    const given = resources[side] ?? {};
    const added = Object.keys(defaults[side])
      .filter((resource) => given[resource] === undefined)
      .sort();
    if (added.length === 0) return [];
    resources[side] = { ...defaults[side], ...given };
    return [`${added.join(", ")} ${side.slice(0, -1)} for ${word} ${container.name}`];
  });
}

/** Why the namespace's LimitRanges refuse the pod, in their words; null when they do not. */
export function limitRangeRefusal(store: Store, pod: Pod): string | null {
  for (const range of rangesOf(store, pod)) {
    const found = range.spec.limits.flatMap((item) => breachesOf(item, pod));
    if (found.length > 0) return found.length === 1 ? (found[0] ?? null) : `[${found.join(", ")}]`;
  }
  return null;
}

function breachesOf(item: LimitRangeItem, pod: Pod): string[] {
  if (item.type === "Container") {
    const amount = (container: Container) => (side: Side, resource: string) => {
      const given = container.resources?.[side]?.[resource];
      return given === undefined ? null : parseQuantity(given);
    };
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    return all.flatMap((container) => bounds(item, "Container", amount(container)));
  }
  if (item.type !== "Pod") return [];
  return bounds(item, "Pod", (side, resource) => {
    const total = podTotal(pod.spec, side, resource);
    return total === 0 ? null : total;
  });
}

function bounds(
  item: LimitRangeItem,
  type: string,
  amount: (side: Side, resource: string) => number | null,
): string[] {
  const words: string[] = [];
  const check = (which: "minimum" | "maximum", resource: string, bound: string): void => {
    const start = `${which} ${resource} usage per ${type} is ${formatQuantity(parseQuantity(bound))}`;
    const least = which === "minimum";
    const needed: Side = least ? "requests" : "limits";
    if (amount(needed, resource) === null) {
      words.push(`${start}.  No ${needed.slice(0, -1)} is specified`);
      return;
    }
    for (const side of least ? (["requests", "limits"] as const) : (["limits", "requests"] as const)) {
      const found = amount(side, resource);
      const breaks = found !== null && (least ? found < parseQuantity(bound) : found > parseQuantity(bound));
      if (!breaks) continue;
      words.push(`${start}, but ${side.slice(0, -1)} is ${formatQuantity(found)}`);
      return;
    }
  };
  for (const [resource, bound] of Object.entries(item.min ?? {})) check("minimum", resource, bound);
  for (const [resource, bound] of Object.entries(item.max ?? {})) check("maximum", resource, bound);
  return words;
}

function rangesOf(store: Store, pod: Pod): readonly LimitRange[] {
  return store.list("limitranges", pod.metadata.namespace ?? "") as LimitRange[];
}
