import type { Diagnosis } from "@claude-k8s/diagnostics";
import { diagnose, formatComment, formatMarkdown } from "@claude-k8s/diagnostics";
import type { RunSummary, Spend } from "@claude-k8s/stream-parser";
import { createLogParser } from "@claude-k8s/stream-parser/logs";
import { plainLine } from "@claude-k8s/stream-parser/terminal";

import { exitCodes } from "../exit-codes.ts";
import { readInput } from "../input.ts";
import { costWords, countWords, tokensOf, turnsOf } from "../screen/numbers.ts";
import { plainData } from "../screen/plain.ts";
import { createOutputView } from "../screen/show.ts";
import { markdownTable, table } from "../screen/table.ts";
import { type Streams, tableWidthOf } from "../streams.ts";

export interface FormatCommandOptions {
  readonly markdown?: boolean;
  readonly usage?: boolean;
  readonly json?: boolean;
}

/** `format`: a recorded or piped stream as a person reads it, also out of a log that wraps its lines. */
export async function formatCommand(
  streams: Streams,
  file: string | undefined,
  options: FormatCommandOptions,
): Promise<number> {
  const isQuiet = options.markdown === true || options.usage === true;
  // What is summed up only is not shown as it comes.
  const shown = isQuiet ? { ...streams, output: { write: () => true } } : streams;
  const view = createOutputView(shown, false, createLogParser());
  if ((file === undefined || file === "-") && streams.inputIsTerminal !== true)
    for await (const chunk of streams.input) view.push(chunk);
  else view.push(await readInput(streams, file));
  const summary = view.end();
  const { output } = streams;
  if (options.markdown === true) output.write(comment(summary));
  if (options.usage === true)
    output.write(
      options.json === true
        ? `${JSON.stringify(plainData(usageOf(summary)))}\n`
        : `${options.markdown === true ? "\n" : ""}${usageTable(summary, options.markdown === true ? "markdown" : tableWidthOf(output))}`,
    );
  return exitCodes.success;
}

/** For an issue: the answer, or how the run failed, and what it took. */
function comment(summary: RunSummary): string {
  const diagnosis: Diagnosis = plainData(
    diagnose({ exit: { kind: "exited", exitCode: null, signal: null }, summary }),
  );
  const own = summary.cost.own;
  const facts = [
    summary.model,
    turnsOf(summary.turns || summary.messages),
    summary.durationMs > 0 ? `${Math.round(summary.durationMs / 1000)} s` : null,
    tokensOf(own) > 0 ? `${countWords(tokensOf(own))} tokens` : null,
    own.costUsd === null ? null : costWords(own),
  ].filter((fact) => fact !== null);
  const foot = `\n<sub>${facts.map((fact) => plainLine(fact).replaceAll("<", "&lt;")).join(" · ")}</sub>\n`;
  if (diagnosis.outcome === "failure") return formatComment(diagnosis) + foot;
  // The answer is Markdown of the model's own: it stays as it is.
  return summary.finalText === null || summary.finalText === ""
    ? formatMarkdown(diagnosis)
    : `${plainData(summary.finalText).trimEnd()}\n${foot}`;
}

function usageOf(summary: RunSummary) {
  return { ...summary.cost.own, subagents: summary.subagents.last };
}

const columns = [
  { head: "WHO", least: 12 },
  { head: "IN" },
  { head: "CACHE READ" },
  { head: "CACHE WRITTEN" },
  { head: "OUT" },
  { head: "COST" },
];

function usageTable(summary: RunSummary, width: number | null | "markdown"): string {
  const { own } = summary.cost;
  const row = (who: string, usage: Spend["usage"], cost: string): readonly string[] => [
    who,
    countWords(usage.inputTokens),
    countWords(usage.cacheReadInputTokens),
    countWords(usage.cacheCreationInputTokens),
    countWords(usage.outputTokens),
    cost,
  ];
  const models = Object.entries(own.models).map(([model, spend]) =>
    row(model, spend, costWords({ costUsd: spend.costUsd, estimated: own.estimated })),
  );
  const rows = [...models, row("all", own.usage, costWords(own))];
  const draw = (heads: typeof columns, cells: readonly (readonly string[])[]): string =>
    width === "markdown" ? markdownTable(heads, cells) : table(heads, cells, width);
  const agents = summary.subagents.last.map(
    ({ type, description, status, totalTokens, toolUses, durationMs }) => [
      `${type ?? "sub-agent"}: ${description ?? ""}`,
      status,
      totalTokens === null ? "-" : countWords(totalTokens),
      toolUses === null ? "-" : String(toolUses),
      durationMs === null ? "-" : `${Math.round(durationMs / 1000)}s`,
    ],
  );
  const agentColumns = [
    { head: "SUB-AGENT", least: 12 },
    { head: "STATE" },
    { head: "TOKENS" },
    { head: "TOOLS" },
    { head: "TIME" },
  ];
  return draw(columns, rows) + (agents.length === 0 ? "" : `\n${draw(agentColumns, agents)}`);
}
