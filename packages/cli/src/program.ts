import { Command, CommanderError } from "commander";

import { addCheckCommands } from "./definitions/checks.ts";
import { addJobCommands } from "./definitions/jobs.ts";
import { addOfflineCommands } from "./definitions/offline.ts";
import { addRunCommands } from "./definitions/run.ts";
import type { Does } from "./definitions/does.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Interrupts, interruptsOf } from "./interrupts.ts";
import { addCommon } from "./options.ts";
import type { Streams } from "./streams.ts";

export interface ProgramOptions {
  readonly version: string;
  readonly signal: AbortSignal;
  /** What Ctrl-C and the like ask for. Default: the signal ends the command. */
  readonly interrupts?: Interrupts;
}

/** The command line: arguments in, exit code out. Never rejects, never ends the process. */
export async function runProgram(
  args: readonly string[],
  own: Streams,
  { version, signal, interrupts = interruptsOf(signal) }: ProgramOptions,
): Promise<number> {
  let exitCode: number = exitCodes.success;
  let end = (): void => undefined;
  let streams = own;
  const does: Does =
    (work, { letsGo = false } = { letsGo: false }) =>
    async (...given) => {
      const command = given.pop() as Command;
      given.pop();
      const options = command.optsWithGlobals<{ color?: boolean }>();
      const opened = await openStreams(own, options.color !== false);
      streams = opened.streams;
      end = () => opened.end();
      const done = work({
        streams,
        own: options.color === false ? withoutColor(own) : own,
        options: options as never,
        words: given,
        signal: interrupts.signal,
        interrupts,
      });
      exitCode = await (letsGo ? Promise.race([done, interrupted(interrupts)]) : done);
    };
  const program = buildProgram(own, version, does);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has written what there is to say: a help text, the version, or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
    if (interrupts.signal.aborted) return codeOfInterruption(interrupts);
    const { told } = await import("./told.ts");
    return told(error, streams);
  } finally {
    end();
  }
}

async function openStreams(own: Streams, color: boolean) {
  const [{ maskedStreams }, { withStatusLine }] = await Promise.all([
    import("./masked-streams.ts"),
    import("./screen/status.ts"),
  ]);
  const colored = color ? own : withoutColor(own);
  const { streams: shared, status } = withStatusLine(colored);
  const masked = maskedStreams(shared);
  return {
    streams: { ...masked.streams, status },
    end() {
      status.set(null);
      masked.end();
    },
  };
}

function withoutColor(streams: Streams): Streams {
  return { ...streams, environment: { ...streams.environment, NO_COLOR: "1" } };
}

function codeOfInterruption({ left }: Interrupts): number {
  // A reader that has seen enough of a list is content.
  return left === null ? exitCodes.interrupted : exitCodes.success;
}

function interrupted(interrupts: Interrupts): Promise<number> {
  const { signal } = interrupts;
  return new Promise((resolve) => {
    const end = (): void => resolve(codeOfInterruption(interrupts));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function buildProgram(streams: Streams, version: string, does: Does): Command {
  const program = addCommon(new Command("claude-k8s"))
    .description("Claude Code as Kubernetes Jobs: nothing lost, nothing repeated, every ending explained.")
    .version(version, "-V, --version")
    .exitOverride()
    .showHelpAfterError("(--help shows what there is)")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void streams.output.write(text),
      writeErr: (text) => void streams.errors.write(text),
      getOutHelpWidth: () => streams.output.columns ?? 80,
      getErrHelpWidth: () => streams.errors.columns ?? 80,
    })
    .addHelpText("after", footer);
  addRunCommands(program, does);
  addJobCommands(program, does);
  addCheckCommands(program, does);
  addOfflineCommands(program, does);
  return program;
}

const footer = `
Examples:
  claude-k8s doctor                                     # would a run work here?
  claude-k8s run --image IMAGE -e ANTHROPIC_API_KEY "Say hello"
  claude -p "Say hello" --output-format stream-json --verbose | claude-k8s format

Exit codes:
  0    success
  1    the run failed, or a check did
  2    wrong arguments or settings; nothing was tried
  75   a failure that may pass by itself: trying again makes sense
  130  interrupted
  141  nobody reads the output of \`run\` any more; the run goes on`;
