import type { ConfigMap, Container, EnvironmentVariable, Pod, Secret } from "../objects/types.ts";
import type { Store } from "../store/store.ts";
import { expand } from "./expansion.ts";
import type { PathMapping } from "./path-mapping.ts";

/** A Secret, ConfigMap or key that is not there (yet): `CreateContainerConfigError`, tried again later. */
export class ConfigProblem extends Error {
  override readonly name = "ConfigProblem";
}

/** The container's variables, in the order of the spec: later ones see earlier ones through `$(NAME)`. */
export function resolveEnvironment(
  store: Store,
  pod: Pod,
  container: Container,
  mapping: PathMapping,
): Record<string, string> {
  const namespace = pod.metadata.namespace ?? "";
  const result: Record<string, string> = {};
  for (const source of container.envFrom ?? []) {
    const { secretRef, configMapRef, prefix = "" } = source;
    const values =
      secretRef === undefined
        ? configMapValues(store, namespace, configMapRef?.name ?? "", configMapRef?.optional ?? false)
        : secretValues(store, namespace, secretRef.name, secretRef.optional ?? false);
    for (const [key, value] of Object.entries(values ?? {})) result[prefix + key] = value.toString("utf8");
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(store, pod, container, variable, result, mapping);
    if (value !== null) result[variable.name] = value;
  }
  return result;
}

function valueOf(
  store: Store,
  pod: Pod,
  container: Container,
  variable: EnvironmentVariable,
  known: Readonly<Record<string, string>>,
  mapping: PathMapping,
): string | null {
  const from = variable.valueFrom;
  // Only text of the spec is rewritten: a Secret's value reaches the process byte for byte.
  if (from === undefined) return expand(mapping.rewrite(variable.value ?? ""), known);
  const namespace = pod.metadata.namespace ?? "";
  if (from.secretKeyRef !== undefined) {
    const { name, key, optional = false } = from.secretKeyRef;
    return pick(secretValues(store, namespace, name, optional), "Secret", namespace, name, key, optional);
  }
  if (from.configMapKeyRef !== undefined) {
    const { name, key, optional = false } = from.configMapKeyRef;
    return pick(
      configMapValues(store, namespace, name, optional),
      "ConfigMap",
      namespace,
      name,
      key,
      optional,
    );
  }
  if (from.fieldRef !== undefined) return fieldValue(pod, from.fieldRef.fieldPath);
  if (from.resourceFieldRef !== undefined) {
    const [kind = "", resource = ""] = from.resourceFieldRef.resource.split(".");
    const source = kind === "limits" ? container.resources?.limits : container.resources?.requests;
    return source?.[resource] ?? "0";
  }
  return "";
}

type Values = Record<string, Buffer> | null;

function pick(
  values: Values,
  kind: string,
  namespace: string,
  name: string,
  key: string,
  optional: boolean,
): string | null {
  const value = values?.[key];
  if (value !== undefined) return value.toString("utf8");
  if (optional) return null;
  throw new ConfigProblem(`couldn't find key ${key} in ${kind} ${namespace}/${name}`);
}

export function secretValues(store: Store, namespace: string, name: string, optional: boolean): Values {
  const secret: Secret | undefined = store.get("secrets", namespace, name);
  if (secret === undefined) {
    if (optional) return null;
    throw new ConfigProblem(`secret "${name}" not found`);
  }
  return decode(secret.data, "base64");
}

export function configMapValues(store: Store, namespace: string, name: string, optional: boolean): Values {
  const map: ConfigMap | undefined = store.get("configmaps", namespace, name);
  if (map === undefined) {
    if (optional) return null;
    throw new ConfigProblem(`configmap "${name}" not found`);
  }
  return { ...decode(map.data, "utf8"), ...decode(map.binaryData, "base64") };
}

function decode(
  data: Record<string, string> | undefined,
  encoding: "base64" | "utf8",
): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, encoding)]),
  );
}

/** The downward API's fields. */
export function fieldValue(pod: Pod, path: string): string {
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/u.exec(path);
  if (entry !== null) {
    const [, map = "labels", key = ""] = entry;
    return pod.metadata[map as "labels" | "annotations"]?.[key] ?? "";
  }
  const fields: Record<string, string | undefined> = {
    "metadata.name": pod.metadata.name,
    "metadata.namespace": pod.metadata.namespace,
    "metadata.uid": pod.metadata.uid,
    "metadata.labels": lines(pod.metadata.labels),
    "metadata.annotations": lines(pod.metadata.annotations),
    "spec.nodeName": pod.spec.nodeName,
    "spec.serviceAccountName": pod.spec.serviceAccountName,
    "status.podIP": pod.status.podIP ?? "127.0.0.1",
    "status.hostIP": pod.status.hostIP ?? "127.0.0.1",
  };
  return fields[path] ?? "";
}

function lines(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {})
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort()
    .join("\n");
}
