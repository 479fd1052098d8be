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
  const merged: JsonObject[] = Array.isArray(base) ? base.filter(isObject) : [];
  for (const element of overlay) {
    const index = merged.findIndex((candidate) => candidate[key] === element[key]);
    const before = merged[index];
    if (element["$patch"] === "delete") {
      if (before !== undefined) merged.splice(index, 1);
    } else if (before === undefined) merged.push(withoutDirective(element));
    else if (replacedElements.has(field)) merged[index] = withoutDirective(element);
    else merged[index] = merge(before, element, "") as JsonObject;
  }
  return merged;
}

function withoutDirective(value: JsonObject): JsonObject {
  const { $patch: _, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).filter(([, entry]) => entry !== null));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
