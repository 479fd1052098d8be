import { realpathSync } from "node:fs";

import { type Operator, createOperator } from "../operator/operator.ts";
import type { FileAccess } from "./file-access.ts";
import { type FileFence, type FileOwner, bundledFences, fencesOf } from "./file-fences.ts";
import { type PaperclipHome, paperclipHome } from "./paperclip-home.ts";

/** The Paperclip server that this adapter runs in: what no setting can change. */
export interface HostServer {
  readonly operator: Operator;
  readonly home: PaperclipHome;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folders of the skills that come with it. */
  readonly bundledSkills: readonly FileFence[];
}

/** The operator's file is named by this variable of the server, and by nothing else. */
export const operatorVariable = "CLAUDE_K8S_CONFIG";

export function hostServer(
  environment: Readonly<Record<string, string | undefined>>,
  log: (line: string) => void,
): HostServer {
  const file = environment[operatorVariable]?.trim() || null;
  return {
    operator: createOperator({ file, environment, log }),
    home: paperclipHome(environment),
    environment,
    bundledSkills: bundledFences(mainModule(), process.cwd()),
  };
}

/** Often a link in a folder of programs. */
function mainModule(): string | undefined {
  const given = process.argv[1];
  try {
    return given === undefined ? undefined : realpathSync(given);
  } catch {
    return given;
  }
}

export function fileAccessOf(
  { home, bundledSkills }: Pick<HostServer, "home" | "bundledSkills">,
  owner: FileOwner,
  operatorFolders: readonly string[],
  maximumBytes: number | null,
): FileAccess {
  const files = fencesOf(home, owner, operatorFolders);
  return { files, skills: [...files, ...bundledSkills], maximumBytes };
}
