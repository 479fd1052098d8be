import type { Facts } from "../facts/facts.ts";
import { fields, number, time, words } from "../facts/read.ts";
import { durationWords } from "../words/numbers.ts";
import { oneLine } from "../words/quote.ts";
import { timeWords } from "../words/time.ts";
import type { Verdict } from "./verdict.ts";

/** Another live run of ours holds the slot. */
export function slotHeld(facts: Facts): Verdict {
  const holder = fields(facts.exit["holder"]);
  const jobName = words(holder["jobName"]);
  const namespace = words(holder["namespace"]);
  const runId = words(holder["runId"]);
  const createdAt = time(holder["createdAt"]);
  const supervisor = words(holder["supervisor"]);
  const waitedSeconds = number(facts.exit["waitedSeconds"]) ?? 0;
  const podName = words(holder["podName"]);
  const state =
    holder["terminating"] === true
      ? "is ending"
      : holder["supervised"] === false && podName === null
        ? "runs without a supervisor"
        : "runs";
  const by = supervisor === null ? "" : `, supervised by ${supervisor}`;
  const run = runId === null ? "" : ` (run ${runId}${by})`;
  const since = createdAt === null ? "" : `, since ${timeWords(createdAt, facts.timeZone)}`;
  const object = podName === null ? `Job ${jobName ?? "?"}` : `Pod ${podName}`;
  const left =
    podName === null ? "" : ` Its Job ${jobName ?? "?"} was deleted, but the pod has not ended with it.`;
  return {
    code: "k8s_concurrent_run_blocked",
    cause: `${object} in namespace ${namespace ?? "?"} ${state} on the same work${run}${since}.${left} Waited ${durationWords(waitedSeconds)} for it.`,
    detail: null,
    names: { holder: podName === null ? jobName : null, leftPod: podName, namespace },
  };
}

/** Something that is not ours stands where our Job would stand. It is never touched. */
export function slotForeign(facts: Facts): Verdict {
  const { failure } = facts;
  const jobName = words(failure["jobName"]);
  const namespace = words(failure["namespace"]) ?? facts.cluster.namespace;
  const reason = words(failure["reason"]);
  const createdAt = time(failure["createdAt"]);
  const since = createdAt === null ? "" : `, since ${timeWords(createdAt, facts.timeZone)}`;
  const why = reason === null ? "" : ` (${oneLine(reason, 200)})`;
  return {
    code: "slot_foreign",
    cause: `Job ${jobName ?? "?"} in namespace ${namespace ?? "?"} stands under this slot's name${since}, and this server did not make it${why}. It was left alone, and nothing was started.`,
    detail: reason,
    names: { holder: jobName, namespace },
  };
}
