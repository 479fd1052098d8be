import { successorReason } from "../adoption/wake-mark.ts";
import type { RunKey } from "./memory.ts";

export type WakeAnswer =
  /** The host has queued a run of the agent. */
  | { readonly kind: "taken" }
  /** Asking again is of no use; `reason` is the host's word. */
  | { readonly kind: "refused"; readonly reason: string }
  /** The host is not there yet, or is busy. */
  | { readonly kind: "unavailable"; readonly reason: string };

const patienceMilliseconds = 10_000;
const longestAnswer = 64 * 1024;
const longestIssue = 4 * 1024 * 1024;

/**
 * Asks Paperclip to run an agent for its issue, as the agent itself (`POST /api/agents/{id}/wakeup`). `origin` is the server's own
 * address: the token goes nowhere else, and a redirect is not followed.
 */
export async function wakeAgent(origin: string, key: RunKey, signal: AbortSignal): Promise<WakeAnswer> {
  const { agentId, runId, issueId, taskKey, token } = key;
  try {
    const response = await fetch(`${origin}/api/agents/${encodeURIComponent(agentId)}/wakeup`, {
      method: "POST",
      redirect: "error",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        // The host compares it with the token's.
        "x-paperclip-run-id": runId,
      },
      body: JSON.stringify({
        source: "automation",
        triggerDetail: "system",
        reason: successorReason,
        payload: {
          ...(issueId !== null && { issueId, taskId: issueId }),
          ...(taskKey !== null && { taskKey }),
        },
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]),
    });
    return answerOf(response.status, await shortText(response));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { kind: "unavailable", reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Whether the run's issue was closed meanwhile, as agents do at their end. The host takes a wake for such an issue, and then cancels
 * its run without a word. `false` also where it cannot be told.
 */
export async function issueIsClosed(origin: string, key: RunKey, signal: AbortSignal): Promise<boolean> {
  if (key.issueId === null) return false;
  try {
    const response = await fetch(`${origin}/api/issues/${encodeURIComponent(key.issueId)}`, {
      redirect: "error",
      headers: { authorization: `Bearer ${key.token}`, "x-paperclip-run-id": key.runId },
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]),
    });
    const { status } = parse(await shortText(response, longestIssue));
    return status === "done" || status === "cancelled";
  } catch {
    if (signal.aborted) throw signal.reason;
    return false;
  }
}

function answerOf(status: number, text: string): WakeAnswer {
  const body = parse(text);
  const words = (name: string): string | null => {
    const value = body[name];
    return typeof value === "string" ? value.slice(0, 200) : null;
  };
  const reason = words("reason") ?? words("error") ?? words("message") ?? `HTTP ${status}`;
  if (status >= 500 || status === 429 || status === 408) return { kind: "unavailable", reason };
  if (status >= 400 || body["status"] === "skipped") return { kind: "refused", reason };
  return { kind: "taken" };
}

async function shortText(response: Response, longest = longestAnswer): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longest) break;
  }
  return text;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
