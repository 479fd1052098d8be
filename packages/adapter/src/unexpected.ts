import { diagnose, type ExitLike } from "@claude-k8s/diagnostics";
import { InvalidKubeconfigError, InvalidRunSpecError, RunDetachedError } from "@claude-k8s/k8s-runner";

import type { Ending } from "./ending.ts";
import type { Cancellation, CancellationRequest } from "./host/cancellation.ts";
import type { ExecutionContext, ExecutionResult } from "./host/contract.ts";
import { continuation } from "./host/recovery.ts";
import { refusalOf } from "./refusal.ts";

/** What a rejection on the way to a run means; `null`: it is a fault of this adapter. */
export function endingOf(
  error: unknown,
  host: ExecutionContext,
  { signal, request }: Pick<Cancellation, "signal" | "request">,
): Ending | null {
  const wish = request();
  if (wish !== null && error === signal.reason) return stoppedBeforeStart(wish, host);
  if (InvalidKubeconfigError.isInstance(error))
    return refusalOf({ kind: "kubeconfig-invalid", field: error.field, message: error.message }, host.config);
  if (InvalidRunSpecError.isInstance(error)) {
    const { field, value, rule } = error;
    const problem = { field, ...(value !== null && { value }), rule };
    return refusalOf({ kind: "settings-invalid", problems: [problem] }, host.config);
  }
  return null;
}

/** The runner has removed what it had made of the Job. */
function stoppedBeforeStart(request: CancellationRequest, host: ExecutionContext): Ending {
  const exit: ExitLike = {
    kind: "stopped",
    by: "caller",
    reason: request.reason,
    forced: false,
    exitCode: null,
    signal: null,
    started: false,
  };
  const diagnosis = diagnose({ exit, settings: host.config });
  return { exit, summary: null, diagnosis, ref: null, evidence: null };
}

/** The server gave up its claim while the run went on: the host has put it down as interrupted, and a successor shows it whole. */
export function letGo(error: unknown): ExecutionResult | null {
  if (!RunDetachedError.isInstance(error)) return null;
  return {
    exitCode: null,
    signal: null,
    timedOut: false,
    errorCode: "interrupted",
    errorMessage: `Paperclip gave up this run while it went on. ${error.message}; the agent is woken for it.`,
    resultJson: { ...continuation() },
  };
}

/** A rejection may never reach the host: it could attach no recovery flag to it, and would lock the issue. */
export function adapterFault(error: unknown): ExecutionResult {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exitCode: 1,
    signal: null,
    timedOut: false,
    errorCode: "adapter_failed",
    errorMessage: `The adapter claude_k8s failed by a fault of its own. ${message}`,
    resultJson: { ...continuation() },
  };
}
