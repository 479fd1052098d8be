import type { Connection } from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { exitCodes } from "../exit-codes.ts";
import { jobNameOf, tellRefusal } from "../jobs.ts";
import { readLogNow } from "../log-snapshot.ts";
import type { CommonOptions } from "../options.ts";
import type { LiveOptions } from "../screen/live.ts";
import { createOutputView } from "../screen/show.ts";
import type { Streams } from "../streams.ts";
import { follow, learnSecretsOf, linesToSkip } from "./attach.ts";

export interface LogsOptions extends CommonOptions {
  readonly follow?: boolean;
  readonly since?: number;
  readonly tail?: number;
  readonly pretty?: boolean;
  readonly raw?: boolean;
}

/**
 * `logs`: the output alone, as the container wrote it; a terminal gets it without control sequences unless asked for. Of a run that
 * lives what there is now, or all until its end with `--follow`. Never takes supervision.
 */
export async function logsCommand(
  streams: Streams,
  given: string,
  options: LogsOptions,
  signal: AbortSignal,
): Promise<number> {
  const target = { jobName: jobNameOf(given) };
  const raw: LiveOptions["raw"] = options.pretty === true ? false : options.raw === true || "on-a-pipe";
  return withCluster(streams, options, async (connection, namespace) => {
    const { runner, cluster } = connection;
    const job = { namespace, ...target };
    await learnSecretsOf(streams, connection, job);
    const skipLines = await linesToSkip(connection, job, options.tail, signal);
    if (options.follow === true || !(options.since !== undefined || (await isLive(connection, job)))) {
      // Of a run that is over the follower finds also what has been rotated away meanwhile.
      const start = await runner.attach(job, { observe: true, signal });
      if (start.kind === "busy" || start.kind === "refused")
        return tellRefusal(streams, runner, job, start, "text");
      const live = { raw, verbose: options.verbose === true, events: options.verbose === true, skipLines };
      const summary = await follow(streams, start.run, signal, live);
      return summary === null ? exitCodes.interrupted : exitCodes.success;
    }
    const sinceSecond =
      options.since === undefined ? undefined : Math.floor(Date.now() / 1000 - options.since);
    const chunks = await readLogNow(cluster, job, {
      signal,
      ...(sinceSecond !== undefined && { sinceSecond }),
    });
    const view = createOutputView(streams, raw, undefined, skipLines);
    if (chunks === null) streams.errors.write(`▸ Job ${job.jobName} has written nothing yet.\n`);
    else for await (const chunk of chunks) view.push(chunk);
    view.end();
    return exitCodes.success;
  });
}

async function isLive(
  { runner }: Connection,
  { namespace, jobName }: { readonly namespace: string; readonly jobName: string },
): Promise<boolean> {
  const runs = await runner.list({ namespace });
  return runs.some(({ ref, state }) => ref.jobName === jobName && state !== "finished");
}
