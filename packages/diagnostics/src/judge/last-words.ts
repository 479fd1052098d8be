import type { Facts } from "../facts/facts.ts";
import type { ClusterFacts } from "../facts/cluster-facts.ts";
import { isLostTrack } from "../naming/pod-reasons.ts";
import { oneLine } from "../words/quote.ts";

/** What the process wrote outside its protocol. Protocol frames are no words for people, whole or cut. */
export function quotableLines(facts: Facts): readonly string[] {
  const { stream, cluster } = facts;
  const lines = stream === null || stream.noise.length === 0 ? cluster.lastLines : stream.noise;
  const left = terminationMessage(cluster);
  return [...lines, ...(left === null ? [] : left.split("\n"))]
    .filter((line) => !/^\s*\{|"(?:type|session_id|uuid|parent_tool_use_id)"\s{0,4}:/.test(line))
    .map((line) => oneLine(line, 300))
    .filter((line) => /[A-Za-z]/.test(line));
}

/** What the process left. What a container says that waits, never began or was lost is the kubelet's word, and no output. */
function terminationMessage({ main }: ClusterFacts): string | null {
  if (main?.state !== "terminated" || isLostTrack(main.reason, main.exitCode)) return null;
  return neverBegan.has(main.reason ?? "") ? null : main.message;
}

const neverBegan: ReadonlySet<string> = new Set(["StartError", "ContainerCannotRun"]);

export function lastWords(lines: readonly string[]): string {
  const told = tellingLine(lines);
  return told === null ? "" : `; the last words are: ${told}`;
}

/** Where an error came from, and what Node adds to every one: they speak of errors, and tell none. */
const trace =
  /^\s*at |^Emitted '?error'? event|^Node\.js v\d|^npm (?:err!|error) (?:a complete log|code |path |errno )/i;

/** The newest line that speaks of an error, with the one before it where that announces it ("Error: Invalid …:"). */
export function tellingLine(lines: readonly string[]): string | null {
  const speaks = lines.findLastIndex(
    (line) => /error|fail|not found|cannot|denied|invalid/i.test(line) && !trace.test(line),
  );
  const index = speaks < 0 ? lines.length - 1 : speaks;
  const before = lines[index - 1] ?? "";
  const line = lines[index] ?? null;
  return line !== null && before.endsWith(":") ? `${before} ${line}` : line;
}
