/** A supervisor in a process of its own, which can really be killed. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import type { RunSpec } from "../src/index.ts";

export interface SupervisorTask {
  readonly kubeconfig: string;
  readonly spec: RunSpec;
  readonly spoolFolder: string | null;
  /** After its ending, clean it up at once. */
  readonly cleanUp: boolean;
}

export type SupervisorNews =
  | { readonly type: "started"; readonly jobName: string; readonly jobUid: string }
  | { readonly type: "output"; readonly text: string }
  | { readonly type: "exit"; readonly kind: string }
  | { readonly type: "clean" };

export interface Supervisor {
  /** All output so far. */
  output(): string;
  /** Resolves when such news has come. */
  news<T extends SupervisorNews["type"]>(
    type: T,
    matching?: (news: Extract<SupervisorNews, { type: T }>) => boolean,
  ): Promise<Extract<SupervisorNews, { type: T }>>;
  /** SIGKILL; resolves when it is dead. */
  kill(): Promise<void>;
}

const program = new URL("supervisor-process.ts", import.meta.url).pathname;

type Finished = (task: () => Promise<void>) => void;

/** Killed at the latest when the test is over; in a concurrent test its own `onTestFinished` must be given. */
export function startSupervisor(task: SupervisorTask, finished: Finished = onTestFinished): Supervisor {
  const child = spawn(process.execPath, ["--conditions=@claude-k8s/source", program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const told: SupervisorNews[] = [];
  const waiting = new Set<() => void>();
  let output = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    const news = JSON.parse(line) as SupervisorNews;
    if (news.type === "output") output += news.text;
    told.push(news);
    for (const look of waiting) look();
  });
  async function kill(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await exited;
  }
  finished(kill);
  return {
    output: () => output,
    kill,
    news: (type, matching = () => true) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = told.find((news) => news.type === type && matching(news as never));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found as never);
        };
        waiting.add(look);
        look();
        void exited.then(([code]) => reject(new Error(`the supervisor ended with ${String(code)}`)));
      }),
  };
}

export async function makeFolder(finished: Finished = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "runner-spool-"));
  finished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
