/** A pod's folders and the program in it, as processes of this machine: the same bytes, without a cluster between. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecEnd, ExecSession } from "../../src/cluster/exec-source.ts";
import type { StartProgram } from "../../src/files/exchange/program.ts";
import { podProgram } from "../../src/files/pod-program.ts";
import { configVariable } from "../../src/files/pod/config.ts";
import type { CarriedFolder } from "../../src/files/carried.ts";
import type { PodConfig } from "../../src/files/pod/config.ts";

export interface LocalPod {
  readonly root: string;
  /** Copied folders as the command sees them. */
  folder(index: number): string;
  readonly start: StartProgram;
  /** Cuts the next session after so many bytes of output. */
  cutOutputAfter(bytes: number): void;
  close(): Promise<void>;
}

/** One that another process has made. */
export function attachLocalPod(root: string): Pick<LocalPod, "start"> {
  const config = readFileSync(join(root, "config"), "utf8");
  return {
    start: async (words) => ({
      kind: "session",
      session: sessionOf(join(root, "program.cjs"), words, config, null),
    }),
  };
}

export async function openLocalPod(
  config: Partial<PodConfig> &
    Partial<Pick<CarriedFolder, "exclude" | "only">> & { readonly copies?: number } = {},
): Promise<LocalPod> {
  const root = await mkdtemp(join(tmpdir(), "local-pod-"));
  const { copies = 1, exclude = [], only = [], ...given } = config;
  const folder = (index: number): string => join(root, "folders", String(index));
  await mkdir(join(root, "state"), { recursive: true });
  for (let index = 0; index < copies; index += 1) await mkdir(folder(index), { recursive: true });
  const program = join(root, "program.cjs");
  await writeFile(program, podProgram);
  const full: PodConfig = {
    folders: Array.from({ length: copies }, (_, index) => ({ folder: folder(index), exclude, only })),
    back: Array.from({ length: copies }, (_, index) => index),
    stateFolder: join(root, "state"),
    cacheFolder: null,
    mainFile: join(root, "main"),
    graceSeconds: 5,
    holdSeconds: 60,
    startSeconds: 60,
    ...given,
  };
  await writeFile(join(root, "config"), JSON.stringify(full));
  let cutAfter: number | null = null;
  return {
    root,
    folder,
    async start(words, signal) {
      signal.throwIfAborted();
      const limit = cutAfter;
      cutAfter = null;
      const session = sessionOf(program, words, JSON.stringify(full), limit);
      signal.addEventListener("abort", () => session.cancel("aborted"), { once: true });
      return { kind: "session", session };
    },
    cutOutputAfter: (bytes) => void (cutAfter = bytes),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

function sessionOf(
  program: string,
  words: readonly string[],
  config: string,
  cutAfter: number | null,
): ExecSession {
  const child = spawn(process.execPath, [program, ...words], {
    env: { ...process.env, [configVariable]: config },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let cut: string | null = null;
  let errors = "";
  child.stdin.on("error", () => undefined);
  child.stderr.on("data", (data: Buffer) => void (errors += data.toString()));
  const ended = new Promise<ExecEnd>((resolve) => {
    child.once("close", (code) =>
      resolve(cut === null ? { kind: "exited", exitCode: code ?? 255 } : { kind: "cut", message: cut }),
    );
  });
  const cancel = (reason: string): void => {
    cut ??= reason;
    child.kill("SIGKILL");
  };
  async function* output(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (cutAfter !== null && bytes > cutAfter) {
        cancel("cut by the test");
        return;
      }
      yield chunk;
    }
  }
  return {
    output: output(),
    write: (chunk) =>
      new Promise((resolve, reject) => {
        child.stdin.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
    ended,
    errors: () => errors,
    cancel,
  };
}
