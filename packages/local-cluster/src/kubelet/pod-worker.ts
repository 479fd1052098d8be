import { rmSync } from "node:fs";
import { join } from "node:path";
import { resourceOf } from "../api/resources.ts";
import { ApiError } from "../api/status.ts";
import { milliseconds, timestamp } from "../objects/time.ts";
import type { Pod } from "../objects/types.ts";
import { createContainerUnit, type ContainerUnit } from "./container.ts";
import { pause, type NodeContext } from "./node.ts";
import { buildPodStatus, type PodFacts } from "./pod-status.ts";
import { killAll, mountPatiently, runInits, terminateAll } from "./pod-steps.ts";

const localAddress = "127.0.0.1";

export interface PodWorker {
  readonly pod: Pod;
  unit(container: string): ContainerUnit | undefined;
  readonly units: readonly ContainerUnit[];
  /** SIGTERM, grace, SIGKILL. Again with a shorter grace shortens. */
  stop(graceSeconds: number, ending?: PodFacts["ending"]): void;
  /** The pod's `activeDeadlineSeconds`, as it is now. */
  watchDeadline(seconds: number | undefined): void;
  /** Writes the status as it is; used when the kubelet comes back. */
  publish(): void;
  /** The pod's object is going: its end is told by removing it. */
  markDeleted(): void;
  removeFiles(): void;
  /** Kills everything without a word: the node is gone. */
  abandon(): void;
  readonly finished: Promise<void>;
}

interface State {
  readonly node: NodeContext;
  readonly initial: Pod;
  readonly isReporting: () => boolean;
  readonly directory: string;
  readonly units: readonly ContainerUnit[];
  readonly starting: AbortController;
  readonly startTime: string;
  sandboxReady: boolean;
  settled: boolean;
  deleted: boolean;
  abandoned: boolean;
  ending: PodFacts["ending"];
  killAt: number | null;
  cancelKill: () => void;
  cancelDeadline: () => void;
  deadlineSeconds: number | null;
}

export function startPodWorker(node: NodeContext, initial: Pod, isReporting: () => boolean): PodWorker {
  const directory = join(node.directory, "pods", initial.metadata.uid);
  const unitFor = (spec: Pod["spec"]["containers"][number], isInit: boolean): ContainerUnit =>
    createContainerUnit(node, initial, spec, isInit, directory, () => publish(state));
  const state: State = {
    node,
    initial,
    isReporting,
    directory,
    units: [
      ...(initial.spec.initContainers ?? []).map((spec) => unitFor(spec, true)),
      ...initial.spec.containers.map((spec) => unitFor(spec, false)),
    ],
    starting: new AbortController(),
    startTime: timestamp(node.nodeClock),
    sandboxReady: false,
    settled: false,
    deleted: false,
    abandoned: false,
    ending: null,
    killAt: null,
    cancelKill: () => undefined,
    cancelDeadline: () => undefined,
    deadlineSeconds: null,
  };
  return {
    pod: initial,
    units: state.units,
    unit: (container) => state.units.find((unit) => unit.facts().spec.name === container),
    stop: (graceSeconds, ending) => stop(state, graceSeconds, ending),
    publish: () => publish(state),
    watchDeadline: (seconds) => watchDeadline(state, seconds),
    markDeleted() {
      state.deleted = true;
      if (state.settled) forget(state);
    },
    removeFiles: () => removeFiles(state),
    abandon() {
      state.abandoned = true;
      state.starting.abort();
      state.cancelKill();
      state.cancelDeadline();
      killAll(state.units);
    },
    finished: run(state).catch((error: unknown) => fail(state, error)),
  };
}

function publish(state: State, hideEnds = false): void {
  const { node, initial, units, sandboxReady, startTime, ending, settled } = state;
  if (state.abandoned || !state.isReporting()) return;
  const { namespace = "", name, uid } = initial.metadata;
  node.registry.mutate<Pod>("pods", namespace, name, (draft) => {
    if (draft.metadata.uid !== uid) return;
    const containers = units.map((unit) => unit.facts());
    const status = buildPodStatus(
      draft,
      {
        containers,
        sandboxReady,
        startTime,
        podIP: sandboxReady ? localAddress : null,
        hostIP: localAddress,
        ending,
        settled,
      },
      timestamp(node.nodeClock),
    );
    if (hideEnds && draft.status.containerStatuses !== undefined) {
      status.containerStatuses = draft.status.containerStatuses;
    }
    draft.status = status;
  });
}

