import { readdir } from "node:fs/promises";

import { serverFolder } from "../host/server-files.ts";
import { workspaceFences } from "./fences.ts";
import { podPathOf } from "./pod-path.ts";
import type { WorkspaceRequest } from "./request.ts";
import type { Workspace } from "./workspace.ts";

/** Instructions may name files beside them, which the agent then looks for in vain. `null`: there are none, or the pod has them. */
export async function filesLeftBehind(
  { host, folders, prepared, server }: WorkspaceRequest,
  workspace: Workspace,
): Promise<string | null> {
  const { instructionsFolder } = folders;
  if (instructionsFolder === null || podPathOf(instructionsFolder, workspace) !== null) return null;
  const { companyId, id: agentId } = host.agent;
  const fences = workspaceFences(server.home, { companyId, agentId }, prepared.rules.fileFolders ?? []);
  const found = await serverFolder(instructionsFolder, fences);
  if (found.kind !== "folder") return null;
  const names = await readdir(found.realPath).catch(() => []);
  return names.length > 1
    ? `Of the ${names.length} files in ${instructionsFolder} only the instructions themselves are in the pod`
    : null;
}
