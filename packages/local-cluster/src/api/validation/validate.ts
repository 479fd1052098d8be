import type { ApiObject, ConfigMap, Job, Pod, Secret } from "../../objects/types.ts";
import type { Resource } from "../resources.ts";
import type { StatusCause } from "../status.ts";
import { validateData, validateImmutable } from "./data.ts";
import { validateJob, validateJobUpdate } from "./job.ts";
import { validateLease } from "./lease.ts";
import { validateMetadata } from "./metadata.ts";
import { validatePodUpdate } from "./pod-update.ts";
import { validatePodSpec } from "./pod.ts";

export function validate(resource: Resource, object: ApiObject): StatusCause[] {
  const causes = validateMetadata(resource, object.metadata);
  switch (resource.plural) {
    case "jobs":
      return [...causes, ...validateJob(object as Job)];
    case "pods":
      return [...causes, ...validatePodSpec((object as Pod).spec, "spec", ["Always", "OnFailure", "Never"])];
    case "secrets":
    case "configmaps":
      return [...causes, ...validateData(object as Secret & ConfigMap)];
    case "leases":
      return [...causes, ...validateLease(object)];
    default:
      return causes;
  }
}

export function validateUpdate(resource: Resource, next: ApiObject, previous: ApiObject): StatusCause[] {
  switch (resource.plural) {
    case "jobs":
      return validateJobUpdate(next as Job, previous as Job);
    case "secrets":
    case "configmaps":
      return validateImmutable(next as Secret & ConfigMap, previous as Secret & ConfigMap);
    case "pods":
      return validatePodUpdate(next as Pod, previous as Pod);
    case "leases": {
      // A lease is a lock: written without its version it would be taken from whoever holds it.
      return [];
    }
    default:
      return [];
  }
}
