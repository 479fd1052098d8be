import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type Diagnosis, diagnose } from "@claude-k8s/diagnostics";
import { type RunEvent, type RunSpec, RunnerClosedError } from "@claude-k8s/k8s-runner";
import { type LocalCluster, startFaultProxy, startLocalCluster } from "@claude-k8s/local-cluster";
import {
  type Connection,
  connectRunner,
  createRedaction,
  emptyBundle,
  loadSettings,
  runOnce,
  takenOverFrom,
} from "paperclip-adapter-claude-k8s/cli-parts";

import type { Interrupts } from "../interrupts.ts";
import { type LiveView, createLiveView } from "../screen/live.ts";
import type { Streams } from "../streams.ts";
import type { PlannedFault, Stage } from "./faults.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { scheduleFaults } from "./schedule.ts";
import type { Scenario } from "./scenarios.ts";
import { type Transcript, type Witness, scriptOf } from "./transcript.ts";

export interface Performance {
  readonly scenario: Scenario;
  readonly faults: readonly PlannedFault[];
  readonly transcript: Transcript;
  readonly speed: number;
  readonly seed: number;
  readonly port: number;
  readonly verbose: boolean;
}

const namespace = "default";

/** One scenario from its cluster's start to its end. Whatever happens, nothing of it remains. */
export async function play(
  performance: Performance,
  streams: Streams,
  interrupts: Interrupts,
): Promise<Outcome> {
  const { scenario, seed, port, transcript, speed } = performance;
  const witness: Witness = { written: "" };
  const cluster = await startLocalCluster({
    port,
    ...scenario.cluster,
    containers: ({ container }) =>
      container === "main" ? scriptOf(transcript, scenario.act ?? {}, witness, speed) : null,
  });
  const proxy = await startFaultProxy({ target: cluster.kubeconfig, seed });
  const folder = mkdtempSync(path.join(tmpdir(), "claude-k8s-simulate-"));
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, proxy.kubeconfig, { mode: 0o600 });
  try {
    const { diagnosis, delivered, gapsTold } = await runThrough(performance, {
      streams,
      interrupts,
      cluster,
      proxy,
      kubeconfig,
    });
    return outcomeOf(scenario, { diagnosis, written: witness.written, delivered, gapsTold });
  } finally {
    await proxy.close();
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly streams: Streams;
  readonly interrupts: Interrupts;
  readonly cluster: LocalCluster;
  readonly proxy: Stage["proxy"];
  readonly kubeconfig: string;
}

async function runThrough(
  { scenario, faults, speed, verbose }: Performance,
  { streams, interrupts, cluster, proxy, kubeconfig }: Place,
): Promise<{ readonly diagnosis: Diagnosis; readonly delivered: string; readonly gapsTold: number }> {
  const config = { image: "simulated/claude:1", imagePullPolicy: "IfNotPresent", ...scenario.settings };
  const { parseSettings, specOfSettings, claudeCommand } = await loadSettings();
  const parsed = parseSettings({ agent: config });
  if (parsed.kind === "invalid") {
    const failure = { kind: "settings-invalid", problems: parsed.problems } as const;
    return { diagnosis: diagnose({ exit: { kind: "refused", failure } }), delivered: "", gapsTold: 0 };
  }
  const { settings } = parsed;
  const spec: RunSpec = {
    ...specOfSettings(settings),
    ...simulated,
    command: claudeCommand(settings.claude, {}, emptyBundle, null),
  };
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new Error("stopped"));
  interrupts.signal.addEventListener("abort", stop, { once: true });
  let connection = await open(kubeconfig);
  let delivered = "";
  let gapsTold = 0;
  let view: LiveView = createLiveView(streams, { raw: false, verbose, events: true });
  const say = (text: string): void => void streams.errors.write(`⚡ ${text}\n`);
  const schedule = scheduleFaults({
    faults,
    speed,
    say,
    proxy,
    stage: (jobName, podName) =>
      stageOf({ cluster, proxy, stop, connection: () => connection }, jobName, podName),
  });
  try {
    for (;;) {
      try {
        delivered = "";
        gapsTold = 0;
        const ending = await runOnce(spec, {
          runner: connection.runner,
          settings,
          config,
          limits: { ...settings.guards, ...scenario.limits, budgetUsd: settings.claude.maxBudgetUsd },
          ...takingOver(connection),
          cancellation: {
            signal: stopping.signal,
            request: () => (stopping.signal.aborted ? { reason: "cancelled", byPerson: true } : null),
          },
          progress: progressOf(streams, (event) => {
            schedule.event(event);
            if (event.type === "gap") gapsTold += 1;
            view.event(event);
          }),
          transcript: {
            async write(bytes) {
              schedule.output();
              delivered += Buffer.from(bytes).toString("utf8");
              view.push(bytes);
            },
            note: () => undefined,
            end: async () => void view.end(),
          },
        });
        return { diagnosis: ending.diagnosis, delivered, gapsTold };
      } catch (error) {
        if (!RunnerClosedError.isInstance(error)) throw error;
        view.close();
        const had = delivered.split("\n").length - 1;
        say(`another process takes the run over; it has the ${had} lines above again, into a fresh log`);
        view = createLiveView(streams, { raw: false, verbose, events: true, skipLines: had });
        connection = await open(kubeconfig);
      }
    }
  } finally {
    schedule.close();
    view.close();
    interrupts.signal.removeEventListener("abort", stop);
    await connection.close();
  }
}

function open(kubeconfig: string): Promise<Connection> {
  return connectRunner({ kubeconfig, context: null, trust: null }, { spoolFolder: null, leaseSeconds: 5 });
}

/** The process that goes on with a run learns what the first one knew of it. */
function takingOver(connection: Connection): Pick<Parameters<typeof runOnce>[1], "redaction" | "takeOver"> {
  const redaction = createRedaction();
  return {
    redaction,
    takeOver: (ref, previous) => takenOverFrom(ref, previous, { connection, memory: undefined, redaction }),
  };
}

function stageOf(
  {
    cluster,
    proxy,
    stop,
    connection,
  }: Pick<Stage, "cluster" | "proxy" | "stop"> & { readonly connection: () => Connection },
  jobName: string,
  podName: string,
): Stage {
  return {
    cluster,
    proxy,
    stop,
    jobName,
    pod: { namespace, name: podName },
    killSupervisor: () => connection().close(),
    async remove(kind) {
      const [resource, name] = kind === "job" ? (["jobs", jobName] as const) : (["pods", podName] as const);
      await connection().cluster.delete(resource, namespace, name, { propagation: "Background" });
    },
  };
}

function progressOf({ errors }: Streams, runEvent: (event: RunEvent) => void) {
  return {
    runEvent,
    waiting: () => undefined,
    queued: () => undefined,
    tell: () => undefined,
    warning: (message: string) => void errors.write(`▸ Warning: ${message}\n`),
  };
}

const simulated = { namespace, slot: "simulate", runId: "simulate", stdin: "simulate" };
