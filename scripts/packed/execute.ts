/** A program that is run to its end. */
import { spawn } from "node:child_process";

export interface Ended {
  readonly command: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Execution {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; closed at once when absent. */
  readonly input?: string;
}

/** Rejects only where the program cannot be started at all. */
export function execute(program: string, args: readonly string[], options: Execution): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: "1", TZ: "UTC", ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (exitCode) =>
      resolve({
        command: [program, ...args].join(" "),
        exitCode,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
    child.stdin.on("error", () => {}); // It may well end without having read anything.
    child.stdin.end(options.input ?? "");
  });
}

/** What a person needs to see of a failure; `null` when it ended with 0. */
export function problemOf({ command, exitCode, stdout, stderr }: Ended): string | null {
  return exitCode === 0 ? null : `${command}\nended with ${exitCode}\n${stdout}${stderr}`;
}

export function mustSucceed(ended: Ended): Ended {
  const problem = problemOf(ended);
  if (problem !== null) throw new Error(problem);
  return ended;
}
