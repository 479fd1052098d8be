import { type ClaimSpec, type ClaimView, ensureClaim, markClaim, readClaim } from "@claude-k8s/k8s-runner";

import { podPaths } from "../../claude/paths.ts";
import type { Ending } from "../../ending.ts";
import { refusalOf } from "../../refusal.ts";
import { settingProblem } from "../../settings/problem.ts";
import type { Settings } from "../../settings/settings.ts";
import type { ModeChoice } from "../choose-mode.ts";
import { hashedName } from "../hashed-name.ts";
import type { Pin } from "../pin.ts";
import { type WorkspaceRequest, unusable } from "../request.ts";
import type { Workspace, WorkspaceAnswer } from "../workspace.ts";
import { fillingOf, fillingScript } from "./fill.ts";

/** Parts of the claim. */
const parts = { workspace: "workspace", home: "home", agentHome: "agent-home" } as const;
/** Left on the claim when a run has begun to work on what it was filled with. */
const filledMark = "claude-k8s.io/filled";

/**
 * A volume of the agent's own, or of its task, which is made before the first Job on it and stays. It is only looked for here: a run that
 * is refused afterwards leaves none behind.
 */
export async function openClaim(request: WorkspaceRequest, choice: ModeChoice): Promise<WorkspaceAnswer> {
  const { connection, signal } = request;
  const spec = claimOf(request);
  const before = await readClaim(connection.cluster, spec, { signal });
  // What cannot be read is no obstacle yet: `begin` asks again, and says what stands in the way.
  const claim = before.kind === "found" ? before.claim : null;
  if (claim !== null && (!claim.isOwn || claim.isLeaving)) return unusable(request, [takenProblem(claim)]);
  return { kind: "ready", workspace: await workspaceOn(request, choice, { spec, claim }) };
}

function claimOf({ prepared, namespace, host, slot }: WorkspaceRequest): ClaimSpec {
  const { claimPer, claimSize, claimClass, claimAccess } = prepared.settings.workspace;
  const { companyId, id: agentId, name: agentName } = host.agent;
  return {
    namespace,
    name: claimNameOf(claimPer === "task" ? slot : `${companyId}/${agentId}`),
    size: claimSize,
    accessMode: claimAccess,
    ...(claimClass !== null && { storageClass: claimClass }),
    labels: {
      ...ownerLabels(host),
      ...(claimPer === "task" && { "paperclip.io/task-id": labelValue(slot.split("/").at(-1) ?? "") }),
    },
    annotations: { "paperclip.io/agent-name": agentName },
  };
}

/** By which its claims are found again. */
export function ownerLabels({ agent }: Pick<WorkspaceRequest["host"], "agent">): Record<string, string> {
  return {
    "paperclip.io/company-id": labelValue(agent.companyId),
    "paperclip.io/agent-id": labelValue(agent.id),
  };
}

/** `null`: it is there. */
export async function makeClaim(
  request: WorkspaceRequest,
  spec: ClaimSpec,
  signal: AbortSignal,
  problemOf = takenProblem,
): Promise<Ending | null> {
  const answer = await ensureClaim(request.connection.cluster, spec, { signal });
  const { config } = request.prepared;
  if (answer.kind === "refused") return refusalOf(answer.failure, config);
  if (answer.kind !== "taken") return null;
  return refusalOf({ kind: "settings-invalid", problems: [problemOf(answer.claim)] }, config);
}

async function workspaceOn(
  request: WorkspaceRequest,
  choice: ModeChoice,
  { spec, claim }: { readonly spec: ClaimSpec; readonly claim: ClaimView | null },
): Promise<Workspace> {
  const { connection, prepared, folders } = request;
  const isFilled = claim?.annotations[filledMark] === "true";
  const { copies, notes } = isFilled ? { copies: null, notes: [] } : await fillingOf(request);
  const workspace = claimWorkspace(claim ?? spec, prepared.settings, choice);
  const { workingDirectory } = workspace;
  const home = workspace.lastingHome ?? podPaths.home;
  const place = (server: string | null, at: string) => (server === null ? [] : [{ server, pod: at }]);
  return {
    ...workspace,
    notes: [...workspace.notes, ...notes],
    places: [
      ...place(folders.folder, workingDirectory),
      ...(folders.agentHome === folders.folder ? [] : place(folders.agentHome, podPaths.agentHome)),
    ],
    spec: { ...workspace.spec, ...(copies !== null && { copies }) },
    ...(copies !== null && { before: fillingScript(workingDirectory, home) }),
    pin: pinOf(request),
    ...(claim === null && { begin: (signal: AbortSignal) => makeClaim(request, spec, signal) }),
    async collect({ summary }: Ending) {
      // Claude has worked: so what came before it was done.
      if (isFilled || copies === null || (summary?.frames ?? 0) === 0) return [];
      await markClaim(connection.cluster, spec, { [filledMark]: "true" }, {});
      return [];
    },
  };
}

/** On a claim of its own, as it is: workspace and home are parts of it. */
export function claimWorkspace(
  claim: Pick<ClaimView, "name" | "size">,
  { pod }: Pick<Settings, "pod">,
  choice: ModeChoice,
): Workspace {
  const workingDirectory = pod.workingDirectory ?? podPaths.workingDirectory;
  const home = pod.homeDirectory ?? podPaths.home;
  const volume = { name: "claim", persistentVolumeClaim: { claimName: claim.name } };
  const mount = (mountPath: string, subPath: string) => ({ name: volume.name, mountPath, subPath });
  return {
    ...choice,
    notes: [`Claim ${claim.name} of ${claim.size ?? "unknown size"}, which stays`],
    workingDirectory,
    lastingHome: home,
    places: [],
    spec: {
      volumes: [volume],
      volumeMounts: [
        mount(workingDirectory, parts.workspace),
        mount(home, parts.home),
        mount(podPaths.agentHome, parts.agentHome),
      ],
    },
    lent: [{ volume, subPaths: Object.values(parts) }],
    pin: null,
  };
}

/** The name of a claim, by what it is of. */
export function claimNameOf(owner: string): string {
  return `claude-k8s-${hashedName(owner, 20)}`;
}

/** Runs of an agent that overlap, on a disk that only one node can have. A task has one run at a time. */
function pinOf(request: WorkspaceRequest): Pin | null {
  return request.prepared.settings.workspace.claimPer === "task" ? null : besideAgent(request);
}

export function besideAgent({ prepared, host }: WorkspaceRequest): Pin | null {
  const { claimAccess } = prepared.settings.workspace;
  const agent = labelValue(host.agent.id);
  if (claimAccess === "ReadWriteMany" || agent === "") return null;
  return { kind: "beside", labels: { "paperclip.io/agent-id": agent } };
}

function takenProblem({ name, isOwn }: ClaimView) {
  const why = isOwn ? "is being removed" : "was made by somebody else";
  return settingProblem("workspaceMode", "claim", `a mode without claim ${name}, which ${why}`);
}

/** What Kubernetes allows as a label's value. */
function labelValue(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._-]/g, "")
    .slice(0, 63)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}
