import type { FailureLike } from "../evidence/failure.ts";
import type { Facts } from "../facts/facts.ts";
import { fields, words } from "../facts/read.ts";
import { disruptionOf, statusReasonOf } from "../naming/disruption.ts";
import { endedPod } from "../naming/ended-pod.ts";
import { waitingPod } from "../naming/waiting-pod.ts";
import { withoutPod } from "../naming/without-pod.ts";

/**
 * What the cluster did, read from objects that nobody has judged yet: saved by another tool, taken with `kubectl`, or of a run
 * that a runner could only call "exited". A runner's own `failure` never comes this way, so nothing of it is judged twice.
 */
export function nameFailure(facts: Facts): FailureLike | null {
  const { cluster } = facts;
  const ended = facts.exitCode !== null || facts.signal !== null;
  const over = ended || cluster.podPhase === "Failed" || cluster.podPhase === "Succeeded";
  return (
    (over ? (disruptionOf(cluster) ?? statusReasonOf(cluster)) : null) ??
    endedPod(cluster, facts.exitCode) ??
    (ended ? null : (waitingPod(cluster) ?? withoutPod(cluster)))
  );
}

/** The facts as if the failure had been named from the first. */
export function withFailure(facts: Facts, failure: FailureLike): Facts {
  const named = fields(failure);
  return {
    ...facts,
    failureKind: words(named["kind"]),
    failure: named,
    started: facts.started ?? startedIn(facts),
  };
}

/** `false` only where the objects show that the main container never ran; `null` where they do not tell. */
function startedIn({ cluster }: Facts): boolean | null {
  const { main } = cluster;
  if (main?.state === "running" || (main?.startedAt ?? null) !== null) return true;
  if (main?.state === "waiting" || (cluster.podName !== null && main === null)) return false;
  return cluster.podName === null ? null : main?.state === "terminated" ? null : false;
}
