/** What is done to the parts of a cluster while the runs go on. */

import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultProxy, LocalCluster } from "@claude-k8s/local-cluster";
import { between, createRandom, deal, pick } from "./random.ts";
import type { Random } from "./random.ts";

/** By its name in the table. */
export type Count = (kind: string) => void;

export const localKinds = [
  "API server restarted",
  "API server restarted, watch history lost",
  "watch history compacted",
  "kubelet restarted",
  "clock stepped back",
  "clock stepped forward",
  "coarse clock",
  "connections refused for a while",
  "late container state",
  "no follow left on the node",
] as const;

type LocalKind = (typeof localKinds)[number];

/** A node's clock must not run away from the cluster's: what it was set back by is what it is set forward by next. */
interface Drift {
  milliseconds: number;
}

/** Until the abort; then everything is as before. */
export async function disturbLocal(
  local: LocalCluster,
  proxies: readonly FaultProxy[],
  options: {
    readonly seed: number;
    readonly count: Count;
    readonly signal: AbortSignal;
    /** Between two of them. */
    readonly restMilliseconds?: readonly [number, number];
  },
): Promise<void> {
  const { seed, count, signal, restMilliseconds = [50, 350] } = options;
  const random = createRandom(seed, "disturbances");
  const cards = deal(random, localKinds);
  const drift: Drift = { milliseconds: 0 };
  for (;;) {
    await sleep(between(random, ...restMilliseconds), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const kind = cards.next().value;
    if (await disturb(kind, { local, proxies, random, drift })) count(kind);
  }
  local.kubelet.setClockGranularity(0);
  local.kubelet.delayTerminated(0);
  local.kubelet.limitFollows(null);
}

/** Never rejects: what a disturbance does wrong is a problem of the soak. */
export async function problemsOf(disturbances: readonly Promise<void>[]): Promise<string[]> {
  try {
    await Promise.all(disturbances);
    return [];
  } catch (error) {
    return [`disturbances ended early: ${error instanceof Error ? error.message : String(error)}`];
  }
}

interface Means {
  readonly local: LocalCluster;
  readonly proxies: readonly FaultProxy[];
  readonly random: Random;
  readonly drift: Drift;
}

/** False: it would have changed nothing. */
async function disturb(kind: LocalKind, { local, proxies, random, drift }: Means): Promise<boolean> {
  const { apiServer, kubelet } = local;
  switch (kind) {
    case "API server restarted":
      await apiServer.restart({ downMilliseconds: between(random, 0, 1500) });
      return true;
    case "API server restarted, watch history lost":
      await apiServer.restart({ downMilliseconds: between(random, 0, 800), loseWatchHistory: true });
      return true;
    case "watch history compacted":
      apiServer.compact();
      return true;
    case "kubelet restarted":
      await kubelet.restart({ downMilliseconds: between(random, 0, 1500) });
      return true;
    case "clock stepped back":
      return step(local, drift, -between(random, 500, 15_000));
    case "clock stepped forward":
      return step(local, drift, Math.max(1, -drift.milliseconds));
    case "coarse clock":
      kubelet.setClockGranularity(pick(random, [0, 1, 4, 1000]));
      return true;
    case "connections refused for a while": {
      const outage = await pick(random, proxies).outage();
      await sleep(between(random, 100, 2500));
      await outage.end();
      return true;
    }
    case "late container state":
      kubelet.delayTerminated(between(random, 0, 2500));
      return true;
    case "no follow left on the node":
      kubelet.limitFollows(between(random, 0, 3));
      await sleep(between(random, 300, 1500));
      kubelet.limitFollows(null);
      return true;
  }
}

export const processRotation = "log of a process rotated";

/** A kubelet looks at the sizes of logs no sooner. */
const betweenRotationsMilliseconds = 3000;

/** Rotates the logs of containers that are processes and not scripts, until the abort. */
export async function rotateLogs(
  local: LocalCluster,
  containers: readonly string[],
  { seed, count, signal }: { readonly seed: number; readonly count: Count; readonly signal: AbortSignal },
): Promise<void> {
  const random = createRandom(seed, "rotations of processes");
  const rotatedAt = new Map<string, number>();
  for (;;) {
    await sleep(between(random, 100, 500), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const due = (pod: string): boolean =>
      performance.now() - (rotatedAt.get(pod) ?? -Infinity) > betweenRotationsMilliseconds;
    const running = local
      .inspect()
      .processes.filter(({ pod, container }) => containers.includes(container) && due(pod));
    if (running.length === 0) continue;
    const { namespace, pod, container } = pick(random, running);
    rotatedAt.set(pod, performance.now());
    // It may have ended meanwhile.
    const rotated = await local.kubelet.rotateLogs({ namespace, name: pod }, container).then(
      () => true,
      () => false,
    );
    if (rotated) count(processRotation);
  }
}

function step({ kubelet }: LocalCluster, drift: Drift, milliseconds: number): true {
  kubelet.stepClock(milliseconds);
  drift.milliseconds += milliseconds;
  return true;
}

/** Kills, restarts and freezes the parts of a real cluster by a command of its owner, until the abort; then nothing is frozen. */
export async function disturbByCommand(
  command: string,
  parts: readonly string[],
  options: {
    readonly seed: number;
    readonly count: Count;
    readonly note: (part: string, from: number, to: number) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { seed, count, note, signal } = options;
  const random = createRandom(seed, "disturbances");
  const actions = ["killed", "restarted", "frozen"] as const;
  const cards = deal(
    random,
    parts.flatMap((part) => actions.map((action) => ({ part, action }))),
  );
  for (;;) {
    await sleep(between(random, 4000, 9000), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const { part, action } = cards.next().value;
    const from = Date.now();
    if (action === "frozen") {
      await run(command, ["freeze", part]);
      await sleep(between(random, 3000, 15_000), undefined, { signal }).catch(() => undefined);
      await run(command, ["thaw", part]);
    } else await run(command, action === "killed" ? ["restart", part, "KILL"] : ["restart", part]);
    count(`${part} ${action}`);
    note(part, from, Date.now());
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn("/bin/sh", ["-c", `${command} "$@"`, "disturb", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = Promise.withResolvers<number | null>();
  child.once("error", ended.reject);
  child.once("close", (code) => ended.resolve(code));
  const code = await ended.promise;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}`);
}
