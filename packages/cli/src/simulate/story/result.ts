import type { Diagnosis } from "@claude-k8s/diagnostics";
import type { RunResult } from "./events.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the host makes of `execute()`'s result: succeeded is exit code 0 without error and signal. */
export function readResult(result: Fields): RunResult {
  const usage = fields(result["usage"]);
  const exitCode = number(result["exitCode"]);
  const errorMessage = text(result["errorMessage"]);
  const succeeded =
    (exitCode ?? 0) === 0 &&
    errorMessage === null &&
    text(result["signal"]) === null &&
    result["timedOut"] !== true;
  return {
    outcome: succeeded ? "succeeded" : "failed",
    exitCode,
    // `errorCode` is the host's word for how it goes on; what happened has our own code.
    errorCode: text(fields(fields(result["resultJson"])["diagnosis"])["code"]) ?? text(result["errorCode"]),
    errorMessage,
    sessionId: text(result["sessionId"]),
    model: text(result["model"]),
    inputTokens: number(usage["inputTokens"]),
    cachedInputTokens: number(usage["cachedInputTokens"]),
    outputTokens: number(usage["outputTokens"]),
    costUsd: number(result["costUsd"]),
    summary: text(result["summary"]),
  };
}

/** The explanation that the adapter gives with a failure, as the host keeps it with the run. */
export function diagnosisOf(result: Fields): Diagnosis | null {
  const kept = fields(fields(result["resultJson"])["diagnosis"]);
  if (kept["outcome"] !== "failure") return null;
  const notTold = {
    family: text(result["errorFamily"]),
    notBefore: text(result["retryNotBefore"]),
    bootstrap: fields(result["executionRecovery"])["kind"] === "bootstrap",
    session: result["clearSession"] === true ? "clear" : "keep",
    spend: null,
    key: "",
  };
  return { ...notTold, ...kept } as Diagnosis;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
