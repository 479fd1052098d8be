import { startLocalCluster } from "@claude-k8s/local-cluster";
import { describe } from "vitest";

import { executeScenarios } from "./scenario/scenarios.ts";
import { createWorld } from "./scenario/world.ts";

describe("execute() on the local cluster", () => {
  let oomKill: (pod: { namespace: string; name: string }) => Promise<void>;
  executeScenarios(
    async () => {
      const cluster = await startLocalCluster({
        images: (image) => ({ kind: image.startsWith("lab/absent") ? "not-found" : "present" }),
      });
      oomKill = (pod) => cluster.kubelet.oomKill(pod);
      return createWorld({
        name: "local",
        kubeconfig: cluster.kubeconfig,
        image: "lab/base:1",
        close: () => cluster.close(),
      });
    },
    (world, name) => oomKill({ namespace: world.namespace, name }),
  );
});
