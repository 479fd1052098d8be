import { runProgram } from "../src/program.ts";
import type { ProgramOptions } from "../src/program.ts";
import type { Streams } from "../src/streams.ts";

export interface Ran {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

export interface RunOptions extends Partial<Pick<Streams, "environment" | "inputIsTerminal" | "ask">> {
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly interrupts?: ProgramOptions["interrupts"];
  /** Of the terminal; not given: pipes. */
  readonly columns?: number;
  readonly onOutput?: (text: string) => void;
  readonly onErrors?: (text: string) => void;
}

/** The command line in this process, with what it writes. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let output = "";
  let errors = "";
  const terminal = options.columns === undefined ? {} : { isTTY: true, columns: options.columns };
  const exitCode = await runProgram(
    args,
    {
      input: (async function* () {
        yield Buffer.from(options.input ?? "");
      })(),
      output: {
        ...terminal,
        write(text) {
          output += text;
          options.onOutput?.(text);
        },
      },
      errors: {
        ...terminal,
        write(text) {
          errors += text;
          options.onErrors?.(text);
        },
      },
      environment: options.environment ?? {},
      ...(options.inputIsTerminal !== undefined && { inputIsTerminal: options.inputIsTerminal }),
      ...(options.ask !== undefined && { ask: options.ask }),
    },
    {
      version: "9.9.9",
      signal: options.interrupts?.signal ?? options.signal ?? new AbortController().signal,
      ...(options.interrupts !== undefined && { interrupts: options.interrupts }),
    },
  );
  return { exitCode, output, errors };
}
