import type { AdmissionOptions } from "../options.ts";
import type { ApiObject, Job, LimitRange, Pod, ResourceQuota, Secret } from "../objects/types.ts";
import type { Store } from "../store/store.ts";
import { admit } from "./admission/admission.ts";
import { applyLimitRanges, defaultLimitRange } from "./admission/limit-range.ts";
import { defaultJob, defaultJobSpec, defaultPod } from "./defaults.ts";
import type { Resource } from "./resources.ts";
import type { StatusCause } from "./status.ts";
import { validate, validateUpdate } from "./validation/validate.ts";

/** What differs from resource to resource when an object is written. */
export interface Strategies {
  prepare(resource: Resource, object: ApiObject): void;
  prepareUpdate(resource: Resource, object: ApiObject): void;
  validate(resource: Resource, object: ApiObject): StatusCause[];
  validateUpdate(resource: Resource, next: ApiObject, previous: ApiObject): StatusCause[];
  admit(resource: Resource, object: ApiObject): void;
}

export function createStrategies(store: Store, admission: AdmissionOptions): Strategies {
  return {
    prepare(resource, object) {
      switch (resource.plural) {
        case "jobs":
          defaultJob(object as Job);
          (object as Job).status = {};
          break;
        case "pods": {
          const pod = object as Pod;
          pod.spec ??= { containers: [] };
          defaultPod(pod.spec);
          applyLimitRanges(store, pod);
          pod.status = { phase: "Pending", qosClass: qosClassOf(pod) };
          break;
        }
        case "secrets":
          prepareSecret(object);
          (object as Secret).type ??= "Opaque";
          break;
        case "limitranges":
          defaultLimitRange(object as LimitRange);
          break;
        case "resourcequotas":
          (object as ResourceQuota).spec ??= {};
          (object as ResourceQuota).status = {};
          break;
        case "namespaces":
          Object.assign(object, { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } });
          object.metadata.labels = {
            ...object.metadata.labels,
            "kubernetes.io/metadata.name": object.metadata.name,
          };
          break;
        default:
          break;
      }
    },
    prepareUpdate(resource, object) {
      if (resource.plural === "secrets") prepareSecret(object);
      // What a client leaves out of a spec is its default, as in a create.
      if (resource.plural === "pods") defaultPod((object as Pod).spec);
      if (resource.plural === "jobs") defaultJobSpec((object as Job).spec);
    },
    validate,
    validateUpdate,
    admit: (resource, object) => admit(store, admission, resource, object),
  };
}

function prepareSecret(secret: Secret): void {
  if (secret.stringData === undefined) return;
  secret.data ??= {};
  for (const [key, value] of Object.entries(secret.stringData)) {
    secret.data[key] = Buffer.from(value).toString("base64");
  }
  delete secret.stringData;
}

function qosClassOf(pod: Pod): string {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const resources = containers.map((container) => container.resources ?? {});
  const any = resources.some((entry) => Object.keys({ ...entry.limits, ...entry.requests }).length > 0);
  if (!any) return "BestEffort";
  const guaranteed = resources.every(
    ({ limits, requests }) =>
      limits?.["cpu"] !== undefined &&
      limits["memory"] !== undefined &&
      requests?.["cpu"] === limits["cpu"] &&
      requests["memory"] === limits["memory"],
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
