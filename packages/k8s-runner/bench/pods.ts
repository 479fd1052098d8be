import type { BenchPlace } from "./place.ts";

/** Of the one pod of a Job. */
export async function podNameOf({ cluster, namespace }: BenchPlace, jobName: string): Promise<string> {
  const pods = await cluster.list("pods", namespace, {
    labelSelector: `batch.kubernetes.io/job-name=${jobName}`,
  });
  if (pods.kind === "error") throw new Error(pods.error.message);
  return pods.value.items[0]?.metadata?.name ?? "";
}
