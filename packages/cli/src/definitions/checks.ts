import { type Command, Option } from "commander";

import { addFormat, exitCodeNumber } from "../options.ts";
import type { Does } from "./does.ts";
import { examples } from "./examples.ts";

export function addCheckCommands(program: Command, does: Does): void {
  program.commandsGroup("Explain and check:");
  examples(
    addFormat(
      program
        .command("explain [job-or-file]")
        .description(
          "explain how a run ended: a Job of the cluster, its saved output, or objects of `kubectl get -o json`; - is standard input",
        )
        .option("--exit-code <number>", "of the process", exitCodeNumber)
        .option("--evidence <file>", "an ending as JSON, as `k8s-runner` gives it"),
      ["text", "json", "yaml", "markdown"],
    ),
    [
      "claude-k8s explain run-abc",
      "claude-k8s explain --exit-code 137 run.ndjson",
      "kubectl get pod,job,events -o json | claude-k8s explain -",
    ],
  ).action(
    does(async ({ streams, options, words: [given], signal }) => {
      const { explainCommand } = await import("../commands/explain.ts");
      return explainCommand(streams, given as string | undefined, options, signal);
    }),
  );
  examples(
    addFormat(
      program
        .command("doctor")
        .description("check whether a run would work, with a command to paste for each trouble")
        .option("--image <image>", "try a whole Job with it, too")
        .option("--rbac", "print ServiceAccount, Roles and bindings that runs need")
        .option("--network-policy", "with --rbac: a network policy as well")
        .addOption(new Option("--role", "the same as --rbac").hideHelp()),
      ["text", "json", "yaml", "markdown", "helm"],
    ),
    [
      "claude-k8s doctor -n agents --image ghcr.io/acme/claude:2.1.330",
      "claude-k8s doctor --rbac -n agents | kubectl apply -f -",
      "claude-k8s doctor --rbac -o helm | sh",
    ],
  ).action(
    does(async ({ streams, options, signal }) => {
      const { doctorCommand } = await import("../commands/doctor.ts");
      return doctorCommand(streams, options, signal);
    }),
  );
}
