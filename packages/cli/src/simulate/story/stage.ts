import { createHostContext } from "./context.ts";
import type { DemoEvent } from "./events.ts";
import { createHost, type Host, type HostedSupervisor } from "./host.ts";
import type { TroublePlan } from "./plan.ts";
import { splitLines } from "./proof.ts";
import { DemoError } from "./trouble.ts";
import type { ReplayEnding, World } from "./world.ts";

/** What both runs of the demo are played with. */
export interface Stage {
  readonly world: World;
  readonly plan: TroublePlan;
  readonly emit: (event: DemoEvent) => void;
  readonly signal: AbortSignal;
}

/** One run as the demo watches it. */
export interface StagedRun {
  readonly name: string;
  /** Aborts with the demo, and when it is plain that the run cannot begin. */
  readonly signal: AbortSignal;
  /** This supervisor, working on the run. */
  start(number: number): HostedSupervisor;
  /** For the progress line. */
  tell(activity: string): void;
  /** Ends the progress line. */
  close(): void;
}

export interface StagedRunOptions {
  readonly name: string;
  readonly ending: ReplayEnding;
  /** After every line that is delivered for the first time. */
  readonly onLine: (lines: number) => void;
}

const WORKING = "the pod works";
const PROGRESS_MILLISECONDS = 500;
/** The first may be a registry that hiccups. */
const FAILED_PULLS = 2;

export function stageRun({ world, emit, signal }: Stage, options: StagedRunOptions): StagedRun {
  const hopeless = new AbortController();
  const { name } = options;
  const context = createHostContext(world.settingsFor(name, options.ending));
  let activity = WORKING;
  let failedPulls = 0;
  const host = createHost({
    folder: world.folder,
    crew: world.crew,
    onLine: options.onLine,
    emit(event) {
      emit(event);
      if (event.type === "status") listen(event);
    },
  });
  const progress = setInterval(() => emit(progressOf(host, world, activity)), PROGRESS_MILLISECONDS);

  function listen(status: Extract<DemoEvent, { type: "status" }>): void {
    switch (status.event) {
      case "k8s.job-created":
        // Noted at once: a Job that is removed with its run cannot say later whose Lease is to be cleared away.
        world.objects.jobOf(name).catch(() => null);
        break;
      case "k8s.job-adopted":
        activity = WORKING;
        emit({
          type: "incident",
          kind: "run-adopted",
          message: `supervisor ${status.supervisor} adopted the run: the same Job, the same pod`,
        });
        break;
      case "k8s.image-pull-retrying":
        failedPulls += 1;
        if (failedPulls >= FAILED_PULLS)
          hopeless.abort(new DemoError(imageTrouble(world.image, status.message)));
        break;
      default:
    }
  }

  return {
    name,
    signal: AbortSignal.any([signal, hopeless.signal]),
    start: (number) => host.start(number, context),
    tell: (words) => void (activity = words),
    close: () => clearInterval(progress),
  };
}

function imageTrouble(image: string, message: string): string {
  return `the cluster cannot pull the image ${image}: ${message}\nname one that it has, with /bin/sh and node in it: --image`;
}

function progressOf(host: Host, world: World, activity: string): DemoEvent {
  const { usage, costUsd } = host.spend;
  return {
    type: "progress",
    elapsedSeconds: host.elapsedSeconds,
    lines: host.lines,
    ofLines: splitLines(world.recording).length,
    inputTokens: usage.inputTokens + usage.cacheReadInputTokens + usage.cacheCreationInputTokens,
    outputTokens: usage.outputTokens,
    costUsd,
    activity,
  };
}
