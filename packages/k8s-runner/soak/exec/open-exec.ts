/** The way to `pods/exec` past the proxy, which carries none; what breaks on it is drawn here. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { connect } from "../../src/index.ts";
import type { ExecSource } from "../../src/cluster/exec-source.ts";
import { breakingExec } from "./breaking-exec.ts";
import type { ExecBreaks } from "./breaking-exec.ts";
import { localExec } from "./local-exec.ts";

export interface ExecWay {
  readonly kubeconfigPath: string;
  /** Where a local cluster keeps its pods' volumes; `null`: a real cluster. */
  readonly directory: string | null;
  /** Of a session to be refused or cut. */
  readonly probability: number;
}

/** Past the proxies of the lanes. */
export function execWayOf(
  { strength }: { readonly strength: number },
  kubeconfig: string,
  local: LocalCluster | null,
  folder: string,
): ExecWay {
  const kubeconfigPath = join(folder, "direct.kubeconfig");
  writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
  const directory = local?.inspect().directory ?? null;
  // At strength 1 about every fourth session is broken.
  return { kubeconfigPath, directory, probability: Math.min(0.9, 0.25 * strength) };
}

export interface OpenExec {
  readonly exec: ExecSource;
  close(): Promise<void>;
}

export async function openExec(
  { kubeconfigPath, directory, probability }: ExecWay,
  breaks: Omit<ExecBreaks, "probability">,
): Promise<OpenExec> {
  const direct = await connect({ kubeconfig: readFileSync(kubeconfigPath, "utf8") });
  const exec = directory === null ? direct.exec : localExec(direct, directory);
  return { exec: breakingExec(exec, { ...breaks, probability }), close: () => direct.close() };
}

/** The process gets SIGKILL at step `number`; `null`: never. */
export function mortalStep(number: number | null, dying: () => void): () => void {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps !== number) return;
    dying();
    process.kill(process.pid, "SIGKILL");
  };
}
