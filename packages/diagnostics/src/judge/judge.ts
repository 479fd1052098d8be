import type { Facts } from "../facts/facts.ts";
import { claudeCause } from "./claude-cause.ts";
import { contradictionWords, exitContradicts, isDisbelieved, ownExit } from "./contradiction.ts";
import { judgeFailure } from "./cluster-failure.ts";
import { lastWords, quotableLines, tellingLine } from "./last-words.ts";
import { nameFailure, withFailure } from "./name-failure.ts";
import { judgeOwnStop } from "./own-stop.ts";
import { errorWords, isSuccess, judgeFailedResult } from "./result.ts";
import { runNumbers } from "./run-numbers.ts";
import { slotHeld } from "./slot.ts";
import { judgeStreamEnd } from "./stream-end.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The order of judgement; `null` is success. Claude's last result, when it says success, stands whatever ended the process
 * afterwards. Then what we did ourselves, a failed last result, what the cluster says, and what the stream shows without a
 * result. The one exception: a result that only says "interrupted" is the trace of a signal, and whoever sent it is the cause.
 */
export function judge(facts: Facts): Verdict | null {
  if (facts.kind === "busy") return slotHeld(facts);
  if (facts.kind === "refused") return judgeFailure(facts) ?? judgeStreamEnd(facts);
  // Work that did not come back is lost, however well the agent ended.
  if (facts.failureKind === "workspace-failed") return judgeFailure(facts);
  if (exitContradicts(facts)) return contradicted(facts);
  return isDisbelieved(facts) ? judgeEnding(withoutResult(facts)) : judgeEnding(facts);
}

function judgeEnding(facts: Facts): Verdict | null {
  const { stream } = facts;
  const result = stream?.result ?? null;
  if (stream !== null && result !== null && isSuccess(result)) return hollowSuccess(facts);
  const ours = judgeOwnStop(facts);
  if (ours !== null) return ours;
  const told = stream === null || result === null ? null : judgeFailedResult(facts, stream, result);
  if (told !== null && told.code !== "claude_interrupted") return told;
  const named = withName(facts);
  // What is only known not to be known (`exit-unknown`) has the cluster's words for the stream's ending.
  return judgeFailure(named) ?? told ?? judgeStreamEnd(named);
}

function withName(facts: Facts): Facts {
  const named = facts.failureKind === null ? nameFailure(facts) : null;
  return named === null ? facts : withFailure(facts, named);
}

/** A result that is not believed counts as none. */
function withoutResult(facts: Facts): Facts {
  return facts.stream === null ? facts : { ...facts, stream: { ...facts.stream, result: null } };
}

/** The result says success, and the process's own exit says otherwise. */
function contradicted(facts: Facts): Verdict {
  const against = [ownExit(facts), contradictionWords(facts)].filter((part) => part !== null).join("; ");
  const lines = quotableLines(facts);
  return {
    code: "claude_failed",
    cause: `Claude's last result says success, but ${against}${lastWords(lines)}. ${runNumbers(facts)}`,
    detail: `contradicted ${tellingLine(lines) ?? ""}`,
    names: { model: facts.stream?.model ?? null },
  };
}

/** Says success, but the model refused, or the API gave nothing at all in the whole run. */
function hollowSuccess(facts: Facts): Verdict | null {
  const { stream } = facts;
  const result = stream?.result ?? null;
  if (stream === null || result === null) return null;
  const said = { ...errorWords(stream), notBefore: null };
  if (result.stopReason === "refusal") return claudeCause("claude_refusal", facts, stream, said);
  const nothing = result.text === "" && stream.contentSeen === false && !stream.structuredOutput;
  // A local command such as /compact answers with nothing, too; it calls no model and tells no terminal reason.
  return nothing && result.terminalReason !== null && stream.compactions === 0
    ? claudeCause("llm_api_error", facts, stream, said)
    : null;
}
