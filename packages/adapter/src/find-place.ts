import { taskSlotOf } from "./claude/run-spec.ts";
import type { Connection } from "./connections.ts";
import type { ExecuteDependencies } from "./execution.ts";
import type { Cancellation } from "./host/cancellation.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { inheritFrom } from "./own-pod/inherit.ts";
import { placeRun } from "./place-run.ts";
import type { Prepared } from "./prepare.ts";
import { refusalOf } from "./refusal.ts";
import { settingField } from "./settings/fields.ts";
import { settingProblem } from "./settings/problem.ts";
import { hostWorkspaceOf } from "./workspace/host-workspace.ts";
import { openWorkspace } from "./workspace/open.ts";
import { filesLeftBehind } from "./workspace/left-behind.ts";
import type { Workspace, WorkspaceAnswer } from "./workspace/workspace.ts";

export interface RunPlace {
  readonly connection: Connection;
  readonly namespace: string;
  readonly cancellation: Cancellation;
}

export type FoundPlace =
  | { readonly kind: "placed"; readonly prepared: Prepared }
  | Extract<WorkspaceAnswer, { readonly kind: "refused" }>;

/** What the run has of the server's own pod, and where the agent works. */
export async function findPlace(
  host: ExecutionContext,
  given: Prepared,
  { server, findServerPod }: ExecuteDependencies,
  { connection, namespace, cancellation: { signal } }: RunPlace,
): Promise<FoundPlace> {
  const serverPod = (await findServerPod?.(connection.cluster, signal)) ?? noServerPod;
  const { environment } = server;
  const prepared = { ...given, ...inheritFrom(serverPod, { ...given, namespace, environment }) };
  if (prepared.settings.pod.image === "") {
    const problems = [settingProblem("image", null, settingField("image").rule)];
    return { kind: "refused", ending: refusalOf({ kind: "settings-invalid", problems }, prepared.config) };
  }
  const folders = hostWorkspaceOf(host);
  const slot = taskSlotOf(host);
  const request = { host, folders, prepared, server, serverPod, connection, namespace, slot, signal };
  const answer = await openWorkspace(request);
  if (answer.kind === "refused") return answer;
  const workspace = withNote(answer.workspace, await filesLeftBehind(request, answer.workspace));
  return { kind: "placed", prepared: { ...prepared, ...placeRun(host, prepared, workspace) } };
}

function withNote(workspace: Workspace, note: string | null): Workspace {
  return note === null ? workspace : { ...workspace, notes: [...workspace.notes, note] };
}

const noServerPod = { kind: "none", reason: "the server runs in no pod" } as const;
