import { RunDetachedError, type SlotHolder } from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { createRedaction, knownValues, runOnce, takenOverFrom } from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { UsageError, exitCodeOf, exitCodes } from "../exit-codes.ts";
import type { Interrupts } from "../interrupts.ts";
import { type RunOptions, planRun } from "../run-options.ts";
import { createLeaving } from "../leaving.ts";
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
  const { env, repository } = planned.settings;
  // An address may hold a password.
  const redaction = createRedaction({ ...knownValues(env), ...knownValues({ url: repository.url }) });
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
      const place = { namespace: namespaceOf ?? namespace, cluster, signal: interrupts.signal };
      const format = options.json === true ? "json" : "text";
      try {
        const placed = await planned.specFor(place);
        if (placed.kind === "refused") {
          showDiagnosis(streams, placed.ending.diagnosis, format);
          return exitCodeOf(placed.ending.diagnosis);
        }
        if (placed.workspace.mode !== "empty")
          for (const note of placed.notes) streams.errors.write(`▸ ${plainLine(note)}.\n`);
        leaving.onSpec(placed.spec);
        const ending = await runOnce(placed.spec, {
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
            runEvent(event) {
              view.event(event);
              leaving.onEvent(event);
            },
            waiting: (holder, seconds) =>
              void streams.errors.write(
                `▸ Waiting for ${holderWords(holder)}, which has the slot (${Math.round(seconds)} s).\n`,
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
        showDiagnosis(streams, ending.diagnosis, format);
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

function holderWords({ jobName, podName }: SlotHolder): string {
  return podName === null
    ? `Job ${plainLine(jobName)}`
    : `pod ${plainLine(podName)} of Job ${plainLine(jobName)}, which was deleted`;
}
