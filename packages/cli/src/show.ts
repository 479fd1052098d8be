import { type Diagnosis, formatJson, formatText } from "@claude-k8s/diagnostics";
import type { RunEvent } from "@claude-k8s/k8s-runner";
import {
  createStreamParser,
  emptySummary,
  type RunSummary,
  type StreamParser,
  summarize,
} from "@claude-k8s/stream-parser";
import { createTerminalRenderer, plainLine } from "@claude-k8s/stream-parser/terminal";
import picocolors from "picocolors";

import { createPlainWriter, escapeControls, plainData } from "./plain.ts";
import { type Streams, wantsColor, widthOf } from "./streams.ts";

/** Shows a run's output as it comes, and keeps what it adds up to. */
export interface OutputView {
  push(bytes: Uint8Array): void;
  end(): RunSummary;
}

/** `raw`: the lines as they are (`"on-a-pipe"`: a terminal gets them without control sequences); else as a person reads them. `parser`: of a saved log, another one than of a live stream. */
export function createOutputView(
  { output, environment }: Streams,
  raw: boolean | "on-a-pipe",
  parser: StreamParser = createStreamParser(),
): OutputView {
  const decoder = new TextDecoder();
  const plain = createPlainWriter((text) => output.write(text));
  const renderer = createTerminalRenderer({
    color: wantsColor(output, environment),
    width: widthOf(output),
  });
  const write = (text: string): void => {
    if (raw === "on-a-pipe" && output.isTTY === true) plain.push(text);
    else output.write(text);
  };
  let summary = emptySummary();
  const take = (events: ReturnType<typeof parser.push>): void => {
    for (const event of events) {
      summary = summarize(summary, event);
      if (raw === false) output.write(renderer.render(event));
    }
  };
  return {
    push(bytes) {
      if (raw !== false) write(decoder.decode(bytes, { stream: true }));
      take(parser.push(bytes));
    },
    end() {
      take(parser.end());
      if (raw === false) output.write(renderer.end());
      else write(decoder.decode());
      plain.end();
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
    .map(([name, value]) => `${name}=${plainLine(String(value))}`)
    .join(" ");
  errors.write(`${colors.dim(`▸ ${type} ${detail}`.trimEnd())}\n`);
}

export function showDiagnosis(streams: Streams, diagnosis: Diagnosis, json: boolean): void {
  if (json) streams.output.write(`${escapeControls(formatJson(diagnosis))}\n`);
  else {
    const { errors, environment } = streams;
    const text = formatText(plainData(diagnosis), {
      width: widthOf(errors),
      color: wantsColor(errors, environment),
    });
    errors.write(`${text.trimEnd()}\n`);
  }
}
