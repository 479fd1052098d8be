/**
 * Provokes every ending that a real cluster can produce, and stores what the cluster showed of it as fixtures:
 *
 *   KUBECONFIG=… [CLUSTER_COMMAND=…] node scripts/capture-evidence.ts [name …]
 *
 * CLUSTER_COMMAND is a program that understands `stop kubelet` and `start kubelet`; without it the lost nodes are left out.
 * The cluster needs the image lab/base:1 (busybox and node) on its only node.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { createHttpClient } from "../packages/local-cluster/test/contract/http-client.ts";
import { captureCase, type Environment, type EvidenceCase } from "./evidence/capture.ts";
import { CONCURRENT_CASES, EXCLUSIVE_CASES } from "./evidence/cases.ts";
import { neutralise } from "./evidence/neutralise.ts";
import { captureRefusals } from "./evidence/refusals.ts";
import { startRefusingRegistry } from "./evidence/registry.ts";

const AT_ONCE = 6;
const FOLDER = new URL("../packages/diagnostics/test/fixtures/cluster/", import.meta.url);
const ANSWERS_FOLDER = new URL("../packages/diagnostics/test/fixtures/cluster-answers/", import.meta.url);

const { KUBECONFIG, CLUSTER_COMMAND } = process.env;
if (KUBECONFIG === undefined) throw new Error("set KUBECONFIG to a cluster that may be disturbed");
const client = createHttpClient(readFileSync(KUBECONFIG, "utf8"));
const registry = await startRefusingRegistry();
const environment: Environment = {
  client,
  registry: registry.address,
  kubernetesVersion: (await client.get("/version")).json.gitVersion,
  nodeName: (await client.get("/api/v1/nodes")).json.items[0].metadata.name,
  kubelet: async (action) => {
    if (CLUSTER_COMMAND === undefined) throw new Error("needs CLUSTER_COMMAND");
    const done = spawnSync(CLUSTER_COMMAND, [action, "kubelet"], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`${action} kubelet: ${done.stderr}`);
  },
};
const wanted = new Set(process.argv.slice(2));
const isWanted = (entry: EvidenceCase): boolean =>
  (wanted.size === 0 || wanted.has(entry.name)) && (entry.withNode !== true || CLUSTER_COMMAND !== undefined);

mkdirSync(FOLDER, { recursive: true });
const queue = CONCURRENT_CASES.filter(isWanted);
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await captureAndStore(next);
  }),
);
for (const entry of EXCLUSIVE_CASES.filter(isWanted)) await captureAndStore(entry);
if (wanted.size === 0 || wanted.has("refusals")) {
  mkdirSync(ANSWERS_FOLDER, { recursive: true });
  for (const refusal of await captureRefusals(client, environment.kubernetesVersion)) {
    const text = `${JSON.stringify(neutralise(refusal, registry.address), null, 1)}\n`;
    writeFileSync(new URL(`${refusal.name}.json`, ANSWERS_FOLDER), text);
  }
}
registry.close();
client.close();

async function captureAndStore(entry: EvidenceCase): Promise<void> {
  try {
    const evidence = neutralise(await captureCase(environment, entry), registry.address);
    writeFileSync(new URL(`${entry.name}.json`, FOLDER), `${JSON.stringify(evidence, null, 1)}\n`);
    console.log(`captured ${entry.name}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(
      `FAILED ${entry.name}: ${error instanceof Error ? error.message.slice(0, 600) : String(error)}`,
    );
  }
}
