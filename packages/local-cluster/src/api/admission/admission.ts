import type { AdmissionOptions } from "../../options.ts";
import type { ApiObject, Pod } from "../../objects/types.ts";
import type { Store } from "../../store/store.ts";
import { limitRangeRefusal } from "./limit-range.ts";
import { enforcedLevel, violations } from "./pod-security.ts";
import { quotaRefusal } from "./quota.ts";
import type { Resource } from "../resources.ts";
import { ApiError, forbidden } from "../status.ts";

/** Refuses what a real cluster's admission would; mounts the service account's token as it does. */
export function admit(store: Store, options: AdmissionOptions, resource: Resource, object: ApiObject): void {
  const namespace = object.metadata.namespace ?? "";
  if (resource.plural === "jobs" || resource.plural === "pods") {
    const refusal = options.webhook?.({
      kind: resource.kind,
      namespace,
      name: object.metadata.name,
      object: structuredClone(object),
    });
    if (refusal !== undefined && refusal !== null) throw new ApiError(400, "", refusal);
  }
  if (resource.plural === "pods") admitPod(store, options, resource, object as Pod, namespace);
  const quota = quotaRefusal(store, resource, object);
  if (quota !== null) throw forbidden(resource, object.metadata.name, quota);
}

function admitPod(
  store: Store,
  options: AdmissionOptions,
  resource: Resource,
  pod: Pod,
  namespace: string,
): void {
  const name = pod.metadata.name;
  // The service account is looked up before the name is generated, quota and policies come after.
  const nameBefore = pod.metadata.generateName ?? name;
  const account = pod.spec.serviceAccountName ?? "default";
  if (store.get("serviceaccounts", namespace, account) === undefined) {
    throw forbidden(
      resource,
      nameBefore,
      `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  }
  const bounds = limitRangeRefusal(store, pod);
  if (bounds !== null) throw forbidden(resource, name, bounds);
  const level = options.podSecurity?.[namespace] ?? enforcedLevel(store, namespace);
  const found = violations(level, pod.spec);
  if (found.length > 0) {
    throw forbidden(resource, name, `violates PodSecurity "${level}:latest": ${found.join(", ")}`);
  }
  const quota = options.podQuota?.[namespace];
  if (quota === undefined) return;
  // Pods that have ended do not count.
  const used = store
    .list("pods", namespace)
    .filter((entry) => !["Succeeded", "Failed"].includes((entry as Pod).status.phase)).length;
  if (used >= quota) {
    throw forbidden(
      resource,
      name,
      `exceeded quota: local-quota, requested: pods=1, used: pods=${used}, limited: pods=${quota}`,
    );
  }
}
