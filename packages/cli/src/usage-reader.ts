import type { Cluster, RunListing } from "@claude-k8s/k8s-runner";
import { type RunSummary, createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { usageOf } from "paperclip-adapter-claude-k8s/cli-parts";

import { readPodLog } from "./log-snapshot.ts";
import type { SeenUsage, UsageBounds } from "./usage.ts";

/** The last line of a run holds what all of it has used; what a program prints after it is rarely longer. */
const lastRecords = 40;

/** What a run's log says that it has used. `null`: there is no log, or nothing of Claude in it. */
export async function readUsage(
  cluster: Cluster,
  run: RunListing,
  signal: AbortSignal,
  { mostBytes }: Pick<UsageBounds, "mostBytes">,
): Promise<SeenUsage | null> {
  if (run.podName === null) return null;
  const pod = { namespace: run.ref.namespace, podName: run.podName };
  if (run.state === "finished") {
    const chunks = await readPodLog(cluster, pod, { signal, tailRecords: lastRecords }).catch(() => null);
    const end = await summarizeUpTo(chunks, mostBytes);
    if (end.summary.result !== null) return seenIn(end);
  }
  return seenIn(await readLogOf(cluster, run, signal, mostBytes));
}

/** As much of a log as is read for a list. */
const usualBytes = 16 * 1024 ** 2;

/** A run's log as it stands, from its beginning. */
export async function readLogOf(
  cluster: Cluster,
  { ref: { namespace }, podName }: RunListing,
  signal: AbortSignal,
  mostBytes = usualBytes,
): Promise<LogPart> {
  const chunks =
    podName === null ? null : await readPodLog(cluster, { namespace, podName }, { signal }).catch(() => null);
  return summarizeUpTo(chunks, mostBytes);
}

export interface LogPart {
  readonly summary: RunSummary;
  readonly partial: boolean;
}

export function seenIn({ summary, partial }: LogPart): SeenUsage | null {
  const usage = usageOf(summary);
  const isSilent = summary.result === null && usage.tokens === 0 && usage.turns === 0;
  return isSilent ? null : { ...usage, partial };
}

/** Also what was read before the connection broke, or the time was over, is worth knowing. */
async function summarizeUpTo(chunks: AsyncIterable<Uint8Array> | null, mostBytes: number): Promise<LogPart> {
  const parser = createStreamParser();
  let summary = emptySummary();
  let bytes = 0;
  let partial = false;
  try {
    if (chunks !== null)
      for await (const chunk of chunks) {
        for (const event of parser.push(chunk)) summary = summarize(summary, event);
        bytes += chunk.length;
        if (bytes < mostBytes) continue;
        partial = true;
        break;
      }
    for (const event of parser.end()) summary = summarize(summary, event);
  } catch {
    partial = true;
  }
  return { summary, partial };
}
