import type { Facts } from "../facts/facts.ts";
import { oneLine } from "../words/quote.ts";
import { exitWords } from "../words/signals.ts";
import { nameFailure } from "./name-failure.ts";
import { isSuccess } from "./result.ts";

/**
 * The CLI ends with 0 after a success, so an exit of its own choice speaks against one; what stopped or killed the process
 * afterwards does not. An agent can write a frame that looks like a result, and cannot choose how the CLI ends.
 */
export function exitContradicts(facts: Facts): boolean {
  return (
    saysSuccess(facts) &&
    facts.kind === "exited" &&
    facts.signal === null &&
    (facts.exitCode ?? 0) !== 0 &&
    nameFailure(facts) === null
  );
}

/** The stream itself speaks against its success, and the process did not end well by itself either. */
export function isDisbelieved(facts: Facts): boolean {
  if (!saysSuccess(facts) || facts.stream?.result?.contradicted !== true) return false;
  return facts.kind !== "exited" || facts.exitCode !== 0 || nameFailure(facts) !== null;
}

function saysSuccess({ stream }: Facts): boolean {
  return stream !== null && stream.result !== null && isSuccess(stream.result);
}

/** For the note `result_contradicted`; `null`: nothing speaks against a result. */
export function contradictionNote(facts: Facts): string | null {
  const against = contradictionWords(facts);
  const last = "Claude's last result says success, but";
  if (exitContradicts(facts)) return `${last} ${against ?? ownExit(facts)}: the stricter of the two counts.`;
  if (against === null) return null;
  if (isDisbelieved(facts)) return `${last} ${against}: it was not believed.`;
  return saysSuccess(facts) && facts.stream?.result?.contradicted === true
    ? `${last} ${against}. It stands, because the process ended well by itself.`
    : `The output holds a result that was not believed: ${against}.`;
}

export function ownExit(facts: Facts): string {
  return `the process ended by itself with ${exitWords(facts.exitCode, null)}`;
}

export function contradictionWords({ stream }: Facts): string | null {
  const kinds = (stream?.contradictions ?? []).filter((kind) => kind !== "cost_went_down");
  if (kinds.length === 0)
    return stream?.result?.contradicted === true ? "the stream speaks against it" : null;
  return kinds.map((kind) => inWords.get(kind) ?? oneLine(kind.replaceAll("_", " "), 60)).join("; ");
}

const inWords: ReadonlyMap<string, string> = new Map([
  ["work_after_result", "the agent worked on after it without a new turn"],
  ["success_after_failure", "it came directly after a failed one, with nothing done in between"],
  ["other_session", "it names a session that this run never had"],
  ["result_order", "it is out of order"],
  ["impossible_numbers", "its numbers are impossible"],
]);
