import { lstat, opendir } from "node:fs/promises";
import path from "node:path";

import type { Settings } from "../settings/settings.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** An agent may have made any number of them. */
const mostFolders = 1000;

export interface HomeLook {
  readonly settings: Pick<Settings, "env">;
  readonly workspace: Pick<Workspace, "homeOnServer">;
}

/**
 * Does the agent's home, as far as it lies on the server's own volume, have the transcript of a session? `null`: nobody knows, as the
 * home is elsewhere, or the server may not look into it. A run that resumes a session in vain costs a Job.
 */
export async function isInHome(
  sessionId: string,
  { settings, workspace }: HomeLook,
): Promise<boolean | null> {
  const { homeOnServer } = workspace;
  if (homeOnServer === undefined) return null;
  // Sessions then lie where these say, which only the image knows.
  if (settings.env["HOME"] !== undefined || settings.env["CLAUDE_CONFIG_DIR"] !== undefined) return null;
  const projects = path.join(homeOnServer, ".claude", "projects");
  let looked = 0;
  try {
    // In every folder of a working directory, as links on the way to one give it another name in the pod.
    for await (const { name } of await opendir(projects)) {
      if ((looked += 1) > mostFolders) return null;
      const found = await lstat(path.join(projects, name, `${sessionId}.jsonl`)).catch(absent);
      if (found !== null && found.isFile() && found.size > 0) return true;
    }
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? false : null;
  }
}

function absent(error: unknown): null {
  if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
  throw error;
}
