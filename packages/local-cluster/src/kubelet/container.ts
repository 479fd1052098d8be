import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { secondsText } from "../objects/time.ts";
import type { Container, ContainerState, Pod } from "../objects/types.ts";
import { ConfigProblem, resolveEnvironment } from "./environment.ts";
import { expand } from "./expansion.ts";
import { obtainImage } from "./image-pull.ts";
import { fullName } from "./images.ts";
import { createContainerLog, type ContainerLog } from "./log-writer.ts";
import { pause, type NodeContext } from "./node.ts";
import { createPathMapping } from "./path-mapping.ts";
import type { ContainerFacts } from "./pod-status.ts";
import { startProcess } from "./process.ts";
import { StartFailure, type ContainerEnd, type RunningContainer } from "./runtime.ts";
import { startScript } from "./script.ts";
import { terminationMessage } from "./termination-message.ts";
import { mountsOf } from "./volumes.ts";

const configRetryMilliseconds = 5000;

/** One container of a pod on its way from image to end. */
export interface ContainerUnit {
  facts(): ContainerFacts;
  readonly log: () => ContainerLog | null;
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
  let running: RunningContainer | null = null;
  let outOfMemory = false;
  const fieldPath = `spec.${isInit ? "initContainers" : "containers"}{${spec.name}}`;
  const messageFile = join(podDirectory, "termination", spec.name);

  function setState(next: ContainerState): void {
    state = next;
    changed();
  }

  function record(type: "Normal" | "Warning", reason: string, message: string): void {
    node.events.record(pod, { type, reason, message, fieldPath });
  }

  async function run(folders: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
    const waiting = (reason: string, message: string) => setState({ waiting: { reason, message } });
    if (!(await obtainImage(node, spec, { record, waiting }, signal))) return;
    for (;;) {
      try {
        const launch = prepare(folders);
        return await launchAndWait(launch, signal);
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

  function prepare(volumes: ReadonlyMap<string, string>) {
    const mounts = mountsOf(spec, volumes);
    mounts.set(spec.terminationMessagePath ?? "/dev/termination-log", messageFile);
    const root = join(podDirectory, "root", spec.name);
    let workingDirectory = root;
    if (spec.workingDir !== undefined) {
      const mounted = createPathMapping(mounts).resolve(spec.workingDir);
      workingDirectory =
        mounted ?? (existsSync(spec.workingDir) ? spec.workingDir : join(root, spec.workingDir));
      if (mounted === null && workingDirectory !== spec.workingDir)
        mounts.set(spec.workingDir, workingDirectory);
    }
    const mapping = createPathMapping(mounts);
    const declared = resolveEnvironment(node.registry.store, pod, spec, mapping);
    const text = (value: string) => expand(mapping.rewrite(value), declared);
    const image = node.lookUpImage(spec.image);
    const imageCommand = "command" in image ? (image.command ?? []) : [];
    const imageArgs = "args" in image ? (image.args ?? []) : [];
    // Without a command the image's entry point runs; its own arguments only when there are none here either.
    const command = spec.command?.map(text) ?? [...imageCommand];
    const args = spec.args?.map(text) ?? (spec.command === undefined ? [...imageArgs] : []);
    const temporary = mapping.resolve("/tmp");
    const hostPath = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
    const environment: Record<string, string> = {
      HOME: join(root, "home"),
      HOSTNAME: pod.spec.hostname ?? pod.metadata.name.slice(0, 63),
      KUBERNETES_SERVICE_HOST: node.apiServer.host,
      KUBERNETES_SERVICE_PORT: String(node.apiServer.port),
      ...(temporary === null ? {} : { TMPDIR: temporary }),
      ...declared,
      // The image is this machine: what the spec's PATH names comes first, then where programs are here.
      PATH: declared["PATH"] === undefined ? hostPath : `${declared["PATH"]}:${hostPath}`,
    };
    const folders = [join(root, "home"), workingDirectory, dirname(messageFile)];
    return { command: [...command, ...args], environment, workingDirectory, args: spec.args ?? [], folders };
  }

  async function launchAndWait(launch: ReturnType<typeof prepare>, signal: AbortSignal): Promise<void> {
    const path = join(podDirectory, "..", "..", "logs", pod.metadata.uid, spec.name, "0.log");
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
    const end = await running.ended;
    finish(end, startedAt);
  }

  async function start(launch: ReturnType<typeof prepare>, output: ContainerLog): Promise<RunningContainer> {
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
    }),
    log: () => log,
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
