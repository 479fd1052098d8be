/** What a soak has left behind: in the cluster, on disk, in this process. */

import { existsSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, createRunner } from "../src/index.ts";
import type { Cluster } from "../src/index.ts";
import { jobNameOf } from "../src/manifest/names.ts";

export interface LeftoverOptions {
  /** Of the cluster itself, not of a proxy. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly seed: number;
  readonly slots: readonly string[];
  readonly spoolFolders: readonly string[];
  readonly temporaryFolder: string;
}

/** Kubernetes removes pods a while after their Job. */
const patienceMilliseconds = 30_000;

export interface Leftovers {
  readonly left: readonly string[];
  /** What dead processes left and `sweep` removed. */
  readonly swept: number;
}

export async function findLeftovers(options: LeftoverOptions): Promise<Leftovers> {
  const cluster = await connect({ kubeconfig: options.kubeconfig });
  const { namespace, spoolFolders } = options;
  const runners = spoolFolders.map((spoolFolder) => createRunner({ cluster, spoolFolder }));
  try {
    const until = Date.now() + patienceMilliseconds;
    let swept = 0;
    for (;;) {
      for (const runner of runners) {
        const findings = await runner.sweep({ namespace, dryRun: false, olderThanSeconds: 0 });
        swept += findings.filter(({ removed }) => removed).length;
      }
      const left = [...(await objectsOf(cluster, options)), ...filesOf(options)];
      if (left.length === 0 || Date.now() > until) return { left, swept };
      await sleep(1000);
    }
  } finally {
    for (const runner of runners) await runner.close();
    await cluster.close();
  }
}

async function objectsOf(cluster: Cluster, { namespace, slots, seed }: LeftoverOptions): Promise<string[]> {
  const names = slots.map(jobNameOf);
  const left: string[] = [];
  for (const resource of ["jobs", "pods", "secrets", "leases"] as const) {
    const answer = await cluster.list(resource, namespace, {});
    if (answer.kind === "error") {
      left.push(`${resource}: unknown, ${answer.error.message}`);
      continue;
    }
    for (const { metadata } of answer.value.items) {
      const name = metadata?.name ?? "";
      const ours = names.some((own) => name.startsWith(own)) || name.startsWith(`soak-${seed}-`);
      const going =
        metadata?.deletionTimestamp === undefined ? "" : `, deleted at ${metadata.deletionTimestamp}`;
      if (ours) left.push(`${resource}/${name}${going}`);
    }
  }
  return left;
}

function filesOf({ spoolFolders, temporaryFolder }: LeftoverOptions): string[] {
  return [...spoolFolders, temporaryFolder].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [],
  );
}

/** Everything was closed: only standard streams may keep a process alive. */
export async function stillOpen(): Promise<string[]> {
  // What is closed already goes in the next turns of the event loop.
  await sleep(200);
  return process.getActiveResourcesInfo().filter((name) => !/^(?:PipeWrap|TTYWrap|Immediate)$/.test(name));
}
