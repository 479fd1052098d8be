import { type ClaimView, type Cluster, listClaims, removeClaim } from "@claude-k8s/k8s-runner";

export interface ClaimFinding {
  readonly object: string;
  readonly ageSeconds: number;
  readonly removed: boolean;
  readonly reason: string;
}

/** Volume claims that agents were given (`workspaceMode: claim`, `copyCache`). They outlive runs and agents: only a person knows which are over. */
export async function findClaims(
  cluster: Cluster,
  {
    namespace,
    removes,
    olderThanSeconds = 0,
  }: { readonly namespace: string; readonly removes: boolean; readonly olderThanSeconds?: number },
): Promise<readonly ClaimFinding[]> {
  const found = (await listClaims(cluster, { namespace }))
    .map((claim) => ({ claim, ageSeconds: ageOf(claim) }))
    .filter(({ ageSeconds }) => ageSeconds >= olderThanSeconds);
  const findings: ClaimFinding[] = [];
  for (const { claim, ageSeconds } of found) {
    const removed = removes && (await removeClaim(cluster, claim)) !== "changed";
    const object = `persistentvolumeclaim/${claim.name}`;
    findings.push({ object, ageSeconds, removed, reason: wordsOf(claim) });
  }
  return findings;
}

function ageOf({ createdAt }: ClaimView): number {
  return createdAt === null ? 0 : Math.max(0, Math.round((Date.now() - Date.parse(createdAt)) / 1000));
}

function wordsOf({ annotations, labels, size, isLeaving }: ClaimView): string {
  const agent = annotations["paperclip.io/agent-name"] ?? labels["paperclip.io/agent-id"];
  const holds = annotations["claude-k8s.io/holds"];
  const task = labels["paperclip.io/task-id"];
  return [
    agent === undefined ? "of nobody known" : `of agent ${agent}`,
    ...(task === undefined ? [] : [`for task ${task}`]),
    ...(holds === undefined ? [] : [holds]),
    ...(size === null ? [] : [size]),
    ...(isLeaving ? ["is going when no pod has it mounted"] : []),
  ].join(", ");
}
