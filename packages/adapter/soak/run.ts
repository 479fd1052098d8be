/** One soak of the adapter, from its cluster to its verdict. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  disturbByCommand,
  disturbLocal,
  problemsOf,
  rotateLogs,
} from "../../k8s-runner/soak/disturbances.ts";
import type { Count } from "../../k8s-runner/soak/disturbances.ts";
import { execWayOf } from "../../k8s-runner/soak/exec/open-exec.ts";
import { immortal, keepSupervised } from "../../k8s-runner/soak/lanes.ts";
import type { Fate, Lane, LaneTask } from "../../k8s-runner/soak/lanes.ts";
import { stillOpen, stillOpenIn } from "../../k8s-runner/soak/leftovers.ts";
import { countFaults, openProxies } from "../../k8s-runner/soak/proxies.ts";
import type { LaneProxy } from "../../k8s-runner/soak/proxies.ts";
import { between, createRandom } from "../../k8s-runner/soak/random.ts";
import { recordsIn } from "../../k8s-runner/soak/records.ts";
import { report } from "../../k8s-runner/soak/report.ts";
import { defectsOf, runsOf } from "../../k8s-runner/soak/settings.ts";
import type { Settings } from "../../k8s-runner/soak/settings.ts";
import { openAdapterCluster } from "./cluster.ts";
import type { AdapterCluster } from "./cluster.ts";
import { adapterLeftovers } from "./leftovers.ts";
import { turnRecordsIn } from "./records.ts";
import { taskShapeOf } from "./shape.ts";
import { adapterVerdict } from "./verdict.ts";

/** True: nothing was wrong. */
export async function runAdapterSoak(settings: Settings): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "claude-k8s-soak-"));
  const marks = join(folder, "marks");
  for (const name of ["tmp", "marks"]) mkdirSync(join(folder, name));
  const home = join(folder, "paperclip");
  const records = recordsIn(folder);
  const numbers = runsOf(settings);
  const shaping = { seed: settings.seed, lines: settings.lines, local: settings.kubeconfig === null };
  const shapes = numbers.map((index) => taskShapeOf(shaping, index));
  console.log(`seed ${settings.seed}: ${numbers.length} tasks, ${settings.lanes} lanes, files in ${folder}`);
  const started = performance.now();
  const cluster = await openAdapterCluster(settings, marks);
  const proxies = await openProxies(settings, cluster.kubeconfig, folder);
  const counts = new Map<string, number>();
  const count: Count = (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const lanes = proxies.map(({ kubeconfigPath }, number): Lane => ({
    number,
    runs: numbers.filter((index) => index % settings.lanes === number),
    kubeconfigPath,
    spoolFolder: join(folder, "spool"),
    fullDisk: false,
  }));
  const task = taskFor(settings, cluster, folder);
  const calm = new AbortController();
  const disturbing = disturb(settings, cluster, proxies, count, calm.signal);
  const deadline = new AbortController();
  const rounds = Math.ceil(numbers.length / settings.concurrency) + 1;
  const mostTurns = Math.max(...shapes.map(({ turns }) => turns.length));
  const endsAt = setTimeout(() => deadline.abort(), (settings.hangSeconds + 60) * 1000 * rounds * mostTurns);
  const program = new URL("server.ts", import.meta.url);
  const awayMilliseconds = settings.awaySeconds * 1000;
  const { kills } = settings;
  const reports = await Promise.all(
    lanes.map((lane) =>
      keepSupervised(lane, task, {
        records,
        kills,
        awayMilliseconds,
        signal: deadline.signal,
        program,
        fateOf: fateOfServer,
      }),
    ),
  );
  clearTimeout(endsAt);
  calm.abort();
  const problems = [...(await disturbing), ...reports.flatMap((lane) => lane.problems)];
  for (const { proxy } of proxies) proxy.heal();
  for (const [kind, times] of countFaults(proxies)) counts.set(kind, times);
  const begun = shapes.filter(({ slot }) => records.begun(slot));
  const { left, swept } = await adapterLeftovers({ ...cluster, lanes, folder, home, shapes: begun });
  await Promise.all(proxies.map(({ proxy }) => proxy.close()));
  problems.push(
    ...left.map((name) => `left behind: ${name}`),
    ...stillOpenIn(cluster.local?.cluster ?? null),
  );
  const { verdict, sums } = adapterVerdict({
    shapes: begun,
    records,
    turns: turnRecordsIn(folder),
    home,
    starts: cluster.local?.starts ?? null,
    rotated: settings.rotation && (settings.rotating || cluster.local !== null),
  });
  const died = (wanted: string): number => records.facts().filter(({ fact }) => fact === wanted).length;
  for (const fact of records.facts()) if (fact.fact === "exec-broken") count(fact.kind);
  const killed = reports.reduce((sum, lane) => sum + lane.kills, 0);
  for (const [kind, times] of [
    ["supervisor killed", killed],
    ["supervisor killed in a spool write", died("dies-in-a-spool-write")],
    ["supervisor killed in an exec", died("dies-in-an-exec")],
    ["supervisor killed in a callback", died("dies-in-a-callback")],
  ] as const)
    counts.set(kind, times);
  if (cluster.local !== null) counts.set("pod evicted", cluster.local.evictions());
  await cluster.close();
  problems.push(...(await stillOpen()).map((name) => `open in this process: ${name}`));
  const good = report(settings, {
    runs: begun.length,
    seconds: (performance.now() - started) / 1000,
    processes: reports.reduce((sum, { processes }) => sum + processes, 0),
    swept,
    counts,
    verdict,
    problems,
    skipped: new Map(),
    more: `${sums.runs} runs, ${sums.again} calls of execute() killed, ${sums.recorded} runs with a record; ${sums.changes} changes of files came back, the files of ${sums.filesLost} runs went with their pods`,
  });
  if (good && !settings.keep) rmSync(folder, { recursive: true });
  return good;
}

