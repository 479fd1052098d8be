import type { SettingRefusal } from "@claude-k8s/diagnostics";

import { runOnce } from "./attempt.ts";
import { buildPrompt } from "./claude/prompt.ts";
import { buildRunSpec, taskSlotOf } from "./claude/run-spec.ts";
import type { Connection, Connections } from "./connections.ts";
import type { Ending } from "./ending.ts";
import type { ExecuteDependencies } from "./execute.ts";
import type { Cancellation } from "./host/cancellation.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { describeInvocation } from "./host/invocation.ts";
import { secretsOfJob } from "./host/job-secrets.ts";
import type { Progress } from "./host/progress.ts";
import { refusedKubeconfig } from "./operator/clusters.ts";
import type { Redaction } from "./output/redaction.ts";
import { createTranscript } from "./output/transcript.ts";
import { placeRun } from "./place-run.ts";
import type { Prepared } from "./prepare.ts";
import { refusalOf } from "./refusal.ts";
import { recordsOf } from "./restart/records.ts";
import { type Copied, nextAttempt } from "./sessions/next-attempt.ts";
import { type RunSession, sessionsInHomes } from "./sessions/sessions.ts";
import { hasCopies } from "./workspace/copied.ts";
import { emptyWorkspace } from "./workspace/empty.ts";
import { hostWorkspaceOf } from "./workspace/host-workspace.ts";
import { openWorkspace } from "./workspace/open.ts";
import type { WorkspaceAnswer } from "./workspace/workspace.ts";
import { workspaceEvent, workspaceNotes } from "./workspace/words.ts";

export interface EndedRun {
  readonly ending: Ending;
  readonly sessionWasGone: boolean;
  /** As it was carried out. */
  readonly prepared: Prepared;
}

/** One attempt, and another one where the adapter itself has caused the first one's end: by a session or copies that cannot be had. */
export async function runToItsEnd(
  host: ExecutionContext,
  prepared: Prepared,
  dependencies: ExecuteDependencies,
  cancellation: Cancellation,
  progress: Progress,
  redaction: Redaction,
): Promise<EndedRun> {
  const connection = await openPermitted(dependencies.connections, prepared);
  const without = (ending: Ending): EndedRun => ({ ending, sessionWasGone: false, prepared });
  if ("refusals" in connection) return without(notAllowed(prepared, connection.refusals));
  redaction.learn(connection.secrets);
  const namespace = prepared.settings.cluster.namespace ?? connection.defaultNamespace;
  const where = { connection, namespace, cancellation };
  const found = await findWorkspace(host, prepared, dependencies, where);
  if (found.kind === "refused") return without(found.ending);
  const { workspace } = found;
  progress.tell(workspaceEvent(workspace));
  const placed = { ...prepared, ...placeRun(host, prepared, workspace) };
  const failed = await workspace.begin?.(cancellation.signal);
  if (failed !== undefined && failed !== null) return without(failed);
  return attemptAll(host, placed, dependencies, { ...where, progress, redaction });
}

/** Where the agent works. */
async function findWorkspace(
  host: ExecutionContext,
  prepared: Prepared,
  { server, findServerPod }: ExecuteDependencies,
  { connection, namespace, cancellation: { signal } }: Where,
): Promise<WorkspaceAnswer> {
  const serverPod = (await findServerPod?.(connection.cluster, signal)) ?? noServerPod;
  const folders = hostWorkspaceOf(host);
  const slot = taskSlotOf(host);
  return openWorkspace({ host, folders, prepared, server, serverPod, connection, namespace, slot, signal });
}

const noServerPod = { kind: "none", reason: "the server runs in no pod" } as const;

async function attemptAll(
  host: ExecutionContext,
  prepared: Prepared,
  dependencies: ExecuteDependencies,
  surroundings: Surroundings,
): Promise<EndedRun> {
  const { cancellation, progress } = surroundings;
  const session = await openSession(host, prepared, dependencies, surroundings);
  const attempt = attemptOf(host, prepared, dependencies, surroundings, session.notes);
  session.notes.forEach(progress.warning);
  const collect = async (ending: Ending): Promise<void> => {
    const missing = await session.collect(ending);
    if (missing !== null) progress.warning(missing);
    (await prepared.workspace.collect?.(ending))?.forEach(progress.warning);
  };

  const { choice, folder } = session;
  const first = await attempt({ sessionId: choice.resume, folder, number: 1 });
  const copied = copiedBy(prepared, folder);
  const next = nextAttempt(first, { resumed: choice.resume !== null, copied });
  if (next.kind === "none" || cancellation.signal.aborted) {
    await collect(first);
    return { ending: first, sessionWasGone: choice.wasGone && folder === null, prepared };
  }
  if (next.kind === "without-copies") {
    const lost = copied === "session" ? "the session is not kept" : "neither files nor session are kept";
    progress.warning(`${lost}: ${next.reason}; the run is started without`);
    session.giveUp(next.reason);
    const workspace =
      copied === "session" ? prepared.workspace : emptyWorkspace(prepared.settings, next.reason);
    const bare = { ...prepared, ...placeRun(host, prepared, workspace) };
    const attemptBare = attemptOf(host, bare, dependencies, surroundings, session.notes);
    const ending = await attemptBare({ sessionId: null, folder: null, number: 3 });
    return { ending, sessionWasGone: false, prepared: bare };
  }
  progress.warning(`session ${choice.resume ?? ""} does not exist any more: a new one is begun`);
  const second = await attempt({ sessionId: null, folder, number: 2 });
  await collect(second);
  return { ending: second, sessionWasGone: folder === null, prepared };
}

