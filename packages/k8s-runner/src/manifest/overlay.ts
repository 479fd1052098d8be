/** Kubernetes' strategic merge, for the lists that a pod template has. */

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** Lists that are merged element by element, and the field that tells which elements are the same. All others are replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  ports: "containerPort",
  imagePullSecrets: "name",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
  resourceClaims: "name",
};

/** Elements of these are either the one thing or the other: merging `value` with `valueFrom`, or two volume sources, is refused by the API. */
const replacedElements: ReadonlySet<string> = new Set(["env", "volumes"]);

/** `overlay` wins; `null` removes a field; `{ "$patch": "delete" }` removes an element, `"replace"` replaces an object. */
export function mergeStrategically<T>(base: T, overlay: unknown): T {
  return merge(base, overlay, "") as T;
}

function merge(base: Json, overlay: Json, field: string): Json {
  if (overlay === undefined) return base;
  if (Array.isArray(overlay)) return mergeLists(base, overlay, field);
  if (!isObject(overlay)) return overlay;
  if (!isObject(base) || overlay["$patch"] === "replace") return withoutDirective(overlay);
  return mergeObjects(base, overlay);
}

function mergeObjects(base: JsonObject, overlay: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [name, value] of Object.entries(overlay)) {
    // Assigned, it would become what the object inherits: seen by whoever reads the object, and never sent.
    if (name === "$patch" || name === "__proto__") continue;
    if (value === null) delete merged[name];
    else merged[name] = merge(base[name], value, name);
  }
  return merged;
}

function mergeLists(base: Json, overlay: readonly Json[], field: string): Json {
  const key = mergeKeys[field];
  if (key === undefined || !overlay.every(isObject)) return overlay;
  const own: readonly JsonObject[] = Array.isArray(base) ? base.filter(isObject) : [];
  // The overlay meets the first of those that are the same. By places, as a list of thousands would be searched for each of its elements.
  const merged: (JsonObject | null)[] = [...own];
  const places = new Map<Json, number>();
  own.forEach((element, index) => {
    if (!places.has(element[key])) places.set(element[key], index);
  });
  for (const element of overlay) {
    const same = element[key];
    const index = places.get(same);
    const before = index === undefined ? undefined : merged[index];
    if (element["$patch"] === "delete") {
      if (index === undefined) continue;
      merged[index] = null;
      places.delete(same);
      const next = own.findIndex((other, place) => other[key] === same && merged[place] !== null);
      if (next >= 0) places.set(same, next);
    } else if (index === undefined || !isObject(before))
      places.set(same, merged.push(withoutDirective(element)) - 1);
    else
      merged[index] = replacedElements.has(field) ? withoutDirective(element) : mergeElement(before, element);
  }
  return merged.filter((element) => element !== null);
}

function mergeElement(before: JsonObject, element: JsonObject): JsonObject {
  return merge(before, element, "") as JsonObject;
}

function withoutDirective(value: JsonObject): JsonObject {
  const { $patch: _, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).filter(([, entry]) => entry !== null));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
