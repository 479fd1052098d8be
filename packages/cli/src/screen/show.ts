import { type Diagnosis, formatJson, formatMarkdown, formatText } from "@claude-k8s/diagnostics";
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
import { stringify } from "yaml";

import { eventWords } from "./event-words.ts";
import { createPlainWriter, escapeControls, plainData } from "./plain.ts";
import { type Streams, wantsColor, widthOf } from "../streams.ts";

/** Shows a run's output as it comes, and keeps what it adds up to. */
export interface OutputView {
  push(bytes: Uint8Array): void;
  /** What has been read so far adds up to this. */
  readonly summary: RunSummary;
  end(): RunSummary;
}

/** `raw`: the lines as they are (`"on-a-pipe"`: a terminal gets them without control sequences); else as a person reads them. `parser`: of a saved log, another one than of a live stream. */
export function createOutputView(
  { output, environment }: Streams,
  raw: boolean | "on-a-pipe",
  parser: StreamParser = createStreamParser(),
  skipLines = 0,
): OutputView {
  const decoder = new TextDecoder();
  const plain = createPlainWriter((text) => output.write(text));
  const renderer = createTerminalRenderer({
    color: wantsColor(output, environment),
    width: widthOf(output),
  });
  let toSkip = skipLines;
  const shownPart = (text: string): string => {
    let from = 0;
    for (; toSkip > 0 && from < text.length; toSkip -= 1) {
      const end = text.indexOf("\n", from);
      if (end === -1) return "";
      from = end + 1;
    }
    return text.slice(from);
  };
  const write = (whole: string): void => {
    const text = shownPart(whole);
    if (raw === "on-a-pipe" && output.isTTY === true) plain.push(text);
    else output.write(text);
  };
  let summary = emptySummary();
  const take = (events: ReturnType<typeof parser.push>): void => {
    for (const event of events) {
      summary = summarize(summary, event);
      if (raw === false && summary.lines > skipLines) output.write(renderer.render(event));
    }
  };
  return {
    push(bytes) {
      if (raw !== false) write(decoder.decode(bytes, { stream: true }));
      take(parser.push(bytes));
    },
    get summary() {
      return summary;
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

/** What happens in the cluster goes beside the output, so that a pipe gets the output alone. `whole`: also what is no news to most. */
export function showEvent({ errors, environment }: Streams, event: RunEvent, whole: boolean): void {
  const words = eventWords(event);
  if (words === null && !whole) return;
  const colors = picocolors.createColors(wantsColor(errors, environment));
  const text = words ?? `${event.type.replaceAll("-", " ")}.`;
  errors.write(`${colors.dim(`▸ ${plainLine(text)}${whole ? detailOf(event) : ""}`)}\n`);
}

/** What else the event holds, for whoever looks for trouble. */
function detailOf({ type, at, ...rest }: RunEvent): string {
  const parts = Object.entries(rest)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${name}=${plainLine(String(value))}`);
  return ` [${[at.slice(11, 23), type, ...parts].join(" ")}]`;
}

export function showDiagnosis(
  streams: Streams,
  diagnosis: Diagnosis,
  format: "text" | "json" | "yaml" | "markdown",
): void {
  const { output } = streams;
  if (format === "json") output.write(`${escapeControls(formatJson(diagnosis))}\n`);
  else if (format === "markdown") output.write(formatMarkdown(plainData(diagnosis)));
  else if (format === "yaml") output.write(stringify(plainData(JSON.parse(formatJson(diagnosis)))));
  else {
    const { errors, environment } = streams;
    const text = formatText(plainData(diagnosis), {
      width: widthOf(errors),
      color: wantsColor(errors, environment),
    });
    errors.write(`${text.trimEnd()}\n`);
  }
}
