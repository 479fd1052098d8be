import type { Cluster, RunListing } from "@claude-k8s/k8s-runner";
import { type RunSummary, createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { usageOf } from "paperclip-adapter-claude-k8s/cli-parts";

import { readPodLog } from "./log-snapshot.ts";
import type { SeenEnding } from "./run-ending.ts";
import { endingSeen } from "./seen-ending.ts";
import type { SeenUsage, UsageBounds } from "./usage.ts";

/** The last line of a run holds what all of it has used; what a program prints after it is rarely longer. */
const lastRecords = 40;

/** What a run's log says that it has used, and how it ended. Usage `null`: there is no log, or nothing of Claude in it. */
export async function readRun(
  cluster: Cluster,
  run: RunListing,
  signal: AbortSignal,
  { mostBytes }: Pick<UsageBounds, "mostBytes">,
): Promise<{ readonly usage: SeenUsage | null; readonly ending: SeenEnding | null }> {
  if (run.state !== "finished")
    return { usage: seenIn(await readLogOf(cluster, run, signal, mostBytes)), ending: null };
  const end = await readEndOf(cluster, run, signal, mostBytes);
  const isEnough = end !== null && isWholeEnough(end.summary);
  const part = end === null || isEnough ? end : await readLogOf(cluster, run, signal, mostBytes);
  const known = part?.partial === true && end?.summary.result ? end : part;
  const isKnown = known !== null && (!known.partial || known.summary.result !== null);
  return {
    usage: known === null ? null : seenIn(known),
    ending: endingSeen(run, isKnown ? known.summary : null),
  };
}

/** A result that comes after nothing of its run may be all that the run said, or only all that was read. */
function isWholeEnough({ result, contentSeen, inits }: RunSummary): boolean {
  return result !== null && (contentSeen || inits > 0);
}

/** `null`: there is none to read. */
async function readEndOf(
  cluster: Cluster,
  { ref: { namespace }, podName }: RunListing,
  signal: AbortSignal,
  mostBytes: number,
): Promise<LogPart | null> {
  if (podName === null) return null;
  const part = { signal, tailRecords: lastRecords };
  const chunks = await readPodLog(cluster, { namespace, podName }, part).catch(() => null);
  return chunks === null ? null : summarizeUpTo(chunks, mostBytes);
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
