import type { SettingRefusal } from "@claude-k8s/diagnostics";

import { runOnce } from "./attempt.ts";
import { buildPrompt } from "./claude/prompt.ts";
import { buildRunSpec } from "./claude/run-spec.ts";
import type { Connection, Connections } from "./connections.ts";
import type { Ending } from "./ending.ts";
import type { DailyLedger } from "./guards/daily-budget.ts";
import { dailyRefusal } from "./guards/daily-refusal.ts";
import type { GuardClock } from "./guards/watch-run.ts";
import { safeCallbacks } from "./host/callbacks.ts";
import { type Cancellation, optIntoCancellation } from "./host/cancellation.ts";
import type { ExecutionContext, ExecutionResult } from "./host/contract.ts";
import { type ChainDependencies, openChain } from "./host/task-chain.ts";
import { secretsOfJob } from "./host/job-secrets.ts";
import { maskedCallbacks } from "./host/masked-callbacks.ts";
import { knownSecrets } from "./host/secrets.ts";
import { record } from "./claude/wake.ts";
import { describeInvocation } from "./host/invocation.ts";
import { type Progress, createProgress } from "./host/progress.ts";
import type { HostServer } from "./host/server.ts";
import { type ResultContext, toResult } from "./host/result.ts";
import { type Redaction, createRedaction } from "./output/redaction.ts";
import { createTranscript } from "./output/transcript.ts";
import { refusedKubeconfig } from "./operator/clusters.ts";
import { type Prepared, prepare, refusalOf } from "./prepare.ts";
import type { RestartMemory } from "./restart/memory.ts";
import { recordsOf } from "./restart/records.ts";
import { adapterFault, endingOf, letGo } from "./unexpected.ts";

export interface ExecuteDependencies extends ChainDependencies {
  readonly connections: Connections;
  readonly server: HostServer;
  /** Default: none, and a run that outlives the server waits for somebody to comment on its issue. */
  readonly memory?: RestartMemory;
  /** Default: none, and no budget of a day holds. */
  readonly ledger?: DailyLedger;
  /** Default: the system's. */
  readonly now?: () => Date;
  /** Time and timers of the guards. Default: the system's. */
  readonly guardClock?: GuardClock;
}

/** One run for the host: a Job, its output, its ending. Resolves always. */
export async function execute(
  given: ExecutionContext,
  dependencies: ExecuteDependencies,
): Promise<ExecutionResult> {
  try {
    return await maskedRun(given, dependencies);
  } catch (error) {
    // Nothing was masked yet, and nothing of the run was known.
    return adapterFault(error);
  }
}

async function maskedRun(
  given: ExecutionContext,
  dependencies: ExecuteDependencies,
): Promise<ExecutionResult> {
  const redaction = createRedaction(knownSecrets(given, record(given.config["env"])));
  const host = maskedCallbacks(safeCallbacks(given), redaction);
  const progress = createProgress(host);
  try {
    return redaction.mask(await story(host, dependencies, progress, redaction));
  } catch (error) {
    const known = letGo(error);
    if (known !== null) return redaction.mask(known);
    const fault = redaction.mask(adapterFault(error));
    dependencies.log?.(`run ${given.runId} of agent ${given.agent.id}: ${fault.errorMessage ?? ""}`);
    return fault;
  } finally {
    await progress.settled();
  }
}

async function story(
  host: ExecutionContext,
  dependencies: ExecuteDependencies,
  progress: Progress,
  redaction: Redaction,
): Promise<ExecutionResult> {
  const cancellation = await optIntoCancellation(host);
  const prepared = await prepare(host, dependencies.server);
  const chain = await openChain(host, prepared.kind === "ready" ? prepared.config : host.config, {
    ...dependencies,
    log: (line) => dependencies.log?.(redaction.mask(line)),
  });
  const settle = async (ending: Ending, known = nothingKnown): Promise<ExecutionResult> =>
    toResult(ending, {
      ...known,
      cancellation: cancellation.request(),
      now: (dependencies.now?.() ?? new Date()).toISOString(),
      chain: await chain.settle(ending),
    });
  if (prepared.kind === "refused") return settle(prepared.ending);
  redaction.learn(prepared.secrets);
  prepared.warnings.forEach(progress.warning);
  const early = chain.vain ?? (await dailyRefusal(host, prepared.settings, dependencies));
  if (early !== null) return settle(early);

  const { ending, sessionWasGone } = await runToItsEnd(
    host,
    prepared,
    dependencies,
    cancellation,
    progress,
    redaction,
  ).catch((error: unknown) => {
    const known = endingOf(error, host, cancellation.request());
    if (known === null) throw error;
    return { ending: known, sessionWasGone: false };
  });
  return settle(ending, {
    session: {
      promptBundleKey: prepared.bundle.key,
      mcpServerIdentity: prepared.bundle.mcpIdentity,
      podWorkingDirectory: prepared.workingDirectory,
      ...(sessionWasGone && { volatile: true }),
    },
    environment: { ...prepared.environment.open, ...prepared.environment.secret },
    model: prepared.settings.claude.model,
  });
}

const nothingKnown: Pick<ResultContext, "session" | "environment" | "model"> = {
  session: null,
  environment: {},
  model: null,
};

/** One attempt, and a second one with a fresh session when the session to be resumed does not exist any more. */
async function runToItsEnd(
  host: ExecutionContext,
  prepared: Prepared,
  dependencies: ExecuteDependencies,
  cancellation: Cancellation,
  progress: Progress,
  redaction: Redaction,
): Promise<{ readonly ending: Ending; readonly sessionWasGone: boolean }> {
  const { connections, guardClock } = dependencies;
  const { settings, permits } = prepared;
  const connection = await openPermitted(connections, prepared);
  if ("refusals" in connection)
    return { ending: notAllowed(prepared, connection.refusals), sessionWasGone: false };
  redaction.learn(connection.secrets);
  const namespace = settings.cluster.namespace ?? connection.defaultNamespace;
  const attempt = async (sessionId: string | null, number: 1 | 2): Promise<Ending> => {
    const prompt = buildPrompt(host, settings, sessionId !== null);
    const plan = { ...prepared, namespace, prompt: prompt.text, sessionId, attempt: number };
    const spec = { ...buildRunSpec(host, plan), policy: permits.policy };
    const refusals = permits.refusedRun(spec);
    if (refusals.length > 0) return notAllowed(prepared, refusals);
    const invocation = describeInvocation(spec, prompt, notesOf(prepared), settings.life.invocationType);
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

  const first = await attempt(prepared.session.resume, 1);
  const gone = prepared.session.resume !== null && first.diagnosis.code === "session_unavailable";
  if (!gone || cancellation.signal.aborted) return { ending: first, sessionWasGone: false };
  progress.warning(`session ${prepared.session.resume ?? ""} does not exist any more: a new one is begun`);
  return { ending: await attempt(null, 2), sessionWasGone: true };
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

function notesOf({ bundle, environment, warnings }: Prepared): readonly string[] {
  return [
    ...(bundle.skills.length > 0 ? [`Skills: ${bundle.skills.join(", ")}`] : []),
    ...(bundle.mcpServers.length > 0 ? [`MCP servers: ${bundle.mcpServers.join(", ")}`] : []),
    ...(environment.dropped.length > 0 ? [`Not for the pod: ${environment.dropped.join(", ")}`] : []),
    ...warnings,
  ];
}
