/** What is kept of a world for whoever reads a failed test: the server's log, the logs of its runs, and every Job and pod as it changed. */

import { appendFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { type KubeConfig, Watch } from "@kubernetes/client-node";
import { machine } from "./machine.ts";

export interface Evidence {
  readonly folder: string;
  /** Copies the logs of all runs below Paperclip's home, and ends the rest. */
  finish(paperclipHome: string): void;
}

/** Secrets are not watched: nothing of theirs gets into a file. */
const watched = [
  "/apis/batch/v1/namespaces/NAMESPACE/jobs",
  "/api/v1/namespaces/NAMESPACE/pods",
  "/api/v1/namespaces/NAMESPACE/events",
] as const;

export async function keepEvidence(
  admin: KubeConfig,
  name: string,
  namespaces: readonly string[],
): Promise<Evidence> {
  const folder = path.join(machine.results, name);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "manifests.ndjson");
  const note = (type: string, object: unknown): void =>
    appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), type, object })}\n`);
  let finished = false;
  const watches = new Map<string, AbortController>();
  /** The client ends a watch that is silent for half a minute; each one begins with what is there. */
  const watch = async (where: string): Promise<void> => {
    if (finished) return;
    const again = (): void => void watch(where).catch((error: unknown) => note("WATCH ENDED", String(error)));
    watches.set(where, await new Watch(admin).watch(where, {}, note, again));
  };
  const places = namespaces.flatMap((namespace) => watched.map((at) => at.replace("NAMESPACE", namespace)));
  await Promise.all(places.map((where) => watch(where)));
  return {
    folder,
    finish(paperclipHome) {
      finished = true;
      for (const controller of watches.values()) controller.abort();
      const logs = path.join(paperclipHome, "instances/default/data/run-logs");
      if (existsSync(logs)) cpSync(logs, path.join(folder, "run-logs"), { recursive: true });
    },
  };
}
