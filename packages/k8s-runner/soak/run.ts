/** One soak, from its cluster to its verdict. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SoakCluster } from "./cluster.ts";
import { openCluster } from "./cluster.ts";
import { disturbByCommand, disturbLocal, problemsOf, rotateLogs } from "./disturbances.ts";
import type { Count } from "./disturbances.ts";
import { execWayOf } from "./exec/open-exec.ts";
import { mountFullDisk } from "./full-disk.ts";
import type { FullDisk } from "./full-disk.ts";
import { keepSupervised } from "./lanes.ts";
import type { Lane, LaneTask } from "./lanes.ts";
import { findLeftovers, stillOpen, stillOpenIn } from "./leftovers.ts";
import { countFaults, healAfter, openProxies } from "./proxies.ts";
import type { LaneProxy } from "./proxies.ts";
import { recordsIn } from "./records.ts";
import { report } from "./report.ts";
import { defectsOf, runsOf } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { shapeOf } from "./shape.ts";
import { verdictOf } from "./verdict.ts";

/** True: nothing was wrong. */
export async function runSoak(settings: Settings): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "claude-k8s-soak-"));
  mkdirSync(join(folder, "tmp"));
  const records = recordsIn(folder);
  const numbers = runsOf(settings);
  const shaping = {
    seed: settings.seed,
    lines: settings.lines,
    rotation: settings.rotation,
    recorded: settings.recorded,
  };
  const shapes = numbers.map((index) => shapeOf(shaping, index));
  console.log(`seed ${settings.seed}: ${numbers.length} runs, ${settings.lanes} lanes, files in ${folder}`);
  const started = performance.now();
  const cluster = await openCluster(settings, shapes);
  const proxies = await openProxies(settings, cluster.kubeconfig, folder);
  const disk = settings.fullDisk ? mountFullDisk(join(folder, "full-disk")) : noDisk;
  const stopHealing = healAfter(proxies, settings.mostFaults);
  const counts = new Map<string, number>();
  const count: Count = (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const lanes = proxies.map(({ kubeconfigPath }, number): Lane => {
    const fullDisk = number === 0 && disk.folder !== null && proxies.length > 1;
    const spoolFolder = fullDisk ? (disk.folder ?? "") : join(folder, "spool");
    return { number, runs: shareOf(settings, numbers, number), kubeconfigPath, spoolFolder, fullDisk };
  });
  const task: LaneTask = {
    exec: settings.recorded
      ? execWayOf(settings, cluster.kubeconfig, cluster.local?.cluster ?? null, folder)
      : null,
    namespace: settings.namespace,
    image: settings.image,
    folder,
    concurrency: Math.max(1, Math.ceil(settings.concurrency / settings.lanes)),
    shape: shaping,
    newRunsUntil: Date.now() + settings.minutes * 60_000,
    hangSeconds: settings.hangSeconds,
    defects: defectsOf(settings),
  };

  const calm = new AbortController();
  const note = (part: string, from: number, to: number): void =>
    records.note({ fact: "disturbed", part, from, to });
  const disturbing = disturb(settings, cluster, proxies, { count, note, signal: calm.signal });
  const deadline = new AbortController();
  const endsAt = setTimeout(() => deadline.abort(), deadlineMilliseconds(settings, numbers.length));
  const reports = await Promise.all(
    lanes.map((lane) =>
      keepSupervised(lane, task, {
        records,
        kills: settings.kills,
        awayMilliseconds: settings.awaySeconds * 1000,
        signal: deadline.signal,
      }),
    ),
  );
  clearTimeout(endsAt);
  stopHealing();
  calm.abort();
  const problems = [...(await disturbing), ...reports.flatMap((lane) => lane.problems)];
  for (const { proxy } of proxies) proxy.heal();
  for (const [kind, times] of countFaults(proxies)) counts.set(kind, times);
  const { left, swept } = await findLeftovers({
    kubeconfig: cluster.kubeconfig,
    namespace: settings.namespace,
    seed: settings.seed,
    slots: shapes.map(({ slot }) => slot),
    lanes,
    temporaryFolder: join(folder, "tmp"),
  });
  await Promise.all(proxies.map(({ proxy }) => proxy.close()));
  problems.push(
    ...left.map((name) => `left behind: ${name}`),
    ...stillOpenIn(cluster.local?.cluster ?? null),
  );
  const truth = cluster.local?.workload ?? null;
  const verdict = verdictOf({
    records,
    shapes: shapes.filter(({ slot }) => records.begun(slot)),
    truth: truth === null ? null : (slot) => truth.truth(slot),
    starts: truth === null ? null : (slot) => truth.starts(slot),
    mayRotate: settings.rotating,
    disturbed: settings.disturb !== null,
  });
  counts.set(
    "supervisor killed",
    reports.reduce((sum, { kills }) => sum + kills, 0),
  );
  counts.set(
    "supervisor killed in a spool write",
    records.facts().filter(({ fact }) => fact === "dies-in-a-spool-write").length,
  );
  if (settings.recorded)
    counts.set(
      "supervisor killed in an exec",
      records.facts().filter(({ fact }) => fact === "dies-in-an-exec").length,
    );
  counts.set("full disk", verdict.totals.fullDisk);
  for (const fact of records.facts())
    if (fact.fact === "exec-broken") counts.set(fact.kind, (counts.get(fact.kind) ?? 0) + 1);
  if (truth !== null) {
    counts.set("log rotated", truth.rotations.running);
    counts.set("log rotated at the exit", truth.rotations.atExit);
  }
  await cluster.close();
  disk.remove();
  problems.push(...(await stillOpen()).map((name) => `open in this process: ${name}`));
  const good = report(settings, {
    runs: shapes.filter(({ slot }) => records.begun(slot)).length,
    seconds: (performance.now() - started) / 1000,
    processes: reports.reduce((sum, { processes }) => sum + processes, 0),
    swept,
    counts,
    verdict,
    problems,
    skipped: new Map(disk.folder === null ? [["full disk", disk.reason]] : []),
  });
  if (good && !settings.keep) rmSync(folder, { recursive: true });
  return good;
}

const noDisk: FullDisk = { folder: null, reason: "not asked for", remove: () => undefined };

function shareOf({ lanes }: Settings, numbers: readonly number[], lane: number): readonly number[] {
  return numbers.filter((index) => index % lanes === lane);
}

/** Every run could hang, one after the other, and the soak would still end. */
function deadlineMilliseconds({ hangSeconds, concurrency }: Settings, runs: number): number {
  return (hangSeconds + 60) * 1000 * Math.ceil(runs / concurrency + 1);
}

function disturb(
  settings: Settings,
  { local }: SoakCluster,
  proxies: readonly LaneProxy[],
  how: {
    readonly count: Count;
    readonly note: (part: string, from: number, to: number) => void;
    readonly signal: AbortSignal;
  },
): Promise<string[]> {
  const options = { seed: settings.seed, ...how };
  const all: Promise<void>[] = [];
  if (settings.disturb !== null) all.push(disturbByCommand(settings.disturb, settings.parts, options));
  else if (local !== null && settings.disturbances) {
    const before = proxies.map(({ proxy }) => proxy);
    all.push(disturbLocal(local.cluster, before, options));
  }
  if (local !== null && settings.recorded && settings.rotation)
    all.push(rotateLogs(local.cluster, ["record"], options));
  return problemsOf(all);
}
