import { exitCodes } from "../../exit-codes.ts";
import type { Interrupts } from "../../interrupts.ts";
import type { Streams } from "../../streams.ts";
import { colorsFor, wantsColors } from "./colors.ts";
import type { DemoEvent } from "./events.ts";
import type { DemoOptions } from "./options.ts";
import { noProof } from "./proof.ts";
import { createScreen } from "./screen.ts";
import { playDemo } from "./story.ts";
import { createTranscriptView } from "./transcript-view.ts";
import { DemoError, reasonOf } from "./trouble.ts";

const defaultWidth = 100;

interface Output {
  readonly show: (event: DemoEvent) => void;
  readonly close: () => void;
}

/** The story: one whole run on a local or a real cluster, with trouble on the way, and the proof that nothing got lost. */
export async function tellStory(
  options: DemoOptions,
  streams: Streams,
  { signal }: Pick<Interrupts, "signal">,
): Promise<number> {
  const output = options.json ? jsonOutput(streams) : terminalOutput(streams);
  const notice = (): void =>
    output.show({ type: "notice", message: "interrupted: stopping the run and clearing away" });
  signal.addEventListener("abort", notice, { once: true });
  try {
    const proof = await playDemo(options, output.show, signal);
    output.show(proof);
    return proof.holds ? exitCodes.success : exitCodes.failure;
  } catch (error) {
    const message = signal.aborted ? "interrupted; nothing is left behind" : explain(error);
    output.show({ type: "error", message });
    if (options.json) output.show(noProof(message));
    return signal.aborted ? exitCodes.interrupted : exitCodes.failure;
  } finally {
    signal.removeEventListener("abort", notice);
    output.close();
  }
}

function explain(error: unknown): string {
  if (DemoError.isInstance(error)) return error.message;
  return error instanceof Error ? (error.stack ?? reasonOf(error)) : String(error);
}

function jsonOutput({ output }: Streams): Output {
  return {
    show: (event) => void output.write(`${JSON.stringify({ ...event, at: new Date().toISOString() })}\n`),
    close: () => {},
  };
}

function terminalOutput({ output, environment }: Streams): Output {
  const isTerminal = output.isTTY === true;
  const width = output.columns || Number(environment["COLUMNS"]) || defaultWidth;
  const colors = colorsFor(isTerminal, environment);
  return createScreen({
    write: (text) => void output.write(text),
    colors,
    width,
    live: isTerminal && environment["TERM"] !== "dumb",
    drawTranscriptLine: createTranscriptView({ width, colors: wantsColors(isTerminal, environment) }),
  });
}
