import { rmSync } from "node:fs";
import { join } from "node:path";
import { resourceOf } from "../api/resources.ts";
import { ApiError } from "../api/status.ts";
import { milliseconds, timestamp } from "../objects/time.ts";
import type { Pod } from "../objects/types.ts";
import { createContainerUnit, type ContainerUnit } from "./container.ts";
import { pause, type NodeContext } from "./node.ts";
import { buildPodStatus, type PodFacts } from "./pod-status.ts";
import { MountProblem, mountVolumes } from "./volumes.ts";

const mountBackoffFirstMilliseconds = 500;
const mountBackoffMostMilliseconds = 122_000;
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

export function startPodWorker(node: NodeContext, initial: Pod, isReporting: () => boolean): PodWorker {
  const { namespace = "", name, uid } = initial.metadata;
  const directory = join(node.directory, "pods", uid);
  const starting = new AbortController();
  const startTime = timestamp(node.nodeClock);
  let sandboxReady = false;
  let settled = false;
  let deleted = false;
  let abandoned = false;
  let ending: PodFacts["ending"] = null;
  let killAt: number | null = null;
  let cancelKill: () => void = () => undefined;
  let cancelDeadline: () => void = () => undefined;
  let deadlineSeconds: number | null = null;
  const units = [
    ...(initial.spec.initContainers ?? []).map((spec) => unitFor(spec, true)),
    ...initial.spec.containers.map((spec) => unitFor(spec, false)),
  ];

  function unitFor(spec: Pod["spec"]["containers"][number], isInit: boolean): ContainerUnit {
    return createContainerUnit(node, initial, spec, isInit, directory, () => publish());
  }

  function publish(hideEnds = false): void {
    if (abandoned || !isReporting()) return;
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

  async function run(): Promise<void> {
    publish();
    watchDeadline(initial.spec.activeDeadlineSeconds);
    if (node.settings.startMilliseconds > 0) {
      await pause(node.clock, node.settings.startMilliseconds, starting.signal);
    }
    const folders = await mount();
    if (folders !== null) {
      sandboxReady = true;
      if (await runInits(folders)) {
        const mains = units.filter((unit) => !unit.facts().isInit);
        await Promise.all(mains.map((unit) => unit.run(folders, starting.signal)));
      }
    }
    await settle();
  }

  /** The machine refused something (no space, no more files): told as the kubelet tells trouble with a sandbox. */
  async function fail(error: unknown): Promise<void> {
    const message = `Failed to create pod sandbox: ${error instanceof Error ? error.message : String(error)}`;
    node.events.record(initial, { type: "Warning", reason: "FailedCreatePodSandBox", message });
    starting.abort();
    killAll();
    await settle();
  }

  async function mount(): Promise<Map<string, string> | null> {
    for (let backoff = mountBackoffFirstMilliseconds; !starting.signal.aborted;) {
      try {
        return mountVolumes(node.registry.store, initial, join(directory, "volumes"));
      } catch (error) {
        if (!(error instanceof MountProblem)) throw error;
        node.events.record(initial, { type: "Warning", reason: "FailedMount", message: error.message });
      }
      await pause(node.clock, backoff, starting.signal);
      backoff = Math.min(backoff * 2, mountBackoffMostMilliseconds);
    }
    return null;
  }

  async function runInits(folders: ReadonlyMap<string, string>): Promise<boolean> {
    for (const unit of units.filter((entry) => entry.facts().isInit)) {
      await unit.run(folders, starting.signal);
      if (unit.facts().state.terminated?.exitCode !== 0) return false;
    }
    return !starting.signal.aborted;
  }

  /** The container's end is told first, the pod's phase after it, as the real kubelet does. */
  async function settle(): Promise<void> {
    cancelKill();
    cancelDeadline();
    if (abandoned) return;
    // First, so that the states below come with the final phase: a pod that never ran must not be told as running.
    settled = true;
    // An init container's failure leaves the others waiting; a stop leaves those unknown that never started.
    if (starting.signal.aborted) for (const unit of units) unit.markUnknown();
    const delay = node.settings.terminatedDelayMilliseconds;
    if (delay > 0) {
      publish(true);
      await new Promise<void>((resolve) => void node.clock.after(delay, resolve));
    }
    publish();
    if (deleted) forget();
  }

  /** Counted from the pod's start on the node; may be set, or made shorter, while the pod runs. */
  function watchDeadline(seconds: number | undefined): void {
    if (seconds === undefined || seconds === deadlineSeconds || settled) return;
    deadlineSeconds = seconds;
    cancelDeadline();
    const passedMilliseconds = milliseconds(node.nodeClock) - Date.parse(startTime);
    cancelDeadline = node.clock.after(Math.max(0, seconds * 1000 - passedMilliseconds), () => {
      const message = "Pod was active on the node longer than the specified deadline";
      node.events.record(initial, { type: "Normal", reason: "DeadlineExceeded", message });
      stop(initial.spec.terminationGracePeriodSeconds ?? 30, { reason: "DeadlineExceeded", message });
    });
  }

  function stop(graceSeconds: number, why: PodFacts["ending"] = null): void {
    // Nothing is left to be killed, and nobody would cancel the timer for it.
    if (settled) return;
    ending ??= why;
    starting.abort();
    const until = milliseconds(node.clock) + graceSeconds * 1000;
    if (killAt !== null && until >= killAt) return;
    const first = killAt === null;
    killAt = until;
    cancelKill();
    for (const unit of units) {
      const running = unit.running();
      if (running === null) continue;
      if (first) {
        const { spec, isInit } = unit.facts();
        node.events.record(initial, {
          type: "Normal",
          reason: "Killing",
          message: `Stopping container ${spec.name}`,
          fieldPath: `spec.${isInit ? "initContainers" : "containers"}{${spec.name}}`,
        });
        running.terminate();
      }
    }
    cancelKill = node.clock.after(graceSeconds * 1000, killAll);
  }

  function killAll(): void {
    for (const unit of units) unit.running()?.kill();
  }

  /** Containers have ended: the object may go. Its finalizers may still hold it. */
  function forget(): void {
    removeFiles();
    if (!isReporting()) return;
    try {
      node.registry.remove(resourceOf("pods"), namespace, name, {
        gracePeriodSeconds: 0,
        preconditions: { uid },
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  function removeFiles(): void {
    for (const unit of units) unit.log()?.remove();
    rmSync(directory, { recursive: true, force: true });
    rmSync(join(node.directory, "logs", uid), { recursive: true, force: true });
  }

  return {
    pod: initial,
    units,
    unit: (container) => units.find((unit) => unit.facts().spec.name === container),
    stop,
    publish: () => publish(),
    watchDeadline,
    markDeleted() {
      deleted = true;
      if (settled) forget();
    },
    removeFiles,
    abandon() {
      abandoned = true;
      starting.abort();
      cancelKill();
      cancelDeadline();
      killAll();
    },
    finished: run().catch((error: unknown) => fail(error)),
  };
}
