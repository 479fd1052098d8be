import type { Facts } from "../facts/facts.ts";
import { disruption } from "./cluster-failure.ts";
import { evictionCause, memoryCause } from "./resource-causes.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Evidence that only says "exited" but still shows what the cluster did: saved by another tool, or by hand. A runner's own
 * `failure` never comes this way, so nothing is classified twice.
 */
export function judgeTraces(facts: Facts): Verdict | null {
  const { cluster } = facts;
  const target = cluster.podConditions.find(
    ({ type, status }) => type === "DisruptionTarget" && status === "True",
  );
  switch (target?.reason) {
    case "PreemptionByScheduler":
      return disruption("preempted", facts, null, target.message);
    case "EvictionByEvictionAPI":
      return disruption("drained", facts, null, target.message);
    case "DeletionByTaintManager":
      // The same controller serves an administrator's taint and a node that is lost.
      return disruption(cluster.nodeReady === "True" ? "drained" : "node-lost", facts, null, target.message);
    case "DeletionByPodGC":
      return disruption("node-lost", facts, null, target.message);
    case undefined:
    case null:
    default:
      return facts.exitCode === 0 ? null : byContainer(facts);
  }
}

function byContainer(facts: Facts): Verdict | null {
  const { cluster } = facts;
  if (cluster.podReason === "Evicted")
    return evictionCause(
      facts,
      evictedFor(cluster.podMessage),
      /exceed/i.test(cluster.podMessage ?? ""),
      cluster.podMessage,
    );
  if (cluster.podReason === "NodeShutdown" || cluster.podReason === "Terminated")
    return disruption("node-shutdown", facts, null, cluster.podMessage);
  const { main } = cluster;
  if (main?.state !== "terminated" || facts.exitCode !== 137) return null;
  if (main.reason === "OOMKilled") return memoryCause(facts, true, main.memoryLimit);
  const undisturbed = cluster.podDeletedAt === null && facts.stream?.result == null;
  return main.reason === "Error" && undisturbed ? memoryCause(facts, false, main.memoryLimit) : null;
}

function evictedFor(message: string | null): string {
  if (/memory/i.test(message ?? "")) return "memory";
  if (/ephemeral|disk|storage|emptydir|imagefs|nodefs|inodes/i.test(message ?? "")) return "disk";
  return /pid/i.test(message ?? "") ? "pid" : "other";
}
