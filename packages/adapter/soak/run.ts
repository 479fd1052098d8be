/** One soak of the adapter, from its cluster to its verdict. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disturbByCommand, disturbLocal, rotateLogs } from "../../k8s-runner/soak/disturbances.ts";
import type { Count } from "../../k8s-runner/soak/disturbances.ts";
import { execBreakProbability } from "../../k8s-runner/soak/exec/open-exec.ts";
import { immortal, keepSupervised } from "../../k8s-runner/soak/lanes.ts";
import type { Fate, Lane, LaneTask } from "../../k8s-runner/soak/lanes.ts";
import { stillOpen } from "../../k8s-runner/soak/leftovers.ts";
import { countFaults, openProxies } from "../../k8s-runner/soak/proxies.ts";
import type { LaneProxy } from "../../k8s-runner/soak/proxies.ts";
import { between, createRandom } from "../../k8s-runner/soak/random.ts";
import { recordsIn } from "../../k8s-runner/soak/records.ts";
import { report } from "../../k8s-runner/soak/report.ts";
import { runsOf } from "../../k8s-runner/soak/settings.ts";
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
  const endsAt = setTimeout(() => deadline.abort(), (settings.hangSeconds + 60) * 1000 * rounds);
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
  problems.push(...left.map((name) => `left behind: ${name}`), ...openIn(cluster));
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
  const kubeconfigPath = join(folder, "direct.kubeconfig");
  writeFileSync(kubeconfigPath, cluster.kubeconfig, { mode: 0o600 });
  return {
    exec: {
      kubeconfigPath,
      directory: cluster.local?.cluster.inspect().directory ?? null,
      probability: execBreakProbability(settings.strength),
    },
    namespace: cluster.namespace,
    image: settings.image,
    folder,
    concurrency: Math.max(1, Math.ceil(settings.concurrency / settings.lanes)),
    shape: { seed: settings.seed, lines: settings.lines, rotation: settings.rotation, recorded: true },
    newRunsUntil: Date.now() + settings.minutes * 60_000,
    hangSeconds: settings.hangSeconds,
    defects: {
      ...(settings.defect === "without-alignment" ? { withoutAlignment: true } : {}),
      ...(settings.defect === "without-final-sweep" ? { withoutFinalSweep: true } : {}),
    },
  };
}

/** Never rejects: what a disturbance does wrong is a problem of the soak. */
async function disturb(
  settings: Settings,
  { local }: AdapterCluster,
  proxies: readonly LaneProxy[],
  count: Count,
  signal: AbortSignal,
): Promise<string[]> {
  const options = { seed: settings.seed, count, note: () => undefined, signal };
  const behind = proxies.map(({ proxy }) => proxy);
  try {
    await Promise.all([
      settings.disturb === null ? null : disturbByCommand(settings.disturb, settings.parts, options),
      local !== null && settings.disturbances ? disturbLocal(local.cluster, behind, options) : null,
      local !== null && settings.rotation ? rotateLogs(local.cluster, ["main", "record"], options) : null,
    ]);
    return [];
  } catch (error) {
    return [`disturbances ended early: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function openIn({ local }: AdapterCluster): string[] {
  if (local === null) return [];
  const { watches, follows, processes } = local.cluster.inspect();
  return [
    ...(watches > 0 ? [`${watches} watches are still open`] : []),
    ...(follows > 0 ? [`${follows} logs are still followed`] : []),
    ...processes.map(({ pod, container }) => `the container ${container} of ${pod} still runs`),
  ];
}
