import { stat } from "node:fs/promises";
import path from "node:path";

import { outsideRule } from "../../host/file-access.ts";
import { serverFolder } from "../../host/server-files.ts";
import { workspaceFences } from "../fences.ts";
import type { WorkspaceRequest } from "../request.ts";
import type { ServerFolder, WantedFolders } from "./parts.ts";

export type FoldersAnswer =
  | { readonly kind: "folders"; readonly folders: WantedFolders }
  /** As a clause; `outside`: it is a folder that this agent may not have. */
  | { readonly kind: "none"; readonly why: string; readonly outside: boolean };

/** The server's folders that a run's pod is to see, as far as they exist and the agent may have them. */
export async function serverFoldersOf({
  host,
  folders,
  prepared,
  server,
}: WorkspaceRequest): Promise<FoldersAnswer> {
  const owner = { companyId: host.agent.companyId, agentId: host.agent.id };
  const fences = workspaceFences(server.home, owner, prepared.rules.fileFolders ?? []);
  const look = async (name: string | null): Promise<readonly ServerFolder[]> => {
    const found = name === null ? null : await serverFolder(name, fences);
    return name === null || found?.kind !== "folder" ? [] : [{ name, realPath: found.realPath }];
  };
  const { folder } = folders;
  if (folder === null) return { kind: "none", why: "Paperclip names no workspace folder", outside: false };
  const found = await serverFolder(folder, fences);
  if (found.kind === "outside")
    return { kind: "none", why: `${folder} is not allowed: ${outsideRule}`, outside: true };
  if (found.kind !== "folder") return { kind: "none", why: `${folder} is not there`, outside: false };
  const agent = await Promise.all([look(folders.agentHome), look(folders.instructionsFolder)]);
  const company = await look(path.join(server.home.instance, "projects", owner.companyId));
  return {
    kind: "folders",
    folders: {
      scope: prepared.settings.workspace.scope,
      workspace: { name: folder, realPath: found.realPath },
      agent: agent.flat(),
      company,
    },
  };
}

/** May a user write in a folder of the server, by its owner and modes? Lists of access beyond them are not known. */
export async function isWritableBy(
  folder: string,
  { uid, gids }: { readonly uid: number; readonly gids: readonly number[] },
): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  if (found === null) return false;
  if (found.uid === uid) return (found.mode & 0o200) !== 0;
  return (found.mode & (gids.includes(found.gid) ? 0o020 : 0o002)) !== 0;
}