function copiedBy({ workspace, settings }: Prepared, sessionFolder: string | null): Copied {
  if (hasCopies(workspace)) return settings.workspace.mode === null ? "chosen" : "workspace";
  return sessionFolder === null ? "nothing" : "session";
}

/** Without somebody who keeps sessions, a run has what is in its home. */
async function openSession(
  host: ExecutionContext,
  prepared: Prepared,
  { sessions }: ExecuteDependencies,
  where: Where,
): Promise<RunSession & { readonly notes: readonly string[] }> {
  const { companyId, id: agentId } = host.agent;
  const opened = await (sessions ?? sessionsInHomes).open({
    owner: { companyId, agentId, slot: taskSlotOf(host) },
    prepared,
    connection: where.connection,
    namespace: where.namespace,
    signal: where.cancellation.signal,
  });
  const { persistence, choice } = opened;
  const lasts = persistence.kind === "none" ? [`No session is kept: ${persistence.reason}`] : [];
  return { ...opened, notes: choice.reason === null ? lasts : [choice.reason] };
}

interface Where {
  readonly connection: Connection;
  readonly namespace: string;
  readonly cancellation: Cancellation;
}

interface Surroundings extends Where {
  readonly progress: Progress;
  readonly redaction: Redaction;
}

interface AttemptChoice {
  readonly sessionId: string | null;
  /** Of the server, to be copied; `null`: none. */
  readonly folder: string | null;
  readonly number: 1 | 2 | 3;
}

function attemptOf(
  host: ExecutionContext,
  prepared: Prepared,
  dependencies: ExecuteDependencies,
  { connection, namespace, cancellation, progress, redaction }: Surroundings,
  notes: readonly string[],
): (choice: AttemptChoice) => Promise<Ending> {
  const { settings, permits } = prepared;
  const { guardClock } = dependencies;
  return async ({ sessionId, folder, number }) => {
    const prompt = buildPrompt(host, settings, sessionId !== null);
    const plan = {
      ...prepared,
      namespace,
      prompt: prompt.text,
      sessionId,
      sessionFolder: folder,
      attempt: number,
    };
    const { lent } = prepared.workspace;
    const spec = { ...buildRunSpec(host, plan), policy: { ...permits.policy, lent } };
    const refusals = permits.refusedRun(spec);
    if (refusals.length > 0) return notAllowed(prepared, refusals);
    const invocation = describeInvocation(
      spec,
      prompt,
      [...notesOf(prepared), ...notes],
      settings.life.invocationType,
    );
    // A record for people: without it the run is the same.
    await host.onMeta?.(invocation).catch(() => progress.warning("the invocation could not be stored"));
    if (number === 1) host.onDispatch?.();
    return runOnce(spec, {
      runner: connection.runner,
      settings,
      config: { ...prepared.config, namespace },
      redaction,
      secretsOf: async (ref) => {
        const token = (await dependencies.memory?.keyOf(ref.jobUid).catch(() => null))?.token;
        return {
          ...(await secretsOfJob(connection.cluster, ref)),
          ...(token && { PAPERCLIP_API_KEY: token }),
        };
      },
      cancellation,
      limits: { ...settings.guards, budgetUsd: settings.claude.maxBudgetUsd },
      ...(guardClock !== undefined && { guardClock }),
      ...recordsOf(host, dependencies, { kubeconfig: settings.cluster.kubeconfig, namespace }, progress),
      progress,
      transcript: createTranscript(host.onLog, redaction, (bytes) =>
        progress.warning(`${bytes} bytes of output could not be stored by the host`),
      ),
    });
  };
}

/** A kubeconfig that reaches further than it is trusted is a matter of the operator's, not a broken file. */
async function openPermitted(
  connections: Connections,
  { permits, settings }: Prepared,
): Promise<Connection | { readonly refusals: readonly SettingRefusal[] }> {
  try {
    return await connections.open(permits.cluster);
  } catch (error) {
    const refusal = refusedKubeconfig(error, settings.cluster.kubeconfig);
    if (refusal === null) throw error;
    return { refusals: [refusal] };
  }
}

function notAllowed({ operatorFile, config }: Prepared, refusals: readonly SettingRefusal[]): Ending {
  return refusalOf({ kind: "not-allowed", refusals, file: operatorFile }, config);
}

function notesOf({ bundle, environment, warnings, workspace }: Prepared): readonly string[] {
  return [
    ...workspaceNotes(workspace),
    ...(bundle.skills.length > 0 ? [`Skills: ${bundle.skills.join(", ")}`] : []),
    ...(bundle.mcpServers.length > 0 ? [`MCP servers: ${bundle.mcpServers.join(", ")}`] : []),
    ...(environment.dropped.length > 0 ? [`Not for the pod: ${environment.dropped.join(", ")}`] : []),
    ...warnings,
  ];
}
