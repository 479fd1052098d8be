import type { Cluster, RunListing, Runner } from "@claude-k8s/k8s-runner";
import { type RunSummary, createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { usageOf } from "paperclip-adapter-claude-k8s/cli-parts";

import { readLogOf, seenIn } from "./usage-reader.ts";
import { type ListedRun, seenRuns } from "./usage.ts";

/** How fast a run uses what it uses. */
export interface Pace {
  readonly tokens: number;
  readonly costUsd: number | null;
}

/** What one run that lives has used, what it does, and how fast. */
export interface Reader {
  readonly summary: RunSummary;
  /** Of the last minute, or of the run's whole life where it is not watched for long; `null`: it is too young to tell. */
  readonly perMinute: Pace | null;
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

/** One reading of each run's log as it stands. */
export async function readOnce(
  cluster: Cluster,
  runs: readonly RunListing[],
  signal: AbortSignal,
): Promise<readonly (readonly [RunListing, Reader])[]> {
  return Promise.all(
    runs.map(async (run) => {
      const { summary } = await readLogOf(cluster, run, signal);
      return [run, { summary, perMinute: paceOf(run, usageOf(summary)) }] as const;
    }),
  );
}

/** Follows the log of every run that is asked for, so that each line is read once however long somebody looks on. */
export function createReaders(runner: Runner, signal: AbortSignal) {
  const following = new Map<string, Following>();
  return {
    read(runs: readonly RunListing[]): readonly (readonly [RunListing, Reader])[] {
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

/** What runs have used, for somebody who looks on: those that live are followed, and those that are over are read once. */
export function createUsages(runner: Runner, cluster: Cluster, signal: AbortSignal) {
  const readers = createReaders(runner, signal);
  let ended = new Map<string, ListedRun>();
  return {
    async read(runs: readonly RunListing[]): Promise<readonly ListedRun[]> {
      const live = readers.read(runs.filter(({ state }) => state !== "finished"));
      const over = runs.filter(({ state }) => state === "finished");
      const fresh = await seenRuns(
        cluster,
        over.filter(({ ref }) => !ended.has(ref.jobUid)),
        signal,
      );
      const known = new Map([...ended, ...fresh.map((one) => [one[0].ref.jobUid, one] as const)]);
      const listed = over.map((run): ListedRun => {
        const [, usage = null, ending = null] = known.get(run.ref.jobUid) ?? [];
        return [run, usage, ending];
      });
      ended = new Map(listed.map((one) => [one[0].ref.jobUid, one]));
      return [
        ...live.map(([run, { summary }]): ListedRun => [run, seenIn({ summary, partial: false }), null]),
        ...listed,
      ];
    },
  };
}

const windowMilliseconds = 60_000;
/** What is shorter says more of the moment than of the run. */
const shortestMilliseconds = 10_000;

function lately(run: RunListing, state: Following): Pace | null {
  const now: Reading = { at: performance.now(), ...usageOf(state.summary) };
  state.readings = [...state.readings.filter(({ at }) => now.at - at <= windowMilliseconds), now];
  const [first = now] = state.readings;
  const minutes = (now.at - first.at) / 60_000;
  if (now.at - first.at < shortestMilliseconds) return paceOf(run, now);
  const spent = now.costUsd === null || first.costUsd === null ? null : now.costUsd - first.costUsd;
  return { tokens: (now.tokens - first.tokens) / minutes, costUsd: spent === null ? null : spent / minutes };
}

/** Over the run's whole life. */
export function paceOf(
  { createdAt }: RunListing,
  { tokens, costUsd }: { readonly tokens: number; readonly costUsd: number | null },
): Pace | null {
  const minutes = (Date.now() - Date.parse(createdAt ?? "")) / 60_000;
  if (!(minutes > shortestMilliseconds / 60_000)) return null;
  return { tokens: tokens / minutes, costUsd: costUsd === null ? null : costUsd / minutes };
}
