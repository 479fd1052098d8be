import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseQuantity } from "../objects/quantity.ts";
import { milliseconds, secondsText } from "../objects/time.ts";
import type { Container, ContainerState, Pod } from "../objects/types.ts";
import { ConfigProblem } from "./environment.ts";
import { obtainImage } from "./image-pull.ts";
import { fullName } from "./images.ts";
import { messageFileOf, prepareLaunch, type Launch } from "./launch.ts";
import { createContainerLog, type ContainerLog } from "./log-writer.ts";
import { watchMemory } from "./memory.ts";
import { pause, type NodeContext } from "./node.ts";
import type { ContainerFacts } from "./pod-status.ts";
import { startProcess } from "./process.ts";
import { createRestarts } from "./restarts.ts";
import { StartFailure, type ContainerEnd, type RunningContainer } from "./runtime.ts";
import { startScript } from "./script.ts";
import { terminationMessage } from "./termination-message.ts";

const configRetryMilliseconds = 5000;
const crashLoopToldAfterMilliseconds = 1000;

/** One container of a pod on its way from image to end. */
export interface ContainerUnit {
  facts(): ContainerFacts;
  readonly log: () => ContainerLog | null;
  /** The log of the container with this id, which may be the one before. */
  readonly logOf: (id: string) => ContainerLog | null;
  readonly running: () => RunningContainer | null;
  /** Runs to the end. Resolves also when `signal` ended the waiting before a start. */
  run(folders: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void>;
  /** The next end is told as out of memory; with `child` the exit code stays the process's own. */
  markOutOfMemory(): void;
  /** Told when the pod ended before the container did. */
  markUnknown(): void;
}

export function createContainerUnit(
  node: NodeContext,
  pod: Pod,
  spec: Container,
  isInit: boolean,
  podDirectory: string,
  changed: () => void,
): ContainerUnit {
  let state: ContainerState = {
    waiting: {
      reason: isInit || (pod.spec.initContainers ?? []).length > 0 ? "PodInitializing" : "ContainerCreating",
    },
  };
  let id: string | null = null;
  let log: ContainerLog | null = null;
  /** Of the container before this one: the kubelet keeps one dead container's log. */
  let previous: { readonly id: string | null; readonly log: ContainerLog | null } | null = null;
  let lastState: ContainerState = {};
  let restartCount = 0;
  let running: RunningContainer | null = null;
  let outOfMemory = false;
  let stopped = (): boolean => false;
  const fieldPath = `spec.${isInit ? "initContainers" : "containers"}{${spec.name}}`;
  const messageFile = messageFileOf(podDirectory, spec);
  const restarts = createRestarts(pod, isInit);

  function setState(next: ContainerState): void {
    state = next;
    changed();
  }

  function record(type: "Normal" | "Warning", reason: string, message: string): void {
    node.events.record(pod, { type, reason, message, fieldPath });
  }

  async function run(folders: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
    stopped = () => signal.aborted;
    const waiting = (reason: string, message: string) => setState({ waiting: { reason, message } });
    if (!(await obtainImage(node, spec, { record, waiting }, signal))) return;
    for (;;) {
      const startedAt = milliseconds(node.clock);
      await runOnce(folders, signal);
      const { terminated } = state;
      if (terminated === undefined || signal.aborted || !restarts.isDue(terminated.exitCode)) return;
      await pauseForRestart(restarts.delayAfter(milliseconds(node.clock) - startedAt), signal);
      if (signal.aborted) return;
      previous = { id, log };
      lastState = { terminated };
      restartCount += 1;
      outOfMemory = false;
    }
  }

  /** The end is told first; only a wait that lasts is told as such. */
  async function pauseForRestart(delay: number, signal: AbortSignal): Promise<void> {
    const { terminated } = state;
    if (delay === 0 || terminated === undefined) return;
    await pause(node.clock, crashLoopToldAfterMilliseconds, signal);
    if (signal.aborted) return;
    const { namespace = "", name, uid } = pod.metadata;
    const message = `back-off ${restarts.durationText(delay)} restarting failed container=${spec.name} pod=${name}_${namespace}(${uid})`;
    lastState = { terminated };
    setState({ waiting: { reason: "CrashLoopBackOff", message } });
    record(
      "Warning",
      "BackOff",
      `Back-off restarting failed container ${spec.name} in pod ${name}_${namespace}(${uid})`,
    );
    await pause(node.clock, delay - crashLoopToldAfterMilliseconds, signal);
    // A pod that is stopped meanwhile ends as its container last did.
    if (signal.aborted) setState({ terminated });
  }

  async function runOnce(folders: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await launchAndWait(prepareLaunch(node, pod, spec, podDirectory, folders), signal);
      } catch (error) {
        if (!(error instanceof ConfigProblem)) throw error;
        record("Warning", "Failed", `Error: ${error.message}`);
        setState({ waiting: { reason: "CreateContainerConfigError", message: error.message } });
        await pause(node.clock, configRetryMilliseconds, signal);
        if (signal.aborted) return;
        record("Normal", "Pulled", `Container image "${spec.image}" already present on machine`);
      }
    }
  }

  async function launchAndWait(launch: Launch, signal: AbortSignal): Promise<void> {
    const path = join(podDirectory, "..", "..", "logs", pod.metadata.uid, spec.name, `${restartCount}.log`);
    log = createContainerLog(path, node.nodeClock);
    id = `containerd://${randomBytes(32).toString("hex")}`;
    record("Normal", "Created", `Created container: ${spec.name}`);
    try {
      running = await start(launch, log);
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      record("Warning", "Failed", `Error: ${error.message}`);
      return finish({ exitCode: error.exitCode, reason: "StartError", message: error.message }, null);
    }
    const startedAt = secondsText(node.nodeClock.nowNanoseconds());
    record("Normal", "Started", `Started container ${spec.name}`);
    setState({ running: { startedAt } });
    // The stop came while the process was being made: nobody else will tell it.
    if (signal.aborted) running.terminate();
    const stopWatching = watchLimit(running);
    const end = await running.ended;
    stopWatching();
    finish(end, startedAt);
  }

  function watchLimit({ pid }: RunningContainer): () => void {
    const limit = parseQuantity(spec.resources?.limits?.["memory"] ?? "");
    if (pid === null || Number.isNaN(limit)) return () => undefined;
    return watchMemory(pid, limit, () => {
      outOfMemory = true;
    });
  }

  async function start(launch: Launch, output: ContainerLog): Promise<RunningContainer> {
    const script = node.scriptFor({
      namespace: pod.metadata.namespace ?? "",
      pod: pod.metadata.name,
      labels: pod.metadata.labels ?? {},
      annotations: pod.metadata.annotations ?? {},
      container: spec.name,
      image: spec.image,
      command: launch.command,
      args: launch.args,
      environment: launch.environment,
    });
    if (script !== null) return startScript(script, output, node.clock);
    // A script touches no file: a thousand of them should not pay for folders.
    for (const folder of launch.folders) mkdirSync(folder, { recursive: true });
    writeFileSync(messageFile, "");
    if (launch.command.length === 0) {
      throw new StartFailure(
        "failed to generate container spec: failed to generate spec: no command specified",
      );
    }
    return startProcess({ ...launch, isInit: pod.spec.shareProcessNamespace !== true }, output, node.reaper);
  }

  function finish(end: ContainerEnd, startedAt: string | null): void {
    running = null;
    // The kubelet keeps the last dead container of each name, and its log, not the one before it.
    previous?.log?.remove();
    const failed = end.exitCode !== 0;
    const message = end.message ?? terminationMessage(messageFile, spec, failed, log?.path ?? null);
    // The exit code tells about the main process, the reason about the container's memory.
    const reason = outOfMemory ? "OOMKilled" : (end.reason ?? (failed ? "Error" : "Completed"));
    state = {
      terminated: {
        ...(id === null ? {} : { containerID: id }),
        exitCode: end.exitCode,
        ...(end.signal === undefined ? {} : { signal: end.signal }),
        reason,
        ...(message === "" ? {} : { message }),
        startedAt: startedAt ?? "1970-01-01T00:00:00Z",
        finishedAt: secondsText(node.nodeClock.nowNanoseconds()),
      },
    };
    log?.end();
    // The pod's phase is told first where the end is to come late.
    if (node.settings.terminatedDelayMilliseconds === 0) changed();
  }

  return {
    facts: () => ({
      spec,
      isInit,
      id,
      imageId: `sha256:${createHash("sha256").update(spec.image).digest("hex")}`,
      imageName: fullName(spec.image),
      state,
      lastState,
      restartCount,
      willRestart: state.terminated !== undefined && !stopped() && restarts.isDue(state.terminated.exitCode),
    }),
    log: () => log,
    logOf: (wanted) => (wanted === id ? log : wanted === previous?.id ? (previous?.log ?? null) : null),
    running: () => running,
    run,
    markOutOfMemory: () => void (outOfMemory = true),
    markUnknown() {
      if (state.terminated !== undefined) return;
      setState({
        terminated: {
          exitCode: 137,
          reason: "ContainerStatusUnknown",
          message: "The container could not be located when the pod was terminated",
          startedAt: null,
          finishedAt: null,
        },
      });
    },
  };
}
