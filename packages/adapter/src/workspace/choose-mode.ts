/** Which workspace mode a run has, and why. Pure. */

import type { SharedFolder } from "@claude-k8s/k8s-runner";

import type { Settings } from "../settings/settings.ts";
import type { WorkspaceMode } from "./workspace.ts";

export interface ModeFacts {
  readonly settings: Pick<Settings["workspace"], "mode" | "claim">;
  /** The host's workspace folder on the server; `null`: the host gave none. */
  readonly hostFolder: string | null;
  /** Can the agent's pod mount what that folder lies on? The text says why not, as a clause. */
  readonly shared: "yes" | { readonly no: string };
  /** Can that folder be copied into a pod and back? */
  readonly copied: "yes" | { readonly no: string };
}

export interface ModeChoice {
  readonly mode: WorkspaceMode;
  /** As a clause. */
  readonly why: string;
}

export function chooseMode({ settings, hostFolder, shared, copied }: ModeFacts): ModeChoice {
  if (settings.mode !== null) return { mode: settings.mode, why: "the setting workspaceMode says so" };
  if (settings.claim !== null) return { mode: "shared", why: "the setting workspaceClaim names a claim" };
  if (hostFolder === null) return { mode: "empty", why: "Paperclip names no workspace folder" };
  if (shared === "yes")
    return {
      mode: "shared",
      why: `the workspace folder ${hostFolder} lies on a volume that the pod can mount`,
    };
  if (copied === "yes") return { mode: "copied", why: `the workspace folder is not shared: ${shared.no}` };
  return { mode: "empty", why: `the workspace folder is not shared: ${shared.no}; nor copied: ${copied.no}` };
}

/** Why a folder of the server cannot be mounted by another pod, as a clause. */
export function notSharedWords({
  reason,
  volumeName,
}: Extract<SharedFolder, { kind: "not-shared" }>): string {
  const volume = `volume ${volumeName ?? ""} of the server's pod`;
  switch (reason) {
    case "no-volume":
      return "it lies on no volume of the server's pod";
    case "own-volume":
      return `${volume} is of a kind that only one pod has`;
    case "read-only":
      return `${volume} is mounted read-only`;
    case "unknown-part":
      return `which part of ${volume} it is, only that pod's variables tell`;
  }
}
