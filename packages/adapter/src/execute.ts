import { runToItsEnd } from "./attempts.ts";
import type { ExecuteDependencies } from "./execution.ts";
import type { Ending } from "./ending.ts";
import { dailyRefusal } from "./guards/daily-refusal.ts";
import { safeCallbacks } from "./host/callbacks.ts";
import { type Cancellation, optIntoCancellation } from "./host/cancellation.ts";
import type { ExecutionContext, ExecutionResult } from "./host/contract.ts";
import { openChain } from "./host/task-chain.ts";
import { maskedCallbacks } from "./host/masked-callbacks.ts";
import { knownSecrets } from "./host/secrets.ts";
import { record } from "./claude/wake.ts";
import { type Progress, createProgress } from "./host/progress.ts";
import { type ResultContext, toResult } from "./host/result.ts";
import { type Redaction, createRedaction } from "./output/redaction.ts";
import { prepare } from "./prepare.ts";
import { credentialOf } from "./quota/seen-limits.ts";
import { adapterFault, endingOf, letGo } from "./unexpected.ts";

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
  const { serverOrigin: origin } = dependencies;
  const cancellation = await optIntoCancellation(host, origin === undefined ? null : { origin });
  try {
    return await runFor(host, dependencies, cancellation, progress, redaction);
  } finally {
    cancellation.close();
  }
}

async function runFor(
  host: ExecutionContext,
  dependencies: ExecuteDependencies,
  cancellation: Cancellation,
  progress: Progress,
  redaction: Redaction,
): Promise<ExecutionResult> {
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

  const ended = await runToItsEnd(host, prepared, dependencies, cancellation, progress, redaction).catch(
    (error: unknown) => {
      const known = endingOf(error, host, cancellation);
      if (known === null) throw error;
      return { ending: known, before: null, sessionWasGone: false, sessionLasts: false, prepared };
    },
  );
  const { circumstances, environment, settings } = ended.prepared;
  dependencies.seenLimits?.note({
    credential: credentialOf(environment.secret),
    agentName: host.agent.name,
    rateLimits: ended.ending.summary?.rateLimits ?? [],
  });
  return settle(ended.ending, {
    session: {
      ...circumstances,
      ...(ended.sessionWasGone && { volatile: true }),
    },
    sessionLasts: ended.sessionLasts === true,
    environment: { ...environment.open, ...environment.secret },
    model: settings.claude.model,
    before: ended.before,
  });
}

const nothingKnown: Pick<ResultContext, "session" | "sessionLasts" | "environment" | "model" | "before"> = {
  session: null,
  environment: {},
  model: null,
};
