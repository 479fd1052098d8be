/** The record of one run's output: which container's log is followed, and what is asked of the file in the pod. */

import { createBackoff } from "../async/backoff.ts";
import { linkSignals } from "../async/link-signals.ts";
import type { ExecSession } from "../cluster/exec-source.ts";
import { createPatience, patienceAfter } from "../files/exchange/patience.ts";
import { endWords, refusedOrInterrupted } from "../files/exchange/program.ts";
import type { ContainerVerification } from "../logs/follow/follow-context.ts";
import type { OutputRecord, RecordReadEnd, RecordedOutput } from "../logs/record/output-record.ts";
import { mainContainer, recorderContainer } from "../manifest/names.ts";
import type { Supervision } from "../manifest/supervision.ts";
import { mainHasEnded, mainOf, podIsOver } from "../observe/containers.ts";
import type { RunEventBody } from "../observe/run-events.ts";
import type { View } from "../observe/view.ts";
import type { RunnerContext } from "../runner-context.ts";
import type { RunRef } from "../types/run.ts";
import { createPrintLimit } from "./print-limit.ts";
import { askSizeScript, givenUpExitCode, readScript, recordHeader, releaseScript } from "./script.ts";

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
const silenceMilliseconds = 60_000;
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
  let released = false;

  async function askSize(): Promise<void> {
    const backoff = createBackoff({ first: 300, last: 5000, random: () => clock.random() });
    const patience = createPatience(patienceAfter);
    while (isRecording(view())) {
      const answer = await call(context, options, [askSizeScript]);
      if (answer.kind === "said" && /^\d+$/.test(answer.text)) {
        size = Number(answer.text);
        return;
      }
      if (answer.kind === "said") {
        if (printing.mayGoOn(view())) continue;
        options.emit({ type: "warning", message: printing.words });
        break;
      }
      const given = answer.kind === "refused" || patience.endsWith(answer.trouble, clock.now()) !== null;
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
  async function release(): Promise<void> {
    for (let attempt = 0; attempt < releaseTries && isRecording(view()); attempt++) {
      const linked = linkSignals([AbortSignal.timeout(releaseMilliseconds), closing]);
      const answer = await call(context, options, [releaseScript], linked.signal).finally(() =>
        linked.release(),
      );
      if (answer.kind !== "failed") return;
      await clock.sleep(1000, closing);
    }
  }
  return {
    container: recorderContainer,
    recorded: {
      header: Buffer.from(recordHeader),
      record: observe ? null : recordIn(context, options, { size: () => size, release: letGo }),
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
    release().catch(() => undefined);
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

function recordIn(
  context: RunnerContext,
  options: RunRecordOptions,
  rest: Pick<OutputRecord, "size" | "release">,
): OutputRecord {
  return {
    ...rest,
    async read(from, take, signal) {
      if (!isRecording(options.view()) && mainHasEnded(options.view().pod, mainContainer))
        return { kind: "lost", message: "the container that keeps it has ended" };
      const answer = await exec(context, options, [readScript, "sh", String(from)], signal);
      if (answer.kind === "error") {
        const { kind, message } = failureOf(refusedOrInterrupted(answer.error));
        return { kind: kind === "refused" ? "lost" : "interrupted", message };
      }
      return passOn(answer.session, take, signal);
    },
  };
}

async function passOn(
  session: ExecSession,
  take: Parameters<OutputRecord["read"]>[1],
  signal: AbortSignal,
): Promise<RecordReadEnd> {
  const cancel = (): void => session.cancel("the record sends nothing any more");
  let silence = setTimeout(cancel, silenceMilliseconds);
  try {
    for await (const chunk of session.output) {
      clearTimeout(silence);
      if ((await take(chunk)) === "stop") return { kind: "stopped" };
      silence = setTimeout(cancel, silenceMilliseconds);
    }
    signal.throwIfAborted();
    const end = await session.ended;
    if (end.kind === "exited" && end.exitCode === 0) return { kind: "end" };
    const isGivenUp = end.kind === "exited" && end.exitCode === givenUpExitCode;
    if (isGivenUp) return { kind: "lost", message: "it is over its limit, and keeps only what came last" };
    return { kind: "interrupted", message: endWords(end, session.errors()) };
  } finally {
    clearTimeout(silence);
    session.cancel("all is read");
  }
}

type Answer =
  | { readonly kind: "said"; readonly text: string }
  | { readonly kind: "refused"; readonly message: string }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly trouble: Parameters<ReturnType<typeof createPatience>["endsWith"]>[0];
    };

async function call(
  context: RunnerContext,
  options: RunRecordOptions,
  script: readonly string[],
  signal: AbortSignal = context.closing,
): Promise<Answer> {
  const answer = await exec(context, options, script, signal);
  if (answer.kind === "error") return failureOf(refusedOrInterrupted(answer.error));
  const chunks: Uint8Array[] = [];
  const take = async (chunk: Uint8Array): Promise<undefined> => void chunks.push(chunk);
  const end = await passOn(answer.session, take, signal);
  if (end.kind === "end") return { kind: "said", text: Buffer.concat(chunks).toString("utf8").trim() };
  const message = end.kind === "stopped" ? "stopped" : end.message;
  const ended = await answer.session.ended;
  return { kind: "failed", message, trouble: ended.kind === "exited" ? "program-failed" : null };
}

function failureOf(answer: ReturnType<typeof refusedOrInterrupted>): Exclude<Answer, { kind: "said" }> {
  return answer.kind === "refused"
    ? { kind: "refused", message: answer.error.message }
    : { kind: "failed", message: answer.message, trouble: answer.trouble };
}

function exec(
  { cluster }: RunnerContext,
  { ref, view }: RunRecordOptions,
  script: readonly string[],
  signal: AbortSignal,
) {
  const podName = view().pod?.name ?? "";
  const command = ["/bin/sh", "-c", ...script];
  return cluster.exec.open(
    { namespace: ref.namespace, podName, container: recorderContainer, command },
    { signal },
  );
}
