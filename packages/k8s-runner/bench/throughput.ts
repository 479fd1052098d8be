/** How fast the log of a container is read by the follower, beside a bare HTTP read of the same log and `kubectl logs`. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Cluster } from "../src/index.ts";
import { benchRow } from "../../../scripts/bench-row.ts";
import { createLogFollower } from "../src/logs/follower.ts";
import type { LogTarget } from "../src/cluster/log-source.ts";
import { systemClock } from "../src/clock.ts";
import type { BenchPlace } from "./place.ts";

const SECONDS = 10;
const LINES_A_SECOND = 20_000;
const TEXT = "x".repeat(200);
const ROUNDS = 3;
const STAMP_BYTES = "2026-01-01T00:00:00.000000000Z ".length;

/** The same from a script of the local cluster. */
export function* printed(): Generator<{ stdout: string; afterMilliseconds: number }> {
  const perBurst = LINES_A_SECOND / 10;
  for (let burst = 0; burst < SECONDS * 10; burst++) {
    const text = Array.from({ length: perBurst }, (_, index) => `${burst * perBurst + index} ${TEXT}\n`).join(
      "",
    );
    yield { stdout: text, afterMilliseconds: 100 };
  }
}

const script = `let n = 0; const t = setInterval(() => { let s = ""; for (let i = 0; i < ${LINES_A_SECOND / 10}; i++) s += n++ + " ${TEXT}\\n";
  process.stdout.write(s); if (n >= ${LINES_A_SECOND * SECONDS}) clearInterval(t); }, 100); setTimeout(() => {}, 600000)`;

export async function benchThroughput({
  cluster: api,
  namespace,
  kubeconfigPath,
}: BenchPlace): Promise<void> {
  const name = `bench-${randomBytes(3).toString("hex")}`;
  const created = await api.create("jobs", namespace, {
    metadata: { name, labels: { bench: name } },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: { bench: name } },
        spec: {
          restartPolicy: "Never",
          containers: [
            { name: "agent", image: "lab/base:1", imagePullPolicy: "Never", command: ["node", "-e", script] },
          ],
        },
      },
    },
  });
  if (created.kind === "error") throw new Error(created.error.message);
  const target = await podOf(api, namespace, name);
  console.log(`${SECONDS} s of output, ${LINES_A_SECOND} lines a second`);
  await new Promise((resolve) => setTimeout(resolve, (SECONDS + 5) * 1000));

  const rates = { raw: [] as number[], follower: [] as number[], kubectl: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.raw.push(await rawRead(api, target));
    rates.follower.push(await follow(api, target));
    if (kubeconfigPath !== null) rates.kubectl.push(await kubectl(kubeconfigPath, target));
  }
  const raw = best(rates.raw);
  const peer = `a bare HTTP read (${show(raw)})`;
  const followed = best(rates.follower);
  benchRow({
    what: "reading a log",
    figure: `${ratio(followed, raw)} (${show(followed)})`,
    peer,
    limit: "80 %",
    held: followed >= 0.8 * raw,
  });
  if (rates.kubectl.length > 0) {
    const other = best(rates.kubectl);
    benchRow({ what: "`kubectl logs` of it", figure: `${ratio(other, raw)} (${show(other)})`, peer });
  }
  await api.delete("jobs", namespace, name, { propagation: "Background" });
}

async function podOf(api: Cluster, namespace: string, name: string): Promise<LogTarget> {
  for (;;) {
    const pods = await api.list("pods", namespace, { labelSelector: `bench=${name}` });
    const pod = pods.kind === "ok" ? pods.value.items[0] : undefined;
    if (pod?.status?.containerStatuses?.[0]?.state?.running !== undefined)
      return {
        namespace,
        podName: pod.metadata?.name ?? "",
        podUid: pod.metadata?.uid ?? "",
        container: "agent",
      };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Bytes of output a second, without the timestamps. */
async function rawRead(api: Cluster, { namespace, podName, container }: LogTarget): Promise<number> {
  const startedAt = performance.now();
  const { signal } = new AbortController();
  const answer = await api.logs.open({ namespace, podName, container, follow: false }, { signal });
  if (answer.kind !== "stream") throw new Error(`no log: ${answer.kind}`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.chunks) chunks.push(chunk);
  const seconds = (performance.now() - startedAt) / 1000;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const lines = chunks.reduce((sum, chunk) => sum + countLines(chunk), 0);
  if (lines < LINES_A_SECOND * SECONDS)
    throw new Error(
      `only ${lines} lines are left of ${LINES_A_SECOND * SECONDS}: this kubelet rotates logs too early, set its containerLogMaxSize to 100Mi or more`,
    );
  return (bytes - lines * STAMP_BYTES) / seconds;
}

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}

/** To the last line that is there; the container goes on living. */
async function follow(api: Cluster, target: LogTarget): Promise<number> {
  const startedAt = performance.now();
  const abort = new AbortController();
  const follower = createLogFollower({
    source: api.logs,
    target,
    verify: async () => "running",
    onEvent: () => undefined,
    clock: systemClock,
    random: Math.random,
    signal: abort.signal,
  });
  const last = `${LINES_A_SECOND * SECONDS - 1} ${TEXT}\n`;
  let bytes = 0;
  for await (const chunk of follower.output) {
    bytes += chunk.length;
    if (Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).subarray(-last.length).toString() === last)
      break;
  }
  const rate = perSecond(bytes, startedAt);
  abort.abort();
  await follower.closed;
  return rate;
}

async function kubectl(kubeconfig: string, { namespace, podName }: LogTarget): Promise<number> {
  const startedAt = performance.now();
  const child = spawn("kubectl", ["--kubeconfig", kubeconfig, "logs", "-n", namespace, podName], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let bytes = 0;
  for await (const chunk of child.stdout) bytes += (chunk as Buffer).length;
  return perSecond(bytes, startedAt);
}

function perSecond(bytes: number, startedAt: number): number {
  return bytes / ((performance.now() - startedAt) / 1000);
}

function best(values: readonly number[]): number {
  return Math.max(...values);
}

function show(rate: number): string {
  return `${(rate / 1e6).toFixed(1)} MB/s`;
}

function ratio(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}
