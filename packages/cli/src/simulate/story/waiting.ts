import { setTimeout as sleep } from "node:timers/promises";
import type { HostedSupervisor } from "./host.ts";
import { readResult } from "./result.ts";
import type { SupervisorEnding } from "./supervision.ts";
import { DemoError } from "./trouble.ts";

/** How long a run that is stopped may take, the pod's own end included. */
const STOP_MILLISECONDS = 15_000;

export type ResultEnding = Extract<SupervisorEnding, { kind: "result" }>;

/** Waits for a moment of the run. A supervisor that ends before it, or an interruption, rejects. */
export async function untilMoment(
  moment: Promise<void>,
  supervisor: HostedSupervisor,
  signal: AbortSignal,
): Promise<void> {
  const early = supervisor.ending.then((ending) => {
    throw new DemoError(earlyEnd(ending));
  });
  await stopOnAbort(supervisor, signal, Promise.race([moment, early]));
}

/** Waits for the run's result. A supervisor that ends without one, or an interruption, rejects. */
export async function untilResult(supervisor: HostedSupervisor, signal: AbortSignal): Promise<ResultEnding> {
  const ending = await stopOnAbort(supervisor, signal, supervisor.ending);
  if (ending.kind !== "result") throw new DemoError(earlyEnd(ending));
  return ending;
}

/** An abort stops the run as a person's Stop in the host would, and waits for its end; then nobody is left to wait for. */
async function stopOnAbort<T>(
  supervisor: HostedSupervisor,
  signal: AbortSignal,
  wait: Promise<T>,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([wait, aborted.promise]);
  } catch (error) {
    supervisor.cancel("the demo was interrupted");
    await Promise.race([supervisor.ending, sleep(STOP_MILLISECONDS, undefined, { ref: false })]);
    await supervisor.kill();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function earlyEnd(ending: SupervisorEnding): string {
  switch (ending.kind) {
    case "killed":
      return "a supervisor was killed by somebody else";
    case "crashed":
      return ending.message;
    case "result":
      return `the run ended before its time: ${readResult(ending.result).errorMessage ?? "without an error"}`;
    default:
      return ending satisfies never;
  }
}
