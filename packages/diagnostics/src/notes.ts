import type { NoteCode } from "./codes.ts";
import type { Note } from "./diagnosis.ts";
import type { Facts } from "./facts/facts.ts";
import { fileNotes, repositoryNotes } from "./file-notes.ts";
import { countWords } from "./words/numbers.ts";
import { contradictionNote, exitContradicts, isDisbelieved } from "./judge/contradiction.ts";
import { isLingering } from "./judge/own-stop.ts";
import { oneLine } from "./words/quote.ts";
import { exitWords } from "./words/signals.ts";

/** What is true beside the ending. */
export function notesOf(facts: Facts, success: boolean): readonly Note[] {
  const { stream, cluster } = facts;
  const notes: Note[] = [];
  const add = (code: NoteCode, text: string): void => void notes.push({ code, text });

  if (cluster.main?.reason === "OOMKilled" && cluster.main.exitCode !== 137)
    add(
      "child_oom_killed",
      `A process that Claude started was killed for memory${cluster.main.memoryLimit === null ? "" : ` (memory limit ${cluster.main.memoryLimit})`}; Claude itself went on.`,
    );
  if (success && stream?.result?.text === "" && stream.contentSeen === true && !stream.structuredOutput)
    add("empty_result", "Claude worked, but its last answer is empty.");
  const stop = stream?.hookStops.find(({ promptBlocked }) => !promptBlocked);
  const blocked = stream?.hookStops.find(({ promptBlocked }) => promptBlocked);
  if (hookReasons.has(stream?.result?.terminalReason ?? ""))
    add("hook_stopped", `A hook stopped the run${reasonWords(stop?.reason ?? null)}.`);
  if (blocked !== undefined)
    add(
      "prompt_blocked_by_hook",
      `A hook blocked the prompt${reasonWords(blocked.reason)}; the model never saw it.`,
    );
  if (success && stream !== null && stream.structuredOutputRequested && !stream.structuredOutput)
    add("structured_output_missing", "An answer by schema was asked for, but the result has none.");
  if (stream !== null && stream.permissionDenials.count > 0)
    add(
      "permission_denied",
      `${countWords(stream.permissionDenials.count, "use")} of tools refused${
        stream.permissionDenials.tools.length === 0 ? "" : ` (${stream.permissionDenials.tools.join(", ")})`
      }.`,
    );
  if (stream?.sessionWritesLost != null)
    add(
      "session_not_saved",
      `The session could not be written (${stream.sessionWritesLost.errorCode ?? "no reason told"}): it may not be resumable.`,
    );
  for (const server of stream?.failedMcpServers ?? [])
    add("mcp_server_failed", `MCP server ${oneLine(server.name, 100)}: ${server.status}.`);
  if (cluster.gaps.length > 0)
    add(
      "log_gap",
      `${countWords(cluster.gaps.length, "stretch", "stretches")} of output can no longer be had: ${oneLine(cluster.gaps[0] ?? "", 200)}`,
    );
  // What never ran has no output.
  else if (cluster.logComplete === false && facts.started !== false)
    add("log_gap", "That the output came whole could not be shown: its end may be missing.");
  notes.push(...fileNotes(facts.files), ...repositoryNotes(facts.repository));
  const contradiction = contradictionNote(facts);
  if (contradiction !== null) add("result_contradicted", contradiction);
  if (stream?.result != null && isLingering(facts))
    add("ended_by_linger", "The process stayed after its result, and was stopped.");
  if (stream?.result != null && endedBadly(facts))
    add("ended_after_result", `The process was stopped or died after its result: ${afterWords(facts)}.`);
  return notes;
}

const hookReasons: ReadonlySet<string> = new Set(["hook_stopped", "stop_hook_prevented"]);

/** A failed result ends with exit 1 by itself; only a signal or somebody's hand is news then. */
function endedBadly(facts: Facts): boolean {
  const { result } = facts.stream ?? {};
  // The result that tells of an interruption is the process's answer to the signal, and did not come before it.
  if (result?.terminalReason?.startsWith("aborted_") === true) return false;
  const ownExit = result?.isError === true || result?.subtype !== "success" ? [0, 1] : [0];
  if (exitContradicts(facts) || isDisbelieved(facts) || isLingering(facts)) return false;
  if (facts.kind === "stopped" || facts.kind === "failed") return true;
  return facts.signal !== null || (facts.exitCode !== null && !ownExit.includes(facts.exitCode));
}

function afterWords(facts: Facts): string {
  const exit = exitWords(facts.exitCode, facts.signal);
  if (facts.kind === "stopped") return `we stopped it (${exit})`;
  return facts.failureKind === null ? exit : `${facts.failureKind} (${exit})`;
}

function reasonWords(reason: string | null): string {
  return reason === null ? "" : ` (${oneLine(reason, 200)})`;
}
