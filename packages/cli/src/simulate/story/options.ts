import { Command, CommanderError, InvalidArgumentError } from "commander";

/** What the demo was asked for. */
export interface DemoOptions {
  /** Absolute or relative path; `null`: the local cluster in this process. */
  readonly kubeconfig: string | null;
  readonly context: string | null;
  readonly namespace: string | null;
  readonly image: string | null;
  readonly seed: number;
  readonly speed: number;
  /** TCP port of the local cluster; 0: any free one. */
  readonly port: number;
  readonly json: boolean;
}

export type ParsedOptions =
  | { readonly kind: "run"; readonly options: DemoOptions }
  /** `--help`, or an argument that cannot be used: the text is already printed. */
  | { readonly kind: "exit"; readonly code: number };

export interface OptionOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const DESCRIPTION = [
  "Shows one whole run of Claude Code in Kubernetes, with trouble on the way.",
  "",
  "A recorded transcript is replayed by a real process in a real Job, through the adapter's own execute(). On the way the log stream is cut twice and the supervising process is killed with SIGKILL; a second one adopts the run. What was delivered is held against what the container itself counted. Then a run that takes too much memory, with its diagnosis.",
  "",
  "Without --kubeconfig all of it happens on this machine, in a small Kubernetes inside this process.",
].join("\n");

const EXIT_CODES = `
Exit codes: 0 the proof holds; 1 it does not, or something went wrong; 2 wrong arguments; 130 interrupted.
Colours are for terminals only; NO_COLOR turns them off, FORCE_COLOR on.`;

export function parseOptions(
  argv: readonly string[],
  randomSeed: number,
  output: OptionOutput,
): ParsedOptions {
  const command = new Command("demo")
    .description(DESCRIPTION)
    .option("--kubeconfig <path>", "run on the cluster of this kubeconfig")
    .option("--context <name>", "context of the kubeconfig (default: its current one)")
    .option("--namespace <name>", "namespace for the demo's objects (default: the context's, else `default`)")
    .option(
      "--image <ref>",
      "image with /bin/sh and node (default: node:24-alpine; the local cluster needs none)",
    )
    .option("--seed <n>", "seed for where the trouble strikes (default: a random one, printed)", wholeNumber)
    .option("--speed <factor>", "pace of the replay: 2 is twice as fast (default: 1)", speedFactor)
    .option("--port <n>", "TCP port of the local cluster (default: any free one)", portNumber)
    .option("--json", "one JSON object a line; the last is the proof")
    .addHelpText("after", EXIT_CODES)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err });
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "exit", code: error.exitCode === 0 ? 0 : 2 };
  }
  const given = command.opts<Partial<DemoOptions>>();
  const contradiction = contradictionIn(given);
  if (contradiction !== null) {
    output.err(`error: ${contradiction}\n`);
    return { kind: "exit", code: 2 };
  }
  return {
    kind: "run",
    options: {
      kubeconfig: given.kubeconfig ?? null,
      context: given.context ?? null,
      namespace: given.namespace ?? null,
      image: given.image ?? null,
      seed: given.seed ?? randomSeed,
      speed: given.speed ?? 1,
      port: given.port ?? 0,
      json: given.json ?? false,
    },
  };
}

function contradictionIn(given: Partial<DemoOptions>): string | null {
  if (given.kubeconfig === undefined) {
    return given.context === undefined
      ? null
      : "--context needs --kubeconfig: the local cluster has only one";
  }
  return (given.port ?? 0) === 0
    ? null
    : "--port is the local cluster's: it has no meaning with --kubeconfig";
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/u.test(value)) throw new InvalidArgumentError("expected a whole number, 0 to 999999999.");
  return Number(value);
}

function speedFactor(value: string): number {
  const factor = Number(value);
  if (!(factor >= 0.25 && factor <= 10)) throw new InvalidArgumentError("expected a number from 0.25 to 10.");
  return factor;
}

function portNumber(value: string): number {
  const port = Number(value);
  if (!/^\d+$/u.test(value) || port > 65_535) {
    throw new InvalidArgumentError("expected a port, 0 to 65535 (0: any free one).");
  }
  return port;
}
