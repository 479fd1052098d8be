import { fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./assets.ts";
import type { FromSupervisor, SupervisorJob, ToSupervisor } from "./supervisor-messages.ts";

/** A process that has loaded the adapter and waits for its run, as a server's second replica does. */
export interface IdleSupervisor {
  readonly pid: number;
  readonly number: number;
  begin(
    job: Omit<SupervisorJob, "type" | "number">,
    onMessage: (message: FromSupervisor) => void,
  ): Supervisor;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** A supervising process and how it ended. */
export interface Supervisor {
  readonly pid: number;
  readonly number: number;
  readonly ending: Promise<SupervisorEnding>;
  /** SIGKILL; resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** Asks for the run to be stopped, as a person's Stop in the host does. The ending follows. */
  readonly cancel: (reason: string) => void;
}

export type SupervisorEnding =
  | { readonly kind: "result"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: "killed" }
  | { readonly kind: "crashed"; readonly message: string };

const PROGRAM = fileURLToPath(program("supervisor"));
const STDERR_LIMIT = 4_096;

/** What the operator of the supervisors' server allows. */
export function operatorFileIn(homeFolder: string): string {
  return join(homeFolder, "operator.yaml");
}

/** `homeFolder`: the adapter keeps its spool there, and nothing in the person's home. */
export function prepareSupervisor(number: number, homeFolder: string): IdleSupervisor {
  const child = fork(PROGRAM, [], {
    execArgv: ["--conditions=@claude-k8s/source"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Nothing of the person's environment is a setting of the demo: no KUBECONFIG, no keys.
    env: {
      PATH: process.env["PATH"],
      HOME: homeFolder,
      PAPERCLIP_HOME: homeFolder,
      CLAUDE_K8S_CONFIG: operatorFileIn(homeFolder),
    },
  });
  let stderr = "";
  let result: Readonly<Record<string, unknown>> | null = null;
  let hear: (message: FromSupervisor) => void = () => {};
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-STDERR_LIMIT);
  });
  child.on("message", (message: FromSupervisor) => {
    if (message.type === "result") result = message.result;
    hear(message);
  });

  const ending = new Promise<SupervisorEnding>((resolve) => {
    child.on("error", (error) => resolve({ kind: "crashed", message: error.message }));
    child.on("close", (code, signal) => {
      if (result !== null) resolve({ kind: "result", result });
      else if (signal === "SIGKILL") resolve({ kind: "killed" });
      else {
        const end = signal ?? `exit code ${code}`;
        resolve({ kind: "crashed", message: `supervisor ${number} ended with ${end}\n${stderr}`.trim() });
      }
    });
  });

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await ending;
  }

  /** What is sent before the process listens waits for it in the channel. */
  function send(message: ToSupervisor): void {
    // Gone already is no error: its ending tells.
    if (child.connected) child.send(message, () => {});
  }

  const pid = child.pid ?? 0;
  return {
    pid,
    number,
    kill,
    begin(job, onMessage) {
      hear = onMessage;
      send({ type: "job", number, ...job });
      return { pid, number, ending, kill, cancel: (reason) => send({ type: "cancel", reason }) };
    },
  };
}
