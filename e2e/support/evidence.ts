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
  const watches = await Promise.all(
    namespaces.flatMap((namespace) =>
      watched.map((where) =>
        new Watch(admin).watch(where.replace("NAMESPACE", namespace), {}, note, (error) => {
          if (error) note("WATCH ENDED", String(error));
        }),
      ),
    ),
  );
  return {
    folder,
    finish(paperclipHome) {
      for (const watch of watches) watch.abort();
      const logs = path.join(paperclipHome, "instances/default/data/run-logs");
      if (existsSync(logs)) cpSync(logs, path.join(folder, "run-logs"), { recursive: true });
    },
  };
}
