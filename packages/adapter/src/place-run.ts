import type { Bundle } from "./claude/bundle.ts";
import { type PodEnvironment, podEnvironment } from "./claude/environment.ts";
import { type SessionChoice, type SessionCircumstances, chooseSession } from "./claude/session.ts";
import type { ExecutionContext } from "./host/contract.ts";
import type { Settings } from "./settings/settings.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** What of a run depends on where its agent works. */
export interface Placement {
  readonly workspace: Workspace;
  readonly environment: PodEnvironment;
  readonly workingDirectory: string;
  /** What the settings say about resuming; whether its files are there is known later. */
  readonly session: SessionChoice;
  readonly circumstances: SessionCircumstances;
}

export function placeRun(
  host: ExecutionContext,
  { settings, bundle }: { readonly settings: Settings; readonly bundle: Bundle },
  workspace: Workspace,
): Placement {
  const { workingDirectory } = workspace;
  const circumstances: SessionCircumstances = {
    promptBundleKey: bundle.key,
    mcpServerIdentity: bundle.mcpIdentity,
    podWorkingDirectory: workingDirectory,
    claudeModel: settings.claude.model ?? "default",
    claudeImage: settings.pod.image,
  };
  return {
    workspace,
    environment: podEnvironment(host, settings, workspace),
    workingDirectory,
    session: chooseSession(host.runtime, circumstances),
    circumstances,
  };
}
