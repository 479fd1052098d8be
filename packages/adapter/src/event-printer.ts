import { createStreamParser } from "@claude-k8s/stream-parser";
import { createTerminalRenderer } from "@claude-k8s/stream-parser/terminal";

import { adapterType } from "./host/adapter-type.ts";

/** Paperclip's command line prints a run's lines by such a module. */
export interface CliAdapter {
  readonly type: string;
  readonly formatStdoutEvent: (line: string, debug: boolean) => void;
}

/** One line of a run's output → what a terminal shows of it; with `debug`, a line that shows nothing is printed as it is. */
export function printClaudeStreamEvent(line: string, debug: boolean): void {
  const text = formatClaudeStreamEvent(line, { color: process.stdout.isTTY, width: process.stdout.columns });
  if (text !== "") process.stdout.write(text);
  else if (debug && line.trim() !== "") process.stdout.write(`${line.trimEnd()}\n`);
}

/** The same as text: whole lines, empty where there is nothing to show. */
export function formatClaudeStreamEvent(
  line: string,
  { color = false, width = 80 }: { readonly color?: boolean; readonly width?: number } = {},
): string {
  const parser = createStreamParser();
  const renderer = createTerminalRenderer({ color, width, thinking: true });
  const events = [...parser.push(`${line}\n`), ...parser.end()];
  return events.map((event) => renderer.render(event)).join("") + renderer.end();
}

export const cliAdapter: CliAdapter = { type: adapterType, formatStdoutEvent: printClaudeStreamEvent };
