import path from "node:path";

import type { AttemptContext } from "../attempt.ts";
import { readWake } from "../claude/wake.ts";
import type { DailyLedger } from "../guards/daily-budget.ts";
import type { ExecutionContext } from "../host/contract.ts";
import type { Progress } from "../host/progress.ts";
import { hostWorkspaceOf } from "../workspace/host-workspace.ts";
import type { Place, RestartMemory } from "./memory.ts";

export interface Records {
  readonly ledger?: DailyLedger;
  readonly memory?: RestartMemory;
  readonly now?: () => Date;
}

/** The host cuts what it is told of a prompt to so many characters. */
const shownPrompt = 16_384;

/** The host names the folder of an agent after it; a project's has another name. */
function isOwnFolder(folder: string | null, agentId: string): boolean {
  return folder === null || path.basename(folder) === agentId;
}

/** What the server writes down of a run while it lasts. A disk that cannot be written costs the record, never the run. */
export function recordsOf(
  host: ExecutionContext,
  { ledger, memory, now = () => new Date() }: Records,
  where: Omit<Place, "companyId">,
  ownPrompt: string,
  progress: Progress,
): Pick<AttemptContext, "onJob" | "onCollected" | "onSpend"> {
  const { companyId, id: agentId } = host.agent;
  const warn = (lost: string) => (error: unknown) =>
    progress.warning(
      `${lost} could not be written down (${error instanceof Error ? error.message : String(error)})`,
    );
  return {
    onJob({ jobUid }, taken) {
      if (memory === undefined || host.authToken === undefined) return;
      const { runId, authToken: token } = host;
      const issueId = readWake(host.context).taskId;
      const { taskKey } = host.runtime;
      const prompt = taken === null ? ownPrompt : taken.prompt;
      Promise.all([
        memory.rememberPlace({ ...where, companyId }),
        memory.keep({
          jobUid,
          runId,
          agentId,
          issueId,
          taskKey,
          token,
          ownFolder: isOwnFolder(hostWorkspaceOf(host).folder, agentId),
          ...(prompt !== null && { prompt: prompt.slice(0, shownPrompt) }),
          ...(taken !== null && taken.podToken !== null && { podToken: taken.podToken }),
        }),
      ]).catch(warn("what a restarted server needs to go on with this run"));
    },
    onCollected: ({ jobUid }) => void memory?.forget(jobUid).catch(() => undefined),
    onSpend(ref, costUsd) {
      // By the Job, so that a run that another process goes on with is counted once.
      ledger
        ?.record({ companyId, agentId }, ref.jobUid, costUsd, now())
        .catch(warn("the cost of this run, for the budget of the day,"));
    },
  };
}
