import { ApiError } from "./status.ts";

type Json = unknown;
type Fields = Record<string, Json>;

/** Lists that are merged by a key of their items, by the list's field. Kubernetes has them in its Go types. */
const mergeKeys: Readonly<Record<string, string>> = {
  addresses: "type",
  conditions: "type",
  containers: "name",
  env: "name",
  ephemeralContainers: "name",
  hostAliases: "ip",
  imagePullSecrets: "name",
  initContainers: "name",
  ownerReferences: "uid",
  podIPs: "ip",
  ports: "containerPort",
  resourceClaims: "name",
  topologySpreadConstraints: "topologyKey",
  volumeDevices: "devicePath",
  volumeMounts: "mountPath",
  volumes: "name",
};

/** Lists of plain values that are merged as sets. */
const sets: ReadonlySet<string> = new Set(["finalizers"]);

const orderPrefix = "$setElementOrder/";
const removePrefix = "$deleteFromPrimitiveList/";

/** What kubectl's `label`, `annotate`, `edit`, `patch` and `apply` send: a merge patch that knows which lists have keys. */
export function strategicMerge(target: Json, patch: Json): Json {
  if (!isFields(patch)) return patch;
  if (patch["$patch"] === "replace") return without(patch, ["$patch"]);
  const result: Fields = isFields(target) ? { ...target } : {};
  const kept = patch["$retainKeys"];
  if (Array.isArray(kept)) {
    for (const key of Object.keys(result)) if (!kept.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === "$patch" || key === "$retainKeys") continue;
    if (key.startsWith(removePrefix)) removeFrom(result, key.slice(removePrefix.length), value);
    else if (!key.startsWith(orderPrefix)) merge(result, key, value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(orderPrefix)) sortBy(result, key.slice(orderPrefix.length), value);
  }
  return result;
}

function merge(result: Fields, key: string, value: Json): void {
  if (value === null || (isFields(value) && value["$patch"] === "delete")) delete result[key];
  else if (!Array.isArray(value)) result[key] = strategicMerge(result[key], value);
  else if (sets.has(key)) result[key] = [...new Set([...value, ...listOf(result[key])])];
  else result[key] = mergeList(key, listOf(result[key]), value);
}

function mergeList(field: string, current: readonly Json[], patch: readonly Json[]): Json[] {
  const mergeKey = mergeKeys[field];
  const isReplacing = patch.some((item) => isFields(item) && item["$patch"] === "replace" && isMark(item));
  const items = patch.filter((item) => !isMark(item));
  // The same field name is a list of plain values in other places.
  if (mergeKey === undefined || isReplacing || !items.every((item) => isFields(item))) return items;
  const merged = [...current];
  const added: Json[] = [];
  for (const item of items) {
    const name = item[mergeKey];
    if (name === undefined) {
      throw new ApiError(500, "", `map: ${goMap(item)} does not contain declared merge key: ${mergeKey}`);
    }
    const index = merged.findIndex((entry) => isFields(entry) && entry[mergeKey] === name);
    if (item["$patch"] === "delete") {
      if (index >= 0) merged.splice(index, 1);
    } else if (index >= 0) merged[index] = strategicMerge(merged[index], item);
    else added.push(strategicMerge({}, item));
  }
  // As the real server: what is new comes first unless the patch says the order.
  return [...added, ...merged];
}

/** An item that is only an instruction for the list. */
function isMark(item: Json): boolean {
  return isFields(item) && item["$patch"] === "replace" && Object.keys(item).length === 1;
}

function removeFrom(result: Fields, field: string, values: Json): void {
  if (Array.isArray(result[field]) && Array.isArray(values)) {
    result[field] = listOf(result[field]).filter((item) => !values.includes(item));
  }
}

/** Items that the order names, in its order; the others stay in front of what follows them. */
function sortBy(result: Fields, field: string, order: Json): void {
  const list = result[field];
  const mergeKey = mergeKeys[field];
  if (!Array.isArray(list) || !Array.isArray(order)) return;
  const keyOf = (item: Json): Json => (mergeKey !== undefined && isFields(item) ? item[mergeKey] : item);
  const wanted = order.map((item: Json) => keyOf(item));
  const named = list.filter((item) => wanted.includes(keyOf(item)));
  named.sort((a, b) => wanted.indexOf(keyOf(a)) - wanted.indexOf(keyOf(b)));
  let next = 0;
  result[field] = list.map((item: Json): Json => (wanted.includes(keyOf(item)) ? named[next++] : item));
}

/** As Go prints a map. */
function goMap(fields: Fields): string {
  const entries = Object.entries(fields).map(
    ([key, value]) => `${key}:${isFields(value) ? goMap(value) : String(value)}`,
  );
  return `map[${entries.sort().join(" ")}]`;
}

function without(fields: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