const deaths = ["dieInExec", "dieInCallback", "dieInSpoolWrite"] as const;
const latest = { dieInExec: 24, dieInCallback: 60, dieInSpoolWrite: 40 };

/** At a step of its work, so that it comes as far on a slow machine as on a fast one. As many die as there are tasks. */
function fateOfServer({ shape: { seed } }: LaneTask, lane: Lane, life: number): Fate {
  if (life >= lane.runs.length) return immortal;
  const random = createRandom(seed, `server ${lane.number} life ${life}`);
  const kind = deaths[(lane.number + life) % deaths.length] ?? "dieInExec";
  return { ...immortal, death: { ...immortal.death, [kind]: between(random, 1, latest[kind]) } };
}

function taskFor(settings: Settings, cluster: AdapterCluster, folder: string): LaneTask {
  return {
    exec: execWayOf(settings, cluster.kubeconfig, cluster.local?.cluster ?? null, folder),
    namespace: cluster.namespace,
    image: settings.image,
    folder,
    concurrency: Math.max(1, Math.ceil(settings.concurrency / settings.lanes)),
    shape: { seed: settings.seed, lines: settings.lines, rotation: settings.rotation, recorded: true },
    newRunsUntil: Date.now() + settings.minutes * 60_000,
    hangSeconds: settings.hangSeconds,
    defects: defectsOf(settings),
  };
}

/** Each run makes many requests, one after the other: it needs more time between two disturbances than one that only reads its log. */
const restMilliseconds = [300, 1500] as const;

function disturb(
  settings: Settings,
  { local }: AdapterCluster,
  proxies: readonly LaneProxy[],
  count: Count,
  signal: AbortSignal,
): Promise<string[]> {
  const options = { seed: settings.seed, count, note: () => undefined, signal };
  const before = proxies.map(({ proxy }) => proxy);
  const all: Promise<void>[] = [];
  if (settings.disturb !== null) all.push(disturbByCommand(settings.disturb, settings.parts, options));
  if (local !== null && settings.disturbances)
    all.push(disturbLocal(local.cluster, before, { ...options, restMilliseconds }));
  if (local !== null && settings.rotation) all.push(rotateLogs(local.cluster, ["main", "record"], options));
  return problemsOf(all);
}