async function run(state: State): Promise<void> {
  const { node, initial, units, starting } = state;
  publish(state);
  watchDeadline(state, initial.spec.activeDeadlineSeconds);
  if (node.settings.startMilliseconds > 0) {
    await pause(node.clock, node.settings.startMilliseconds, starting.signal);
  }
  const folders = await mountPatiently(node, initial, state.directory, starting.signal);
  if (folders !== null) {
    state.sandboxReady = true;
    if (await runInits(units, folders, starting.signal)) {
      const mains = units.filter((unit) => !unit.facts().isInit);
      await Promise.all(mains.map((unit) => unit.run(folders, starting.signal)));
    }
  }
  await settle(state);
}

/** The machine refused something (no space, no more files): told as the kubelet tells trouble with a sandbox. */
async function fail(state: State, error: unknown): Promise<void> {
  const message = `Failed to create pod sandbox: ${error instanceof Error ? error.message : String(error)}`;
  state.node.events.record(state.initial, { type: "Warning", reason: "FailedCreatePodSandBox", message });
  state.starting.abort();
  killAll(state.units);
  await settle(state);
}

/** The container's end is told first, the pod's phase after it, as the real kubelet does. */
async function settle(state: State): Promise<void> {
  const { node, units, starting } = state;
  state.cancelKill();
  state.cancelDeadline();
  if (state.abandoned) return;
  // First, so that the states below come with the final phase: a pod that never ran must not be told as running.
  state.settled = true;
  // An init container's failure leaves the others waiting; a stop leaves those unknown that never started.
  if (starting.signal.aborted) for (const unit of units) unit.markUnknown();
  const delay = node.settings.terminatedDelayMilliseconds;
  if (delay > 0) {
    publish(state, true);
    await new Promise<void>((resolve) => void node.clock.after(delay, resolve));
  }
  publish(state);
  if (state.deleted) forget(state);
}

/** Counted from the pod's start on the node; may be set, or made shorter, while the pod runs. */
function watchDeadline(state: State, seconds: number | undefined): void {
  const { node, initial } = state;
  if (seconds === undefined || seconds === state.deadlineSeconds || state.settled) return;
  state.deadlineSeconds = seconds;
  state.cancelDeadline();
  const passedMilliseconds = milliseconds(node.nodeClock) - Date.parse(state.startTime);
  state.cancelDeadline = node.clock.after(Math.max(0, seconds * 1000 - passedMilliseconds), () => {
    const message = "Pod was active on the node longer than the specified deadline";
    node.events.record(initial, { type: "Normal", reason: "DeadlineExceeded", message });
    const graceSeconds = initial.spec.terminationGracePeriodSeconds ?? 30;
    stop(state, graceSeconds, { reason: "DeadlineExceeded", message });
  });
}

function stop(state: State, graceSeconds: number, why: PodFacts["ending"] = null): void {
  const { node } = state;
  // Nothing is left to be killed, and nobody would cancel the timer for it.
  if (state.settled) return;
  state.ending ??= why;
  state.starting.abort();
  const until = milliseconds(node.clock) + graceSeconds * 1000;
  if (state.killAt !== null && until >= state.killAt) return;
  const first = state.killAt === null;
  state.killAt = until;
  state.cancelKill();
  if (first) terminateAll(node, state.initial, state.units);
  state.cancelKill = node.clock.after(graceSeconds * 1000, () => killAll(state.units));
}

/** Containers have ended: the object may go. Its finalizers may still hold it. */
function forget(state: State): void {
  const { namespace = "", name, uid } = state.initial.metadata;
  removeFiles(state);
  if (!state.isReporting()) return;
  try {
    state.node.registry.remove(resourceOf("pods"), namespace, name, {
      gracePeriodSeconds: 0,
      preconditions: { uid },
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function removeFiles({ node, initial, units, directory }: State): void {
  for (const unit of units) unit.log()?.remove();
  rmSync(directory, { recursive: true, force: true });
  rmSync(join(node.directory, "logs", initial.metadata.uid), { recursive: true, force: true });
}
