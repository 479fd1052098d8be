import { diagnose } from "@claude-k8s/diagnostics";
import type { Run, RunStart } from "@claude-k8s/k8s-runner";
import { secretsOfJob } from "paperclip-adapter-claude-k8s/cli-parts";

import { type ClusterOptions, withCluster } from "../cluster-options.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { createOutputView, showDiagnosis, showEvent } from "../show.ts";
import type { Streams } from "../streams.ts";

export interface AttachOptions extends ClusterOptions {
  readonly raw?: boolean;
  readonly json?: boolean;
}

/** `attach`: the whole output and the ending of a Job that exists. Supervision is taken over only where nobody has it. */
export async function attachCommand(
  streams: Streams,
  jobName: string,
  options: AttachOptions,
  signal: AbortSignal,
): Promise<number> {
  return withCluster(options, async ({ runner, cluster, secrets }, namespace) => {
    const target = { namespace, jobName };
    streams.learn?.({ ...secrets, ...(await secretsOfJob(cluster, target)) });
    const taken = await runner.attach(target, { signal });
    const start = taken.kind === "busy" ? await runner.attach(target, { observe: true, signal }) : taken;
    return follow(streams, start, options, signal, true);
  });
}

/** `logs`: the output alone, as the container wrote it; a terminal gets it without control sequences unless asked for. Never takes supervision. */
export async function logsCommand(
  streams: Streams,
  jobName: string,
  options: ClusterOptions & { readonly pretty?: boolean; readonly raw?: boolean },
  signal: AbortSignal,
): Promise<number> {
  return withCluster(options, async ({ runner, cluster, secrets }, namespace) => {
    streams.learn?.({ ...secrets, ...(await secretsOfJob(cluster, { namespace, jobName })) });
    const start = await runner.attach({ namespace, jobName }, { observe: true, signal });
    const raw = options.pretty === true ? false : options.raw === true || "on-a-pipe";
    return follow(streams, start, { raw }, signal, false);
  });
}

async function follow(
  streams: Streams,
  start: RunStart,
  options: { readonly raw?: boolean | "on-a-pipe"; readonly json?: boolean },
  signal: AbortSignal,
  explains: boolean,
): Promise<number> {
  if (start.kind === "busy" || start.kind === "refused") {
    const diagnosis = diagnose({ exit: start });
    showDiagnosis(streams, diagnosis, options.json === true);
    return exitCodeOf(diagnosis);
  }
  const { run } = start;
  const interrupted = new Promise<"interrupted">((resolve) => {
    if (signal.aborted) resolve("interrupted");
    signal.addEventListener("abort", () => resolve("interrupted"), { once: true });
  });
  // Letting go is all that Ctrl-C does here: the Job is not ours alone.
  const ended = await Promise.race([interrupted, showRun(streams, run, options.raw ?? false, explains)]);
  if (ended === "interrupted") return exitCodes.interrupted;
  const diagnosis = diagnose({ exit: await run.exit, summary: ended });
  if (explains) showDiagnosis(streams, diagnosis, options.json === true);
  return explains ? exitCodeOf(diagnosis) : exitCodes.success;
}

async function showRun(streams: Streams, run: Run, raw: boolean | "on-a-pipe", explains: boolean) {
  const view = createOutputView(streams, raw);
  const events = showEvents(streams, run, explains);
  for await (const chunk of run.output) view.push(chunk);
  await events;
  return view.end();
}

async function showEvents(streams: Streams, run: Run, shown: boolean): Promise<void> {
  // Read in any case: a gap in the output must not pass in silence.
  for await (const event of run.events) if (shown || event.type === "gap") showEvent(streams, event);
}
