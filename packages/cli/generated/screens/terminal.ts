import { runProgram } from "../../src/program.ts";
import type { Sink } from "../../src/streams.ts";

/** What a person reads on a terminal of 80 columns without colours. */
export async function screenOf(args: readonly string[]): Promise<string> {
  let text = "";
  const sink = { isTTY: true, columns: 80, write: (written: string) => (text += written) };
  await execute(args, sink, sink);
  return text.trimEnd();
}

/** What `tail -1` leaves of the data. */
export async function lastLineOf(args: readonly string[]): Promise<string> {
  let text = "";
  await execute(args, { write: (written) => (text += written) }, { write: () => undefined });
  return text.trimEnd().split("\n").at(-1) ?? "";
}

async function execute(args: readonly string[], output: Sink, errors: Sink): Promise<void> {
  const input = (async function* () {})();
  const { signal } = new AbortController();
  await runProgram(
    args,
    { input, output, errors, environment: { NO_COLOR: "1" } },
    { version: "0.0.0", signal },
  );
}
