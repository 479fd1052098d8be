import type { Command } from "commander";

import { addFormat } from "../options.ts";
import type { Does } from "../program.ts";
import { examples } from "./examples.ts";

export function addOfflineCommands(program: Command, does: Does): void {
  program.commandsGroup("Without a cluster:");
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
