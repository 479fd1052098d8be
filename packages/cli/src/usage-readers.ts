import type { Cluster, RunListing, Runner } from "@claude-k8s/k8s-runner";
import { type RunSummary, createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";

import { summaryNow } from "./log-snapshot.ts";
import { tokensOf } from "./screen/numbers.ts";

/** What one run has used, and how fast. */
export interface Reader {
  readonly summary: RunSummary;
  /** Of the last minute, or of the run's whole life where it is not watched for long; `null`: it is too young to tell. */
  readonly perMinute: { readonly tokens: number; readonly costUsd: number | null } | null;
}

/** One reading of each run's log as it stands. */
export async function readOnce(
  cluster: Cluster,
  runs: readonly RunListing[],
  signal: AbortSignal,
): Promise<readonly (readonly [RunListing, Reader])[]> {
  return Promise.all(
    runs.map(async (run) => {
      const summary = await summaryNow(cluster, run.ref, signal);
      return [run, { summary, perMinute: overLife(run, summary) }] as const;
    }),
  );
}

interface Reading {
  readonly at: number;
  readonly tokens: number;
  readonly costUsd: number | null;
}

interface Following {
  summary: RunSummary;
  /** Of the last minute, oldest first. */
  readings: Reading[];
}

/** Follows the log of every run that is asked for, so that each line is read once however long somebody looks on. */
export function createReaders(runner: Runner, signal: AbortSignal) {
  const following = new Map<string, Following>();
  return {
    async read(runs: readonly RunListing[]): Promise<readonly (readonly [RunListing, Reader])[]> {
      const uids = new Set(runs.map(({ ref }) => ref.jobUid));
      for (const uid of following.keys()) if (!uids.has(uid)) following.delete(uid);
      return runs.map((run) => {
        const known = following.get(run.ref.jobUid) ?? begin(run);
        return [run, { summary: known.summary, perMinute: lately(run, known) }] as const;
      });
    },
  };

  function begin({ ref }: RunListing): Following {
    const state: Following = { summary: emptySummary(), readings: [] };
    following.set(ref.jobUid, state);
    void follow(state).catch(() => undefined);
    return state;

    async function follow(into: Following): Promise<void> {
      const start = await runner.attach(ref, { observe: true, signal });
      if (start.kind === "busy" || start.kind === "refused") return;
      const parser = createStreamParser();
      for await (const chunk of start.run.output)
        for (const event of parser.push(chunk)) into.summary = summarize(into.summary, event);
    }
  }
}

const windowMilliseconds = 60_000;
/** What is shorter says more of the moment than of the run. */
const shortestMilliseconds = 10_000;

function lately(run: RunListing, state: Following): Reader["perMinute"] {
  const { own } = state.summary.cost;
  const now: Reading = { at: performance.now(), tokens: tokensOf(own), costUsd: own.costUsd };
  state.readings = [...state.readings.filter(({ at }) => now.at - at <= windowMilliseconds), now];
  const [first = now] = state.readings;
  const minutes = (now.at - first.at) / 60_000;
  if (now.at - first.at < shortestMilliseconds) return overLife(run, state.summary);
  const spent = now.costUsd === null || first.costUsd === null ? null : now.costUsd - first.costUsd;
  return { tokens: (now.tokens - first.tokens) / minutes, costUsd: spent === null ? null : spent / minutes };
}

function overLife({ createdAt }: RunListing, summary: RunSummary): Reader["perMinute"] {
  const { own } = summary.cost;
  const minutes = (Date.now() - Date.parse(createdAt ?? "")) / 60_000;
  if (!(minutes > shortestMilliseconds / 60_000)) return null;
  return {
    tokens: tokensOf(own) / minutes,
    costUsd: own.costUsd === null ? null : own.costUsd / minutes,
  };
}
