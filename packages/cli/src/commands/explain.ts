import { existsSync } from "node:fs";

import { type Evidence, type ExitLike, diagnose, evidenceOf } from "@claude-k8s/diagnostics";
import { emptySummary, type RunSummary, summarize } from "@claude-k8s/stream-parser";
import { createLogParser } from "@claude-k8s/stream-parser/logs";
import { plainLine } from "@claude-k8s/stream-parser/terminal";

import { UsageError, exitCodeOf } from "../exit-codes.ts";
import { readInput } from "../input.ts";
import { objectsIn } from "../kubectl-objects.ts";
import { formatOf } from "../options.ts";
import { showDiagnosis } from "../screen/show.ts";
import type { Streams } from "../streams.ts";
import type { ExplainFormat, ExplainOptions } from "./explain-options.ts";

/** `explain`: how a run ended: a Job of the cluster, a saved stream, or objects as `kubectl get -o json` prints them. */
export async function explainCommand(
  streams: Streams,
  given: string | undefined,
  options: ExplainOptions,
  signal: AbortSignal,
): Promise<number> {
  // Its words are the data here.
  const shown = { ...streams, errors: streams.output };
  const format = formatOf(options, "text") as ExplainFormat;
  if (given !== undefined && isJobName(given, options)) {
    const { explainJob } = await import("./explain-job.ts");
    return explainJob(streams, given, { ...options, format }, signal);
  }
  const diagnosis = diagnose(await evidenceIn(streams, given, options));
  showDiagnosis(shown, diagnosis, format);
  return exitCodeOf(diagnosis);
}

/** What is no file, and looks like the name of an object. */
function isJobName(given: string, options: ExplainOptions): boolean {
  if (given === "-" || options.exitCode !== undefined || options.evidence !== undefined) return false;
  if (/^jobs?(\.batch)?\//.test(given)) return true;
  return (
    /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(given) &&
    !/\.(ndjson|jsonl?|log|txt|gz|ya?ml)$/.test(given) &&
    !existsSync(given)
  );
}

async function evidenceIn(
  streams: Streams,
  file: string | undefined,
  options: ExplainOptions,
): Promise<Evidence> {
  if (file === undefined && options.evidence !== undefined)
    return { exit: await exitOf(streams, options), summary: null };
  const bytes = await readInput(streams, file);
  const objects = objectsIn(Buffer.from(bytes).toString());
  if (objects !== null) return evidenceOf(objects);
  const summary = summaryOf(bytes);
  if (options.exitCode === undefined && options.evidence === undefined)
    requireFrames(summary, file === undefined || file === "-" ? "standard input" : file);
  return { exit: await exitOf(streams, options), summary };
}

async function exitOf(streams: Streams, options: ExplainOptions): Promise<ExitLike> {
  if (options.evidence !== undefined) {
    const text = Buffer.from(await readInput(streams, options.evidence)).toString();
    try {
      return JSON.parse(text) as ExitLike;
    } catch (error) {
      throw new UsageError(`${options.evidence} is not JSON`, { cause: error });
    }
  }
  return { kind: "exited", exitCode: options.exitCode ?? null, signal: null };
}

/** Words without one frame tell how a run ended only together with its exit. */
function requireFrames(summary: RunSummary, name: string): void {
  if (summary.frames > 0 || (summary.noiseLines === 0 && summary.lines > 0)) return;
  if (summary.lines === 0)
    throw new UsageError(
      `${name} is empty. Add how the process ended with --exit-code, or give what \`claude -p --output-format stream-json --verbose\` wrote`,
    );
  const first = plainLine(summary.noise[0] ?? "").slice(0, longestQuote);
  throw new UsageError(
    `${name} is no stream-json: none of its ${summary.lines} lines holds a frame of Claude Code (the first: ${first}). ` +
      "Give what `claude -p --output-format stream-json --verbose` wrote, or objects as `kubectl get pod,job,events -o json` prints them, or add how the process ended with --exit-code",
  );
}

const longestQuote = 80;

function summaryOf(bytes: Uint8Array): RunSummary {
  const parser = createLogParser();
  return [...parser.push(bytes), ...parser.end()].reduce(summarize, emptySummary());
}
