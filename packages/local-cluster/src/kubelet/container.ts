import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { milliseconds, secondsText } from "../objects/time.ts";
import type { Container, ContainerState, Pod } from "../objects/types.ts";
import { lostState, startContainer, terminatedState, watchLimit } from "./container-process.ts";
import { ConfigProblem } from "./environment.ts";
import { obtainImage } from "./image-pull.ts";
import { fullName } from "./images.ts";
import { messageFileOf, prepareLaunch, type Launch } from "./launch.ts";
import { createContainerLog, type ContainerLog } from "./log-writer.ts";
import { pause, type NodeContext } from "./node.ts";
import type { ContainerFacts } from "./pod-status.ts";
import { createRestarts } from "./restarts.ts";
import { StartFailure, type ContainerEnd, type RunningContainer } from "./runtime.ts";
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

interface State {
  readonly node: NodeContext;
  readonly pod: Pod;
  readonly spec: Container;
  readonly isInit: boolean;
  readonly podDirectory: string;
  readonly changed: () => void;
  readonly messageFile: string;
  readonly restarts: ReturnType<typeof createRestarts>;
  now: ContainerState;
  id: string | null;
  log: ContainerLog | null;
  /** Of the container before this one: the kubelet keeps one dead container's log. */
  previous: { readonly id: string | null; readonly log: ContainerLog | null } | null;
  lastState: ContainerState;
  restartCount: number;
  running: RunningContainer | null;
  outOfMemory: boolean;
  stopped: () => boolean;
}

export function createContainerUnit(
  node: NodeContext,
  pod: Pod,
  spec: Container,
  isInit: boolean,
  podDirectory: string,
  changed: () => void,
): ContainerUnit {
  const isPreceded = isInit || (pod.spec.initContainers ?? []).length > 0;
  const state: State = {
    node,
    pod,
    spec,
    isInit,
    podDirectory,
    changed,
    messageFile: messageFileOf(podDirectory, spec),
    restarts: createRestarts(pod, isInit),
    now: { waiting: { reason: isPreceded ? "PodInitializing" : "ContainerCreating" } },
    id: null,
    log: null,
    previous: null,
    lastState: {},
    restartCount: 0,
    running: null,
    outOfMemory: false,
    stopped: () => false,
  };
  return {
    facts: () => factsOf(state),
    log: () => state.log,
    logOf(wanted) {
      const { id, log, previous } = state;
      return wanted === id ? log : wanted === previous?.id ? (previous?.log ?? null) : null;
    },
    running: () => state.running,
    run: (folders, signal) => run(state, folders, signal),
    markOutOfMemory: () => void (state.outOfMemory = true),
    markUnknown() {
      if (state.now.terminated === undefined) setState(state, lostState);
    },
  };
}

function factsOf({
  spec,
  isInit,
  id,
  now,
  lastState,
  restartCount,
  stopped,
  restarts,
}: State): ContainerFacts {
  return {
    spec,
    isInit,
    id,
    imageId: `sha256:${createHash("sha256").update(spec.image).digest("hex")}`,
    imageName: fullName(spec.image),
    state: now,
    lastState,
    restartCount,
    willRestart: now.terminated !== undefined && !stopped() && restarts.isDue(now.terminated.exitCode),
  };
}

function setState(state: State, next: ContainerState): void {
  state.now = next;
  state.changed();
}

function record(
  { node, pod, spec, isInit }: State,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): void {
  const fieldPath = `spec.${isInit ? "initContainers" : "containers"}{${spec.name}}`;
  node.events.record(pod, { type, reason, message, fieldPath });
}

async function run(state: State, folders: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
  const { node, spec, restarts } = state;
  state.stopped = () => signal.aborted;
  const told = {
    waiting: (reason: string, message: string) => setState(state, { waiting: { reason, message } }),
    record: (type: "Normal" | "Warning", reason: string, message: string) =>
      record(state, type, reason, message),
  };
  if (!(await obtainImage(node, spec, told, signal))) return;
  for (;;) {
    const startedAt = milliseconds(node.clock);
    await runOnce(state, folders, signal);
    const { terminated } = state.now;
    if (terminated === undefined || signal.aborted || !restarts.isDue(terminated.exitCode)) return;
    await pauseForRestart(state, restarts.delayAfter(milliseconds(node.clock) - startedAt), signal);
    if (signal.aborted) return;
    state.previous = { id: state.id, log: state.log };
    state.lastState = { terminated };
    state.restartCount += 1;
    state.outOfMemory = false;
  }
}

