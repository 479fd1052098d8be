import { type ModeChoice, chooseMode } from "./choose-mode.ts";
import { openClaim } from "./claim/claim.ts";
import { copyable, openCopied } from "./copied.ts";
import { emptyWorkspace } from "./empty.ts";
import { openRepository } from "./repository.ts";
import type { WorkspaceRequest } from "./request.ts";
import { lookForShared, openShared, sharesByItself } from "./shared/shared.ts";
import type { WorkspaceAnswer, WorkspaceMode } from "./workspace.ts";

type OpenMode = (request: WorkspaceRequest, choice: ModeChoice) => Promise<WorkspaceAnswer>;

const otherModes: Readonly<Record<Exclude<WorkspaceMode, "shared">, OpenMode>> = {
  claim: openClaim,
  copied: openCopied,
  repository: openRepository,
  empty: async ({ prepared }, { why }) => ({
    kind: "ready",
    workspace: emptyWorkspace(prepared.settings, why),
  }),
};

/** Decides where the agent of a run works. Rejects with `signal.reason` only. */
export async function openWorkspace(request: WorkspaceRequest): Promise<WorkspaceAnswer> {
  const look = await lookForShared(request);
  const choice = chooseMode({
    settings: request.prepared.settings.workspace,
    hostFolder: request.folders.folder,
    shared: await sharesByItself(request, look),
    copied: await copyable(request),
  });
  return choice.mode === "shared"
    ? openShared(request, choice, look)
    : otherModes[choice.mode](request, choice);
}
