import { fileURLToPath } from "node:url";

import { block } from "./block.ts";
import { clusterScreens } from "./cluster.ts";
import { lastLineOf, screenOf } from "./terminal.ts";

const recordings = new URL("../../../stream-parser/test/fixtures/recordings/", import.meta.url);

/** Each command with its screen, as a paragraph and a block of code. */
export async function readScreens(): Promise<readonly string[]> {
  // A simulation mostly waits: the others are made meanwhile.
  const [format, usage, explain, simulate, cluster] = await Promise.all([
    screenOfFile(["format"], "tool-parallel"),
    screenOfFile(["format", "--usage"], "subagent"),
    screenOfFile(["explain"], "usage-limit-429-subscription"),
    simulation(["simulate", "success", "--speed", "10"]),
    clusterScreens(),
  ]);
  return [
    "What `claude -p … --output-format stream-json --verbose` wrote, as a person reads it, and what it cost:",
    format,
    usage,
    "Why a run ended, from its saved output alone:",
    explain,
    "A whole run on a small Kubernetes in this process; its last line is the proof:",
    simulate,
    ...cluster,
  ];
}

async function screenOfFile(args: readonly string[], recording: string): Promise<string> {
  const screen = await screenOf([...args, fileURLToPath(new URL(`${recording}.ndjson`, recordings))]);
  return block([...args, "run.ndjson"], screen);
}

async function simulation(args: readonly string[]): Promise<string> {
  return block([...args, "2>/dev/null", "|", "tail", "-1"], await lastLineOf(args));
}
