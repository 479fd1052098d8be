import { diagnose } from "@claude-k8s/diagnostics";
import { RunDetachedError, RunnerClosedError } from "@claude-k8s/k8s-runner";
import type { AdoptedJob, Run, RunEvent, RunExit, RunRef, RunSpec, Runner } from "@claude-k8s/k8s-runner";
import { createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import type { RunSummary } from "@claude-k8s/stream-parser";

import type { TakenOver } from "./adoption/taken-over.ts";
import type { Ending, TidyUp } from "./ending.ts";
import { createVersionGuard } from "./guards/claude-version.ts";
import type { GuardLimits } from "./guards/judge-run.ts";
import { createSpendReport } from "./guards/spend-report.ts";
import { type GuardClock, systemGuardClock, watchRun } from "./guards/watch-run.ts";
import type { Cancellation } from "./host/cancellation.ts";
import type { Progress } from "./host/progress.ts";
import type { Redaction } from "./output/redaction.ts";
import { createStatusLines } from "./output/status-lines.ts";
import type { Transcript } from "./output/transcript.ts";
import { isRetained, retainOrRemove } from "./retention.ts";
import { removeTold } from "./restart/remove-told.ts";
import type { Settings } from "./settings/settings.ts";
import { announceOnce, onlyOnce } from "./say-once.ts";

export interface AttemptContext {
  readonly runner: Runner;
  readonly settings: Settings;
  /** Flat, for the names of settings in a diagnosis. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly redaction: Redaction;
  /** Learns what an earlier run's Job is about, and what of it must not be shown. */
  readonly takeOver: (ref: RunRef, previous: AdoptedJob) => Promise<TakenOver>;
  /** To be called when it is known what Claude was told: `null` by this run. Called again where that changes. */
  readonly announce?: (taken: TakenOver | null) => void;
  readonly cancellation: Cancellation;
  readonly limits: GuardLimits;
  /** Default: the system's. */
  readonly guardClock?: GuardClock;
  /** There is a Job of this run: made by it, or taken over. */
  readonly onJob?: (ref: RunRef, taken: TakenOver | null) => void;
  /** Whether the host has already stored what that Job of an earlier run came to. Default: it has not. */
  readonly isStored?: (ref: RunRef, previous: AdoptedJob) => Promise<boolean>;
  /** Its ending is taken, and what is left of it goes by itself. */
  readonly onCollected?: (ref: RunRef) => void;
  /** Called now and then, and at the end, with what this Job has cost so far. */
  readonly onSpend?: (ref: RunRef, costUsd: number) => void;
  /** Takes what may be done after the answer to a stop. Default: nobody does, and it is waited for. */
  readonly afterwards?: (work: () => Promise<void>) => void;
  /** How long a stop waits for what the agent left, where somebody takes what is late. Default 45. */
  readonly workSeconds?: number;
  readonly progress: Pick<Progress, "runEvent" | "waiting" | "queued" | "warning" | "tell">;
  readonly transcript: Transcript;
}

/**
 * The host waits 60 seconds for a stop to be acknowledged. A kubelet that is late is waited for 17 seconds more before the pod is
 * deleted by force, and then the log has to be read to its end.
 */
const longestStopGraceSeconds = 30;
/** Of those 60 seconds, until the answer goes out without what is still being copied back or pushed. */
const usualWorkSeconds = 45;

/** The same as `runAndKeep`, and what is to be done with the Job is done before the answer. Rejects with what that rejects with. */
export async function runOnce(spec: RunSpec, context: AttemptContext): Promise<Ending> {
  const { tidyUp, ...ending } = await runAndKeep(spec, context);
  await tidyUp?.(context.progress.warning);
  return ending;
}

/** One Job from its claim to its removal. Rejects with the signal's reason when the stop came before there was a run. */
export async function runAndKeep(spec: RunSpec, context: AttemptContext): Promise<Ending> {
  const { runner, settings, config, redaction, cancellation, progress } = context;
  const { busyWaitSeconds } = settings.life;
  const status = createStatusLines({
    ...(spec.budgets !== undefined && { budgets: spec.budgets }),
    busyWaitSeconds,
    write: (line) => context.transcript.note(line),
  });
  const announce = announceOnce(context.announce);
  const tell = onlyOnce((event) => {
    if (event.type === "job-created") announce(null);
    progress.runEvent(event);
    status.runEvent(event);
  });
  const start = await runner.start(spec, {
    signal: cancellation.signal,
    waitSeconds: busyWaitSeconds,
    onWait(holder, waitedSeconds, position) {
      // The server may stop while it waits, and the host must know then what kind of run it was.
      announce(null);
      progress.waiting(holder, waitedSeconds);
      status.waiting(holder, position);
    },
    onCap(wait) {
      announce(null);
      progress.queued(wait);
      status.queued(wait);
    },
    onEvent: tell,
  });
  if (start.kind === "adopted" && (await context.isStored?.(start.run.ref, start.previous)) === true) {
    // Its server died between the host's storing of its result and its removal: shown again it would be told twice.
    await start.run.detach();
    await removeTold(runner, start.run.ref, cancellation.signal);
    return runAndKeep(spec, context);
  }
  const taken = start.kind === "adopted" ? await context.takeOver(start.run.ref, start.previous) : null;
  announce(taken);
  if (start.kind === "busy" || start.kind === "refused") {
    await context.transcript.end();
    const evidence = start.kind === "refused" ? start.evidence : null;
    const diagnosis = diagnose({ exit: start, settings: config }, { secrets: redaction.secrets() });
    return { exit: start, summary: null, diagnosis, ref: null, evidence };
  }
  context.onJob?.(start.run.ref, taken);
  try {
    const ending = await seeThrough(start.run, context, tell);
    return taken === null ? ending : { ...ending, takenOver: taken };
  } catch (error) {
    // A run that nobody reads any more must not go on unseen. One that was let go of is another process's.
    if (!RunnerClosedError.isInstance(error) && !RunDetachedError.isInstance(error))
      start.run.stop({ reason: "the adapter failed", by: "caller" }).catch(() => undefined);
    throw error;
  }
}

async function seeThrough(
  run: Run,
  context: AttemptContext,
  tell: (event: RunEvent) => void,
): Promise<Ending> {
  const { settings, config, redaction } = context;
  const stopWatching = stopOnRequest(run, settings, context);
  const { summary, exit } = await readToTheEnd(run, context, tell);
  stopWatching();
  const endingOf = (ended: RunExit): Ending => ({
    exit: ended,
    summary,
    diagnosis: diagnose({ exit: ended, summary, settings: config }, { secrets: redaction.secrets() }),
    ref: run.ref,
    evidence: ended.evidence,
  });
  const ending = endingOf(exit);
  const { diagnosis } = ending;
  // Its Job is all that is left of it should the server die before the host has stored the answer.
  const tidyUp: TidyUp = async (warn) => {
    await retainOrRemove(run, { retained: isRetained(settings, diagnosis), summary, diagnosis }, warn);
    context.onCollected?.(run.ref);
  };
  if (exit.evidence.workIsLate !== true) return { ...ending, tidyUp };
  const late = run.whole().then(endingOf);
  // It is awaited where the files are collected, if anybody does.
  late.catch(() => undefined);
  return { ...ending, tidyUp, late };
}

/** Output to the host and into the summary, under the guards; then the exit, which is there when all output is. */
async function readToTheEnd(
  run: Run,
  { settings, limits, guardClock = systemGuardClock, onSpend, progress, transcript }: AttemptContext,
  tell: (event: RunEvent) => void,
): Promise<{ readonly summary: RunSummary; readonly exit: RunExit }> {
  const parser = createStreamParser();
  let summary = emptySummary();
  const graceSeconds = stopGraceOf(settings);
  const watch = watchRun(
    limits,
    summary,
    ({ reason, detail }) => {
      progress.warning(`the run is stopped (${reason}): ${detail}`);
      run.stop({ graceSeconds, reason: `${reason}: ${detail}`, by: "caller" }).catch(() => undefined);
    },
    guardClock,
  );
  const release = createVersionGuard(settings.claude, {
    warn: progress.warning,
    stop(reason) {
      progress.warning(`the run is stopped (${reason})`);
      run.stop({ graceSeconds, reason, by: "caller" }).catch(() => undefined);
    },
  });
  const spend = createSpendReport(
    progress.tell,
    limits.budgetUsd,
    () => guardClock.now(),
    (costUsd) => onSpend?.(run.ref, costUsd),
  );
  const events = forward(run, (event) => {
    watch.runEvent(event);
    tell(event);
  });
  try {
    for await (const chunk of run.output) {
      watch.busy();
      await transcript.write(chunk);
      for (const event of parser.push(chunk)) {
        summary = summarize(summary, event);
        watch.frame(event, summary);
        release.event(event);
      }
      spend.update(summary);
      watch.idle(summary);
    }
    for (const event of parser.end()) summary = summarize(summary, event);
    watch.close();
    spend.end(summary);
    await transcript.end();
    const exit = await run.exit;
    await events;
    return { summary, exit };
  } finally {
    watch.close();
  }
}

function stopGraceOf(settings: Settings): number {
  return Math.min(settings.life.graceSeconds, longestStopGraceSeconds);
}

function stopOnRequest(
  run: Run,
  settings: Settings,
  context: Pick<AttemptContext, "cancellation" | "afterwards" | "workSeconds">,
): () => void {
  const { afterwards, workSeconds = usualWorkSeconds } = context;
  const { signal, request } = context.cancellation;
  const graceSeconds = stopGraceOf(settings);
  // Without anybody who takes what is late, it is waited for.
  const hurry = afterwards === undefined ? {} : { workSeconds };
  const stop = (): void => {
    const wish = request();
    // A server that stops gives up its claim on the run: that is nobody's wish to end it, and the next server goes on with it.
    if (wish?.byPerson === false) void run.detach().catch(() => undefined);
    // How it went is the run's exit; a stop that cannot be confirmed keeps the run, and so the acknowledgement, waiting.
    else
      run
        .stop({ graceSeconds, ...hurry, reason: wish?.reason ?? "cancelled", by: "caller" })
        .catch(() => undefined);
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return () => signal.removeEventListener("abort", stop);
}

async function forward(run: Run, tell: (event: RunEvent) => void): Promise<void> {
  for await (const event of run.events) tell(event);
}
