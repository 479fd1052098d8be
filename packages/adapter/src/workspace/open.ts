import { settingField } from "../settings/fields.ts";
import { type ModeChoice, chooseMode } from "./choose-mode.ts";
import { copyable } from "./copied.ts";
import { emptyWorkspace } from "./empty.ts";
import { type WorkspaceRequest, unusable } from "./request.ts";
import type { WorkspaceAnswer, WorkspaceMode } from "./workspace.ts";

type OpenMode = (request: WorkspaceRequest, choice: ModeChoice) => Promise<WorkspaceAnswer>;

const modes: Readonly<Record<WorkspaceMode, OpenMode>> = {
  shared: notBuilt,
  claim: notBuilt,
  copied: notBuilt,
  repository: notBuilt,
  empty: async ({ prepared }, { why }) => ({
    kind: "ready",
    workspace: emptyWorkspace(prepared.settings, why),
  }),
};

/** Decides where the agent of a run works. Rejects with `signal.reason` only. */
export async function openWorkspace(request: WorkspaceRequest): Promise<WorkspaceAnswer> {
  const choice = chooseMode({
    settings: request.prepared.settings.workspace,
    hostFolder: request.folders.folder,
    shared: { no: "this version cannot share it" },
    copied: await copyable(request),
  });
  return modes[choice.mode](request, choice);
}

async function notBuilt(request: WorkspaceRequest, { mode }: ModeChoice): Promise<WorkspaceAnswer> {
  const { example } = settingField("workspaceMode");
  const rule = "a mode that this version has: empty";
  return unusable(request, [{ field: "workspaceMode", value: mode, rule, example }]);
}
