import type { FailureCode } from "../codes.ts";
import type { Facts } from "../facts/facts.ts";
import type { ResultFacts, StreamFacts } from "../facts/stream-facts.ts";
import { claudeCause } from "./claude-cause.ts";
import { quotaReset } from "./quota.ts";
import { matchConcept } from "./concepts/concept.ts";
import { decisiveConcepts } from "./concepts/decisive.ts";
import { fallbackConcepts } from "./concepts/fallback.ts";
import { plainWords } from "./rules/own-words.ts";
import { decisiveBeforeStart, decisiveTextRules } from "./rules/decisive.ts";
import { fallbackTextRules, startTextRules } from "./rules/fallback.ts";
import { matchText, statusInText } from "./rules/rule.ts";
import type { Verdict } from "./verdict.ts";

export function isSuccess(result: ResultFacts): boolean {
  return result.subtype === "success" && !result.isError;
}

/** What the API or the CLI said when it gave up: the result's fields, or the last assistant frame's where no result came. */
export interface ErrorWords {
  readonly text: string;
  readonly errorClass: string | null;
  readonly status: number | null;
  readonly apiError: string | null;
  /** The API's own class of its error. */
  readonly apiErrorType: string | null;
}

export function errorWords(stream: StreamFacts): ErrorWords {
  const { result, assistant } = stream;
  const own = result?.error ?? null;
  const isClass = own !== null && /^[a-z_]{1,80}$/.test(own);
  const text = [
    result?.text ?? "",
    ...(result?.errors ?? []),
    // Where it is no class it is a sentence.
    isClass ? "" : (own ?? ""),
    result === null ? (assistant?.text ?? "") : "",
  ]
    .filter((part) => part !== "")
    .join("\n");
  return {
    text,
    // An earlier turn's error may stand in the last assistant frame of a run whose last turn failed otherwise.
    errorClass: (isClass ? own : null) ?? assistant?.error ?? null,
    status: result?.apiErrorStatus ?? assistant?.apiErrorStatus ?? statusInText(text),
    apiError: result?.apiError ?? assistant?.apiError ?? null,
    apiErrorType: result?.apiErrorType ?? null,
  };
}

/** A failed last result, in the order: fields that name the ending, decisive words, error class, HTTP status, words. */
export function judgeFailedResult(facts: Facts, stream: StreamFacts, result: ResultFacts): Verdict {
  const words = errorWords(stream);
  const neverBegan = stream.inits === 0 && stream.contentSeen !== true;
  const decisive = matchText(neverBegan ? decisiveBeforeStart : decisiveTextRules, words.text, words.status);
  const concept =
    decisive === null && !neverBegan ? matchConcept(decisiveConcepts, words.text, words.status) : null;
  const known =
    bySubtype.get(result.subtype) ??
    (neverBegan && result.startupFailureReason !== null && decisive === null
      ? "claude_start_failed"
      : null) ??
    (result.stopReason === "refusal" ? "claude_refusal" : null) ??
    decisive?.code ??
    codeOfTerminalReason(result, words) ??
    (words.status === 429 && stream.rejectedUntil.length > 0 ? "provider_quota" : null) ??
    codeOfExactField(words) ??
    concept?.code ??
    codeOfApi(words) ??
    emptyAnswer(stream, result) ??
    matchText(neverBegan ? startTextRules : fallbackTextRules, words.text, words.status)?.code ??
    (words.status === 400 || words.status === 422 || words.errorClass === "invalid_request"
      ? "claude_invalid_request"
      : null) ??
    (neverBegan && (result.numTurns ?? 0) === 0 ? "claude_start_failed" : null);
  const guess = known === null && !neverBegan ? unstructured(words.text) : null;
  const code = known ?? guess ?? "claude_failed";
  const notBefore = code === "provider_quota" ? quotaReset(facts, stream, words.text) : null;
  const told = claudeCause(code, facts, stream, {
    text: words.text,
    status: words.status,
    notBefore,
    rule: decisive ?? concept,
  });
  return guess !== null || (concept?.code === code && concept.suspected?.(words.status) === true)
    ? { ...told, suspected: true }
    : told;
}

/** A whole text is looked at, as it may tell in one sentence what failed and in the next what to do. */
function unstructured(text: string): FailureCode | null {
  // These have connections and answers of their own, which no API of models gave.
  if (/\bmcp\b|\bhooks?\b|\bplugins?\b|\bpermission/i.test(text)) return null;
  const [first = ""] = text.split("\n", 1);
  return (
    matchConcept(fallbackConcepts, text, null)?.code ??
    matchConcept(fallbackConcepts, first.replaceAll(/[.;!?](?=\s)/g, ","), null)?.code ??
    null
  );
}

/** Maps, not objects: what the stream says may be called "constructor". */
const bySubtype: ReadonlyMap<string, FailureCode> = new Map([
  ["error_max_turns", "max_turns_exhausted"],
  ["error_max_budget_usd", "budget_exceeded"],
  ["error_max_structured_output_retries", "structured_output_invalid"],
]);

const byTerminalReason: ReadonlyMap<string, FailureCode> = new Map([
  ["prompt_too_long", "claude_prompt_too_long"],
  ["blocking_limit", "claude_prompt_too_long"],
  ["rapid_refill_breaker", "claude_prompt_too_long"],
  ["max_turns", "max_turns_exhausted"],
  ["budget_exhausted", "budget_exceeded"],
  ["structured_output_retry_exhausted", "structured_output_invalid"],
  ["aborted_streaming", "claude_interrupted"],
  ["aborted_tools", "claude_interrupted"],
]);

