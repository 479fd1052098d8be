/** The command of the run, seen from another container that shares its process namespace. */

import { readFileSync } from "node:fs";
import type { PodConfig } from "./config.ts";

export interface MainProcess {
  /** Looks anew. */
  state(): "not-started" | "running" | "ended";
  signal(name: "SIGTERM" | "SIGKILL"): void;
}

export function mainProcess({ mainFile }: Pick<PodConfig, "mainFile">): MainProcess {
  let known: { readonly pid: number; readonly startedAt: string | null } | null = null;

  function find(): typeof known {
    const pid = Number(read(mainFile));
    if (!Number.isInteger(pid) || pid <= 1) return null;
    return { pid, startedAt: startOf(pid) };
  }
  function alive(): boolean {
    // A process id may be given again; the time at which its process began is then another.
    return known !== null && known.startedAt !== null && startOf(known.pid) === known.startedAt;
  }
  return {
    state() {
      known ??= find();
      if (known === null) return "not-started";
      return alive() ? "running" : "ended";
    },
    signal(name) {
      if (!alive() || known === null) return;
      try {
        process.kill(known.pid, name);
      } catch {
        // It has just ended.
      }
    },
  };
}

/** In ticks since the machine was started; `null`: there is no such process, or it only waits to be collected. */
function startOf(pid: number): string | null {
  const text = read(`/proc/${pid}/stat`);
  // Its name, in parentheses, may have spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return text === "" || state === "Z" || state === "X" ? null : (fields[19] ?? null);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
