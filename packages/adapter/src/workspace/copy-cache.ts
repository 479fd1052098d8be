/** A claim of the agent's own that keeps what its copied files hold, so that only what differs is sent to the next run. */

import {
  type ClaimSpec,
  type ClaimView,
  type CopiedFolders,
  type LentVolume,
  mayUse,
  readClaim,
} from "@claude-k8s/k8s-runner";

import { settingProblem } from "../settings/problem.ts";
import { besideAgent, claimNameOf, makeClaim, ownerLabels } from "./claim/claim.ts";
import type { WorkspaceRequest } from "./request.ts";
import type { Workspace } from "./workspace.ts";

/** A cache is for speed alone: where it cannot be had, the run goes on without one and says why. */
export async function withCopyCache(request: WorkspaceRequest, workspace: Workspace): Promise<Workspace> {
  const size = request.prepared.settings.copies.cacheSize;
  if (size === null) return workspace;
  const { connection, namespace, signal } = request;
  const without = (why: string): Workspace => ({
    ...workspace,
    notes: [...workspace.notes, `No cache of copies: ${why}`],
  });
  const spec = claimOf(request, size);
  const found = await readClaim(connection.cluster, spec, { signal });
  const claim = found.kind === "found" ? found.claim : null;
  if (claim !== null && (!claim.isOwn || claim.isLeaving)) return without(takenWords(claim));
  if (claim === null && (await mayUse(connection.cluster, namespace, "claims", { signal })) === false)
    return without("the server may not make volume claims (persistentvolumeclaims, verbs create and get)");
  return {
    ...cached(workspace, claim ?? spec),
    pin: besideAgent(request),
    ...(claim === null && { begin: (stop: AbortSignal) => makeClaim(request, spec, stop, takenProblem) }),
  };
}

/** On a claim that is there, or will be. */
export function cached(workspace: Workspace, { name, size }: Pick<ClaimView, "name" | "size">): Workspace {
  const { copies } = workspace.spec;
  if (copies === undefined) return workspace;
  const volume = { name: "copy-cache", persistentVolumeClaim: { claimName: name } };
  const lent: LentVolume = { volume, subPaths: [""] };
  return {
    ...workspace,
    notes: [...workspace.notes, `Claim ${name} of ${size ?? "unknown size"} is the cache of what is copied`],
    spec: { ...workspace.spec, copies: { ...copies, cache: volume } satisfies CopiedFolders },
    lent: [...workspace.lent, lent],
  };
}

function claimOf({ prepared, namespace, host }: WorkspaceRequest, size: string): ClaimSpec {
  const { claimClass, claimAccess } = prepared.settings.workspace;
  const { companyId, id, name } = host.agent;
  return {
    namespace,
    name: cacheNameOf(`${companyId}/${id}`),
    size,
    accessMode: claimAccess,
    ...(claimClass !== null && { storageClass: claimClass }),
    labels: ownerLabels(host),
    annotations: { "paperclip.io/agent-name": name, ...cacheAnnotation },
  };
}

/** Tells it from a claim that an agent works on. */
export const cacheAnnotation = { "claude-k8s.io/holds": "cache of copies" } as const;

export function cacheNameOf(owner: string): string {
  return claimNameOf(`cache of copies/${owner}`);
}

function takenProblem(claim: ClaimView) {
  return settingProblem("copyCache", null, `nothing for now, as ${takenWords(claim)}`);
}

function takenWords({ name, isOwn }: ClaimView): string {
  return `claim ${name} ${isOwn ? "is being removed" : "was made by somebody else"}`;
}
