import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, test, vi } from "vitest";

import { containerBehaviours } from "./behaviours/containers.ts";
import { jobBehaviours } from "./behaviours/jobs.ts";
import { logBehaviours } from "./behaviours/logs.ts";
import { objectBehaviours } from "./behaviours/objects.ts";
import { policyBehaviours } from "./behaviours/policies.ts";
import { repeatedContainerBehaviours } from "./behaviours/repeated-containers.ts";
import { restartBehaviours } from "./behaviours/restarts.ts";
import { watchBehaviours } from "./behaviours/watches.ts";
import { LOCAL_DIFFERENCES } from "./local-differences.ts";
import { startLocalSubject } from "./local-subject.ts";
import { createRealSubject } from "./real-subject.ts";
import { createScene, TEST_MILLISECONDS, type Behaviour, type Subject } from "./subject.ts";

vi.setConfig({ maxConcurrency: 12 });

const behaviours: readonly Behaviour[] = [
  ...logBehaviours,
  ...jobBehaviours,
  ...containerBehaviours,
  ...repeatedContainerBehaviours,
  ...watchBehaviours,
  ...objectBehaviours,
  ...policyBehaviours,
  ...restartBehaviours,
];

const { KUBECONFIG, CLUSTER_CONTROL } = process.env;

/** Why the behaviour cannot be shown on this kind of cluster. */
function missingFor(kind: Subject["kind"], behaviour: Behaviour): string | undefined {
  if (kind === "local") {
    const reason = behaviour.realOnly ?? LOCAL_DIFFERENCES[behaviour.name];
    return reason === undefined ? undefined : `not on the local cluster: ${reason}`;
  }
  if (behaviour.localOnly !== undefined) return `not on a real cluster: ${behaviour.localOnly}`;
  const lacks = behaviour.needsControl === true && (CLUSTER_CONTROL ?? "") === "";
  return lacks ? "needs CLUSTER_CONTROL" : undefined;
}

function contract(
  kind: Subject["kind"],
  start: () => Promise<{ subject: Subject; close(): Promise<void> }>,
): void {
  const isMissing = kind === "real" && KUBECONFIG === undefined;
  describe.skipIf(isMissing)(`contract [${kind}]${isMissing ? " (needs KUBECONFIG)" : ""}`, () => {
    let started: { subject: Subject; close(): Promise<void> } | null = null;
    beforeAll(async () => {
      started = await start();
    });
    afterAll(() => started?.close());

    const show = async (behaviour: Behaviour): Promise<void> => {
      if (started === null) throw new Error("the cluster did not start");
      const { scene, close } = await createScene(started.subject, behaviour);
      try {
        await behaviour.show(scene);
      } finally {
        await close();
      }
    };

    describe.concurrent("side by side", () => {
      for (const behaviour of behaviours.filter((entry) => entry.alone !== true)) declare(behaviour);
    });
    describe("alone", () => {
      for (const behaviour of behaviours.filter((entry) => entry.alone === true)) declare(behaviour);
    });

    function declare(behaviour: Behaviour): void {
      const missing = missingFor(kind, behaviour);
      const reason = missing === undefined ? "" : ` (${missing})`;
      // The assertions are in the behaviours.
      // oxlint-disable-next-line vitest/expect-expect
      test.skipIf(missing !== undefined)(`${behaviour.name}${reason}`, { timeout: TEST_MILLISECONDS }, () =>
        show(behaviour),
      );
    }
  });
}

contract("local", startLocalSubject);
contract("real", () => createRealSubject(readFileSync(KUBECONFIG ?? "", "utf8")));
