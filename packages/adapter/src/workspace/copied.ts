import path from "node:path";

import { mayUse } from "@claude-k8s/k8s-runner";

import { refusalWords } from "../host/file-access.ts";
import { serverFolder } from "../host/server-files.ts";
import { missingRight, mountsLasting } from "../sessions/persistence.ts";
import { settingProblem } from "../settings/problem.ts";
import { type CarriedPlace, carriedWorkspace } from "./carried.ts";
import type { ModeChoice } from "./choose-mode.ts";
import { withCopyCache } from "./copy-cache.ts";
import { workspaceFences } from "./fences.ts";
import { type WorkspaceRequest, forbidden, unusable } from "./request.ts";
import type { Workspace, WorkspaceAnswer } from "./workspace.ts";

/** Can the host's workspace folder go into a pod and come back? Asked where nobody has chosen the mode. */
export async function copyable(request: WorkspaceRequest): Promise<"yes" | { readonly no: string }> {
  const { settings } = request.prepared;
  if (settings.workspace.mode !== null) return { no: "another mode is set" };
  // What an overlay or a setting says of the working directory was said before there was a mode.
  if (mountsLasting(settings.pod.podTemplate)) return { no: "podTemplate mounts volumes of its own" };
  if (settings.pod.workingDirectory !== null) return { no: "the setting cwd names a folder of the image" };
  const place = await realFolder(request, request.folders.folder);
  if (place.kind !== "folder") return { no: refusalWords(place) };
  const allowed = await mayUse(request.connection.cluster, request.namespace, "copies", {
    signal: request.signal,
  });
  // Where nobody says, it is tried: a run that cannot have copies goes on without them.
  return allowed === false ? { no: missingRight } : "yes";
}

/** The server's folder goes in before the agent starts, and what changed comes back after it has ended, however it ended. */
export async function openCopied(request: WorkspaceRequest, { why }: ModeChoice): Promise<WorkspaceAnswer> {
  const { prepared, folders } = request;
  const { settings } = prepared;
  if (folders.folder === null) {
    const rule = "another mode, as Paperclip names no workspace folder for this run";
    return unusable(request, [settingProblem("workspaceMode", "copied", rule)]);
  }
  const place = await realFolder(request, folders.folder);
  if (place.kind === "outside") {
    const rule = `only a workspace folder of the agent or its company below Paperclip's home is copied`;
    return forbidden(request, [
      { setting: "workspaceMode", value: folders.folder, rule, allow: "fileFolders" },
    ]);
  }
  if (place.kind !== "folder") {
    const rule = `another mode, as the workspace folder ${folders.folder} cannot be copied: ${refusalWords(place)}`;
    return unusable(request, [settingProblem("workspaceMode", "copied", rule)]);
  }
  const home = await agentHome(request, place.realPath);
  const workspace = await carriedWorkspace(
    { server: folders.folder, real: place.realPath },
    home,
    settings,
    why,
  );
  return { kind: "ready", workspace: await withCopyCache(request, workspace) };
}

/** A project's folder is set by whoever may write projects: it is read, and written to, only where the agent's own files may lie. */
function realFolder(
  { host, server, prepared }: WorkspaceRequest,
  folder: string | null,
): ReturnType<typeof serverFolder> {
  const { companyId, id: agentId } = host.agent;
  const fences = workspaceFences(server.home, { companyId, agentId }, prepared.rules.fileFolders ?? []);
  return serverFolder(folder ?? "", fences);
}

/** What an agent keeps for itself beside the projects that it works on. `null`: nothing that does not travel already. */
async function agentHome(request: WorkspaceRequest, workspace: string): Promise<CarriedPlace | null> {
  const server = request.folders.agentHome;
  if (server === null) return null;
  const place = await realFolder(request, server);
  if (place.kind !== "folder" || isWithin(place.realPath, workspace) || isWithin(workspace, place.realPath))
    return null;
  return { server, real: place.realPath };
}

function isWithin(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(`${other}${path.sep}`);
}

export function hasCopies({ spec }: Workspace): boolean {
  return spec.copies !== undefined;
}
