import type { SettingRefusal } from "@claude-k8s/diagnostics";

import { attemptAll } from "./attempt-all.ts";
import type { Connection, Connections } from "./connections.ts";
import type { Ending } from "./ending.ts";
import type { EndedRun, ExecuteDependencies } from "./execution.ts";
import { findPlace } from "./find-place.ts";
import type { Cancellation } from "./host/cancellation.ts";
import type { ExecutionContext } from "./host/contract.ts";
import type { Progress } from "./host/progress.ts";
import { refusedJob } from "./one-attempt.ts";
import { refusedKubeconfig } from "./operator/clusters.ts";
import type { Redaction } from "./output/redaction.ts";
import type { Prepared } from "./prepare.ts";
import { notAllowed } from "./refusal.ts";
import { workspaceEvent } from "./workspace/words.ts";

/** Where the run works, then everything that it runs there. */
export async function runToItsEnd(
  host: ExecutionContext,
  prepared: Prepared,
  dependencies: ExecuteDependencies,
  cancellation: Cancellation,
  progress: Progress,
  redaction: Redaction,
): Promise<EndedRun> {
  const connection = await openPermitted(dependencies.connections, prepared);
  const without = (ending: Ending): EndedRun => ({ ending, before: null, sessionWasGone: false, prepared });
  if ("refusals" in connection) return without(notAllowed(prepared, connection.refusals));
  redaction.learn(connection.secrets);
  const namespace = prepared.settings.cluster.namespace ?? connection.defaultNamespace;
  // Before the workspace is opened: a volume claim would be made there.
  const elsewhere = prepared.permits.refusedPlace(namespace);
  if (elsewhere !== null) return without(notAllowed(prepared, [elsewhere]));
  const where = { connection, namespace, cancellation };
  const found = await findPlace(host, prepared, dependencies, where);
  if (found.kind === "refused") return without(found.ending);
  const { prepared: placed } = found;
  const { workspace } = placed;
  progress.tell(workspaceEvent(workspace, placed.inherited));
  // The last refusal of ours: what is made for a run that may not be would stay.
  const refusals = refusedJob(host, placed, namespace);
  if (refusals.length > 0) return without(notAllowed(placed, refusals));
  const failed = await workspace.begin?.(cancellation.signal);
  if (failed !== undefined && failed !== null) return without(failed);
  return attemptAll(host, placed, dependencies, { ...where, progress, redaction });
}

/** A kubeconfig that reaches further than it is trusted is a matter of the operator's, not a broken file. */
async function openPermitted(
  connections: Connections,
  { permits, settings }: Prepared,
): Promise<Connection | { readonly refusals: readonly SettingRefusal[] }> {
  try {
    return await connections.open(permits.cluster);
  } catch (error) {
    const refusal = refusedKubeconfig(error, settings.cluster.kubeconfig);
    if (refusal === null) throw error;
    return { refusals: [refusal] };
  }
}
