import { diagnose } from "@claude-k8s/diagnostics";
import { InvalidKubeconfigError, InvalidRunSpecError } from "@claude-k8s/k8s-runner";
import { plainText } from "@claude-k8s/stream-parser/terminal";
import { Command, CommanderError } from "commander";

import { addClusterOptions } from "./cluster-options.ts";
import { attachCommand, logsCommand } from "./commands/attach.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { cleanCommand, listCommand, stopCommand } from "./commands/jobs.ts";
import { explainCommand, formatCommand, planCommand } from "./commands/offline.ts";
import { runCommand } from "./commands/run.ts";
import { UsageError, exitCodes } from "./exit-codes.ts";
import { addRunOptions } from "./run-options.ts";
import { showDiagnosis } from "./show.ts";
import { maskedStreams } from "./masked-streams.ts";
import type { Streams } from "./streams.ts";

/** The command line: arguments in, exit code out. Never rejects, never ends the process. */
export async function runProgram(
  args: readonly string[],
  own: Streams,
  options: { readonly version: string; readonly signal: AbortSignal },
): Promise<number> {
  const masked = maskedStreams(own);
  const { streams } = masked;
  let exitCode: number = exitCodes.success;
  const does =
    <A extends unknown[]>(command: (...given: A) => Promise<number>) =>
    async (...given: A): Promise<void> => {
      exitCode = await command(...given);
    };
  const program = buildProgram(streams, options, does);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return told(error, streams);
  } finally {
    masked.end();
  }
}

type Does = <A extends unknown[]>(
  command: (...given: A) => Promise<number>,
) => (...given: A) => Promise<void>;

function buildProgram(
  streams: Streams,
  { version, signal }: { readonly version: string; readonly signal: AbortSignal },
  does: Does,
): Command {
  const program = new Command("claude-k8s")
    .description("Claude Code as Kubernetes Jobs: nothing lost, nothing repeated, every ending explained.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.output.write(text),
      writeErr: (text) => void streams.errors.write(text),
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 success; 1 failure; 2 wrong arguments or settings; 75 a failure that may pass by itself; 130 interrupted.",
    );
  const command = (name: string, description: string): Command =>
    program.command(name).description(description);

  addRunOptions(command("run [prompt...]", "run claude in a Job, show its output, explain its ending"))
    .option("--raw", "the output as claude writes it")
    .option("--json", "the ending as one line of JSON")
    .action(does((words, given) => runCommand(streams, words, given, signal)));
  addRunOptions(command("plan [prompt...]", "print the Job that `run` would make; nothing is sent"))
    .option("--json", "as JSON")
    .action(does((words, given) => planCommand(streams, words, given)));
  addClusterOptions(command("attach <job>", "show a Job's output from its beginning, and explain its ending"))
    .option("--raw", "the output as claude writes it")
    .option("--json", "the ending as one line of JSON")
    .action(does((job, given) => attachCommand(streams, job, given, signal)));
  addClusterOptions(command("logs <job>", "print a Job's output, each line once"))
    .option("--pretty", "as a person reads it")
    .option("--raw", "with its control sequences, also on a terminal")
    .action(does((job, given) => logsCommand(streams, job, given, signal)));
  addClusterOptions(command("list", "list the runs of a namespace"))
    .option("--json", "as JSON")
    .action(does((given) => listCommand(streams, given)));
  addClusterOptions(command("stop <job>", "stop a run that no living process supervises, and remove its Job"))
    .option("--grace <seconds>", "between SIGTERM and SIGKILL", "30")
    .action(does((job, given) => stopCommand(streams, job, given, signal)));
  addClusterOptions(command("clean", "find what crashes left behind"))
    .option("--remove", "remove it")
    .option("--older-than <seconds>", "only what is older")
    .action(does((given) => cleanCommand(streams, given)));
  addClusterOptions(command("doctor", "check every permission that a run needs"))
    .option("--role", "print a Role that allows all")
    .option("--json", "as JSON")
    .action(does((given) => doctorCommand(streams, given)));
  command("explain [file]", "explain how a run ended, from its output (or standard input)")
    .option("--exit-code <number>", "of the process")
    .option("--evidence <file>", "an ending as JSON, as `k8s-runner` gives it")
    .option("--json", "as one line of JSON")
    .action(does((file, given) => explainCommand(streams, file, given)));
  command("format [file]", "show a stream of claude as a person reads it").action(
    does((file) => formatCommand(streams, file)),
  );
  return program;
}

function told(error: unknown, streams: Streams): number {
  // Commander has written what there is to say: a help text, the version, or what is wrong with the arguments.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  if (InvalidKubeconfigError.isInstance(error)) {
    const { field, message } = error;
    const failure = { kind: "kubeconfig-invalid", field, message } as const;
    showDiagnosis(streams, diagnose({ exit: { kind: "refused", failure } }), false);
    return exitCodes.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  streams.errors.write(`claude-k8s: ${plainText(message)}\n`);
  if (error instanceof UsageError || InvalidRunSpecError.isInstance(error)) return exitCodes.usage;
  return exitCodes.failure;
}
