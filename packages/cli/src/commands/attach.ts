import { diagnose } from "@claude-k8s/diagnostics";
import type { Run } from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { type Connection, runNote, secretsOfJob, usageOf } from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { type CopyOptions, returnOf, returnWords } from "../copied-run.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { jobNameOf, tellRefusal } from "../jobs.ts";
import { countLines } from "../log-snapshot.ts";
import type { CommonOptions } from "../options.ts";
import { annotationsOf, exitWithNote } from "../run-ending.ts";
import { type LiveOptions, createLiveView } from "../screen/live.ts";
import { showDiagnosis } from "../screen/show.ts";
import type { Streams } from "../streams.ts";

export interface AttachOptions extends CommonOptions, CopyOptions {
  readonly raw?: boolean;
  readonly json?: boolean;
  readonly tail?: number;
}

/**
 * `attach`: the whole output and the ending of a Job that exists. Supervision is taken over only where nobody has it, and where what the
 * run changes in a copied folder can be brought back.
 */
export async function attachCommand(
  streams: Streams,
  given: string,
  options: AttachOptions,
  signal: AbortSignal,
): Promise<number> {
  const jobName = jobNameOf(given);
  return withCluster(streams, options, async (connection, namespace) => {
    const { runner } = connection;
    const target = { namespace, jobName };
    await learnSecretsOf(streams, connection, target);
    const back = await returnOf(connection.cluster, target, options, signal);
    const taken = await runner.attach(target, {
      signal,
      ...(back.kind === "known" && { copies: back.copies }),
      ...(back.kind === "unknown" && { observe: true }),
    });
    if (back.kind === "known")
      streams.errors.write(`▸ What it changes comes back to ${plainLine(back.folder)}.\n`);
    const start = taken.kind === "busy" ? await runner.attach(target, { observe: true, signal }) : taken;
    const format = options.json === true ? "json" : "text";
    if (start.kind === "busy" || start.kind === "refused")
      return tellRefusal(streams, runner, target, start, format);
    const skipLines = await linesToSkip(connection, target, options.tail, signal);
    const { run } = start;
    const summary = await follow(streams, run, signal, {
      raw: options.raw === true,
      verbose: options.verbose === true,
      events: true,
      skipLines,
    });
    if (summary === null) {
      streams.errors.write(`▸ Job ${jobName} goes on.\n`);
      return exitCodes.interrupted;
    }
    const exit = exitWithNote(await run.exit, annotationsOf(start));
    const diagnosis = diagnose({ exit, summary });
    showDiagnosis(streams, diagnosis, format);
    // Whoever took it over is the one who is done with it now: its Secrets go at once, the Job after its time to live.
    if (back.kind === "unknown") streams.errors.write(returnWords(target, back.run.holdSeconds, null));
    else if (taken.kind !== "busy")
      await run.cleanUp({ note: runNote(usageOf(summary), diagnosis) }).catch(() => undefined);
    return exitCodeOf(diagnosis);
  });
}

/** What the Job's containers got as secrets is masked, as far as it can be read. */
export async function learnSecretsOf(
  streams: Streams,
  { cluster }: Pick<Connection, "cluster">,
  target: { readonly namespace: string; readonly jobName: string },
): Promise<void> {
  streams.learn?.(await secretsOfJob(cluster, target));
}

/** The first lines of what there is, where only the last ones are wanted. */
export async function linesToSkip(
  { cluster }: Connection,
  target: { readonly namespace: string; readonly jobName: string },
  tail: number | undefined,
  signal: AbortSignal,
): Promise<number> {
  return tail === undefined ? 0 : Math.max(0, (await countLines(cluster, target, signal)) - tail);
}

/** Shows a run to its end. `null`: interrupted. Letting go is all that Ctrl-C does here: the Job is not ours alone. */
export async function follow(streams: Streams, run: Run, signal: AbortSignal, options: LiveOptions) {
  const view = createLiveView(streams, options);
  const interrupted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  const shown = (async () => {
    const events = (async () => {
      for await (const event of run.events) view.event(event);
    })();
    for await (const chunk of run.output) view.push(chunk);
    await events;
    return view.end();
  })();
  // Let go of, it rejects when the connection is closed.
  shown.catch(() => undefined);
  try {
    return await Promise.race([interrupted, shown]);
  } finally {
    view.close();
  }
}
