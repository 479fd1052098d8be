import type { RunRef } from "@claude-k8s/k8s-runner";
import { RunDetachedError } from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import {
  type Cancellation,
  createRedaction,
  knownValues,
  runOnce,
  takenOverFrom,
} from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { UsageError, exitCodeOf, exitCodes } from "../exit-codes.ts";
import type { Interrupts } from "../interrupts.ts";
import { type RunOptions, planRun } from "../run-options.ts";
import { createLiveView } from "../screen/live.ts";
import { showDiagnosis } from "../screen/show.ts";
import { type Streams, readAll } from "../streams.ts";

export interface RunCommandOptions extends RunOptions {
  readonly raw?: boolean;
  readonly json?: boolean;
  readonly detach?: boolean;
}

/**
 * `claude-k8s run`: one Job, its output here, its ending explained. Ctrl-C asks what is to become of it; where nobody can be asked it
 * stops the run and leaves nothing. When nobody reads any more, the run goes on without this process.
 */
export async function runCommand(
  streams: Streams,
  words: readonly string[],
  options: RunCommandOptions,
  interrupts: Interrupts,
): Promise<number> {
  const planned = await planRun(options, await promptOf(streams, words), streams.environment);
  for (const warning of planned.warnings) streams.errors.write(`▸ Warning: ${plainLine(warning)}\n`);
  const redaction = createRedaction(knownValues(planned.settings.env));
  streams.learn?.(redaction.secrets());
  const { kubeconfig, namespace: namespaceOf } = planned.settings.cluster;
  const leaving = createLeaving(streams, options, interrupts);
  return withCluster(
    streams,
    { ...(kubeconfig !== null && { kubeconfig }), ...options },
    async ({ runner, cluster, secrets }, namespace) => {
      redaction.learn(secrets);
      const view = createLiveView(streams, {
        raw: options.raw === true,
        verbose: options.verbose === true,
        events: true,
      });
      try {
        const ending = await runOnce(planned.specFor(namespaceOf ?? namespace), {
          runner,
          settings: planned.settings,
          config: planned.config,
          limits: { ...planned.settings.guards, budgetUsd: planned.settings.claude.maxBudgetUsd },
          redaction,
          takeOver: (ref, previous) =>
            takenOverFrom(ref, previous, { connection: { cluster }, memory: undefined, redaction }),
          cancellation: leaving.cancellation,
          onJob: leaving.onJob,
          progress: {
            runEvent: (event) => view.event(event),
            waiting: (holder, seconds) =>
              void streams.errors.write(
                `▸ Waiting for Job ${plainLine(holder.jobName)}, which has the slot (${Math.round(seconds)} s).\n`,
              ),
            // Nothing that is run by hand has a limit.
            queued: () => undefined,
            tell: () => undefined,
            warning: (message) => void streams.errors.write(`▸ Warning: ${plainLine(message)}\n`),
          },
          transcript: {
            async write(bytes) {
              // A question stands on the terminal; what comes meanwhile is kept by the runner.
              await leaving.asked();
              view.push(bytes);
            },
            // The events say the same on this terminal.
            note: () => undefined,
            end: async () => void view.end(),
          },
        });
        showDiagnosis(streams, ending.diagnosis, options.json === true ? "json" : "text");
        return exitCodeOf(ending.diagnosis);
      } catch (error) {
        if (RunDetachedError.isInstance(error)) return leaving.told();
        if (interrupts.signal.aborted && error === interrupts.signal.reason) return exitCodes.interrupted;
        throw error;
      } finally {
        view.close();
        leaving.close();
      }
    },
  );
}

async function promptOf(streams: Streams, words: readonly string[]): Promise<string> {
  if (words.length > 0) return words.join(" ");
  if (streams.inputIsTerminal === true)
    throw new UsageError(
      'there is no prompt: give it as words, as in `claude-k8s run --image IMAGE "Say hello"`, or on standard input',
    );
  return Buffer.from(await readAll(streams.input)).toString();
}

/** How this process parts with its run before the end: by stopping it, or by leaving it to itself. */
interface Leaving {
  readonly cancellation: Cancellation;
  readonly onJob: (ref: RunRef) => void;
  /** Resolves when no question is open. */
  asked(): Promise<void>;
  /** Says how to come back to the run that was left. */
  told(): number;
  close(): void;
}

function createLeaving(streams: Streams, options: RunCommandOptions, interrupts: Interrupts): Leaving {
  const going = new AbortController();
  const { ask, errors } = streams;
  let why: "detach" | "left" | "stop" | null = null;
  let ref: RunRef | null = null;
  let question: Promise<void> = Promise.resolve();
  const go = (how: NonNullable<typeof why>, reason: unknown): void => {
    why ??= how;
    going.abort(reason);
  };
  const onEnd = (): void => go(interrupts.left === null ? "stop" : "left", interrupts.signal.reason);
  if (interrupts.signal.aborted) onEnd();
  else interrupts.signal.addEventListener("abort", onEnd, { once: true });

  const askWhat = async (put: NonNullable<typeof ask>): Promise<void> => {
    streams.status?.set(null);
    errors.write("▸ Ctrl-C. [d] detach, the run goes on · [s] stop it · [g] go on watching\n");
    const answer = await put("dsg");
    if (answer === "d") go("detach", new Error("detached"));
    else if (answer !== "g") interrupts.end("Ctrl-C");
  };
  let isAsking = false;
  const release =
    ask === undefined
      ? () => undefined
      : interrupts.onInterrupt(() => {
          // Before there is a Job nothing can be left behind.
          if (ref === null || isAsking) return interrupts.end("Ctrl-C");
          isAsking = true;
          question = askWhat(ask).finally(() => {
            isAsking = false;
          });
        });
  return {
    cancellation: {
      signal: going.signal,
      request: () =>
        going.signal.aborted
          ? { reason: why === "stop" ? "Ctrl-C" : "detached", byPerson: why === "stop" }
          : null,
    },
    onJob(made) {
      ref = made;
      if (options.detach === true) go("detach", new Error("detached"));
    },
    asked: () => question,
    told() {
      const where = ref === null ? "" : ` -n ${ref.namespace}`;
      const name = ref?.jobName ?? "JOB";
      errors.write(
        `▸ ${why === "left" ? `${sentence(interrupts.left ?? "")} The` : "The"} run goes on as Job ${name}, and nobody watches over its budget, its silence or its ending.\n` +
          `  See it through:  claude-k8s attach ${name}${where}\n` +
          `  End it:          claude-k8s stop ${name}${where}\n`,
      );
      if (why === "left") return exitCodes.readerGone;
      if (options.json === true) streams.output.write(`${JSON.stringify(ref)}\n`);
      else streams.output.write(`${name}\n`);
      return exitCodes.success;
    },
    close() {
      interrupts.signal.removeEventListener("abort", onEnd);
      release();
    },
  };
}

function sentence(text: string): string {
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
