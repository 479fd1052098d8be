/**
 * How long after the moment when the API shows `terminated` the ending is told, output complete; `kubectl logs -f` of the same
 * pod as the peer, which is told of the end by the kubelet itself.
 */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { benchRow } from "../../../scripts/bench-row.ts";
import { createRunner } from "../src/index.ts";
import type { Run, Runner } from "../src/index.ts";
import { median, milliseconds } from "./place.ts";
import { podNameOf } from "./pods.ts";
import type { BenchPlace } from "./place.ts";

const ROUNDS = 12;
const BOUND_MILLISECONDS = 150;
const SECONDS_ALIVE = 2;

interface Round {
  /** From `terminated` in a watch of our own to `run.exit`. */
  readonly told: number;
  readonly kubectl: number | null;
}

export async function benchEnding(place: BenchPlace): Promise<void> {
  const runner = createRunner({ cluster: place.cluster });
  const rounds: Round[] = [];
  for (let index = 0; index < ROUNDS; index++) rounds.push(await oneRun(place, runner, index));
  await runner.close();
  const told = rounds.map((round) => round.told);
  const peers = rounds.map((round) => round.kubectl).filter((value) => value !== null);
  benchRow({
    what: `an ending is told behind \`terminated\`, median of ${ROUNDS}`,
    figure: milliseconds(median(told)),
    ...(peers.length > 0 && { peer: `\`kubectl logs -f\` (${milliseconds(median(peers))})` }),
  });
  benchRow({
    what: "the same, at most",
    figure: milliseconds(Math.max(...told)),
    limit: milliseconds(BOUND_MILLISECONDS),
    held: Math.max(...told) <= BOUND_MILLISECONDS,
  });
}

async function oneRun(place: BenchPlace, runner: Runner, index: number): Promise<Round> {
  const { namespace } = place;
  const start = await runner.start({
    namespace,
    slot: `bench-${randomBytes(4).toString("hex")}`,
    runId: `round-${index}`,
    image: "lab/base:1",
    imagePullPolicy: "Never",
    command: ["sh", "-c", `echo begun; sleep ${SECONDS_ALIVE}; echo over`],
  });
  if (start.kind !== "started") throw new Error(`the run did not start: ${start.kind}`);
  const { run } = start;
  await firstOutput(run);
  const podName = await podNameOf(place, run.ref.jobName);
  const watch = new AbortController();
  const terminated = seeTerminated(place, podName, watch.signal);
  const kubectl =
    place.kubeconfigPath === null ? null : kubectlEnds(place.kubeconfigPath, namespace, podName);
  await run.exit;
  const toldAt = performance.now();
  const terminatedAt = await terminated;
  watch.abort(new Error("seen"));
  const kubectlAt = await kubectl;
  await run.cleanUp({ keepJobSeconds: 0 });
  return {
    told: Math.max(0, toldAt - terminatedAt),
    kubectl: kubectlAt === null ? null : Math.max(0, kubectlAt - terminatedAt),
  };
}

/** Goes on reading in the background. */
async function firstOutput(run: Run): Promise<void> {
  const first = Promise.withResolvers<void>();
  void (async () => {
    for await (const chunk of run.output) if (chunk.length > 0) first.resolve();
  })();
  await first.promise;
}

async function seeTerminated(place: BenchPlace, podName: string, signal: AbortSignal): Promise<number> {
  const fieldSelector = `metadata.name=${podName}`;
  const list = await place.cluster.list("pods", place.namespace, { fieldSelector });
  if (list.kind === "error") throw new Error(list.error.message);
  const { resourceVersion } = list.value;
  const selection = { fieldSelector, resourceVersion, timeoutSeconds: 60, silenceMilliseconds: 60_000 };
  const watch = await place.cluster.watch("pods", place.namespace, selection, { signal });
  if (watch.kind === "error") throw new Error(watch.error.message);
  for await (const event of watch.value) {
    if (event.type !== "modified") continue;
    if (event.object.status?.containerStatuses?.[0]?.state?.terminated !== undefined)
      return performance.now();
  }
  throw new Error("the watch ended before the container");
}

async function kubectlEnds(kubeconfig: string, namespace: string, podName: string): Promise<number> {
  const child = spawn("kubectl", ["--kubeconfig", kubeconfig, "logs", "-f", "-n", namespace, podName], {
    stdio: "ignore",
  });
  await new Promise((resolve) => child.once("exit", resolve));
  return performance.now();
}
