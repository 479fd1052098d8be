/** Where the host's record of a run is asked for. */
export interface HostRecord {
  /** The server's own address; the run's token goes nowhere else. `null` while it is not known. */
  readonly origin: () => string | null;
  readonly runId: string;
  readonly token: string;
}

const patienceMilliseconds = 10_000;
const longestAnswer = 4 * 1024 * 1024;

/** The status of a run in the host's record; `null` where it cannot be told, whatever the reason. */
export async function statusInHost(
  { origin, runId, token }: HostRecord,
  signal: AbortSignal,
): Promise<unknown> {
  const at = origin();
  if (at === null) return null;
  try {
    const response = await fetch(`${at}/api/heartbeat-runs/${encodeURIComponent(runId)}`, {
      redirect: "error",
      headers: { authorization: `Bearer ${token}`, "x-paperclip-run-id": runId },
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]),
    });
    const text = await shortText(response);
    if (!response.ok) return null;
    const run: unknown = JSON.parse(text);
    return typeof run === "object" && run !== null ? Reflect.get(run, "status") : null;
  } catch {
    return null;
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
