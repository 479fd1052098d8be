/** A local cluster for the tests of one file, and what commands are given to find it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type LocalCluster, startLocalCluster } from "@claude-k8s/local-cluster";
import { afterAll, beforeAll } from "vitest";

import { type World, createWorld } from "../../adapter/test/scenario/world.ts";

export interface LocalRuns {
  readonly cluster: LocalCluster;
  readonly world: World;
  /** Options of every command. */
  where(): string[];
  /** A settings file of its own: tests do not write into each other's. */
  configFor(plan: object): string;
}

/** Its members are there once the tests run. */
export function localRuns(options?: Parameters<typeof startLocalCluster>[0]): LocalRuns {
  let cluster: LocalCluster;
  let world: World;
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    cluster = await startLocalCluster(options);
    world = await createWorld({ name: "local", kubeconfig: cluster.kubeconfig, image: "lab/base:1" });
    folder = mkdtempSync(path.join(tmpdir(), "cli-runs-"));
  });
  afterAll(async () => {
    await world.close();
    await cluster.close();
    rmSync(folder, { recursive: true });
  });
  return {
    get cluster() {
      return cluster;
    },
    get world() {
      return world;
    },
    where: () => ["--kubeconfig", world.kubeconfig, "-n", world.namespace],
    configFor(plan) {
      files += 1;
      const file = path.join(folder, `config-${files}.json`);
      const { kubeconfig: _kubeconfig, namespace: _namespace, ...settings } = world.settings(plan);
      writeFileSync(file, JSON.stringify(settings));
      return file;
    },
  };
}
