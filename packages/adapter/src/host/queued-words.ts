import type { CapHolder, CapWait } from "@claude-k8s/k8s-runner";

/** A line in a run's log names so many, and counts the rest. */
const mostNamed = 5;

/** What a run waits for that would be one too many. */
export function queuedWords({ position, limit, running, ahead }: CapWait): string {
  const most = limit === 1 ? "1 run lives" : `${running.length} of at most ${limit} runs live`;
  const before = ahead.length === 0 ? "" : ` Before it ${named(ahead)}.`;
  return `Waiting for a free place, number ${position} in the line: ${most} (${named(running)}; setting maxConcurrentRuns).${before}`;
}

function named(holders: readonly CapHolder[]): string {
  const names = holders.slice(0, mostNamed).map(({ runId }) => `run ${runId}`);
  const more = holders.length - names.length;
  return [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
