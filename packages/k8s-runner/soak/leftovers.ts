/** What a soak has left behind: in the cluster, on disk, in this process. */

import { existsSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { connect, createRunner } from "../src/index.ts";
import { soakKey } from "./shape.ts";
import type { Cluster } from "../src/index.ts";
import { jobNameOf } from "../src/manifest/names.ts";

export interface SweepOptions {
  /** Of the cluster itself. */
  readonly kubeconfig: string;
  /** Where each supervisor reached it, and kept its spool: a file is swept by who knows its cluster by the same address. */
  readonly lanes: readonly { readonly kubeconfigPath: string; readonly spoolFolder: string }[];
  readonly namespace: string;
  /** Kubernetes removes pods a while after their Job. */
  readonly patienceSeconds: number;
}

export interface LeftoverOptions extends Omit<SweepOptions, "patienceSeconds"> {
  readonly seed: number;
  readonly slots: readonly string[];
  readonly temporaryFolder: string;
}

export interface Leftovers {
  readonly left: readonly string[];
  /** What dead processes left and `sweep` removed. */
  readonly swept: number;
}

export function findLeftovers(options: LeftoverOptions): Promise<Leftovers> {
  return sweepUntilNothingIsLeft({ ...options, patienceSeconds: 30 }, async (cluster) => [
    ...(await objectsOf(cluster, options)),
    ...filesOf(options),
  ]);
}

export async function sweepUntilNothingIsLeft(
  { kubeconfig, lanes, namespace, patienceSeconds }: SweepOptions,
  look: (cluster: Cluster) => Promise<readonly string[]>,
): Promise<Leftovers> {
  const cluster = await connect({ kubeconfig });
  const sweepers = await Promise.all(
    lanes.map(async ({ kubeconfigPath, spoolFolder }) => {
      const connected = await connect({ kubeconfig: { path: kubeconfigPath } });
      return { connected, runner: createRunner({ cluster: connected, spoolFolder, sealKey: soakKey }) };
    }),
  );
  try {
    const until = Date.now() + patienceSeconds * 1000;
    let swept = 0;
    for (;;) {
      for (const { runner } of sweepers) {
        const findings = await runner.sweep({ namespace, dryRun: false, olderThanSeconds: 0 });
        swept += findings.filter(({ removed }) => removed).length;
      }
      const left = await look(cluster);
      if (left.length === 0 || Date.now() > until) return { left, swept };
      await sleep(1000);
    }
  } finally {
    for (const { runner, connected } of sweepers) {
      await runner.close();
      await connected.close();
    }
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
    for (const object of answer.value.items) {
      const { metadata } = object;
      const name = metadata?.name ?? "";
      const ours = names.some((own) => name.startsWith(own)) || name.startsWith(`soak-${seed}-`);
      const going =
        metadata?.deletionTimestamp === undefined ? "" : `, deleted at ${metadata.deletionTimestamp}`;
      // What it says of itself tells why nobody has removed it.
      const says = resource === "leases" ? `: ${JSON.stringify(object)}` : "";
      if (ours) left.push(`${resource}/${name}${going}${says}`);
    }
  }
  return left;
}

function filesOf({ lanes, temporaryFolder }: LeftoverOptions): string[] {
  return [...new Set(lanes.map(({ spoolFolder }) => spoolFolder)), temporaryFolder].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [],
  );
}

/** The supervisors are gone: nobody may still watch or follow. `null`: a real cluster. */
export function stillOpenIn(local: LocalCluster | null): string[] {
  if (local === null) return [];
  const { watches, follows, processes } = local.inspect();
  return [
    ...(watches > 0 ? [`${watches} watches are still open`] : []),
    ...(follows > 0 ? [`${follows} logs are still followed`] : []),
    ...processes.map(({ pod, container }) => `the container ${container} of ${pod} still runs`),
  ];
}

/** Everything was closed: only standard streams may keep a process alive. */
export async function stillOpen(): Promise<string[]> {
  // What is closed already goes in the next turns of the event loop.
  await sleep(200);
  return process.getActiveResourcesInfo().filter((name) => !/^(?:PipeWrap|TTYWrap|Immediate)$/.test(name));
}
