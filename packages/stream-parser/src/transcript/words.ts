import type { ClaudeEvent } from "../types/event.ts";
import type { SystemLevel } from "./entries.ts";

export interface SystemWords {
  readonly level: SystemLevel;
  readonly text: string;
}

function info(text: string): SystemWords {
  return { level: "info", text };
}

function warning(text: string): SystemWords {
  return { level: "warning", text };
}

function error(text: string): SystemWords {
  return { level: "error", text };
}

/** Joins what is known: absent parts leave no trace. */
function join(separator: string, ...parts: readonly (string | null | false)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(separator);
}

/** The words for a frame that is neither a message nor a result; `null` for those with nothing to show. */
export function systemWords(event: ClaudeEvent): SystemWords | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- most frames have nothing to say
  switch (event.type) {
    case "api_retry": {
      const cause = event.errorStatus === null ? "no response" : String(event.errorStatus);
      const wait = event.retryDelayMs === null ? null : `in ${(event.retryDelayMs / 1000).toFixed(1)} s`;
      const attempt = `API retry ${event.attempt ?? "?"} of ${event.maxRetries ?? "?"}`;
      return warning(`${join(" ", attempt, wait)}: ${join(" ", cause, event.error)}`);
    }
    case "rate_limit_event": {
      if (event.status === "allowed" || event.status === null) return null;
      const reset = event.resetsAt === null ? null : `resets ${isoOfSeconds(event.resetsAt)}`;
      const used = event.utilization === null ? null : `${Math.round(event.utilization * 100)} % used`;
      const text = `Rate limit ${event.status}: ${join(", ", event.rateLimitType, used, reset)}`;
      return event.status === "rejected" ? error(text) : warning(text);
    }
    case "status":
      if (event.status === "compacting") return info("Compacting the conversation");
      if (event.compactResult === "failed")
        return warning(join(": ", "Compaction failed", event.compactError));
      return null;
    case "compact_boundary": {
      const tokens =
        event.preTokens === null ? null : join(" to ", `${event.preTokens}`, numberText(event.postTokens));
      return info(
        join(": ", `Conversation compacted (${event.trigger ?? "auto"})`, tokens && `${tokens} tokens`),
      );
    }
    case "model_fallback":
      return warning(`Model ${event.originalModel ?? "?"} gave way to ${event.fallbackModel ?? "?"}`);
    case "model_refusal_fallback":
      return warning(
        `${event.originalModel ?? "The model"} refused; ${event.fallbackModel ?? "another"} answers`,
      );
    case "model_refusal_no_fallback":
      return error(join(": ", `${event.originalModel ?? "The model"} refused`, event.explanation));
    case "informational":
      return event.level === "warning" ? warning(event.content) : info(event.content);
    case "session_writes_lost":
      return error(`The session could not be saved: ${event.errorCode ?? "unknown error"}`);
    case "hook_response":
      if (event.outcome === "success" || (event.outcome === null && (event.exitCode ?? 0) === 0)) return null;
      return warning(
        join(
          ": ",
          `Hook ${event.hookName ?? "?"} ended with exit code ${event.exitCode ?? "?"}`,
          event.stderr.trim(),
        ),
      );
    case "task_notification":
      return info(join(": ", `Background task ${event.status ?? "ended"}`, event.summary));
    case "permission_denied":
      return warning(join(": ", `Permission denied for ${event.toolName ?? "a tool"}`, event.message));
    case "conversation_reset":
      return info("The conversation was cleared");
    case "worker_shutting_down":
      return warning(join(": ", "Shutting down", event.text));
    case "mirror_error":
    case "notification":
    case "local_command_output":
    case "auth_status":
      return event.text === null ? null : info(event.text);
    case "unknown":
      return info(`Frame of an unknown type: ${event.frameType}`);
    case "overflow":
      return warning(`A line of ${event.lineBytes} bytes was left out (bound: ${event.maxLineBytes})`);
    default:
      return null;
  }
}

function numberText(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** A date beyond the calendar is no reason to throw. */
function isoOfSeconds(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}
