import { plainLine } from "@claude-k8s/stream-parser/terminal";
import {
  type Cancellation,
  createRedaction,
  knownValues,
  runOnce,
  secretsOfJob,
} from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster-options.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { type RunOptions, planRun } from "../run-options.ts";
import { createOutputView, showDiagnosis, showEvent } from "../show.ts";
import { type Streams, readAll } from "../streams.ts";

/** `claude-k8s run`: one Job, its output here, its ending explained. Ctrl-C stops it and leaves nothing. */
export async function runCommand(
  streams: Streams,
  words: readonly string[],
  options: RunOptions & { readonly raw?: boolean; readonly json?: boolean },
  signal: AbortSignal,
): Promise<number> {
  const prompt = words.length > 0 ? words.join(" ") : Buffer.from(await readAll(streams.input)).toString();
  const planned = await planRun(options, prompt, streams.environment);
  const redaction = createRedaction(knownValues(planned.settings.env));
  streams.learn?.(redaction.secrets());
  const { kubeconfig } = planned.settings.cluster;
  const namespaceOf = planned.settings.cluster.namespace;
  const cancellation: Cancellation = {
    signal,
    request: () => (signal.aborted ? { reason: "Ctrl-C", byPerson: true } : null),
  };
  return withCluster(
    { ...(kubeconfig !== null && { kubeconfig }), ...options },
    async ({ runner, cluster, secrets }, namespace) => {
      redaction.learn(secrets);
      const view = createOutputView(streams, options.raw === true);
      try {
        const ending = await runOnce(planned.specFor(namespaceOf ?? namespace), {
          runner,
          settings: planned.settings,
          config: planned.config,
          limits: { ...planned.settings.guards, budgetUsd: planned.settings.claude.maxBudgetUsd },
          redaction,
          secretsOf: (ref) => secretsOfJob(cluster, ref),
          cancellation,
          progress: {
            runEvent: (event) => showEvent(streams, event),
            waiting: (holder, seconds) =>
              void streams.errors.write(
                `▸ waiting ${Math.round(seconds)} s for Job ${plainLine(holder.jobName)}\n`,
              ),
            tell: ({ message = "" }) => void streams.errors.write(`▸ ${plainLine(message)}\n`),
            warning: (message) => void streams.errors.write(`▸ warning ${plainLine(message)}\n`),
          },
          transcript: {
            write: async (bytes) => view.push(bytes),
            // The events above say the same on this terminal.
            note: () => undefined,
            end: async () => void view.end(),
          },
        });
        showDiagnosis(streams, ending.diagnosis, options.json === true);
        return exitCodeOf(ending.diagnosis);
      } catch (error) {
        if (signal.aborted && error === signal.reason) return exitCodes.interrupted;
        throw error;
      }
    },
  );
}
