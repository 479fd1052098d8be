import type { Command } from "commander";

import { addFormat, collect, portNumber, speedFactor, wholeNumber } from "../options.ts";
import type { Does } from "./does.ts";
import { examples } from "./examples.ts";

export function addOfflineCommands(program: Command, does: Does): void {
  program.commandsGroup("Without a cluster:");
  addSimulate(program, does);
  examples(
    program
      .command("format [file]")
      .description("show a stream of claude as a person reads it")
      .option("--markdown", "answer or failure, for an issue's comment")
      .option("--usage", "tokens and cost by model and sub-agent")
      .option("--json", "with --usage: as JSON"),
    [
      "claude -p … --output-format stream-json --verbose | claude-k8s format",
      "claude-k8s format --usage run.ndjson",
    ],
  ).action(
    does(
      async ({ streams, options, words: [file] }) => {
        const { formatCommand } = await import("../commands/format.ts");
        return formatCommand(streams, file as string | undefined, options);
      },
      { letsGo: true },
    ),
  );
  examples(
    addFormat(program.command("settings").description("list what a file for --config may hold"), [
      "table",
      "json",
      "yaml",
      "name",
      "markdown",
    ]),
    ["claude-k8s settings", "claude-k8s settings -o json"],
  ).action(
    does(async ({ streams, options }) => {
      const { settingsCommand } = await import("../commands/settings.ts");
      return settingsCommand(streams, options);
    }),
  );
  examples(
    program
      .command("completion <shell>")
      .description("print a script that completes commands and options in bash, zsh or fish"),
    [
      "source <(claude-k8s completion bash)",
      'claude-k8s completion zsh > "${fpath[1]}/_claude-k8s"',
      "claude-k8s completion fish > ~/.config/fish/completions/claude-k8s.fish",
    ],
  ).action(
    does(async ({ streams, words: [shell] }) => {
      const { completionCommand } = await import("../commands/completion.ts");
      return completionCommand(streams, shell as string, program);
    }),
  );
}

function addSimulate(program: Command, does: Does): void {
  examples(
    program
      .command("simulate [scenario]")
      .description(
        "play a run on a small Kubernetes in this process, with trouble on the way, and prove what was delivered; " +
          "without a scenario the story: the log is cut twice, the supervisor killed with SIGKILL, and a second run out of memory",
      )
      .option("--list", "the scenarios and faults that there are")
      .option(
        "--fault <name@time>",
        "what breaks, and when (cut-log@3s); without a time at one of the seed's; may be repeated",
        collect,
      )
      .option("--transcript <file>", "a stream of your own to play in a scenario")
      .option("--speed <factor>", "pace of the replay: 2 is twice as fast (default: 1)", speedFactor)
      .option("--seed <number>", "for where trouble strikes (default: a random one, printed)", wholeNumber)
      .option(
        "--image <image>",
        "of the story on a real cluster, with /bin/sh and node (default: node:24-alpine)",
      )
      .option("--port <number>", "TCP port of the local cluster (default: any free one)", portNumber)
      .option("--json", "one JSON object a line; the last is the proof"),
    [
      "claude-k8s simulate",
      "claude-k8s simulate --list",
      "claude-k8s simulate oom",
      "claude-k8s simulate success --fault cut-log@2s --fault restart-api@4s --speed 2",
      "claude-k8s simulate --kubeconfig ~/.kube/config      # the story on a real cluster",
    ],
  ).action(
    does(async ({ own, options, words: [scenario], interrupts }) => {
      const { simulateCommand } = await import("../commands/simulate.ts");
      return simulateCommand(own, scenario as string | undefined, options, interrupts);
    }),
  );
}
