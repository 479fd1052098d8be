import { record } from "../plain-values.ts";

/** Where the host's record of a run is asked for. */
export interface HostRecord {
  /** The server's own address; the run's token goes nowhere else. `null` while it is not known. */
  readonly origin: () => string | null;
  readonly runId: string;
  readonly token: string;
}

/** What the host's record says of a run. */
export interface HostRun {
  readonly status: unknown;
  readonly errorCode: unknown;
  /** Of the Job whose result is stored in it; absent: it has no result of ours. */
  readonly jobUid: unknown;
}

/** `refused`: asking again is of no use. `unavailable`: there was no answer now. */
export type HostAnswer = HostRun | "refused" | "unavailable";

const patienceMilliseconds = 10_000;
const longestAnswer = 4 * 1024 * 1024;

/** The status of a run in the host's record; `null` where it cannot be told, whatever the reason. */
export async function statusInHost(place: HostRecord, signal: AbortSignal): Promise<unknown> {
  const answer = await runInHost(place, signal);
  return typeof answer === "string" ? null : answer.status;
}

/** Never rejects. */
export async function runInHost(
  { origin, runId, token }: HostRecord,
  signal: AbortSignal,
): Promise<HostAnswer> {
  const at = origin();
  if (at === null) return "unavailable";
  try {
    const response = await fetch(`${at}/api/heartbeat-runs/${encodeURIComponent(runId)}`, {
      redirect: "error",
      headers: { authorization: `Bearer ${token}`, "x-paperclip-run-id": runId },
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]),
    });
    const text = await shortText(response);
    if (!response.ok) return response.status >= 500 || response.status === 429 ? "unavailable" : "refused";
    const { status, errorCode, resultJson } = record(JSON.parse(text));
    return { status, errorCode, jobUid: record(record(resultJson)["kubernetes"])["jobUid"] };
  } catch {
    return "unavailable";
  }
}

async function shortText(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longestAnswer) throw new Error("the answer is too long");
  }
  return text;
}
