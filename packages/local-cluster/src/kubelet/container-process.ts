import { mkdirSync, writeFileSync } from "node:fs";
import { parseQuantity } from "../objects/quantity.ts";
import type { Container, ContainerState, Pod } from "../objects/types.ts";
import type { Launch } from "./launch.ts";
import type { ContainerLog } from "./log-writer.ts";
import { watchMemory } from "./memory.ts";
import type { NodeContext } from "./node.ts";
import { startProcess } from "./process.ts";
import { StartFailure, type ContainerEnd, type RunningContainer } from "./runtime.ts";
import { startScript } from "./script.ts";

interface Place {
  readonly node: NodeContext;
  readonly pod: Pod;
  readonly spec: Container;
  /** Where the process may leave its last words. */
  readonly messageFile: string;
}

/** Rejects with a `StartFailure` for what the container runtime would refuse. */
export async function startContainer(
  { node, pod, spec, messageFile }: Place,
  launch: Launch,
  output: ContainerLog,
): Promise<RunningContainer> {
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

/** Returns what ends the watching. */
export function watchLimit(spec: Container, { pid }: RunningContainer, exceeded: () => void): () => void {
  const limit = parseQuantity(spec.resources?.limits?.["memory"] ?? "");
  return pid === null || Number.isNaN(limit) ? () => undefined : watchMemory(pid, limit, exceeded);
}

interface Circumstances {
  readonly id: string | null;
  readonly outOfMemory: boolean;
  /** `null`: it never ran. */
  readonly startedAt: string | null;
  readonly finishedAt: string;
}

export function terminatedState(
  { exitCode, signal, reason, message }: ContainerEnd,
  { id, outOfMemory, startedAt, finishedAt }: Circumstances,
): ContainerState {
  return {
    terminated: {
      ...(id === null ? {} : { containerID: id }),
      exitCode,
      ...(signal === undefined ? {} : { signal }),
      // The exit code tells about the main process, the reason about the container's memory.
      reason: outOfMemory ? "OOMKilled" : (reason ?? (exitCode === 0 ? "Completed" : "Error")),
      ...(message === "" || message === undefined ? {} : { message }),
      startedAt: startedAt ?? "1970-01-01T00:00:00Z",
      finishedAt,
    },
  };
}

/** Of a container that never came to an end of its own while its pod did. */
export const lostState: ContainerState = {
  terminated: {
    exitCode: 137,
    reason: "ContainerStatusUnknown",
    message: "The container could not be located when the pod was terminated",
    startedAt: null,
    finishedAt: null,
  },
};
