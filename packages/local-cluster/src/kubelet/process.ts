import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type { Reaper } from "./reaper.ts";
import { StartFailure, type ContainerEnd, type ContainerOutput, type RunningContainer } from "./runtime.ts";

export interface ProcessSpec {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Is the main process PID 1 of its own namespace? Then a signal without a handler does nothing. */
  readonly isInit: boolean;
}

const terminateBit = 1n << BigInt(constants.signals.SIGTERM - 1);

/** Runs a container as a process of this machine, leader of a group of its own. Rejects with StartFailure. */
export async function startProcess(
  spec: ProcessSpec,
  output: ContainerOutput,
  reaper: Reaper,
): Promise<RunningContainer> {
  const [program = "", ...args] = spec.command;
  const child = spawnOrNull(program, args, spec);
  if (child === null) return tooLong(program, output);
  const pid = await new Promise<number>((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.once("error", (error: NodeJS.ErrnoException) => reject(startFailure(program, error)));
  });
  reaper.add(pid);
  child.stdout.on("data", (bytes: Buffer) => output.write("stdout", bytes));
  child.stderr.on("data", (bytes: Buffer) => output.write("stderr", bytes));

  const killGroup = () => signalProcess(-pid, "SIGKILL");
  child.once("exit", killGroup); // The namespace dies with its first process.
  const ended = new Promise<ContainerEnd>((resolve) => {
    child.once("close", (code, signal) => {
      reaper.remove(pid);
      resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
    });
  });
  return {
    pid,
    ended,
    terminate() {
      if (spec.isInit && !handlesTerminate(pid)) return;
      signalProcess(pid, "SIGTERM");
    },
    kill: killGroup,
  };
}

/** Null: the arguments are longer than the kernel takes, which spawn throws instead of telling it as an event. */
function spawnOrNull(program: string, args: readonly string[], spec: ProcessSpec) {
  try {
    return spawn(program, args, {
      cwd: spec.workingDirectory,
      env: spec.environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === "E2BIG") return null;
    throw startFailure(program, failure);
  }
}

/** The runtime finds out only inside the container: it starts, says why on standard error, and ends with 1. */
function tooLong(program: string, output: ContainerOutput): RunningContainer {
  output.write("stderr", Buffer.from(`exec ${program}: argument list too long\n`));
  return {
    pid: null,
    ended: Promise.resolve({ exitCode: 1 }),
    terminate: () => undefined,
    kill: () => undefined,
  };
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function handlesTerminate(pid: number): boolean {
  try {
    const caught = /^SigCgt:\s*([0-9a-f]+)/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return (BigInt(`0x${caught}`) & terminateBit) !== 0n;
  } catch {
    return true; // Not Linux: deliver.
  }
}

function startFailure(program: string, error: NodeJS.ErrnoException): StartFailure {
  const prefix =
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";
  const code = error.code ?? error.message;
  const known: Readonly<Record<string, string>> = {
    ENOENT: program.includes("/")
      ? `stat ${program}: no such file or directory`
      : "executable file not found in $PATH",
    EACCES: "permission denied",
  };
  return new StartFailure(`${prefix}exec: "${program}": ${known[code] ?? code}: unknown`);
}
