/** A run that is not started: what the API server says to its Job, and what can be seen of the place where its pod would be. */

import type { Cluster } from "../cluster/cluster.ts";
import type { Job } from "../cluster/wire.ts";
import { newAttempt } from "../manifest/names.ts";
import type { RunnerContext } from "../runner-context.ts";
import { planBody } from "../start/plan-body.ts";
import { refusal } from "../start/refusal.ts";
import type { RunFailure } from "../types/exit.ts";
import type { Rehearsal } from "../types/run.ts";
import type { RunSpec } from "../types/spec.ts";
import { validateRunSpec } from "../validate.ts";
import { misfitOf, selectorOf } from "./fitting-nodes.ts";

/** `null`: it could not be looked at. */
type Look = { readonly kind: "fine" } | { readonly kind: "wrong"; readonly failure: RunFailure } | null;

export async function rehearseRun(
  context: RunnerContext,
  spec: RunSpec,
  signal: AbortSignal,
): Promise<Rehearsal> {
  validateRunSpec(spec);
  const planned = planBody(context, spec, newAttempt());
  if (planned.kind === "violated")
    return { kind: "refused", failure: { kind: "policy-violated", violations: planned.violations } };
  const { cluster, clock } = context;
  const startedAt = clock.now();
  const { body } = planned;
  const [created, account, nodes] = await Promise.all([
    cluster.create("jobs", spec.namespace, body, { dryRun: true, signal }),
    lookForAccount(cluster, body, signal),
    lookForNodes(cluster, body, signal),
  ]);
  // A Job of the same name says nothing against this one: it would wait for it.
  if (created.kind === "error" && created.error.kind !== "already-exists") {
    const triedSeconds = (clock.now() - startedAt) / 1000;
    const { namespace } = spec;
    const attempted = { verb: "create", resource: "jobs", namespace, server: cluster.server, triedSeconds };
    return { kind: "refused", failure: refusal(created.error, attempted) };
  }
  if (account?.kind === "wrong") return { kind: "refused", failure: account.failure };
  return {
    kind: "accepted",
    doubts: nodes?.kind === "wrong" ? [nodes.failure] : [],
    unchecked: [
      ...(account === null ? (["service-account"] as const) : []),
      ...(nodes === null ? (["nodes"] as const) : []),
    ],
  };
}

async function lookForAccount(cluster: Cluster, job: Job, signal: AbortSignal): Promise<Look> {
  const { serviceAccountName } = job.spec?.template.spec ?? {};
  // The namespace's own one is made with the namespace.
  if (serviceAccountName === undefined || serviceAccountName === "default") return { kind: "fine" };
  const namespace = job.metadata?.namespace ?? "";
  const answer = await cluster.get("serviceaccounts", namespace, serviceAccountName, { signal });
  if (answer.kind === "ok") return { kind: "fine" };
  if (answer.error.kind !== "not-found") return null;
  return {
    kind: "wrong",
    failure: {
      kind: "service-account-missing",
      name: serviceAccountName,
      message: answer.error.message,
    },
  };
}

/** Of a cluster with thousands of nodes only those are fetched that matter; without a selector nearly every pod finds one. */
async function lookForNodes(cluster: Cluster, job: Job, signal: AbortSignal): Promise<Look> {
  const pod = job.spec?.template.spec;
  const labelSelector = selectorOf(pod ?? {});
  if (pod === undefined || labelSelector === "") return { kind: "fine" };
  const answer = await cluster.list("nodes", null, { labelSelector }, { signal });
  if (answer.kind === "error") return null;
  const message = misfitOf(answer.value.items, pod);
  if (message === null) return { kind: "fine" };
  return { kind: "wrong", failure: { kind: "unschedulable", message, waitedSeconds: 0 } };
}
