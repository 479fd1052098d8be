import type { AdoptedJob, RunRef } from "@claude-k8s/k8s-runner";

import type { Connection } from "../connections.ts";
import { secretsOfJob } from "../host/job-secrets.ts";
import type { Redaction } from "../output/redaction.ts";
import type { RestartMemory } from "../restart/memory.ts";
import { tokenEnd } from "./token.ts";
import {
  type WakeMark,
  bringsNews,
  readWakeMark,
  waitingRunAnnotation,
  wakeAnnotation,
} from "./wake-mark.ts";

/** A Job that another run has made, as this run found it. */
export interface TakenOver {
  /** The run that had it last; `null`: not known. */
  readonly runId: string | null;
  /** What its prompt was about; `null`: not known. */
  readonly mark: WakeMark | null;
  /** A run before this one had taken it over, and could not say what it had to say. */
  readonly hasWaitingRun: boolean;
  /** As far as it is known on this server. */
  readonly prompt: string | null;
  /** The token that its agent has for the host, as far as it is known. */
  readonly podToken: string | null;
}

/** Learns whose the Job was, and what of it must not be shown. */
export async function takenOverFrom(
  ref: RunRef,
  { runId, annotations }: AdoptedJob,
  where: {
    readonly connection: Pick<Connection, "cluster">;
    readonly memory: RestartMemory | undefined;
    readonly redaction: Redaction;
  },
): Promise<TakenOver> {
  const key = (await where.memory?.keyOf(ref.jobUid).catch(() => null)) ?? null;
  const secrets = await secretsOfJob(where.connection.cluster, ref);
  const podToken = key?.podToken ?? secrets["PAPERCLIP_API_KEY"] ?? key?.token ?? null;
  where.redaction.learn({ ...secrets, ...(podToken !== null && { PAPERCLIP_API_KEY: podToken }) });
  // The run before may itself have taken the Job over: its token is not the pod's.
  if (key !== null) where.redaction.learn({ PAPERCLIP_API_KEY: key.token });
  return {
    runId: runId || null,
    mark: readWakeMark(annotations[wakeAnnotation]),
    hasWaitingRun: annotations[waitingRunAnnotation] !== undefined,
    prompt: key?.prompt ?? null,
    podToken,
  };
}

/**
 * Why this run has a prompt of its own to give when the Job has ended; `null`: what the Job was told is all there is to say. A token
 * cannot be changed in a process that runs: an agent whose token has ended could not report what it did, and its next turn can.
 */
export function reasonToGoOn(now: WakeMark, taken: TakenOver, clock: Date): string | null {
  if (taken.hasWaitingRun) return "a run before this one had something to say, and was cut off";
  if (bringsNews(now, taken.mark)) return "this run was woken for something that the Job was not told";
  const end = taken.podToken === null ? null : tokenEnd(taken.podToken);
  return end !== null && end <= clock.getTime()
    ? "the token by which its agent reaches Paperclip has ended"
    : null;
}
