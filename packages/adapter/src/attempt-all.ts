import { collectorOf, untilBrought } from "./collect.ts";
import { reasonToGoOn } from "./adoption/taken-over.ts";
import { wakeMarkOf } from "./adoption/wake-mark.ts";
import { taskSlotOf } from "./claude/run-spec.ts";
import type { Ending } from "./ending.ts";
import type { EndedRun, ExecuteDependencies } from "./execution.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { courseOf } from "./host/courses.ts";
import { type Attempt, type Surroundings, type Where, attemptOf, transcriptOf } from "./one-attempt.ts";
import { statusMark } from "./output/status-lines.ts";
import { placeRun } from "./place-run.ts";
import type { Prepared } from "./prepare.ts";
import { tidyUpOnceStored } from "./tidy-up.ts";
import { type Copied, nextAttempt } from "./sessions/next-attempt.ts";
import { type RunSession, sessionsInHomes } from "./sessions/sessions.ts";
import { hasCopies } from "./workspace/copied.ts";
import { emptyWorkspace } from "./workspace/empty.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** The Job of an earlier run to its end, if this one finds one, and then whatever it has to say itself. */
export async function attemptAll(
  host: ExecutionContext,
  prepared: Prepared,
  dependencies: ExecuteDependencies,
  surroundings: Surroundings,
): Promise<EndedRun> {
  const { cancellation, progress, redaction } = surroundings;
  await untilBrought(host, dependencies, surroundings);
  const session = await openSession(host, prepared, dependencies, surroundings);
  const attempt = attemptOf(host, prepared, dependencies, surroundings, session.notes);
  session.notes.forEach(progress.warning);
  const collect = collectorOf(host, prepared, dependencies, surroundings, session);
  const attemptBare = (workspace: Workspace, number: 3 | 6) => {
    const bare = { ...prepared, ...placeRun(host, prepared, workspace) };
    const once = attemptOf(host, bare, dependencies, surroundings, session.notes);
    return { bare, ending: once({ sessionId: null, folder: null, number }) };
  };
  const work = { attempt, attemptBare, session, collect, surroundings, prepared };
  const first = await withSpareAttempts(work, session.choice.resume, [1, 2, 3]);
  const reason = whatIsLeft(host, prepared, first.ending, dependencies.now?.() ?? new Date());
  if (reason === null || cancellation.signal.aborted) {
    await tidyUpOnceStored(host, first.ending, dependencies, surroundings);
    return { ...first, before: null };
  }
  await first.ending.tidyUp?.(progress.warning);
  const note = `The Job that was taken over has ended. The run goes on with its own prompt: ${reason}.`;
  progress.warning(note);
  const transcript = transcriptOf(host, redaction, progress);
  transcript.note(statusMark + note);
  await transcript.end();
  const next = await sessionAfter(host, session, first.ending);
  const own = await withSpareAttempts(work, next, [4, 5, 6]);
  await tidyUpOnceStored(host, own.ending, dependencies, surroundings);
  return { ...own, before: first.ending };
}

interface Work {
  readonly attempt: Attempt;
  readonly session: RunSession;
  readonly attemptBare: (
    workspace: Workspace,
    number: 3 | 6,
  ) => { readonly bare: Prepared; readonly ending: Promise<Ending> };
  /** Answers whether the session's files are kept. */
  readonly collect: (ending: Ending) => Promise<boolean>;
  readonly prepared: Prepared;
  readonly surroundings: Surroundings;
}

/** One attempt, and another one where the adapter itself has caused the first one's end: by a session or copies that cannot be had. */
async function withSpareAttempts(
  { attempt, attemptBare, session, collect, surroundings, prepared }: Work,
  resume: string | null,
  [usual, fresh, bare]: readonly [1, 2, 3] | readonly [4, 5, 6],
): Promise<Omit<EndedRun, "before">> {
  const { cancellation, progress } = surroundings;
  const { choice, folder } = session;
  // A home that lasts may lose a session all the same; the new one is there for the next run.
  const goesWithThePod = folder === null && prepared.workspace.lastingHome === null;
  const first = await attempt({ sessionId: resume, folder, number: usual });
  const copied = copiedBy(prepared, folder);
  const next = nextAttempt(first, { resumed: resume !== null, copied });
  const collected = (ending: Ending): Promise<boolean> =>
    collect(ending).catch(async (error: unknown) => {
      await ending.tidyUp?.(progress.warning);
      throw error;
    });
  if (next.kind === "none" || cancellation.signal.aborted) {
    const sessionLasts = await collected(first);
    return { ending: first, sessionWasGone: choice.wasGone && goesWithThePod, sessionLasts, prepared };
  }
  await first.tidyUp?.(progress.warning);
  if (next.kind === "without-copies") {
    const lost = copied === "session" ? "the session is not kept" : "neither files nor session are kept";
    progress.warning(`${lost}: ${next.reason}; the run is started without`);
    session.giveUp(next.reason);
    const workspace =
      copied === "session" ? prepared.workspace : emptyWorkspace(prepared.settings, next.reason);
    const without = attemptBare(workspace, bare);
    return { ending: await without.ending, sessionWasGone: false, prepared: without.bare };
  }
  const trouble = next.why === "gone" ? "does not exist any more" : "is refused by the API as it is stored";
  progress.warning(`session ${resume ?? ""} ${trouble}: a new one is begun`);
  const second = await attempt({ sessionId: null, folder, number: fresh });
  const sessionLasts = await collected(second);
  const sessionWasGone = next.why === "gone" && goesWithThePod;
  return { ending: second, sessionWasGone, sessionLasts, prepared };
}

function copiedBy({ workspace, settings }: Prepared, sessionFolder: string | null): Copied {
  if (hasCopies(workspace)) return settings.workspace.mode === null ? "chosen" : "workspace";
  return sessionFolder === null ? "nothing" : "session";
}

/** Why the run's own prompt has still to be given; `null`: it need not be, or the host tries again by itself, with the same wake. */
function whatIsLeft(
  host: ExecutionContext,
  { settings }: Prepared,
  { takenOver, diagnosis }: Ending,
  now: Date,
): string | null {
  if (takenOver === undefined) return null;
  if (diagnosis.outcome === "failure" && courseOf(diagnosis) !== "person") return null;
  return reasonToGoOn(wakeMarkOf(host, settings), takenOver, now);
}

/** The conversation goes on where the Job has left it, unless the host wants a new one. */
async function sessionAfter(
  { context }: ExecutionContext,
  session: RunSession,
  { diagnosis, summary }: Ending,
): Promise<string | null> {
  const sessionId = summary?.sessionId ?? null;
  if (sessionId === null || diagnosis.session === "clear" || context["forceFreshSession"] === true)
    return null;
  return (await session.holds(sessionId)) ? sessionId : null;
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
