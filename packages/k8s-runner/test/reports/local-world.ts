/** A local cluster of a test's own, and the places of what it keeps. */

import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalClusterOptions } from "@claude-k8s/local-cluster";
import { onTestFinished } from "vitest";
import { openWorld } from "../world.ts";
import type { World } from "../world.ts";

export async function open(options: LocalClusterOptions = {}): Promise<World> {
  const local = await startLocalCluster(options);
  const world = { ...(await openWorld("local", local.kubeconfig)), local };
  onTestFinished(async () => {
    await world.close();
    await local.close();
  });
  return world;
}

export const podsOf = ({ namespace }: World): string => `/api/v1/namespaces/${namespace}/pods`;
export const jobsOf = ({ namespace }: World): string => `/apis/batch/v1/namespaces/${namespace}/jobs`;
