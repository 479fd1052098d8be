import { type Diagnosis, formatJson, formatText } from "@claude-k8s/diagnostics";
import type { RunEvent } from "@claude-k8s/k8s-runner";
import {
  createStreamParser,
  emptySummary,
  type RunSummary,
  type StreamParser,
  summarize,
} from "@claude-k8s/stream-parser";
import { createTerminalRenderer } from "@claude-k8s/stream-parser/terminal";
import picocolors from "picocolors";

import { type Streams, wantsColor, widthOf } from "./streams.ts";

/** Shows a run's output as it comes, and keeps what it adds up to. */
export interface OutputView {
  push(bytes: Uint8Array): void;
  end(): RunSummary;
}

/** `raw`: the lines as they are; else as a person reads them. `parser`: of a saved log, another one than of a live stream. */
export function createOutputView(
  { output, environment }: Streams,
  raw: boolean,
  parser: StreamParser = createStreamParser(),
): OutputView {
  const decoder = new TextDecoder();
  const renderer = createTerminalRenderer({
    color: wantsColor(output, environment),
    width: widthOf(output),
  });
  let summary = emptySummary();
  const take = (events: ReturnType<typeof parser.push>): void => {
    for (const event of events) {
      summary = summarize(summary, event);
      if (!raw) output.write(renderer.render(event));
    }
  };
  return {
    push(bytes) {
      if (raw) output.write(decoder.decode(bytes, { stream: true }));
      take(parser.push(bytes));
    },
    end() {
      take(parser.end());
      output.write(raw ? decoder.decode() : renderer.end());
      return summary;
    },
  };
}

/** What happens in the cluster goes beside the output, so that a pipe gets the output alone. */
export function showEvent({ errors, environment }: Streams, event: RunEvent): void {
  const colors = picocolors.createColors(wantsColor(errors, environment));
  const { type, at: _at, ...rest } = event;
  const detail = Object.entries(rest)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
  errors.write(`${colors.dim(`▸ ${type} ${detail}`.trimEnd())}\n`);
}

export function showDiagnosis(streams: Streams, diagnosis: Diagnosis, json: boolean): void {
  if (json) streams.output.write(`${formatJson(diagnosis)}\n`);
  else {
    const { errors, environment } = streams;
    const text = formatText(diagnosis, { width: widthOf(errors), color: wantsColor(errors, environment) });
    errors.write(`${text.trimEnd()}\n`);
  }
}
