import { startLocalCluster } from "@claude-k8s/local-cluster";
import { describe } from "vitest";

import { placementScenarios } from "./scenario/placement.ts";
import { createWorld } from "./scenario/world.ts";

describe("settings of the pod's placement, on the local cluster", () => {
  placementScenarios(async () => {
    const cluster = await startLocalCluster({ images: () => ({ kind: "present" }) });
    return createWorld({
      name: "local",
      kubeconfig: cluster.kubeconfig,
      image: "lab/base:1",
      close: () => cluster.close(),
    });
  }, false);
});
