import path from "node:path";

import type { PaperclipHome } from "./paperclip-home.ts";

/** Whose files a path from settings or context may name. */
export interface FileOwner {
  readonly companyId: string;
  readonly agentId: string;
}

/** A folder whose files may be read, but for those that `except` refuses by their path below it. */
export interface FileFence {
  readonly folder: string;
  readonly except?: (below: string) => boolean;
}

const safeId = /^[A-Za-z0-9_-]+$/;

/**
 * The folders of one agent and its company below Paperclip's home, and those of the operator's list. Everything else there
 * belongs to the server or to others: `secrets`, `data` (attachments of everybody), `db`, other companies.
 */
export function fencesOf(
  home: PaperclipHome,
  { companyId, agentId }: FileOwner,
  operatorFolders: readonly string[],
): readonly FileFence[] {
  // An id that is no plain name could walk out of the folder that it names.
  const ids = safeId.test(companyId) && safeId.test(agentId);
  const below = (...parts: string[]) => path.join(home.instance, ...parts);
  const own: FileFence[] = !ids
    ? []
    : [
        { folder: below("companies", companyId), except: holdsLogins },
        { folder: below("skills", companyId) },
        { folder: below("projects", companyId), except: isRepositoryData },
        { folder: below("workspaces", agentId), except: isRepositoryData },
      ];
  return [...own, ...placedFolders(operatorFolders, { companyId, agentId }).map((folder) => ({ folder }))];
}

/** `{company}` and `{agent}` stand for the ids; one that is no plain name could walk out, so its folder is left out. */
export function placedFolders(
  folders: readonly string[],
  { companyId, agentId }: FileOwner,
): readonly string[] {
  const ids: Readonly<Record<string, string>> = { company: companyId, agent: agentId };
  return folders.flatMap((folder) => {
    const named = [...folder.matchAll(/\{(company|agent)\}/g)].map(([, name = ""]) => ids[name] ?? "");
    if (!named.every((id) => safeId.test(id))) return [];
    return [folder.replaceAll("{company}", () => companyId).replaceAll("{agent}", () => agentId)];
  });
}

/** `.git/config` has the address of the repository, often with a token in it. */
function isRepositoryData(below: string): boolean {
  return below.split(path.sep).includes(".git");
}

/**
 * The host's other adapters keep homes of their programs there (`codex-home/auth.json`, `agents/ID/claude-runtime`), with
 * the logins that the company uses.
 */
function holdsLogins(below: string): boolean {
  return below.split(path.sep).some((part) => /^\.|-(home|runtime|seed|engine)$/.test(part));
}

/** Skills that come with the server: beside its program, or in the packages that it is installed with. */
export function bundledFences(
  mainModule: string | undefined,
  workingDirectory: string,
): readonly FileFence[] {
  const names = ["skills", "skills-releases"];
  const roots = [workingDirectory];
  if (mainModule !== undefined) {
    const dist = path.dirname(path.resolve(mainModule));
    roots.push(path.dirname(dist), path.dirname(path.dirname(dist)));
    const modules = dist.lastIndexOf(`${path.sep}node_modules${path.sep}`);
    if (modules >= 0) names.push(path.join(dist.slice(0, modules), "node_modules", "@paperclipai"));
  }
  const folders = roots.flatMap((root) => names.map((name) => path.resolve(root, name)));
  return [...new Set(folders)].map((folder) => ({ folder }));
}
