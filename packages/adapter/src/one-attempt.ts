import type { SettingRefusal } from "@claude-k8s/diagnostics";
import type { RunRef, RunSpec } from "@claude-k8s/k8s-runner";

import { runAndKeep } from "./attempt.ts";
import { takenOverFrom, type TakenOver } from "./adoption/taken-over.ts";
import { type Prompt, buildPrompt } from "./claude/prompt.ts";
import { type AttemptNumber, buildRunSpec } from "./claude/run-spec.ts";
import type { Connection } from "./connections.ts";
import type { Ending } from "./ending.ts";
import type { ExecuteDependencies } from "./execution.ts";
import type { Cancellation } from "./host/cancellation.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { holdsResult } from "./host/fate.ts";
import { describeInvocation, describeTakenOver } from "./host/invocation.ts";
import type { Progress } from "./host/progress.ts";
import type { Redaction } from "./output/redaction.ts";
import { type Transcript, createTranscript } from "./output/transcript.ts";
import { policyWith, withInherited } from "./own-pod/apply.ts";
import type { Prepared } from "./prepare.ts";
import { notAllowed } from "./refusal.ts";
import { recordsOf } from "./restart/records.ts";
import { workspaceNotes } from "./workspace/words.ts";

export interface Where {
  readonly connection: Connection;
  readonly namespace: string;
  readonly cancellation: Cancellation;
}

export interface Surroundings extends Where {
  readonly progress: Progress;
  readonly redaction: Redaction;
}

export interface AttemptChoice {
  readonly sessionId: string | null;
  /** Of the server, to be copied; `null`: none. */
  readonly folder: string | null;
  readonly number: AttemptNumber;
}

export type Attempt = (choice: AttemptChoice) => Promise<Ending>;

/** From a choice of session to the ending of one Job. */
export function attemptOf(
  host: ExecutionContext,
  prepared: Prepared,
  dependencies: ExecuteDependencies,
  surroundings: Surroundings,
  notes: readonly string[],
): Attempt {
  const { settings } = prepared;
  const { connection, namespace, cancellation, progress, redaction } = surroundings;
  const { guardClock, memory, afterwards, workSeconds } = dependencies;
  return async (choice) => {
    const { spec, prompt, refusals } = specOf(host, prepared, namespace, choice);
    if (refusals.length > 0) return notAllowed(prepared, refusals);
    const own = describeInvocation(
      spec,
      prompt,
      [...notesOf(prepared), ...notes],
      settings.life.invocationType,
    );
    if (choice.number === 1) host.onDispatch?.();
    let told: Promise<void> = Promise.resolve();
    const announce = (taken: TakenOver | null): void => {
      const invocation = taken === null ? own : describeTakenOver(own, taken);
      // A record for people: without it the run is the same.
      told = told
        .then(() => host.onMeta?.(invocation))
        .catch(() => progress.warning("the invocation could not be stored"));
    };
    const ending = await runAndKeep(spec, {
      runner: connection.runner,
      settings,
      config: { ...prepared.config, namespace },
      redaction,
      takeOver: (ref, previous) => takenOverFrom(ref, previous, { connection, memory, redaction }),
      announce,
      cancellation,
      ...(afterwards !== undefined && { afterwards }),
      ...(workSeconds !== undefined && { workSeconds }),
      isStored: (ref) => isStoredOf(ref, dependencies, cancellation.signal),
      limits: { ...settings.guards, budgetUsd: settings.claude.maxBudgetUsd },
      ...(guardClock !== undefined && { guardClock }),
      ...recordsOf(
        host,
        dependencies,
        { kubeconfig: settings.cluster.kubeconfig, namespace },
        prompt.text,
        progress,
      ),
      progress,
      transcript: transcriptOf(host, redaction, progress),
    });
    await told;
    return ending;
  };
}

/** By the key that its server wrote down: without it nobody may ask for another run's record. */
async function isStoredOf(
  { jobUid }: RunRef,
  { memory, serverOrigin: origin }: ExecuteDependencies,
  signal: AbortSignal,
): Promise<boolean> {
  const key = (await memory?.keyOf(jobUid).catch(() => null)) ?? null;
  return key !== null && origin !== undefined && holdsResult({ ...key, origin }, jobUid, signal);
}

/** What is not allowed of a run's Job, which no session changes; to be asked before anything is made for the run. */
export function refusedJob(
  host: ExecutionContext,
  prepared: Prepared,
  namespace: string,
): readonly SettingRefusal[] {
  return specOf(host, prepared, namespace, { sessionId: null, folder: null, number: 1 }).refusals;
}

function specOf(
  host: ExecutionContext,
  prepared: Prepared,
  namespace: string,
  { sessionId, folder, number }: AttemptChoice,
): {
  readonly spec: RunSpec;
  readonly prompt: Prompt;
  readonly refusals: readonly SettingRefusal[];
} {
  const { settings, permits, inherited } = prepared;
  const prompt = buildPrompt(host, settings, sessionId !== null);
  const plan = {
    ...prepared,
    namespace,
    prompt: prompt.text,
    sessionId,
    sessionFolder: folder,
    attempt: number,
  };
  const built = withInherited(buildRunSpec(host, plan), inherited);
  const spec = { ...built, policy: policyWith(permits.policy, prepared) };
  return { spec, prompt, refusals: permits.refusedRun(spec, inherited) };
}

export function transcriptOf(host: ExecutionContext, redaction: Redaction, progress: Progress): Transcript {
  return createTranscript(host.onLog, redaction, (bytes) =>
    progress.warning(`${bytes} bytes of output could not be stored by the host`),
  );
}

function notesOf({ bundle, environment, warnings, workspace, inherited }: Prepared): readonly string[] {
  return [
    ...workspaceNotes(workspace),
    ...inherited.notes,
    ...(bundle.skills.length > 0 ? [`Skills: ${bundle.skills.join(", ")}`] : []),
    ...(bundle.mcpServers.length > 0 ? [`MCP servers: ${bundle.mcpServers.join(", ")}`] : []),
    ...(environment.dropped.length > 0 ? [`Not for the pod: ${environment.dropped.join(", ")}`] : []),
    ...warnings,
  ];
}
