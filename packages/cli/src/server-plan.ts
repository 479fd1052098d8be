import type { Cluster } from "@claude-k8s/k8s-runner";

import { UsageError } from "./exit-codes.ts";

/** The Job as the API server would store it: defaults, admission and all. Nothing is created. */
export async function dryRun(cluster: Cluster, job: object, namespace: string): Promise<object> {
  const answer = await cluster.create("jobs", namespace, job, { dryRun: true });
  if (answer.kind === "error") {
    const { httpStatus, message } = answer.error;
    throw new UsageError(
      `the API server would refuse this Job${httpStatus === null ? "" : ` (${httpStatus})`}: ${message}`,
    );
  }
  const { status: _status, ...stored } = answer.value as { status?: unknown; metadata?: object };
  const { managedFields: _managed, ...metadata } = (stored.metadata ?? {}) as { managedFields?: unknown };
  return { ...stored, metadata };
}
