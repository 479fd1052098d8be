import type { JobLike, NodeLike } from "../evidence/cluster.ts";
import { readConditions } from "../facts/conditions.ts";
import { type Fields, fields, flag, list, number, time, words } from "../facts/read.ts";

export function jobEvidence(job: Fields): JobLike {
  const metadata = fields(job["metadata"]);
  const spec = fields(job["spec"]);
  const namespace = words(metadata["namespace"]);
  return {
    name: words(metadata["name"]) ?? "?",
    ...(namespace !== null && { namespace }),
    createdAt: time(metadata["creationTimestamp"]),
    suspended: flag(spec["suspend"]) ?? false,
    deletionTimestamp: time(metadata["deletionTimestamp"]),
    activeDeadlineSeconds: number(spec["activeDeadlineSeconds"]),
    conditions: readConditions(fields(job["status"])["conditions"]),
  };
}

export function nodeEvidence(node: Fields): NodeLike {
  const all = readConditions(fields(node["status"])["conditions"]);
  return {
    name: words(fields(node["metadata"])["name"]) ?? "?",
    ready: all.find(({ type }) => type === "Ready")?.status ?? null,
    conditions: all,
    unschedulable: flag(fields(node["spec"])["unschedulable"]) ?? false,
    taints: list(fields(node["spec"])["taints"]).flatMap((taint) => words(fields(taint)["key"]) ?? []),
  };
}

export function nodeNameOf(pod: Fields | null, node: Fields | null): string | null {
  return words(fields(pod?.["spec"])["nodeName"]) ?? words(fields(node?.["metadata"])["name"]);
}
