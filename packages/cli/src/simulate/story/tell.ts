/** `pnpm demo`: one whole run on a local or a real cluster, with trouble on the way, and the proof that nothing got lost. */
import { randomInt } from "node:crypto";
import { colorsFor, wantsColors } from "./demo/colors.ts";
import type { DemoEvent } from "./demo/events.ts";
import { parseOptions, type DemoOptions } from "./demo/options.ts";
import { noProof } from "./demo/proof.ts";
import { createScreen } from "./demo/screen.ts";
import { playDemo } from "./demo/story.ts";
import { createTranscriptView } from "./demo/transcript-view.ts";
import { DemoError, reasonOf } from "./demo/trouble.ts";

const DEFAULT_WIDTH = 100;
const INTERRUPTED = 130;

interface Output {
  readonly show: (event: DemoEvent) => void;
  readonly close: () => void;
}

const parsed = parseOptions(process.argv.slice(2), randomInt(1_000_000), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
process.exitCode = parsed.kind === "exit" ? parsed.code : await run(parsed.options);

async function run(options: DemoOptions): Promise<number> {
  const output = options.json ? jsonOutput() : terminalOutput();
  const interruption = listenForInterruption(output);
  try {
    const proof = await playDemo(options, output.show, interruption);
    output.show(proof);
    return proof.holds ? 0 : 1;
  } catch (error) {
    const message = interruption.aborted ? "interrupted; nothing is left behind" : explain(error);
    output.show({ type: "error", message });
    if (options.json) output.show(noProof(message));
    return interruption.aborted ? INTERRUPTED : 1;
  } finally {
    output.close();
  }
}

function explain(error: unknown): string {
  if (DemoError.isInstance(error)) return error.message;
  return error instanceof Error ? (error.stack ?? reasonOf(error)) : String(error);
}

/** Ctrl-C, a polite kill, and a reader that went away (`demo | head`) all mean: clear away and end. */
function listenForInterruption(output: Output): AbortSignal {
  const controller = new AbortController();
  function interrupt(): void {
    if (controller.signal.aborted) return;
    controller.abort(new Error("interrupted"));
    output.show({ type: "notice", message: "interrupted: stopping the run and clearing away" });
  }
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  process.stdout.on("error", interrupt);
  return controller.signal;
}

function jsonOutput(): Output {
  return {
    show: (event) =>
      void process.stdout.write(`${JSON.stringify({ ...event, at: new Date().toISOString() })}\n`),
    close: () => {},
  };
}

function terminalOutput(): Output {
  const isTerminal = process.stdout.isTTY;
  const width = process.stdout.columns || Number(process.env["COLUMNS"]) || DEFAULT_WIDTH;
  const colors = colorsFor(isTerminal, process.env);
  return createScreen({
    write: (text) => void process.stdout.write(text),
    colors,
    width,
    live: isTerminal && process.env["TERM"] !== "dumb",
    drawTranscriptLine: createTranscriptView({ width, colors: wantsColors(isTerminal, process.env) }),
  });
}
