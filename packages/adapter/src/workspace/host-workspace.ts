import path from "node:path";

import { record, words } from "../claude/wake.ts";
import type { ExecutionContext } from "../host/contract.ts";

/** What Paperclip says of the run's workspace: all paths are the server's. */
export interface HostWorkspace {
  /** `null`: the host gave none. */
  readonly folder: string | null;
  readonly agentHome: string | null;
  /** The folder of the agent's instructions. */
  readonly instructionsFolder: string | null;
  readonly repoUrl: string | null;
  readonly repoRef: string | null;
  readonly branch: string | null;
}

export function hostWorkspaceOf({ context, config }: ExecutionContext): HostWorkspace {
  const workspace = record(context["paperclipWorkspace"]);
  const instructions = absolute(config["instructionsFilePath"]);
  return {
    folder: absolute(workspace["cwd"]),
    agentHome: absolute(workspace["agentHome"]),
    instructionsFolder:
      absolute(config["instructionsRootPath"]) ??
      (instructions === null ? null : path.posix.dirname(instructions)),
    repoUrl: words(workspace["repoUrl"]),
    repoRef: words(workspace["repoRef"]),
    branch: words(workspace["branchName"]),
  };
}

function absolute(value: unknown): string | null {
  const text = words(value);
  return text !== null && path.posix.isAbsolute(text) && !text.includes("\0")
    ? path.posix.resolve(text)
    : null;
}
