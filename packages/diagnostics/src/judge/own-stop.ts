import { stopReasons } from "../evidence/exit.ts";
import type { Facts } from "../facts/facts.ts";
import { count, fields, flag, number, words } from "../facts/read.ts";
import { durationWords } from "../words/numbers.ts";
import { oneLine } from "../words/quote.ts";
import { neverRan } from "./place-words.ts";
import { versionUnsupported } from "./own-failure.ts";
import { runNumbers } from "./run-numbers.ts";
import type { Verdict } from "./verdict.ts";

/** What we did ourselves; `null` when our stop only tidied up behind a result that is already in. */
export function judgeOwnStop(facts: Facts): Verdict | null {
  if (facts.kind !== "stopped") return null;
  const { reason, detail } = reasonOf(words(facts.exit["reason"]));
  const by = words(facts.exit["by"]);
  if (by === "deadline" || reason === stopReasons.deadline) return timeout(facts);
  switch (reason) {
    case stopReasons.lingering:
      return facts.stream?.result === null
        ? stopped(facts, "cancelled", "it stayed without a result that counts")
        : null;
    case stopReasons.stalled:
      return stopped(facts, "claude_stalled", detail ?? "nothing came from it for too long");
    case stopReasons.budget:
      return stopped(
        facts,
        "budget_exceeded",
        `our own cap on its cost was reached${detail === null ? "" : ` (${detail})`}`,
      );
    case stopReasons.claudeVersion:
      return {
        ...versionUnsupported(
          facts.stream?.cliVersion ?? null,
          words(fields(facts.settings)["claudeVersion"]),
        ),
        // A quick agent may have begun before the stop came.
        bootstrap: facts.stream?.contentSeen !== true,
      };
    case stopReasons.cancelled:
    case null:
      return stopped(facts, "cancelled", "it was asked to");
    default:
      return stopped(
        facts,
        "cancelled",
        `the reason given is: ${oneLine(words(facts.exit["reason"]) ?? "", 200)}`,
      );
  }
}

const ownReasons: ReadonlySet<string> = /* @__PURE__ */ new Set(/* @__PURE__ */ Object.values(stopReasons));

/** One of `stopReasons`, after which a colon and a detail may stand: `stalled: silent for 1800 s while the tool Bash ran`. */
function reasonOf(reason: string | null): { readonly reason: string | null; readonly detail: string | null } {
  const colon = reason?.indexOf(": ") ?? -1;
  const name = colon === -1 ? reason : (reason?.slice(0, colon) ?? null);
  if (name === null || reason === null || !ownReasons.has(name)) return { reason, detail: null };
  return { reason: name, detail: colon === -1 ? null : oneLine(reason.slice(colon + 2), 300) };
}

/** Our stop of a process that stayed although its result was in. */
export function isLingering(facts: Facts): boolean {
  return facts.kind === "stopped" && words(facts.exit["reason"]) === stopReasons.lingering;
}

function timeout(facts: Facts): Verdict {
  const seconds = number(facts.exit["deadlineSeconds"]);
  return {
    code: "timeout",
    cause: `The run's deadline${seconds === null ? "" : ` of ${durationWords(seconds)} (${seconds} s)`} passed, counted from the container's start. ${howStopped(facts)} ${runNumbers(facts)}`,
    detail: "run deadline",
    bootstrap: neverRan(facts),
  };
}

function stopped(
  facts: Facts,
  code: "cancelled" | "claude_stalled" | "budget_exceeded",
  why: string,
): Verdict {
  return {
    code,
    cause: `The run was stopped: ${why}. ${howStopped(facts)} ${runNumbers(facts)}`,
    detail: why,
    bootstrap: neverRan(facts),
  };
}

function howStopped(facts: Facts): string {
  if (facts.started === false) return "Its container had not started.";
  const grace = count(facts.exit["graceSeconds"]);
  return flag(facts.exit["forced"]) === true
    ? `It did not end within ${grace === 0 ? "its grace period" : `${durationWords(grace)} of grace`} and was killed.`
    : "It ended within its grace period.";
}
