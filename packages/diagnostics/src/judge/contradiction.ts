import type { Facts } from "../facts/facts.ts";
import { exitWords } from "../words/signals.ts";
import { nameFailure } from "./name-failure.ts";
import { isSuccess } from "./result.ts";

/**
 * What speaks against a result that says success, in words; `null`: nothing does. What stopped or killed the process after its
 * result is no contradiction, but an exit of its own choice is: the CLI ends with 0 after a success. An agent can write a frame
 * that looks like a result, and cannot choose how the CLI ends.
 */
export function contradictionOf(facts: Facts): string | null {
  const { stream } = facts;
  if (stream === null || stream.result === null || !isSuccess(stream.result)) return null;
  if (stream.contradiction !== null) return stream.contradiction;
  const ownExit =
    facts.kind === "exited" &&
    facts.signal === null &&
    (facts.exitCode ?? 0) !== 0 &&
    nameFailure(facts) === null;
  return ownExit ? `the process ended by itself with ${exitWords(facts.exitCode, null)}` : null;
}
