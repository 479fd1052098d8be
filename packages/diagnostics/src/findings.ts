import type { Finding } from "./diagnosis.ts";
import type { ClusterFacts, ContainerFacts, EventFacts } from "./facts/cluster-facts.ts";
import type { ConditionFacts } from "./facts/conditions.ts";
import type { Facts } from "./facts/facts.ts";
import { quotableLines } from "./judge/last-words.ts";
import { normalise } from "./key.ts";
import { oneLine } from "./words/quote.ts";
import { exitWords } from "./words/signals.ts";

const mostEvents = 12;
const mostLines = 5;

/** What speaks for the diagnosis, each with its source: the nearest to the process first. */
export function findingsOf(facts: Facts): readonly Finding[] {
  const { cluster } = facts;
  return [
    ...resultFindings(facts),
    ...cluster.containers.flatMap(containerFindings),
    ...podFindings(cluster),
    ...deletionFindings(cluster),
    ...conditionFindings("pod", cluster.podConditions, podConditionTells),
    ...conditionFindings("Job", cluster.jobConditions, ({ status }) => status === "True"),
    ...conditionFindings("node", cluster.nodeConditions, nodeConditionTells),
    ...foldEvents(cluster.events),
    ...quotableLines(facts)
      .slice(-mostLines)
      .map((text) => finding("last lines of output", text)),
    ...cluster.unavailable.map((text) => finding("not readable", oneLine(text, 200))),
  ];
}

function resultFindings(facts: Facts): readonly Finding[] {
  const { stream } = facts;
  if (stream?.result == null) return [];
  const { result } = stream;
  const fields = [
    result.subtype,
    result.isError ? "is_error" : null,
    result.terminalReason === null ? null : `terminal_reason ${result.terminalReason}`,
    result.stopReason === null ? null : `stop_reason ${result.stopReason}`,
    result.apiErrorStatus === null ? null : `HTTP ${result.apiErrorStatus}`,
    result.apiError ?? result.apiErrorType,
    result.startupFailureReason,
    result.isError || result.subtype !== "success" ? (stream.assistant?.error ?? null) : null,
  ].filter((field) => field !== null);
  return [finding("Claude's last result", [...new Set(fields)].join(", "))];
}

function containerFindings(container: ContainerFacts): readonly Finding[] {
  const { state, reason, message } = container;
  const quiet =
    state === "running" ||
    state === "unknown" ||
    (state === "terminated" && container.exitCode === 0 && reason === "Completed");
  if (quiet) return [];
  const exit = state === "terminated" ? exitWords(container.exitCode, null) : null;
  const told = [state, reason, exit].filter((part) => part !== null).join(", ");
  return [
    {
      ...finding(
        `${container.init ? "init container" : "container"} ${container.name}`,
        message === null ? told : `${told}: ${oneLine(message)}`,
      ),
      lastSeen: container.finishedAt,
    },
  ];
}

function deletionFindings({ podDeletedAt, jobDeletedAt }: ClusterFacts): readonly Finding[] {
  const told = (object: string, at: string | null): readonly Finding[] =>
    at === null ? [] : [finding(`deletion of the ${object}`, "it was asked for", at)];
  return [...told("pod", podDeletedAt), ...told("Job", jobDeletedAt)];
}

function podFindings(cluster: ClusterFacts): readonly Finding[] {
  if (cluster.podReason === null && cluster.podMessage === null) return [];
  const told = [cluster.podPhase, cluster.podReason].filter((part) => part !== null).join(", ");
  return [
    finding("pod status", cluster.podMessage === null ? told : `${told}: ${oneLine(cluster.podMessage)}`),
  ];
}

function podConditionTells({ type, status }: ConditionFacts): boolean {
  return type === "DisruptionTarget" ? status === "True" : type === "PodScheduled" && status === "False";
}

function nodeConditionTells({ type, status }: ConditionFacts): boolean {
  return type === "Ready" ? status !== "True" : status === "True";
}

function conditionFindings(
  object: string,
  conditions: readonly ConditionFacts[],
  tells: (condition: ConditionFacts) => boolean,
): readonly Finding[] {
  return conditions
    .filter(tells)
    .map((condition) =>
      finding(
        `condition ${condition.type} of the ${object}`,
        oneLine(
          [condition.status === "True" ? null : condition.status, condition.reason, condition.message]
            .filter((part) => part !== null && part !== "")
            .join(": "),
        ),
        condition.lastTransitionTime,
      ),
    );
}

/** The same event over and over, with changing names and numbers in it, is one finding with its count and last time. */
function foldEvents(events: readonly EventFacts[]): readonly Finding[] {
  const folded = new Map<string, Finding>();
  const warnings = events.filter(({ warning, reason }) => warning || telling.has(reason));
  for (const event of warnings) {
    const key = `${event.objectKind} ${event.reason} ${normalise(event.message)}`;
    const before = folded.get(key);
    const newer = before === undefined || (event.lastSeen ?? "") >= (before.lastSeen ?? "");
    folded.set(key, {
      source: `event ${event.reason} on ${event.objectKind}`,
      text: newer ? oneLine(event.message) : (before?.text ?? ""),
      count: (before?.count ?? 0) + event.count,
      lastSeen: newer ? event.lastSeen : (before?.lastSeen ?? null),
    });
  }
  return [...folded.values()].slice(-mostEvents);
}

/** Events of type Normal that tell of trouble. */
const telling = new Set([
  "Killing",
  "Preempted",
  "TaintManagerEviction",
  "Evicted",
  "ScaleDown",
  "NotTriggerScaleUp",
  "SuccessfulDelete",
  "NodeNotReady",
]);

function finding(source: string, text: string, lastSeen: string | null = null): Finding {
  return { source, text, count: 1, lastSeen };
}
