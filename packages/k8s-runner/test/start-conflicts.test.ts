/** An API server answers 409 to a patch without a precondition when others write the object all the time: it says "again", not "no". */

import { expect, onTestFinished, test } from "vitest";
import type { Cluster } from "../src/index.ts";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { drain, openWorld, runOf, specOf } from "./world.ts";

const conflict = {
  kind: "error",
  error: {
    kind: "conflict",
    httpStatus: 409,
    reason: "Conflict",
    message: "the object has been modified; please apply your changes to the latest version and try again",
    causes: [],
    retryAfterSeconds: null,
  },
} as const;

test.each(["jobs", "leases"] as const)("a start is not refused for conflicts over %s", async (resource) => {
  const local = await startLocalCluster();
  const world = await openWorld("local", local.kubeconfig);
  onTestFinished(async () => {
    await world.close();
    await local.close();
  });
  let conflicts = 0;
  const cluster: Cluster = {
    ...world.cluster,
    patch: (asked, ...rest) => {
      if (asked !== resource || conflicts === 3) return world.cluster.patch(asked, ...rest);
      conflicts += 1;
      return Promise.resolve(conflict);
    },
  };
  const run = runOf(await world.runner({ cluster }).start(specOf(world)));
  expect(await drain(run)).toMatchObject({ output: "hello\n", exit: { kind: "exited", exitCode: 0 } });
  expect(conflicts).toBe(3);
});
