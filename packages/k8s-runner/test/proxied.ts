/** A world seen through a proxy that breaks what it is told to break. */

import { startFaultProxy } from "@claude-k8s/local-cluster";
import type { FaultProxy } from "@claude-k8s/local-cluster";
import { connect } from "../src/index.ts";
import type { Cluster } from "../src/index.ts";
import type { World } from "./world.ts";

/** Both closed with the world. */
export async function proxied(
  world: World,
): Promise<{ readonly proxy: FaultProxy; readonly cluster: Cluster }> {
  const proxy = await startFaultProxy({ target: world.kubeconfig });
  const cluster = await connect({ kubeconfig: proxy.kubeconfig });
  world.onClose(async () => {
    await cluster.close();
    await proxy.close();
  });
  return { proxy, cluster };
}
