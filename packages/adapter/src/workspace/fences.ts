import path from "node:path";

import { type FileFence, type FileOwner, fencesOf, placedFolders } from "../host/file-fences.ts";
import type { PaperclipHome } from "../host/paperclip-home.ts";

/**
 * Where the workspace of an agent may lie on the server, to be mounted or copied, `.git` included: the folders of the agent and its
 * company below Paperclip's home, and those of the operator's list. A project's folder is set by whoever may write projects, so that
 * it could name the server's own data.
 */
export function workspaceFences(
  home: PaperclipHome,
  owner: FileOwner,
  operatorFolders: readonly string[],
): readonly FileFence[] {
  const own = fencesOf(home, owner, []).map(({ folder, except }) =>
    path.basename(path.dirname(folder)) === "companies" && except !== undefined
      ? { folder, except: (below: string) => holdsAgents(below) || except(below) }
      : { folder },
  );
  return [...own, ...placedFolders(operatorFolders, owner).map((folder) => ({ folder }))];
}

/**
 * The company's folder, that of its agents, and one agent's: what lies below them is not looked at again when they are mounted or
 * copied, and the homes of other programs with the company's logins are there.
 */
function holdsAgents(below: string): boolean {
  return below.split(path.sep).filter((part) => part !== "").length < 3;
}
