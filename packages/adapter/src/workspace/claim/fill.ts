/** What a claim begins with: the host's workspace folder, as it was when the first run on the claim began. */

import { type RunSpec, mayUse } from "@claude-k8s/k8s-runner";

import { podPaths } from "../../claude/paths.ts";
import { outsideRule } from "../../host/file-access.ts";
import { serverFolder } from "../../host/server-files.ts";
import { limitsOf } from "../carried.ts";
import { workspaceFences } from "../fences.ts";
import type { WorkspaceRequest } from "../request.ts";

export interface Filling {
  readonly copies: NonNullable<RunSpec["copies"]> | null;
  /** For people. */
  readonly notes: readonly string[];
}

/** A folder that cannot be had leaves the claim empty, and says why. */
export async function fillingOf(request: WorkspaceRequest): Promise<Filling> {
  const { host, folders, prepared, server, connection, namespace, signal } = request;
  const begins = (why: string): Filling => ({ copies: null, notes: [`The claim begins empty: ${why}`] });
  if (folders.folder === null) return begins("Paperclip names no workspace folder");
  const owner = { companyId: host.agent.companyId, agentId: host.agent.id };
  const fences = workspaceFences(server.home, owner, prepared.rules.fileFolders ?? []);
  const found = await serverFolder(folders.folder, fences);
  if (found.kind === "outside") return begins(`${folders.folder} is not allowed: ${outsideRule}`);
  if (found.kind !== "folder") return begins(`${folders.folder} is not there`);
  const allowed = await mayUse(connection.cluster, namespace, "copies", { signal });
  // Where nobody says, it is tried: a claim that begins empty would be filled later, over what the agent has made meanwhile.
  if (allowed === false)
    return begins("the server may not use pods/exec (verbs create and get), by which files go into a pod");
  return {
    copies: {
      folders: [{ path: podPaths.firstFiles, folder: found.realPath, direction: "in" }],
      ...limitsOf(prepared.settings),
    },
    notes: [`The claim is filled from ${folders.folder}`],
  };
}

/**
 * Whether the claim has been filled, only the claim knows for certain: the server may have died right after it was. So the files wait
 * in an empty volume, and go where the mark is missing. What is cut short is done again from the start.
 */
export function fillingScript(workingDirectory: string, home: string): string {
  const mark = quoted(`${home}/.workspace-filled`);
  const place = quoted(workingDirectory);
  return [
    `if [ ! -e ${mark} ]; then`,
    // A full disk is reported once for each file: the last words are enough.
    `  said=$({ cp -a ${podPaths.firstFiles}/. ${place}/ && touch ${mark}; } 2>&1) || {`,
    `    printf '%s\\n' "$said" | tail -n 3 >&2`,
    '    echo "the claim could not be filled with the files of the workspace folder" >&2; exit 75; }',
    "fi",
  ].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
