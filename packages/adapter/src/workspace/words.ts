import type { HostEvent } from "../host/contract.ts";
import type { Inheritance } from "../own-pod/inherit.ts";
import type { Workspace } from "./workspace.ts";

/** For the invocation that the host stores, and for whoever asks what a run would be. */
export function workspaceNotes({ mode, why, notes, workingDirectory }: Workspace): readonly string[] {
  return [`Workspace: ${mode}, in ${workingDirectory}: ${why}`, ...notes];
}

/** One entry in the host's list of the run's events. */
export function workspaceEvent(workspace: Workspace, inherited: Pick<Inheritance, "notes">): HostEvent {
  const { mode, why, notes, workingDirectory } = workspace;
  return {
    eventType: "claude_k8s.workspace",
    stream: "system",
    level: "info",
    message: [...workspaceNotes(workspace), ...inherited.notes].join("; "),
    payload: { mode, why, notes: [...notes], workingDirectory, inherited: [...inherited.notes] },
  };
}
