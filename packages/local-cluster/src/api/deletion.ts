import type { ApiObject, Pod } from "../objects/types.ts";
import type { Resource } from "./resources.ts";
import { conflict } from "./status.ts";

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly dryRun?: readonly string[];
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export function checkPreconditions(
  resource: Resource,
  current: ApiObject,
  preconditions: DeleteOptions["preconditions"],
): void {
  const { uid, resourceVersion } = current.metadata;
  const fail = (what: string, given: string, found: string, end: string) =>
    conflict(
      // The real server says the kind here, not the resource.
      { plural: resource.kind, group: resource.group },
      current.metadata.name,
      `the ${what} in the precondition (${given}) does not match the ${what} in record (${found}). ${end}`,
    );
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    throw fail("UID", preconditions.uid, uid, "The object might have been deleted and then recreated");
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw fail(
      "ResourceVersion",
      preconditions.resourceVersion,
      resourceVersion,
      "The object might have been modified",
    );
  }
}

/** A pod that never got a node, or has ended, has nobody to say goodbye to. */
export function podGrace(pod: Pod, options: DeleteOptions): number {
  if (pod.spec.nodeName === undefined) return 0;
  if (pod.status.phase === "Succeeded" || pod.status.phase === "Failed") return 0;
  const wanted = options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  return Math.max(0, wanted);
}

export function finalizersFor(resource: Resource, current: ApiObject, options: DeleteOptions): string[] {
  const kept = (current.metadata.finalizers ?? []).filter(
    (finalizer) => finalizer !== "foregroundDeletion" && finalizer !== "orphan",
  );
  // A Job without a policy orphans its pods: the default of batch/v1, kept for old clients.
  const policy = options.propagationPolicy ?? (resource.plural === "jobs" ? "Orphan" : null);
  if (policy === "Orphan") kept.push("orphan");
  if (policy === "Foreground") kept.push("foregroundDeletion");
  if (policy === null) {
    kept.push(...(current.metadata.finalizers ?? []).filter((finalizer) => !kept.includes(finalizer)));
  }
  return kept;
}
