import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

import { diagnose, type ExitLike } from "@claude-k8s/diagnostics";
import { jobManifest, validateRunSpec } from "@claude-k8s/k8s-runner";
import { emptySummary, type RunSummary, summarize } from "@claude-k8s/stream-parser";
import { createLogParser } from "@claude-k8s/stream-parser/logs";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { stringify } from "yaml";

import { UsageError, exitCodes } from "../exit-codes.ts";
import { type RunOptions, planRun } from "../run-options.ts";
import { createOutputView, showDiagnosis } from "../show.ts";
import { type Streams, readAll } from "../streams.ts";

/** `format`: a recorded or piped stream as a person reads it, also out of a log that wraps its lines. */
export async function formatCommand(streams: Streams, file: string | undefined): Promise<number> {
  const view = createOutputView(streams, false, createLogParser());
  if (file === undefined) for await (const chunk of streams.input) view.push(chunk);
  else view.push(await readInput(streams, file));
  view.end();
  return exitCodes.success;
}

/** `explain`: how a run ended, from its output and its exit. */
export async function explainCommand(
  streams: Streams,
  file: string | undefined,
  options: { readonly exitCode?: string; readonly evidence?: string; readonly json?: boolean },
): Promise<number> {
  const summary =
    file === undefined && options.evidence !== undefined ? null : summaryOf(await readInput(streams, file));
  if (summary !== null && options.exitCode === undefined && options.evidence === undefined)
    requireFrames(summary, file ?? "standard input");
  const exit = await exitOf(streams, options);
  const diagnosis = diagnose({ exit, summary });
  showDiagnosis({ ...streams, errors: streams.output }, diagnosis, options.json === true);
  return exitCodes.success;
}

/** `plan`: the Job that `run` would make. Its Secrets hold prompt and variables, so they are named only. */
export async function planCommand(
  { output, environment }: Streams,
  words: readonly string[],
  options: RunOptions & { readonly json?: boolean },
): Promise<number> {
  const planned = await planRun(options, words.join(" "), environment);
  const spec = planned.specFor(options.namespace ?? planned.settings.cluster.namespace ?? "default");
  validateRunSpec(spec);
  const manifest = jobManifest(spec);
  output.write(options.json === true ? `${JSON.stringify(manifest)}\n` : stringify(manifest));
  return exitCodes.success;
}

async function exitOf(
  streams: Streams,
  options: { readonly exitCode?: string; readonly evidence?: string },
): Promise<ExitLike> {
  if (options.evidence !== undefined) {
    const text = Buffer.from(await readInput(streams, options.evidence)).toString();
    try {
      return JSON.parse(text) as ExitLike;
    } catch (error) {
      throw new UsageError(`${options.evidence} is not JSON`, { cause: error });
    }
  }
  if (options.exitCode !== undefined && !/^\d{1,3}$/.test(options.exitCode))
    throw new UsageError(`--exit-code is ${options.exitCode}; it must be a number from 0 to 255`);
  const exitCode = options.exitCode === undefined ? null : Number(options.exitCode);
  return { kind: "exited", exitCode, signal: null };
}

/** Words without one frame tell how a run ended only together with its exit. */
function requireFrames(summary: RunSummary, name: string): void {
  if (summary.frames > 0 || summary.noiseLines === 0) return;
  const first = plainLine(summary.noise[0] ?? "").slice(0, longestQuote);
  throw new UsageError(
    `${name} is no stream-json: none of its ${summary.lines} lines holds a frame of Claude Code (the first: ${first}). ` +
      "Give what `claude -p --output-format stream-json --verbose` wrote, or add how the process ended with --exit-code",
  );
}

const longestQuote = 80;

function summaryOf(bytes: Uint8Array): RunSummary {
  const parser = createLogParser();
  return [...parser.push(bytes), ...parser.end()].reduce(summarize, emptySummary());
}

async function readInput(streams: Streams, file: string | undefined): Promise<Uint8Array> {
  if (file === undefined || file === "-") return unpacked(await readAll(streams.input), "standard input");
  return unpacked(await readBytes(file), file);
}

/** A rotated log is packed. */
function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes });
  } catch (error) {
    throw new UsageError(
      `${name} is a gzip file that cannot be unpacked (damaged, or more than 1 GiB); unpack it first`,
      { cause: error },
    );
  }
}

const mostUnpackedBytes = 1024 ** 3;

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`, {
      cause: error,
    });
  }
}
