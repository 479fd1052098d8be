export type JsonAnswer =
  | { readonly kind: "json"; readonly body: unknown }
  | { readonly kind: "failed"; readonly reason: string };

export type FetchUrl = (url: string, init: RequestInit) => Promise<Response>;

/** The host waits 20 seconds for all that it asks at once. */
const longestMilliseconds = 5000;
const mostBytes = 1024 * 1024;

/** A small JSON answer. A redirect is refused: it would take the key along. The reason of a failure never holds a header. */
export async function fetchJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  fetch: FetchUrl,
): Promise<JsonAnswer> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(longestMilliseconds),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { kind: "failed", reason: `${host} answers ${response.status}` };
    }
    const text = await boundedText(response);
    if (text === null) return { kind: "failed", reason: `the answer of ${host} is too large` };
    return { kind: "json", body: JSON.parse(text) };
  } catch (error) {
    const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: unknown } };
    const code = cause?.code;
    const why =
      name === "TimeoutError"
        ? `does not answer within ${longestMilliseconds / 1000} s`
        : name === "SyntaxError"
          ? "answers no JSON"
          : `cannot be reached${typeof code === "string" ? ` (${code})` : ""}`;
    return { kind: "failed", reason: `${host} ${why}` };
  }
}

async function boundedText({ body }: Response): Promise<string | null> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
