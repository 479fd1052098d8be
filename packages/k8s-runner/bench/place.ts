/** Where a benchmark runs: the cluster of KUBECONFIG, or one in this process. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster, LocalClusterOptions } from "@claude-k8s/local-cluster";
import { connect } from "../src/index.ts";
import type { Cluster } from "../src/index.ts";

export interface BenchPlace {
  readonly name: "local" | "real";
  readonly cluster: Cluster;
  readonly kubeconfig: string;
  /** For kubectl; `null`: there is none. */
  readonly kubeconfigPath: string | null;
  readonly namespace: string;
  readonly local: LocalCluster | null;
  close(): Promise<void>;
}

export async function openPlace(options: LocalClusterOptions = {}): Promise<BenchPlace> {
  const real = process.env["KUBECONFIG"];
  const local = real === undefined ? await startLocalCluster(options) : null;
  const kubeconfig = local?.kubeconfig ?? readFileSync(real ?? "", "utf8");
  const cluster = await connect({ kubeconfig });
  const folder = mkdtempSync(join(tmpdir(), "claude-k8s-bench-"));
  const path = join(folder, "kubeconfig");
  writeFileSync(path, kubeconfig, { mode: 0o600 });
  const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;
  return {
    name: local === null ? "real" : "local",
    cluster,
    kubeconfig,
    kubeconfigPath: hasKubectl ? path : null,
    namespace: "default",
    local,
    async close() {
      await cluster.close();
      await local?.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
