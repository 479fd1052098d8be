import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";

import type { Failure } from "@claude-k8s/diagnostics";

import { prune, readObject, writeWhole } from "../disk/small-files.ts";
import type { Course } from "./courses.ts";
import type { LastFailure } from "./failure-chain.ts";

/** Sessions of the host are per agent and task; so are chains of failures. */
export interface TaskName {
  readonly companyId: string;
  readonly agentId: string;
  readonly taskKey: string | null;
}

/**
 * The last failure of each task, below Paperclip's home: it has to outlive the server, whose retries do. Not in the session's
 * parameters, which a changed setting deletes. All methods reject with the disk's error.
 */
export interface FailureMemory {
  last(task: TaskName): Promise<LastFailure | null>;
  remember(task: TaskName, failure: LastFailure): Promise<void>;
  /** The task has had a run that did not fail. */
  forget(task: TaskName): Promise<void>;
}

/** The host's own retries come within hours, those for a limit of a week within that. */
const keptDays = 8;

export function createFailureMemory(folder: string): FailureMemory {
  const fileOf = ({ companyId, agentId, taskKey }: TaskName): string => {
    // Names from elsewhere never become part of a path.
    const name = createHash("sha256")
      .update(JSON.stringify([companyId, agentId, taskKey]))
      .digest("hex");
    return path.join(folder, `${name.slice(0, 32)}.json`);
  };
  return {
    last: async (task) => lastFrom(await readObject(fileOf(task))),
    async remember(task, failure) {
      await writeWhole(fileOf(task), failure);
      await prune(folder, keptDays);
    },
    forget: (task) => rm(fileOf(task), { force: true }),
  };
}

function lastFrom(value: Record<string, unknown>): LastFailure | null {
  const { key, course, runs, settings, commentId, failure } = value;
  const isWhole =
    typeof key === "string" &&
    typeof course === "string" &&
    typeof runs === "number" &&
    typeof settings === "string" &&
    typeof failure === "object" &&
    failure !== null;
  if (!isWhole) return null;
  return {
    key,
    // Written by this adapter alone, in a folder of its own.
    course: course as Course,
    runs,
    settings,
    commentId: typeof commentId === "string" ? commentId : null,
    failure: failure as Failure,
  };
}
