/** Every verb that the code uses, as data: the Role, the preflight and the documentation come from it. */

export interface Permission {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly group: string;
  /** In all namespaces; a Role cannot give it. */
  readonly clusterWide?: boolean;
  /** What does without it. */
  readonly optional: boolean;
  readonly neededFor: string;
}

const job = { resource: "jobs", group: "batch", optional: false } as const;
const pod = { resource: "pods", group: "", optional: false } as const;
const claim = { resource: "persistentvolumeclaims", group: "", optional: false } as const;
const lease = { resource: "leases", group: "coordination.k8s.io", optional: true } as const;

export const requiredPermissions: readonly Permission[] = [
  { ...job, verb: "create", neededFor: "claiming a slot" },
  { ...job, verb: "get", neededFor: "deciding how a run ended, and who holds a slot" },
  { ...job, verb: "list", neededFor: "following all runs of a namespace" },
  { ...job, verb: "watch", neededFor: "following all runs of a namespace" },
  {
    ...job,
    verb: "patch",
    neededFor: "releasing a Job, taking over the run of a dead process, keeping a finished Job",
  },
  { ...job, verb: "delete", neededFor: "making room for the next run, stopping what has not started" },
  { ...pod, verb: "get", neededFor: "deciding whether a container has ended" },
  {
    ...pod,
    verb: "list",
    neededFor: "following all runs of a namespace, and seeing that a deleted Job has left no pod on a slot",
  },
  { ...pod, verb: "watch", neededFor: "following all runs of a namespace" },
  {
    ...pod,
    verb: "patch",
    neededFor: "stopping a run and keeping its log; without it the pod is deleted",
    optional: true,
  },
  {
    ...pod,
    verb: "delete",
    neededFor: "stopping a run and keeping its Job; without it the Job is deleted",
    optional: true,
  },
  { ...pod, subresource: "log", verb: "get", neededFor: "reading the output" },
  {
    resource: "secrets",
    group: "",
    verb: "create",
    neededFor: "handing over stdin, files and secret variables",
    optional: false,
  },
  {
    resource: "secrets",
    group: "",
    verb: "delete",
    neededFor:
      "removing them when the run has ended; without it they go with the Job, and clean-up reports them",
    optional: true,
  },
  {
    resource: "events",
    group: "",
    verb: "list",
    neededFor: "explaining why a pod does not start",
    optional: true,
  },
  {
    resource: "namespaces",
    group: "",
    verb: "get",
    neededFor: "telling that a run was deleted with its namespace",
    optional: true,
  },
  {
    ...lease,
    verb: "create",
    neededFor: "taking over the runs of a dead process, and limits of runs at once",
  },
  { ...lease, verb: "get", neededFor: "taking over the runs of a dead process, and limits of runs at once" },
  {
    ...lease,
    verb: "patch",
    neededFor: "taking over the runs of a dead process, and limits of runs at once",
  },
  { ...lease, verb: "delete", neededFor: "being taken over at once when this process ends" },
  {
    resource: "serviceaccounts",
    group: "",
    verb: "get",
    neededFor: "telling before a run that its service account does not exist",
    optional: true,
  },
  {
    resource: "nodes",
    group: "",
    verb: "get",
    clusterWide: true,
    neededFor: "telling a node that is lost from one that is drained",
    optional: true,
  },
  {
    resource: "nodes",
    group: "",
    verb: "list",
    clusterWide: true,
    neededFor: "telling before a run that no node fits its pod",
    optional: true,
  },
];

/**
 * What `sweep` and `list` use, and no run: for people and for a clean-up that runs now and then. Whoever has it sees the content of
 * every Secret of the namespace, which is why no process that starts runs should.
 */
export const upkeepPermissions: readonly Permission[] = [
  { ...job, verb: "list", neededFor: "finding runs, and what crashes left behind" },
  { ...job, verb: "delete", neededFor: "removing what was claimed and never released" },
  { ...pod, verb: "list", neededFor: "listing runs with their pods" },
  {
    resource: "secrets",
    group: "",
    verb: "list",
    neededFor: "finding Secrets whose Job is gone",
    optional: false,
  },
  { resource: "secrets", group: "", verb: "delete", neededFor: "removing them", optional: false },
  { ...lease, verb: "get", neededFor: "telling whether a run's process lives", optional: false },
  { ...lease, verb: "list", neededFor: "finding Leases of dead processes", optional: false },
  { ...lease, verb: "delete", neededFor: "removing them", optional: false },
  { ...claim, verb: "list", neededFor: "listing the volume claims that runs were given", optional: true },
  { ...claim, verb: "delete", neededFor: "removing one of them, with all its files", optional: true },
];

/** What a run may use beyond the ordinary. */
export type Feature = "claims" | "copies";

/** What each of them needs besides `requiredPermissions`; a Role without the feature does not have it. */
export const featurePermissions: Readonly<Record<Feature, readonly Permission[]>> = {
  claims: [
    { ...claim, verb: "create", neededFor: "making a volume claim that outlives the runs on it" },
    { ...claim, verb: "get", neededFor: "finding it again, and on how many nodes a claim can be mounted" },
    {
      ...claim,
      verb: "patch",
      neededFor: "marking it as filled; without it, each run sends the files of the first one again, in vain",
      optional: true,
    },
  ],
  copies: [
    // A WebSocket begins with a GET; newer API servers ask for `create` as well.
    {
      ...pod,
      subresource: "exec",
      verb: "create",
      neededFor: "sending folders into a run, fetching what it changed, and output that its log has lost",
    },
    {
      ...pod,
      subresource: "exec",
      verb: "get",
      neededFor: "sending folders into a run, fetching what it changed, and output that its log has lost",
    },
  ],
};

export function permissionsWith(features: readonly Feature[]): readonly Permission[] {
  return [...requiredPermissions, ...features.flatMap((feature) => featurePermissions[feature])];
}

export function resourceOf({ resource, subresource }: Permission): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}
