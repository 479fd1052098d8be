import { taskSlotOf } from "./claude/run-spec.ts";
import type { Ending } from "./ending.ts";
import type { ExecuteDependencies } from "./execution.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { type Surroundings, transcriptOf } from "./one-attempt.ts";
import { statusMark } from "./output/status-lines.ts";
import type { Prepared } from "./prepare.ts";
import { isLasting } from "./sessions/persistence.ts";
import type { RunSession } from "./sessions/sessions.ts";

/** Looks at what has come back of a run, and tells what is missing. Answers whether the session's files are kept. */
export type Collect = (ending: Ending) => Promise<boolean>;

export function collectorOf(
  host: ExecutionContext,
  prepared: Prepared,
  { afterwards, lateWork, log }: ExecuteDependencies,
  { progress, redaction }: Surroundings,
  session: RunSession,
): Collect {
  const { podTemplate } = prepared.settings.pod;
  const homeLasts = prepared.workspace.lastingHome !== null;
  const lasts = isLasting(session.persistence, { podTemplate, homeLasts });

  async function collectLater(late: Promise<Ending>): Promise<void> {
    const tell = (words: string): void => log?.(redaction.mask(`run ${host.runId}: ${words}`));
    try {
      const ending = await late;
      const missing = await session.collect(ending);
      if (missing !== null) tell(missing);
      (await prepared.workspace.collect?.(ending))?.forEach(tell);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tell(
        `what the agent left has not come (${reason}); the next run of its task fetches what is still there`,
      );
    }
  }
  return async (ending) => {
    const { late } = ending;
    // Before that its session cannot be missed: the run is over, and its files are the last thing to come.
    const missing = late === undefined ? await session.collect(ending) : null;
    if (missing !== null) progress.warning(missing);
    (await prepared.workspace.collect?.(ending))?.forEach(progress.warning);
    if (late !== undefined) {
      const work = () => collectLater(late);
      afterwards?.(() => lateWork?.add(taskSlotOf(host), work) ?? work());
    }
    return missing === null && lasts;
  };
}

/** A run that begins while the one before is still being brought home would find its folder half old, half new. */
export async function untilBrought(
  host: ExecutionContext,
  { lateWork, tidying }: ExecuteDependencies,
  { cancellation, progress, redaction }: Surroundings,
): Promise<void> {
  const slot = taskSlotOf(host);
  await tidying?.settled(slot, cancellation.signal);
  if (lateWork?.isDue(slot) !== true) return;
  const transcript = transcriptOf(host, redaction, progress);
  transcript.note(`${statusMark}Waiting for what the run before has left: it is still being copied back.`);
  await transcript.end();
  await lateWork.settled(slot, cancellation.signal);
}
