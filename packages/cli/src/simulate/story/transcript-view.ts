import { parseLine } from "@claude-k8s/stream-parser";
import { createTerminalRenderer } from "@claude-k8s/stream-parser/terminal";

const RESULT_LINES = 2;

/** One line of the transcript → the lines that a person sees of it. */
export function createTranscriptView(options: {
  readonly width: number;
  readonly colors: boolean;
}): (line: string) => readonly string[] {
  const renderer = createTerminalRenderer({
    color: options.colors,
    width: options.width - 2,
    resultLines: RESULT_LINES,
  });
  return (line) =>
    parseLine(line)
      .map((event) => renderer.render(event))
      .join("")
      .split("\n")
      .filter((drawn) => drawn.trim() !== "")
      .map((drawn) => `  ${drawn}`);
}
