import { join } from "node:path";
import type { Pod } from "../objects/types.ts";
import type { ContainerUnit } from "./container.ts";
import { pause, type NodeContext } from "./node.ts";
import { MountProblem, mountVolumes } from "./volumes.ts";

const mountBackoffFirstMilliseconds = 500;
const mountBackoffMostMilliseconds = 122_000;

/** `null`: the signal ended the waiting for what is to be mounted. */
export async function mountPatiently(
  node: NodeContext,
  pod: Pod,
  directory: string,
  signal: AbortSignal,
): Promise<Map<string, string> | null> {
  for (let backoff = mountBackoffFirstMilliseconds; !signal.aborted;) {
    try {
      return mountVolumes(node.registry.store, pod, join(directory, "volumes"));
    } catch (error) {
      if (!(error instanceof MountProblem)) throw error;
      node.events.record(pod, { type: "Warning", reason: "FailedMount", message: error.message });
    }
    await pause(node.clock, backoff, signal);
    backoff = Math.min(backoff * 2, mountBackoffMostMilliseconds);
  }
  return null;
}

/** One after the other. `false`: one has failed, or the signal ended it. */
export async function runInits(
  units: readonly ContainerUnit[],
  folders: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<boolean> {
  for (const unit of units.filter((entry) => entry.facts().isInit)) {
    await unit.run(folders, signal);
    if (unit.facts().state.terminated?.exitCode !== 0) return false;
  }
  return !signal.aborted;
}

export function terminateAll(node: NodeContext, pod: Pod, units: readonly ContainerUnit[]): void {
  for (const unit of units) {
    const running = unit.running();
    if (running === null) continue;
    const { spec, isInit } = unit.facts();
    node.events.record(pod, {
      type: "Normal",
      reason: "Killing",
      message: `Stopping container ${spec.name}`,
      fieldPath: `spec.${isInit ? "initContainers" : "containers"}{${spec.name}}`,
    });
    running.terminate();
  }
}

export function killAll(units: readonly ContainerUnit[]): void {
  for (const unit of units) unit.running()?.kill();
}
