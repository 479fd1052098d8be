import {
  applyPaperclipWorkspaceEnv,
  buildPaperclipEnv,
  shapePaperclipWorkspaceEnvForExecution,
  stringifyPaperclipWakePayload,
} from "@paperclipai/adapter-utils/server-utils";

import type { ExecutionContext } from "../host/contract.ts";
import type { Workspace } from "../workspace/workspace.ts";
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
  { workingDirectory, places }: Workspace,
): void {
  const workspace = record(context["paperclipWorkspace"]);
  const shaped = shapePaperclipWorkspaceEnvForExecution({
    workspaceCwd: words(workspace["cwd"]),
    workspaceWorktreePath: words(workspace["worktreePath"]),
    workspaceHints: records(context["paperclipWorkspaces"]),
    executionTargetIsRemote: true,
    executionCwd: workingDirectory,
  });
  applyPaperclipWorkspaceEnv(environment, {
    workspaceCwd: shaped.workspaceCwd,
    workspaceSource: words(workspace["source"]),
    workspaceStrategy: words(workspace["strategy"]),
    workspaceId: words(workspace["workspaceId"]),
    workspaceRepoUrl: words(workspace["repoUrl"]),
    workspaceRepoRef: words(workspace["repoRef"]),
    workspaceBranch: words(workspace["branchName"]),
    workspaceWorktreePath: shaped.workspaceWorktreePath,
    agentHome: inPod(words(workspace["agentHome"]), [
      ...places,
      { server: words(workspace["cwd"]) ?? "", pod: workingDirectory },
    ]),
  });
  if (shaped.workspaceHints.length > 0)
    environment["PAPERCLIP_WORKSPACES_JSON"] = JSON.stringify(shaped.workspaceHints);
}

/** A folder of the server where the pod has it, too; `null`: the pod has it nowhere. */
function inPod(folder: string | null, places: Workspace["places"]): string | null {
  if (folder === null) return null;
  const place = places.find(({ server }) => folder === server || folder.startsWith(`${server}/`));
  return place === undefined || place.server === "" ? null : place.pod + folder.slice(place.server.length);
}

function given(name: string, value: string | null): Record<string, string> {
  return value === null || value === "" ? {} : { [name]: value };
}

function json(value: unknown): string | null {
  const list = records(value);
  return list.length === 0 ? null : JSON.stringify(list);
}
