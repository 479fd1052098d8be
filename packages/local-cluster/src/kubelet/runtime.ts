/** How a container came to its end. */
export interface ContainerEnd {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
}

/** A container that runs: a process, or a script that plays one. */
export interface RunningContainer {
  /** Null for a script. */
  readonly pid: number | null;
  readonly ended: Promise<ContainerEnd>;
  /** SIGTERM to the main process only, as a runtime does. */
  terminate(): void;
  /** SIGKILL to everything in the container. */
  kill(): void;
}

/** Where a container's bytes go. */
export interface ContainerOutput {
  write(stream: "stdout" | "stderr", bytes: Uint8Array): void;
}

/** The runtime could not start the process: `StartError`, with the runtime's words. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
  readonly exitCode: number;

  constructor(message: string, exitCode = 128) {
    super(message);
    this.exitCode = exitCode;
  }
}
