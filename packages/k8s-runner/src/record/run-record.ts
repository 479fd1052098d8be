/** The record of one run's output: which container's log is followed, and what is asked of the file in the pod. */

import { createBackoff } from "../async/backoff.ts";
import { linkSignals } from "../async/link-signals.ts";
import { createPatience, patienceAfter } from "../files/exchange/patience.ts";
import { refusedOrInterrupted } from "../files/exchange/program.ts";
import type { ContainerVerification } from "../logs/follow/follow-context.ts";
import type { OutputRecord, RecordedOutput } from "../logs/record/output-record.ts";
import { mainContainer, recorderContainer } from "../manifest/names.ts";
import type { Supervision } from "../manifest/supervision.ts";
import { mainHasEnded, mainOf, podIsOver } from "../observe/containers.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import type { View } from "../observe/view.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { RunRef } from "../types/run.ts";
import { createExecLimit } from "./exec-limit.ts";
import type { ExecLimit } from "./exec-limit.ts";
import { createPrintLimit } from "./print-limit.ts";
import type { RecorderPod } from "./recorder-call.ts";
import { callInRecorder, execInRecorder, failureOf, passOn } from "./recorder-call.ts";
import { askSizeScript, readScript, recordHeader, releaseScript } from "./script.ts";

export interface RunRecord {
  /** Whose log is the output. */
  readonly container: string;
  /** `null`: the output is in the log alone. */
  readonly recorded: RecordedOutput | null;
  /** The end of the run shows: asks for the size of the whole output, once it is whole. */
  act(view: View, stopped: boolean): void;
  /** What the state of the command means for the log that is followed. */
  verify(command: ContainerVerification): Promise<ContainerVerification>;
  /** Nobody needs it any more. */
  release(): void;
}

export interface RunRecordOptions {
  readonly ref: RunRef;
  readonly supervision: Supervision;
  /** Only watch. */
  readonly observe: boolean;
  readonly view: () => View;
  readonly emit: (event: RunEventBody) => void;
  /** The size is known, or will never be. */
  readonly changed: () => void;
}

const noRecord: RunRecord = {
  container: mainContainer,
  recorded: null,
  act: () => undefined,
  verify: async (command) => command,
  release: () => undefined,
};

/** For the rest of the output to be printed, where nobody can say that it is. */
const lastPrintMilliseconds = 3000;
const releaseMilliseconds = 20_000;
const releaseTries = 5;

export function createRunRecord(context: RunnerContext, options: RunRecordOptions): RunRecord {
  return (options.supervision.recordSeconds ?? null) === null ? noRecord : recordOf(context, options);
}

function recordOf(context: RunnerContext, options: RunRecordOptions): RunRecord {
  const { clock, closing } = context;
  const { observe, view, changed } = options;
  let size: number | null = null;
  /** Nothing can be asked of the pod, and so nothing be fetched. */
  let mute = observe;
  let asking: Promise<void> | null = null;
  const printing = createPrintLimit(clock);
  const reaching = createExecLimit(clock, () => isReachable(context, options));
  let released = false;

  async function askSize(): Promise<void> {
    const backoff = createBackoff({ first: 300, last: 5000, random: () => clock.random() });
    const patience = createPatience(patienceAfter);
    while (isRecording(view())) {
      const answer = await callInRecorder(context, podOf(options), [askSizeScript]);
      if (answer.kind === "said" && /^\d+$/.test(answer.text)) {
        size = Number(answer.text);
        return;
      }
      if (answer.kind === "said") {
        reaching.worked();
        if (printing.mayGoOn(view())) continue;
        options.emit({ type: "warning", message: printing.words });
        break;
      }
      const given =
        answer.kind === "refused" ||
        patience.endsWith(answer.trouble, clock.now()) !== null ||
        (await reaching.failed(view()));
      if (given) {
        const message = `the record of the output cannot be read: ${answer.message}`;
        options.emit({ type: "warning", message });
        break;
      }
      await clock.sleep(backoff.next(), closing);
    }
    mute = true;
  }
  function begin(): void {
    if (mute || size !== null) return;
    asking ??= askSize().finally(() => {
      asking = null;
      changed();
    });
    // A runner that is closed meanwhile must not fall over it.
    asking.catch(() => undefined);
  }
  return {
    container: recorderContainer,
    recorded: {
      header: Buffer.from(recordHeader),
      record: observe ? null : recordIn(context, options, reaching, { size: () => size, release: letGo }),
      brokenOff: () => (size === null ? printerFailure(view()) : null),
    },
    act(seen, stopped) {
      const ending = stopped || seen.podState?.kind === "ended" || seen.pod?.deletionTimestamp != null;
      if (ending && isRecording(seen)) begin();
    },
    async verify(command) {
      if (command !== "terminated" && size === null) return command;
      if (command === "gone" || size !== null) return command === "gone" ? "gone" : "terminated";
      const { pod } = view();
      if (podIsOver(pod) || !isRecording(view())) return "terminated";
      begin();
      if (!mute) return "running";
      await clock.sleep(lastPrintMilliseconds, closing);
      return "terminated";
    },
    release: letGo,
  };

  function letGo(): void {
    if (released || observe) return;
    released = true;
    askToEnd(context, options).catch(() => undefined);
  }
}

