import { selectableEventFields, selectableJobFields, selectablePodFields } from "./selectable.ts";
import type { ApiObject } from "../objects/types.ts";

/** One resource that the API serves. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
  /** Does the object have a `status` that only the `/status` subresource may change? */
  readonly statusSubresource: boolean;
  /** Does `metadata.generation` count changes of the spec? */
  readonly generation: boolean;
  /** Fields besides `metadata.name` and `metadata.namespace` that a field selector may name. */
  readonly selectable: (object: ApiObject) => Record<string, string>;
}

interface Subresource {
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

const readVerbs = ["get", "list", "watch"];
const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const status = (kind: string): Subresource => ({ name: "status", kind, verbs: ["get", "patch", "update"] });

function define(
  parts: Pick<Resource, "group" | "plural" | "singular" | "kind"> & Partial<Resource>,
): Resource {
  return {
    version: "v1",
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: allVerbs,
    subresources: [],
    statusSubresource: false,
    generation: false,
    selectable: () => ({}),
    ...parts,
  };
}

export const resources: readonly Resource[] = [
  define({
    group: "",
    plural: "configmaps",
    singular: "configmap",
    kind: "ConfigMap",
    shortNames: ["cm"],
  }),
  define({
    group: "",
    plural: "events",
    singular: "event",
    kind: "Event",
    shortNames: ["ev"],
    selectable: selectableEventFields,
  }),
  define({
    group: "",
    plural: "limitranges",
    singular: "limitrange",
    kind: "LimitRange",
    shortNames: ["limits"],
  }),
  define({
    group: "",
    plural: "namespaces",
    singular: "namespace",
    kind: "Namespace",
    shortNames: ["ns"],
    namespaced: false,
    verbs: allVerbs.filter((verb) => verb !== "deletecollection"),
    statusSubresource: true,
    subresources: [status("Namespace")],
    selectable: (object) => ({
      "status.phase": (object as { status?: { phase?: string } }).status?.phase ?? "",
    }),
  }),
  define({
    group: "",
    plural: "nodes",
    singular: "node",
    kind: "Node",
    shortNames: ["no"],
    namespaced: false,
    verbs: [...readVerbs, "patch", "update"],
    statusSubresource: true,
    selectable: (object) => ({
      "spec.unschedulable": String(
        (object as { spec?: { unschedulable?: boolean } }).spec?.unschedulable ?? false,
      ),
    }),
  }),
  define({
    group: "",
    plural: "pods",
    singular: "pod",
    kind: "Pod",
    shortNames: ["po"],
    categories: ["all"],
    statusSubresource: true,
    generation: true,
    subresources: [
      { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
      { name: "log", kind: "Pod", verbs: ["get"] },
      status("Pod"),
    ],
    selectable: selectablePodFields,
  }),
  define({
    group: "",
    plural: "resourcequotas",
    singular: "resourcequota",
    kind: "ResourceQuota",
    shortNames: ["quota"],
    statusSubresource: true,
    subresources: [status("ResourceQuota")],
  }),
  define({
    group: "",
    plural: "secrets",
    singular: "secret",
    kind: "Secret",
    selectable: (object) => ({ type: (object as { type?: string }).type ?? "Opaque" }),
  }),
  define({
    group: "",
    plural: "serviceaccounts",
    singular: "serviceaccount",
    kind: "ServiceAccount",
    shortNames: ["sa"],
    verbs: readVerbs,
  }),
  define({
    group: "batch",
    plural: "jobs",
    singular: "job",
    kind: "Job",
    categories: ["all"],
    statusSubresource: true,
    generation: true,
    subresources: [status("Job")],
    selectable: selectableJobFields,
  }),
  define({ group: "coordination.k8s.io", plural: "leases", singular: "lease", kind: "Lease" }),
  define({
    group: "authorization.k8s.io",
    plural: "selfsubjectaccessreviews",
    singular: "selfsubjectaccessreview",
    kind: "SelfSubjectAccessReview",
    namespaced: false,
    verbs: ["create"],
  }),
];

export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return resources.find(
    (candidate) => candidate.group === group && candidate.version === version && candidate.plural === plural,
  );
}

export function resourceOf(plural: string): Resource {
  const found = resources.find((candidate) => candidate.plural === plural);
  if (found === undefined) throw new TypeError(`no resource ${plural}`);
  return found;
}

export function apiVersionOf(resource: Resource): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}
