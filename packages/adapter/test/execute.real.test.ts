import { readFileSync } from "node:fs";

import { describe } from "vitest";

import { executeScenarios } from "./scenario/scenarios.ts";
import { createWorld } from "./scenario/world.ts";

const kubeconfig = process.env["KUBECONFIG"];

describe.skipIf(!kubeconfig)("execute() on a real cluster (needs KUBECONFIG)", () => {
  executeScenarios(() =>
    createWorld({
      name: "real",
      kubeconfig: readFileSync(kubeconfig ?? "", "utf8"),
      image: process.env["CLAUDE_K8S_TEST_IMAGE"] ?? "lab/base:1",
    }),
  );
});
