import { setTimeout as delay } from "node:timers/promises";

/** A server before 2026.916.1 marks a run cancelled and tells nobody. */
export interface CancellationPoll {
  /** The server's own address; the run's token goes nowhere else. `null` while it is not known. */
  readonly origin: () => string | null;
  readonly runId: string;
  readonly token: string;
  /** Ends the polling. */
  readonly signal: AbortSignal;
  /** Default: 10 seconds. */
  readonly everyMilliseconds?: number;
}

const patienceMilliseconds = 10_000;
const longestAnswer = 4 * 1024 * 1024;
const cancelled: ReadonlySet<unknown> = new Set(["cancelled", "cancelling"]);

/** Resolves `true` when the host's record of the run says that it was cancelled, `false` when the polling was ended. */
export async function untilCancelled(poll: CancellationPoll): Promise<boolean> {
  const { signal, everyMilliseconds = 10_000 } = poll;
  while (!signal.aborted) {
    // What cannot be asked is no wish of anybody's: errors of the server and of the network are tried again.
    if (cancelled.has(await statusOf(poll).catch(() => null))) return true;
    await delay(everyMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return false;
}

async function statusOf({ origin, runId, token, signal }: CancellationPoll): Promise<unknown> {
  const at = origin();
  if (at === null) return null;
  const response = await fetch(`${at}/api/heartbeat-runs/${encodeURIComponent(runId)}`, {
    redirect: "error",
    headers: { authorization: `Bearer ${token}`, "x-paperclip-run-id": runId },
    signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]),
  });
  const text = await shortText(response);
  if (!response.ok) return null;
  const run: unknown = JSON.parse(text);
  return typeof run === "object" && run !== null ? Reflect.get(run, "status") : null;
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
