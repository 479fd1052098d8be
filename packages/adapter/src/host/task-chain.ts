import { type ExitLike, type Failure, formatLine } from "@claude-k8s/diagnostics";

import type { Ending } from "../ending.ts";
import { circumstancesOf, taskOf } from "./circumstances.ts";
import type { ExecutionContext } from "./contract.ts";
import { type LastFailure, isVain, joinChain } from "./failure-chain.ts";
import type { FailureMemory } from "./failure-memory.ts";
import type { FailureChain } from "./result.ts";

export interface ChainDependencies {
  /** Default: none, and each failure counts as the first of its kind. */
  readonly failures?: FailureMemory;
  /** The server's log. Default: none. */
  readonly log?: (line: string) => void;
}

/** This run among the runs of its task. */
export interface TaskChain {
  /** How it ends without a Job, because the host tries by itself what nothing has changed about; `null`: it has to be run. */
  readonly vain: Ending | null;
  /** To be called once with the ending: what the runs before mean for it. Writes it down, and one line into the server's log. */
  settle(ending: Ending): Promise<FailureChain>;
}

/** A disk that cannot be read or written costs the memory, never the run. */
export async function openChain(
  host: ExecutionContext,
  effective: Readonly<Record<string, unknown>>,
  { failures, log = () => undefined }: ChainDependencies,
): Promise<TaskChain> {
  const task = taskOf(host);
  const lost = (error: unknown): null => {
    log(
      `the failures of earlier runs cannot be kept: ${error instanceof Error ? error.message : String(error)}`,
    );
    return null;
  };
  const before = (await failures?.last(task).catch(lost)) ?? null;
  const now = circumstancesOf(host, effective);
  const vain = isVain(before, now) ? refusedAgain(before) : null;
  return {
    vain,
    async settle(ending) {
      const { diagnosis } = ending;
      if (diagnosis.outcome === "success") await failures?.forget(task).catch(lost);
      if (diagnosis.outcome === "success" || diagnosis.code === "cancelled") return asFirst;
      log(logLine(host, ending, diagnosis));
      if (vain !== null) return { isNews: false, isExhausted: false, isVain: true };
      const { last, isNews, isExhausted } = joinChain(before, withoutEvidence(diagnosis), now);
      await failures?.remember(task, last).catch(lost);
      return { isNews, isExhausted, isVain: false, runs: last.runs };
    },
  };
}

const asFirst: FailureChain = { isNews: true, isExhausted: false, isVain: false };

function logLine({ runId, agent, runtime }: ExecutionContext, { ref }: Ending, diagnosis: Failure): string {
  const job = ref === null ? "no Job" : `Job ${ref.namespace}/${ref.jobName}`;
  const task = runtime.taskKey === null ? "" : `, task ${runtime.taskKey}`;
  return `run ${runId} of agent ${agent.id}${task} (${job}) failed: ${formatLine(diagnosis)}`;
}

/** What is quoted of a run is with that run; the file stays small. */
function withoutEvidence(failure: Failure): Failure {
  return { ...failure, evidence: [], notes: [], spend: null };
}

function refusedAgain({ failure }: LastFailure): Ending {
  const exit: ExitLike = {
    kind: "stopped",
    by: "caller",
    reason: "nothing has changed since the run before",
    forced: false,
    exitCode: null,
    signal: null,
    started: false,
  };
  const diagnosis: Failure = { ...failure, bootstrap: true, session: "keep" };
  return { exit, summary: null, diagnosis, ref: null, evidence: null };
}
