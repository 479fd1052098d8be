/** Whether API server and node answer. Neither is ever a reason to call a run failed; both are told. */

import type { RunEventBody } from "../observe/run-events.ts";
import type { View } from "../observe/view.ts";
import type { NodeEvidence } from "../types/evidence.ts";
import type { RunRef } from "../types/run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { readNode } from "../end/gather-evidence.ts";
import { nodeAgainMilliseconds } from "../timings.ts";

export interface Health {
  check(view: View): Promise<void>;
  nextMilliseconds(): number | null;
}

export function createHealth(
  context: RunnerContext,
  { ref, emit }: { readonly ref: RunRef; readonly emit: (event: RunEventBody) => void },
): Health {
  const { clock, closing, watches } = context;
  let unreachableSince: number | null = null;
  let nodeLost = false;
  let nodeReadAt: number | null = null;

  function checkApi(): void {
    const { jobs, pods } = watches.in(ref.namespace);
    const trouble = pods.trouble() ?? jobs.trouble();
    if (trouble !== null && unreachableSince === null) {
      unreachableSince = trouble.since;
      const since = new Date(trouble.since).toISOString();
      emit({ type: "api-unreachable", message: trouble.message, since });
    } else if (trouble === null && unreachableSince !== null) {
      emit({ type: "api-reachable", afterSeconds: Math.round((clock.now() - unreachableSince) / 1000) });
      unreachableSince = null;
    }
  }
  /** The node controller marks the pods of a silent node as not ready; the node itself tells whether that is why. */
  async function checkNode(view: View): Promise<void> {
    const name = view.pod?.nodeName ?? null;
    const doubtful = view.podState?.kind === "running" && isNotReady(view);
    if (!doubtful || name === null) {
      if (nodeLost) emit({ type: "node-reachable", nodeName: name });
      nodeLost = false;
      nodeReadAt = null;
      return;
    }
    if (nodeLost || (nodeReadAt !== null && clock.now() - nodeReadAt < nodeAgainMilliseconds)) return;
    nodeReadAt = clock.now();
    const { node } = await readNode(context, name, closing);
    if (!isUnreachable(node)) return;
    nodeLost = true;
    emit({ type: "node-unreachable", nodeName: name });
  }
  return {
    async check(view) {
      checkApi();
      await checkNode(view);
    },
    nextMilliseconds: () => (nodeReadAt === null || nodeLost ? null : nodeAgainMilliseconds),
  };
}

function isNotReady({ pod }: View): boolean {
  return pod?.conditions.some(({ type, status }) => type === "Ready" && status === "False") ?? false;
}

/** A node that may not be read, or whose state nobody answers for, is unknown: no news of it is no bad news. */
function isUnreachable(node: NodeEvidence | null): boolean {
  return node !== null && node.ready !== "True";
}
