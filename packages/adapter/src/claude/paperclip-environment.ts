import {
  applyPaperclipWorkspaceEnv,
  buildPaperclipEnv,
  shapePaperclipWorkspaceEnvForExecution,
  stringifyPaperclipWakePayload,
} from "@paperclipai/adapter-utils/server-utils";

import type { ExecutionContext } from "../host/contract.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { podPathOf } from "../workspace/pod-path.ts";
import { podPaths } from "./paths.ts";
import { readWake, record, records, words } from "./wake.ts";

/**
 * The `PAPERCLIP_*` variables of a run, by the host's own rules, with the server's paths replaced by the pod's.
 * Without `PAPERCLIP_API_KEY`: that one never lies beside values that may be shown.
 */
export function paperclipEnvironment(
  host: ExecutionContext,
  options: { readonly workspace: Workspace; readonly apiUrl: string | null },
): Record<string, string> {
  const { context } = host;
  const wake = readWake(context);
  const environment: Record<string, string> = {
    ...buildPaperclipEnv({ id: host.agent.id, companyId: host.agent.companyId }),
    ...(options.apiUrl !== null && { PAPERCLIP_API_URL: options.apiUrl }),
    PAPERCLIP_RUN_ID: host.runId,
    ...given("PAPERCLIP_TASK_ID", wake.taskId),
    ...given("PAPERCLIP_ISSUE_WORK_MODE", wake.workMode),
    ...given("PAPERCLIP_WAKE_REASON", wake.reason),
    ...given("PAPERCLIP_WAKE_COMMENT_ID", wake.commentId),
    ...given("PAPERCLIP_APPROVAL_ID", wake.approvalId),
    ...given("PAPERCLIP_APPROVAL_STATUS", wake.approvalStatus),
    ...given("PAPERCLIP_LINKED_ISSUE_IDS", wake.linkedIssueIds.join(",")),
    ...given("PAPERCLIP_WAKE_PAYLOAD_JSON", stringifyPaperclipWakePayload(context["paperclipWake"])),
    ...given("PAPERCLIP_RUNTIME_SERVICE_INTENTS_JSON", json(context["paperclipRuntimeServiceIntents"])),
    ...given("PAPERCLIP_RUNTIME_SERVICES_JSON", json(context["paperclipRuntimeServices"])),
    ...given("PAPERCLIP_RUNTIME_PRIMARY_URL", words(context["paperclipRuntimePrimaryUrl"])),
    // The prompt tells the agent to write there; the server's own folder of that name does not exist in a pod.
    PAPERCLIP_SCRATCH_DIR: podPaths.scratch,
    PAPERCLIP_RUN_SCRATCH_DIR: podPaths.scratch,
    PAPERCLIP_TASK_SCRATCH_DIR: podPaths.scratch,
    PAPERCLIP_TMPDIR: podPaths.scratch,
  };
  addWorkspace(environment, context, options.workspace);
  return environment;
}

function addWorkspace(
  environment: Record<string, string>,
  context: ExecutionContext["context"],
  place: Workspace,
): void {
  const workspace = record(context["paperclipWorkspace"]);
  const hints = records(context["paperclipWorkspaces"]);
  const shaped = shapePaperclipWorkspaceEnvForExecution({
    workspaceCwd: words(workspace["cwd"]),
    workspaceWorktreePath: words(workspace["worktreePath"]),
    workspaceHints: hints,
    executionTargetIsRemote: true,
    executionCwd: place.workingDirectory,
  });
  applyPaperclipWorkspaceEnv(environment, {
    workspaceCwd: shaped.workspaceCwd,
    workspaceSource: words(workspace["source"]),
    workspaceStrategy: words(workspace["strategy"]),
    workspaceId: words(workspace["workspaceId"]),
    workspaceRepoUrl: words(workspace["repoUrl"]),
    workspaceRepoRef: words(workspace["repoRef"]),
    workspaceBranch: words(workspace["branchName"]),
    workspaceWorktreePath: podPathOf(words(workspace["worktreePath"]), place),
    agentHome: podPathOf(words(workspace["agentHome"]), withWorkingDirectory(place, workspace)),
  });
  const mapped = shaped.workspaceHints.map((hint, index) => withPath(hint, hints[index], place));
  if (mapped.length > 0) environment["PAPERCLIP_WORKSPACES_JSON"] = JSON.stringify(mapped);
}

type Hint = Readonly<Record<string, unknown>>;

/** The host leaves out what a remote machine does not have; the pod may have it all the same. */
function withPath(shaped: Hint, before: Hint | undefined, place: Workspace): Hint {
  const path = shaped["cwd"] === undefined ? podPathOf(words(before?.["cwd"]), place) : null;
  return path === null ? shaped : { ...shaped, cwd: path };
}

/** Variables of the host's whose folders are not in the pod. */
export function foldersLeftOut({ context }: ExecutionContext, place: Workspace): readonly string[] {
  const workspace = record(context["paperclipWorkspace"]);
  const left = (name: string, path: string | null, places: Pick<Workspace, "places">): readonly string[] =>
    path !== null && podPathOf(path, places) === null ? [name] : [];
  return [
    ...left("AGENT_HOME", words(workspace["agentHome"]), withWorkingDirectory(place, workspace)),
    ...left("PAPERCLIP_WORKSPACE_WORKTREE_PATH", words(workspace["worktreePath"]), place),
  ];
}

/** The folder that the host names as the workspace is the working directory, whatever the mode brings there. */
function withWorkingDirectory(
  { places, workingDirectory }: Workspace,
  workspace: Readonly<Record<string, unknown>>,
): Pick<Workspace, "places"> {
  const server = words(workspace["cwd"]);
  return { places: server === null ? places : [...places, { server, pod: workingDirectory }] };
}

function given(name: string, value: string | null): Record<string, string> {
  return value === null || value === "" ? {} : { [name]: value };
}

function json(value: unknown): string | null {
  const list = records(value);
  return list.length === 0 ? null : JSON.stringify(list);
}