/** The end is told first; only a wait that lasts is told as such. */
async function pauseForRestart(state: State, delay: number, signal: AbortSignal): Promise<void> {
  const { node, pod, spec, restarts } = state;
  const { terminated } = state.now;
  if (delay === 0 || terminated === undefined) return;
  await pause(node.clock, crashLoopToldAfterMilliseconds, signal);
  if (signal.aborted) return;
  const { namespace = "", name, uid } = pod.metadata;
  const message = `back-off ${restarts.durationText(delay)} restarting failed container=${spec.name} pod=${name}_${namespace}(${uid})`;
  state.lastState = { terminated };
  setState(state, { waiting: { reason: "CrashLoopBackOff", message } });
  record(
    state,
    "Warning",
    "BackOff",
    `Back-off restarting failed container ${spec.name} in pod ${name}_${namespace}(${uid})`,
  );
  await pause(node.clock, delay - crashLoopToldAfterMilliseconds, signal);
  // A pod that is stopped meanwhile ends as its container last did.
  if (signal.aborted) setState(state, { terminated });
}

async function runOnce(
  state: State,
  folders: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { node, pod, spec, podDirectory } = state;
  for (;;) {
    try {
      return await launchAndWait(state, prepareLaunch(node, pod, spec, podDirectory, folders), signal);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      record(state, "Warning", "Failed", `Error: ${error.message}`);
      setState(state, { waiting: { reason: "CreateContainerConfigError", message: error.message } });
      await pause(node.clock, configRetryMilliseconds, signal);
      if (signal.aborted) return;
      record(state, "Normal", "Pulled", `Container image "${spec.image}" already present on machine`);
    }
  }
}

async function launchAndWait(state: State, launch: Launch, signal: AbortSignal): Promise<void> {
  const { node, pod, spec, podDirectory, restartCount } = state;
  const path = join(podDirectory, "..", "..", "logs", pod.metadata.uid, spec.name, `${restartCount}.log`);
  state.log = createContainerLog(path, node.nodeClock);
  state.id = `containerd://${randomBytes(32).toString("hex")}`;
  record(state, "Normal", "Created", `Created container: ${spec.name}`);
  let running: RunningContainer;
  try {
    running = await startContainer(state, launch, state.log);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    record(state, "Warning", "Failed", `Error: ${error.message}`);
    return finish(state, { exitCode: error.exitCode, reason: "StartError", message: error.message }, null);
  }
  state.running = running;
  const startedAt = secondsText(node.nodeClock.nowNanoseconds());
  record(state, "Normal", "Started", `Started container ${spec.name}`);
  setState(state, { running: { startedAt } });
  // The stop came while the process was being made: nobody else will tell it.
  if (signal.aborted) running.terminate();
  const stopWatching = watchLimit(spec, running, () => {
    state.outOfMemory = true;
  });
  const end = await running.ended;
  stopWatching();
  finish(state, end, startedAt);
}

function finish(state: State, end: ContainerEnd, startedAt: string | null): void {
  const { node, spec, messageFile, log, id, outOfMemory } = state;
  state.running = null;
  // The kubelet keeps the last dead container of each name, and its log, not the one before it.
  state.previous?.log?.remove();
  const failed = end.exitCode !== 0;
  const message = end.message ?? terminationMessage(messageFile, spec, failed, log?.path ?? null);
  const finishedAt = secondsText(node.nodeClock.nowNanoseconds());
  state.now = terminatedState({ ...end, message }, { id, outOfMemory, startedAt, finishedAt });
  log?.end();
  // The pod's phase is told first where the end is to come late.
  if (node.settings.terminatedDelayMilliseconds === 0) state.changed();
}
