import type { Command } from "commander";

import { addFormat, collect, dollars, duration, lenient } from "../options.ts";
import type { Does } from "./does.ts";
import { examples } from "./examples.ts";

/** Where the run works, and what of it outlives its pod. */
function addWorkspaceOptions(command: Command): Command {
  return command
    .option(
      "--copy <folder>",
      "send this folder into the pod; what changed comes back, however the run ends (`--copy .` is this one)",
    )
    .option(
      "--copy-exclude <name>",
      "what stays here and there: a name at any depth, or a path from the folder on; may be repeated",
      collect,
    )
    .option("--copy-max-size <quantity>", "the most that is copied in either direction (default: 10Gi)")
    .option("--repo <url>", "clone this repository in the pod, and work in it")
    .option("--ref <name>", "its branch, tag or commit (default: its default branch)")
    .option("--push-branch <name>", "push what the run leaves to this branch, also what it did not commit")
    .option("--repo-login <secret/entry>", "a Secret's entry with a token for https, or a key for ssh")
    .option(
      "--workspace <mode>",
      "empty (default), copied, repository, claim (one of the slot's own, which stays), or the name of a claim that exists",
    );
}

function addRunOptions(command: Command): Command {
  return addWorkspaceOptions(command)
    .option("--image <image>", "image with claude on its PATH")
    .option("--model <name>", "model for claude")
    .option(
      "-e, --env <name=value>",
      "a variable, kept in a Secret; a name alone takes this shell's value; may be repeated",
      collect,
    )
    .option(
      "--timeout <time>",
      "deadline, counted from the container's start (90s, 30m, 2h)",
      lenient(duration),
    )
    .option("--memory <quantity>", "memory limit, such as 4Gi")
    .option("--cpu <quantity>", "CPU limit, such as 2")
    .option("--budget <dollars>", "the run is stopped when it has cost so much", lenient(dollars))
    .option("--resume <session>", "go on with a session of Claude Code, where its files are in the pod")
    .option("--pod-template <file>", "YAML or JSON, merged over the pod template")
    .option(
      "--config <file>",
      "settings, YAML or JSON; options win over it (`claude-k8s settings` lists them)",
    )
    .option("--slot <name>", "at most one live run has it (default: one of its own)")
    .option("--retain", "keep the finished Job until its time to live");
}

export function addRunCommands(program: Command, does: Does): void {
  program.commandsGroup("Run Claude:");
  examples(
    addRunOptions(program.command("run [prompt...]"))
      .description("run claude in a Job, show its output, explain its ending")
      .option("-d, --detach", "start it, print its Job, and leave it to itself")
      .option("--raw", "the output as claude writes it")
      .option("--json", "the ending as one line of JSON"),
    [
      'claude-k8s run --image ghcr.io/acme/claude:2.1.330 -e ANTHROPIC_API_KEY "Say hello"',
      "claude-k8s run --config run.yaml --budget 2.50 --timeout 30m < prompt.md",
      'claude-k8s run --config run.yaml --detach "Fix the failing tests"',
      'claude-k8s run --config run.yaml --copy . --copy-exclude node_modules "Fix the failing tests"',
      'claude-k8s run --config run.yaml --repo https://git.example.com/app.git --push-branch fix "Fix it"',
    ],
  ).action(
    does(async ({ streams, options, words: [words], interrupts }) => {
      const { runCommand } = await import("../commands/run.ts");
      return runCommand(streams, words as readonly string[], options, interrupts);
    }),
  );
  examples(
    addFormat(
      addRunOptions(program.command("plan [prompt...]"))
        .description("print the Job that `run` would make, and where each part comes from; nothing is sent")
        .option("--server", "what the API server would make of it (a dry run)"),
      ["yaml", "json"],
    ),
    ["claude-k8s plan --config run.yaml", "claude-k8s plan --config run.yaml --server -n agents"],
  ).action(
    does(async ({ streams, options, words: [words] }) => {
      const { planCommand } = await import("../commands/plan.ts");
      return planCommand(streams, words as readonly string[], options);
    }),
  );
}
