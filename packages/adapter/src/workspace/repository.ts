import { allowsRepository } from "../operator/repositories.ts";
import { settingProblem } from "../settings/problem.ts";
import { clonedWorkspace, readAddress } from "./checkout.ts";
import type { ModeChoice } from "./choose-mode.ts";
import { type WorkspaceRequest, forbidden, unusable } from "./request.ts";
import type { WorkspaceAnswer } from "./workspace.ts";

/** Cloned in the pod before Claude starts. What outlives the pod is what was pushed. */
export async function openRepository(
  request: WorkspaceRequest,
  { why }: ModeChoice,
): Promise<WorkspaceAnswer> {
  const { prepared, folders, host, slot } = request;
  const wishes = prepared.settings.repository;
  const given = wishes.url ?? folders.repoUrl;
  if (given === null) {
    const rule =
      "another mode, or together with repositoryUrl, as Paperclip names no repository for this run";
    return unusable(request, [settingProblem("workspaceMode", "repository", rule)]);
  }
  const address = readAddress(given);
  if (address === null)
    return unusable(request, [
      settingProblem(
        "repositoryUrl",
        null,
        "an address that git can clone: https://…, ssh://… or user@host:path",
      ),
    ]);
  const values = { company: host.agent.companyId, agent: host.agent.id };
  const trusted = prepared.rules.allow?.repositories ?? [];
  // Whoever names the address would be given the login otherwise.
  if (wishes.login !== null && !allowsRepository(trusted, address.url, values))
    return forbidden(request, [
      {
        setting: "repositoryLogin",
        value: wishes.login,
        rule: `the login is given only to repositories that the operator lists, and ${address.url} is not among them`,
        allow: "allow.repositories",
      },
    ]);
  const task = host.runtime.taskKey ?? slot.slice(slot.lastIndexOf("/") + 1);
  const workspace = clonedWorkspace(
    address,
    prepared.settings,
    {
      ref: folders.repoRef,
      branch: folders.branch,
      task,
      runId: host.runId,
      authorName: host.agent.name,
      authorEmail: `${host.agent.id}@agents.invalid`,
      folder: folders.folder,
    },
    why,
  );
  return { kind: "ready", workspace };
}
