import { readFileSync } from "node:fs";

import { describe } from "vitest";

import { placementScenarios } from "./scenario/placement.ts";
import { createWorld } from "./scenario/world.ts";

const kubeconfig = process.env["KUBECONFIG"];

describe.skipIf(!kubeconfig)(
  "settings of the pod's placement, on a real cluster [real] (needs KUBECONFIG)",
  () => {
    placementScenarios(
      () =>
        createWorld({
          name: "real",
          kubeconfig: readFileSync(kubeconfig ?? "", "utf8"),
          image: process.env["CLAUDE_K8S_TEST_IMAGE"] ?? "lab/base:1",
        }),
      true,
    );
  },
);
