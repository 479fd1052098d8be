import { diagnose } from "@claude-k8s/diagnostics";
import type { RunListing } from "@claude-k8s/k8s-runner";
import { summarizeStream } from "@claude-k8s/stream-parser";
import type { Connection } from "paperclip-adapter-claude-k8s/cli-parts";

import { withCluster } from "../cluster.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { jobNameOf, tellRefusal } from "../jobs.ts";
import { summaryNow } from "../log-snapshot.ts";
import { annotationsOf, exitWithNote } from "../run-ending.ts";
import { ageOf } from "../screen/age.ts";
import { showFacts } from "../screen/facts.ts";
import { costWords, countWords, tokensOf, turnsOf } from "../screen/numbers.ts";
import { showDiagnosis } from "../screen/show.ts";
import type { Streams } from "../streams.ts";
import { learnSecretsOf } from "./attach.ts";
import { explainGone } from "./explain-gone.ts";
import type { ExplainFormat, ExplainOptions } from "./explain-options.ts";

interface Target {
  readonly namespace: string;
  readonly jobName: string;
}

/** A Job that lives, that has ended, or that is gone and left its events. */
export async function explainJob(
  streams: Streams,
  given: string,
  options: ExplainOptions & { readonly format: ExplainFormat },
  signal: AbortSignal,
): Promise<number> {
  const jobName = jobNameOf(given);
  const shown = { ...streams, errors: streams.output };
  return withCluster(streams, options, async (connection, namespace) => {
    const target = { namespace, jobName };
    const { runner, cluster } = connection;
    await learnSecretsOf(streams, connection, target);
    const runs = await runner.list({ namespace });
    const listed = runs.find(({ ref }) => ref.jobName === jobName);
    if (listed !== undefined && listed.state !== "finished")
      return explainLive(streams, connection, listed, options.format, signal);
    const start = await runner.attach(target, { observe: true, signal });
    if (start.kind === "busy" || start.kind === "refused") {
      const events = await eventsOf(cluster, target, signal);
      if (events.length === 0) return tellRefusal(streams, runner, target, start, options.format);
      return explainGone(streams, target, events, options.format);
    }
    const summary = await summarizeStream(start.run.output);
    const exit = exitWithNote(await start.run.exit, annotationsOf(start));
    const diagnosis = diagnose({ exit, summary });
    showDiagnosis(shown, diagnosis, options.format);
    return exitCodeOf(diagnosis);
  });
}

/** A run that lives has no ending: what it does, what it has used, and what keeps it where it waits. */
async function explainLive(
  streams: Streams,
  { cluster }: Connection,
  run: RunListing,
  format: ExplainFormat,
  signal: AbortSignal,
): Promise<number> {
  const { namespace, jobName } = run.ref;
  const summary = await summaryNow(cluster, run.ref, signal);
  const events = await eventsOf(cluster, run.ref, signal);
  const warnings = events
    .filter(({ type }) => type === "Warning")
    .map(({ reason, message }) => `${reason}: ${message}`);
  const { own } = summary.cost;
  const facts = {
    job: jobName,
    namespace,
    state: run.state,
    age: ageOf(run.createdAt, Date.now()),
    pod: run.podName,
    node: run.nodeName,
    supervised: run.supervised,
    turns: summary.turns || summary.messages,
    tokens: tokensOf(own),
    costUsd: own.costUsd,
    tool: summary.tools.open.at(-1)?.name ?? null,
    lastWords: summary.lastAssistantText,
    warnings: warnings.slice(-5),
  };
  const lines = [
    `● The run has not ended: it is ${run.state}, ${facts.age} old`,
    `  Job ${jobName} in namespace ${namespace}${run.podName === null ? "" : `, pod ${run.podName}`}${run.nodeName === null ? "" : ` on node ${run.nodeName}`}`,
    run.supervised
      ? `  watched over by ${run.supervisor ?? "another process"}`
      : "  nobody watches over it: `claude-k8s attach` takes it over",
    ...(facts.tokens > 0
      ? [`  ${turnsOf(facts.turns)}, ${countWords(facts.tokens)} tokens, ${costWords(own)}`]
      : []),
    ...(facts.tool === null ? [] : [`  now: ${facts.tool}`]),
    ...(facts.lastWords === null ? [] : [`  last words: ${facts.lastWords.slice(0, 200)}`]),
    ...facts.warnings.map((warning) => `  the cluster warns: ${warning}`),
  ];
  showFacts(streams, facts, lines, format);
  return exitCodes.success;
}

/** Of the Job, and of the pods that have its name before theirs. */
async function eventsOf(cluster: Connection["cluster"], { namespace, jobName }: Target, signal: AbortSignal) {
  const answer = await cluster.list("events", namespace, {}, { signal });
  if (answer.kind === "error") return [];
  return answer.value.items.filter(({ involvedObject: { name } }) => {
    if (name === undefined) return false;
    return name === jobName || name.startsWith(`${jobName}-`);
  });
}
