import type { Cluster, RunListing } from "@claude-k8s/k8s-runner";

import { secretsOfJob } from "../host/job-secrets.ts";
import type { RunKey } from "./memory.ts";

/**
 * The key of a run from its own Job, for a server that does not have the disk of the one before. The Job's Secret holds the run's
 * token, its labels the rest; `null` where the Role does not allow to read Secrets, as the documented one does not.
 */
export async function keyFromSecret(
  cluster: Pick<Cluster, "get">,
  { ref, labels }: RunListing,
): Promise<RunKey | null> {
  const agentId = labels["paperclip.io/agent-id"];
  const token = (await secretsOfJob(cluster, ref))["PAPERCLIP_API_KEY"];
  if (token === undefined || agentId === undefined) return null;
  const issueId = labels["paperclip.io/task-id"] ?? null;
  const runId = runIdIn(token) ?? ref.runId;
  return { jobUid: ref.jobUid, runId, agentId, issueId, taskKey: issueId, token };
}

/** The host compares its header with the claim; a run that was adopted has another id than the one that its token is for. */
function runIdIn(token: string): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const { run_id: runId } = claims as { run_id?: unknown };
    return typeof runId === "string" ? runId : null;
  } catch {
    return null;
  }
}