/** Some times; where none is answered, the container ends by itself when its time is over. */
async function askToEnd(context: RunnerContext, options: RunRecordOptions): Promise<void> {
  const { clock, closing } = context;
  for (let attempt = 0; attempt < releaseTries && isRecording(options.view()); attempt++) {
    const linked = linkSignals([AbortSignal.timeout(releaseMilliseconds), closing]);
    const answer = await callInRecorder(context, podOf(options), [releaseScript], linked.signal).finally(() =>
      linked.release(),
    );
    if (answer.kind !== "failed") return;
    await clock.sleep(1000, closing);
  }
}

/** What printed the output was killed: what the command wrote afterwards is in no log. */
function printerFailure({ pod }: View): string | null {
  const state = mainOf(pod, recorderContainer)?.state;
  return state?.kind === "terminated" && state.exitCode !== 0
    ? `the container ${recorderContainer}, which prints the output, ended early (exit ${state.exitCode})`
    : null;
}

function isRecording({ pod }: View): boolean {
  return mainOf(pod, recorderContainer)?.state.kind === "running";
}

function podOf({ ref, view }: RunRecordOptions): RecorderPod {
  return { namespace: ref.namespace, podName: view().pod?.name ?? "" };
}

async function isReachable({ cluster, closing }: RunnerContext, options: RunRecordOptions) {
  const { namespace, podName } = podOf(options);
  const answer = await cluster.get("pods", namespace, podName, { signal: closing });
  return answer.kind === "ok";
}

function recordIn(
  context: RunnerContext,
  options: RunRecordOptions,
  reaching: ExecLimit,
  rest: Pick<OutputRecord, "size" | "release">,
): OutputRecord {
  let farthest = 0;
  const readFrom: OutputRecord["read"] = async (from, take, signal) => {
    // Read in pieces between cuts, it is read as well.
    if (from > farthest) reaching.worked();
    farthest = Math.max(farthest, from);
    const answer = await execInRecorder(context, podOf(options), [readScript, "sh", String(from)], signal);
    if (answer.kind !== "error") return passOn(answer.session, take, signal);
    const { kind, message } = failureOf(refusedOrInterrupted(answer.error));
    return { kind: kind === "refused" ? "lost" : "interrupted", message };
  };
  return {
    ...rest,
    async read(from, take, signal) {
      if (!isRecording(options.view()) && mainHasEnded(options.view().pod, mainContainer))
        return { kind: "lost", message: "the container that keeps it has ended" };
      const end = await readFrom(from, take, signal);
      if (end.kind !== "interrupted") reaching.worked();
      else if (await reaching.failed(options.view()))
        return { kind: "lost", message: `${reaching.words}: ${end.message}` };
      return end;
    },
  };
}
