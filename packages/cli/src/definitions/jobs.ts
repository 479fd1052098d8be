import { type Command, Option } from "commander";

import { addFormat, byteQuantity, duration, sortKeys, wholeNumber } from "../options.ts";
import type { Does } from "./does.ts";
import { examples } from "./examples.ts";

export function addJobCommands(program: Command, does: Does): void {
  program.commandsGroup("Jobs of a cluster:");
  addListing(program, does);
  addReading(program, does);
  addEnding(program, does);
}

function addListing(program: Command, does: Does): void {
  const selector = ["-l, --selector <labels>", "only runs with these labels (a=b,c=d)"] as const;
  examples(
    addFormat(
      program
        .command("list")
        .alias("ls")
        .description("list the runs of a namespace")
        .option("-A, --all-namespaces", "of all namespaces")
        .option(...selector)
        .addOption(
          new Option("--sort-by <column>", "age shows the newest first, tokens and cost the largest")
            .choices(sortKeys)
            .default("age"),
        )
        .option("-w, --watch", "draw it anew every two seconds"),
      ["table", "wide", "json", "yaml", "name", "markdown"],
    ),
    [
      "claude-k8s list -n agents",
      "claude-k8s list -A -o wide",
      "claude-k8s list -o name -l paperclip.io/agent-id=a1",
    ],
  ).action(
    does(async ({ streams, options, signal }) => {
      const { listCommand } = await import("../commands/list.ts");
      return listCommand(streams, options, signal);
    }),
  );
  examples(
    addFormat(
      program
        .command("top")
        .description("the runs that live, with tokens and cost a minute")
        .option(...selector)
        .option("--once", "print it once"),
      ["table", "json", "yaml"],
    ),
    ["claude-k8s top -n agents", "claude-k8s top --once"],
  ).action(
    does(async ({ streams, options, signal }) => {
      const { topCommand } = await import("../commands/top.ts");
      return topCommand(streams, options, signal);
    }),
  );
}

function addReading(program: Command, does: Does): void {
  examples(
    program
      .command("attach <job>")
      .description("show a Job's output from its beginning, and explain its ending; Ctrl-C lets go")
      .option("--tail <lines>", "begin with the last so many lines", wholeNumber)
      .option(
        "--copy <folder>",
        "the folder that `run --copy` was given: what changed comes back (default: this one, if it was)",
      )
      .option("--copy-max-size <quantity>", "the most that comes back (default: 10Gi)", byteQuantity)
      .option("--raw", "the output as claude writes it")
      .option("--json", "the ending as one line of JSON"),
    [
      "claude-k8s attach run-abc",
      "claude-k8s attach --tail 20 run-abc",
      "claude-k8s attach run-abc --copy ~/src/app",
    ],
  ).action(
    does(async ({ streams, options, words: [job], signal }) => {
      const { attachCommand } = await import("../commands/attach.ts");
      return attachCommand(streams, job as string, options, signal);
    }),
  );
  examples(
    program
      .command("logs <job>")
      .description("print a Job's output, each line once")
      .option("-f, --follow", "until the run ends")
      .option("--since <time>", "only what is newer (90s, 5m, 2h)", duration)
      .option("--tail <lines>", "only the last so many lines", wholeNumber)
      .option("--pretty", "as a person reads it")
      .option("--raw", "with its control sequences, also on a terminal"),
    ["claude-k8s logs run-abc > run.ndjson", "claude-k8s logs -f --pretty run-abc"],
  ).action(
    does(async ({ streams, options, words: [job], signal }) => {
      const { logsCommand } = await import("../commands/logs.ts");
      return logsCommand(streams, job as string, options, signal);
    }),
  );
}

function addEnding(program: Command, does: Does): void {
  examples(
    program
      .command("stop <job>")
      .description("stop a run that no living process supervises, and remove its Job")
      .option("--grace <time>", "between SIGTERM and SIGKILL (default: 30s)", duration)
      .option("--keep", "keep the Job until its time to live")
      .option(
        "--copy <folder>",
        "the folder that `run --copy` was given: what changed comes back (default: this one, if it was)",
      ),
    ["claude-k8s stop run-abc", "claude-k8s stop --grace 2m run-abc"],
  ).action(
    does(async ({ streams, options, words: [job], signal }) => {
      const { stopCommand } = await import("../commands/stop.ts");
      return stopCommand(streams, job as string, options, signal);
    }),
  );
  examples(
    addFormat(
      program
        .command("clean")
        .description("find what crashes left behind, and remove it")
        .option("--remove", "remove it")
        .option("--dry-run", "only tell (as without --remove)")
        .option("--claims", "the volume claims of agents instead, which go with all their files")
        .option("--older-than <time>", "only what is older (default: 1h)", duration),
      ["table", "json", "yaml", "name"],
    ),
    [
      "claude-k8s clean",
      "claude-k8s clean --remove --older-than 1d",
      "claude-k8s clean --claims --older-than 30d",
    ],
  ).action(
    does(async ({ streams, options }) => {
      const { cleanCommand } = await import("../commands/clean.ts");
      return cleanCommand(streams, options);
    }),
  );
}
