import type { SettingRefusal } from "@claude-k8s/diagnostics";

import type { Connection } from "../connections.ts";
import type { ExecutionContext } from "../host/contract.ts";
import type { HostServer } from "../host/server.ts";
import type { ServerPod } from "../own-pod/find.ts";
import type { Prepared } from "../prepare.ts";
import { refusalOf } from "../refusal.ts";
import type { SettingProblem } from "../settings/settings.ts";
import type { HostWorkspace } from "./host-workspace.ts";
import type { WorkspaceAnswer } from "./workspace.ts";

/** All that a mode may need to know of a run. */
export interface WorkspaceRequest {
  readonly host: ExecutionContext;
  readonly folders: HostWorkspace;
  readonly prepared: Pick<Prepared, "settings" | "config" | "permits" | "operatorFile" | "rules">;
  readonly server: HostServer;
  readonly serverPod: ServerPod;
  readonly connection: Pick<Connection, "cluster">;
  readonly namespace: string;
  readonly slot: string;
  readonly signal: AbortSignal;
}

/** Settings that this run cannot have, with every one that is in the way. */
export function unusable(
  { prepared }: WorkspaceRequest,
  problems: readonly SettingProblem[],
): WorkspaceAnswer {
  return { kind: "refused", ending: refusalOf({ kind: "settings-invalid", problems }, prepared.config) };
}

/** What the operator of the server does not allow. */
export function forbidden(
  { prepared }: WorkspaceRequest,
  refusals: readonly SettingRefusal[],
): WorkspaceAnswer {
  const { operatorFile: file, config } = prepared;
  return { kind: "refused", ending: refusalOf({ kind: "not-allowed", refusals, file }, config) };
}
