import { formatQuantity, parseQuantity } from "../../objects/quantity.ts";
import type { ApiObject, Pod, Quantities, ResourceQuota } from "../../objects/types.ts";
import type { Store } from "../../store/store.ts";
import { resources, type Resource } from "../resources.ts";
import { qualified } from "../status.ts";
import { allContainers, podTotal, type Side } from "./pod-resources.ts";

/** Resources that a quota counts by their plain name; any other is counted as `count/NAME.GROUP`. */
const plainNames: ReadonlySet<string> = new Set(["pods", "secrets", "configmaps", "resourcequotas"]);

/** What one object adds to the quota's entry; null when the entry is not about such objects. */
function charge(entry: string, resource: Resource, object: ApiObject): number | null {
  if (entry === `count/${qualified(resource)}`) return 1;
  if (entry === resource.plural && plainNames.has(entry)) return isOver(resource, object) ? 0 : 1;
  if (resource.plural !== "pods") return null;
  const { side, name } = amountOf(entry);
  if (side === null) return null;
  return isOver(resource, object) ? 0 : podTotal((object as Pod).spec, side, name);
}

/** A pod that has ended takes nothing any more. */
function isOver(resource: Resource, object: ApiObject): boolean {
  if (resource.plural !== "pods") return false;
  const phase = (object as Pod).status?.phase;
  return phase === "Succeeded" || phase === "Failed";
}

function amountOf(entry: string): { readonly side: Side | null; readonly name: string } {
  const match = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/u.exec(entry);
  return { side: match === null ? null : ((match[1] ?? "requests") as Side), name: match?.[2] ?? "" };
}

export function quotaUsage(store: Store, quota: ResourceQuota): Quantities {
  const namespace = quota.metadata.namespace ?? "";
  const used: Quantities = {};
  for (const entry of Object.keys(quota.spec.hard ?? {}).sort()) {
    let sum = 0;
    for (const resource of resources) {
      if (!counts(entry, resource)) continue;
      for (const object of store.list(resource.plural, namespace))
        sum += charge(entry, resource, object) ?? 0;
    }
    used[entry] = formatQuantity(round(sum));
  }
  return used;
}

function counts(entry: string, resource: Resource): boolean {
  if (entry === `count/${qualified(resource)}`) return true;
  if (entry === resource.plural) return plainNames.has(entry);
  return resource.plural === "pods" && amountOf(entry).side !== null;
}

/** Why the namespace's quotas refuse the object, in their words; null when they do not. */
export function quotaRefusal(store: Store, resource: Resource, object: ApiObject): string | null {
  for (const quota of store.list("resourcequotas", object.metadata.namespace ?? "") as ResourceQuota[]) {
    const refusal = refusalBy(store, quota, resource, object);
    if (refusal !== null) return refusal;
  }
  return null;
}

function refusalBy(store: Store, quota: ResourceQuota, resource: Resource, object: ApiObject): string | null {
  const { name } = quota.metadata;
  const hard = quota.spec.hard ?? {};
  const entries = Object.keys(hard)
    .filter((entry) => counts(entry, resource))
    .sort();
  if (resource.plural === "pods") {
    const missing = missingAmounts(entries, object as Pod);
    if (missing !== "") return `failed quota: ${name}: must specify ${missing}`;
  }
  if (entries.length === 0) return null;
  const used = quotaUsage(store, quota);
  const over = entries
    .map((entry) => ({
      entry,
      asked: charge(entry, resource, object) ?? 0,
      used: parseQuantity(used[entry] ?? "0"),
      limit: parseQuantity(hard[entry] ?? "0"),
    }))
    .filter(({ asked, used: before, limit }) => asked > 0 && round(before + asked) > limit);
  if (over.length === 0) return null;
  const list = (field: "asked" | "used" | "limit") =>
    over.map((each) => `${each.entry}=${formatQuantity(round(each[field]))}`).join(",");
  return `exceeded quota: ${name}, requested: ${list("asked")}, used: ${list("used")}, limited: ${list("limit")}`;
}

/** A quota on an amount makes it a duty of every container to name it. */
function missingAmounts(entries: readonly string[], pod: Pod): string {
  return entries
    .flatMap((entry) => {
      const { side, name } = amountOf(entry);
      if (side === null || name === "ephemeral-storage") return [];
      const without = allContainers(pod.spec)
        .filter((container) => container.resources?.[side]?.[name] === undefined)
        .map((container) => container.name)
        .sort();
      return without.length === 0 ? [] : [`${entry} for: ${without.join(",")}`];
    })
    .join("; ");
}

/** Quantities are exact to a thousandth; sums of floating-point numbers are not. */
function round(amount: number): number {
  return Math.round(amount * 1000) / 1000;
}
