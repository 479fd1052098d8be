import { lstat } from "node:fs/promises";
import path from "node:path";

import { type CopiedFolder, mayUse } from "@claude-k8s/k8s-runner";

import { podPaths } from "../claude/paths.ts";
import type { Ending } from "../ending.ts";
import { refusalWords } from "../host/file-access.ts";
import { serverFolder } from "../host/server-files.ts";
import { quantityValue } from "../operator/quantities.ts";
import { missingRight, mountsLasting } from "../sessions/persistence.ts";
import { settingProblem } from "../settings/problem.ts";
import type { Settings } from "../settings/settings.ts";
import type { ModeChoice } from "./choose-mode.ts";
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
  if (allowed === true) return "yes";
  return {
    no: allowed === false ? missingRight : "whether the server may use pods/exec could not be found out",
  };
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
  const workingDirectory = settings.pod.workingDirectory ?? podPaths.workingDirectory;
  const home = await agentHome(request, place.realPath);
  const carried = [
    { server: folders.folder, real: place.realPath, pod: workingDirectory, name: "the workspace" },
    ...(home === null ? [] : [{ ...home, pod: podPaths.agentHome, name: "the agent's home" }]),
  ];
  return {
    kind: "ready",
    workspace: {
      mode: "copied",
      why,
      notes: await notesOf(place.realPath, settings),
      workingDirectory,
      lastingHome: null,
      places: carried.map(({ server, pod }) => ({ server, pod })),
      spec: {
        copies: {
          folders: carried.map(({ real, pod, name }): CopiedFolder => ({
            path: pod,
            folder: real,
            name,
            exclude: settings.copies.exclude,
          })),
          holdSeconds: settings.copies.holdSeconds,
          limits: { bytes: quantityValue(settings.copies.maxSize), entries: settings.copies.maxFiles },
          limitNames: { bytes: "copyMaxSize", entries: "copyMaxFiles" },
        },
      },
      lent: [],
      pin: null,
      collect: async (ending) => fileNotes(ending),
    },
  };
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
async function agentHome(
  request: WorkspaceRequest,
  workspace: string,
): Promise<{ readonly server: string; readonly real: string } | null> {
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

async function notesOf(folder: string, { copies }: Settings): Promise<readonly string[]> {
  // A worktree's `.git` is a file that names a folder elsewhere on the server.
  const isWorktree = (await lstat(path.join(folder, ".git")).catch(() => null))?.isFile() === true;
  return [
    "What the agent changes comes back when it has ended",
    ...(copies.exclude.length === 0 ? [] : [`Not copied: ${copies.exclude.join(", ")}`]),
    ...(isWorktree
      ? [
          "The folder is a git worktree, whose repository lies elsewhere on the server: git does not work in it",
        ]
      : []),
  ];
}

const codes: ReadonlySet<string> = new Set([
  "workspace_not_returned",
  "workspace_conflict",
  "workspace_left_out",
  "workspace_unpushed",
]);

/** The words are the diagnosis's own; here they come to the run's events, where somebody looks who wonders about a file. */
export function fileNotes({ diagnosis }: Ending): readonly string[] {
  return diagnosis.notes.filter(({ code }) => codes.has(code)).map(({ text }) => text);
}

export function hasCopies({ spec }: Workspace): boolean {
  return spec.copies !== undefined;
}