const byApiError: ReadonlyMap<string, FailureCode> = new Map([
  ["usage_limit_reached", "provider_quota"],
  ["max_output_tokens", "claude_max_output_tokens"],
  ["connection_failed", "claude_transient_upstream"],
]);

/** Classes that Claude Code gives to one kind of answer only. */
const exactClasses: ReadonlySet<string> = new Set([
  "cloud_credential_error",
  "oauth_org_not_allowed",
  "account_on_hold",
  "verification_required",
  "billing_error",
  "max_output_tokens",
]);

const byErrorClass: ReadonlyMap<string, FailureCode> = new Map([
  ["authentication_failed", "claude_auth_required"],
  ["cloud_credential_error", "claude_auth_required"],
  ["oauth_org_not_allowed", "claude_access_denied"],
  ["account_on_hold", "claude_access_denied"],
  ["verification_required", "claude_access_denied"],
  ["billing_error", "claude_billing"],
  ["model_not_found", "model_not_found"],
  ["max_output_tokens", "claude_max_output_tokens"],
  ["rate_limit", "claude_transient_upstream"],
  ["overloaded", "claude_transient_upstream"],
]);

/** https://docs.claude.com/en/api/errors#http-errors */
const byApiErrorType: ReadonlyMap<string, FailureCode> = new Map([
  ["authentication_error", "claude_auth_required"],
  ["permission_error", "claude_access_denied"],
  ["billing_error", "claude_billing"],
  ["request_too_large", "claude_prompt_too_long"],
  ["rate_limit_error", "claude_transient_upstream"],
  ["timeout_error", "claude_transient_upstream"],
  ["overloaded_error", "claude_transient_upstream"],
  ["api_error", "claude_transient_upstream"],
]);

function codeOfTerminalReason(result: ResultFacts, words: ErrorWords): FailureCode | null {
  const code = byTerminalReason.get(result.terminalReason ?? "") ?? null;
  // An API error that was being told when the interrupt came is still the reason.
  return code === "claude_interrupted" && words.status !== null ? null : code;
}

function codeOfExactField({ apiError, errorClass }: ErrorWords): FailureCode | null {
  return (
    byApiError.get(apiError ?? "") ??
    (exactClasses.has(errorClass ?? "") ? (byErrorClass.get(errorClass ?? "") ?? null) : null)
  );
}

/** The structured fields that releases from 2.0 on carry, and the HTTP status that all of them tell somehow. */
export function codeOfApi(words: ErrorWords): FailureCode | null {
  return (
    byApiError.get(words.apiError ?? "") ??
    codeOfErrorClass(words) ??
    codeOfStatus(words) ??
    byApiErrorType.get(words.apiErrorType ?? "") ??
    null
  );
}

function codeOfErrorClass(words: ErrorWords): FailureCode | null {
  if (words.errorClass === "authentication_failed" && words.status === 403) return "claude_access_denied";
  // The class is also given to what a gateway refuses; the status is more exact then.
  if (words.errorClass === "server_error") return codeOfStatus(words) ?? "claude_transient_upstream";
  return byErrorClass.get(words.errorClass ?? "") ?? null;
}

function codeOfStatus(words: ErrorWords): FailureCode | null {
  const { status, text } = words;
  if (status === null) return null;
  if (isUpstreamRefusal(words)) return "claude_invalid_request";
  if (status === 401) return "claude_auth_required";
  if (status === 402) return "claude_billing";
  if (status === 403) return "claude_access_denied";
  // `/v1/messages` is one path of the API: who does not know it is another service.
  if (status === 404)
    return /model/i.test(withoutPaths(plainWords(text))) ? "model_not_found" : "claude_wrong_service";
  if (status === 407 || status === 451) return "claude_access_denied";
  if (isOtherService(status)) return "claude_wrong_service";
  // Cloudflare's own: the certificate of the server behind it is not valid.
  if (status === 526) return "claude_tls_untrusted";
  // 424: a cloud's own failure of the model. 499: whoever stands between gave up waiting.
  if ([408, 409, 423, 424, 425, 429, 499].includes(status) || status >= 500)
    return "claude_transient_upstream";
  if (status === 413) return "claude_prompt_too_long";
  return null;
}

/** A path, or an address, may hold the word "models" without being about one. */
function withoutPaths(words: string): string {
  return words.replaceAll(/(?:^|[\s"'`(]|https?:\/)\/\S{1,300}/g, " ");
}

/** A gateway whose upstream refused the request as invalid, told as a failure of its own. */
function isUpstreamRefusal({ status, text }: ErrorWords): boolean {
  return (
    status !== null &&
    (status >= 500 || status === 429 || status === 424) &&
    /\b(?:returned|status(?:[ _]?code)?["']?\s?[=:]?|HTTP|error code:?) ?400\b[\s\S]{0,300}invalid_(?:request|argument)/i.test(
      plainWords(text),
    )
  );
}

/** A method, form or protocol that whoever answers does not know, and will not know the next time; a redirect; a log-in to the network. */
function isOtherService(status: number): boolean {
  return [405, 406, 410, 415, 421, 426, 501, 505, 511].includes(status) || (status >= 300 && status < 400);
}

/** The API gave nothing at all; releases to 2.0 end such a run with `error_during_execution` and no words. */
function emptyAnswer(stream: StreamFacts, result: ResultFacts): FailureCode | null {
  const nothing = result.errors.every((error) => error.includes("[ede_diagnostic]"));
  const saysNone = result.errors.some((error) => error.includes("last_content_type=none"));
  if (saysNone) return "llm_api_error";
  const started = stream.inits !== 0;
  return started && nothing && (result.text ?? "") === "" && stream.contentSeen === false
    ? "llm_api_error"
    : null;
}
