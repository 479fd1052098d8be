import { taskSlotOf } from "./claude/run-spec.ts";
import type { Ending } from "./ending.ts";
import type { ExecuteDependencies } from "./execution.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { untilSettled } from "./host/fate.ts";
import type { Surroundings } from "./one-attempt.ts";

/**
 * A run's Job is all that is left of its result until the host has stored that: so it goes after the answer, and stays for the next
 * server where this one ends before. Whoever waits for a stop waits for its proof, not for the removal. Without somebody who takes what
 * is done after the answer, it is part of the answer.
 */
export async function tidyUpOnceStored(
  host: ExecutionContext,
  { tidyUp, ref }: Pick<Ending, "tidyUp" | "ref">,
  {
    afterwards,
    tidying,
    serverOrigin: origin,
    isStopping = () => false,
    storingPause,
    log,
  }: ExecuteDependencies,
  { cancellation, progress, redaction }: Pick<Surroundings, "cancellation" | "progress" | "redaction">,
): Promise<void> {
  if (tidyUp === undefined || ref === null) return;
  const { runId, authToken: token } = host;
  const isAwaited = cancellation.request()?.byPerson === true;
  const canAsk = origin !== undefined && token !== undefined;
  if (afterwards === undefined || (!canAsk && !isAwaited)) return tidyUp(progress.warning);
  const work = async (hurry: AbortSignal): Promise<void> => {
    const storing = { isStopping, hurry, pauseMilliseconds: storingPause };
    if (canAsk && (await untilSettled({ origin, runId, token }, ref.jobUid, storing)) === "given-up") return;
    await tidyUp((message) => log?.(redaction.mask(`run ${runId}: ${message}`)));
  };
  afterwards(() => tidying?.add(taskSlotOf(host), work) ?? work(new AbortController().signal));
}
