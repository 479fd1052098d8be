/** What a gateway gives back of the request is no word of its own: it may hold the whole conversation. */
const echoes: ReadonlySet<string> = new Set([
  "input",
  "inputs",
  "body",
  "request",
  "request_body",
  "headers",
  "content",
  "messages",
  "prompt",
  "system",
  "payload",
  "data",
  "tools",
  "ctx",
  "stack",
  "stacktrace",
  "traceback",
]);

/** An error's text is short; a body that a gateway passes on whole may not be. */
const longest = 4000;
const longestBody = 200_000;

/** LiteLLM ends every error with how it is set up. */
const setUp =
  /(?:\s|\\n){0,4}(?:(?:Received Model Group|Available Model Group Fallbacks)=[^\s"'\\]{0,200}|LiteLLM (?:Retried|Max Retries): \d{1,6}(?: times)?,?)/g;

/** Apostrophes as typewriters write them, and lines that were only wrapped in one, so that a rule needs one form only. */
export function plainWords(text: string): string {
  return withoutEchoes(text)
    .slice(0, longest)
    .replaceAll(setUp, "")
    .replaceAll(/[\u2018\u2019\u02BC]/g, "'")
    .replaceAll(/ ?\n {1,40}/g, " ");
}

/** The JSON in an error's text, and what stands around it; `null`: there is none, or it is cut. */
export function parsedBody(
  text: string,
): { readonly before: string; readonly body: object; readonly after: string } | null {
  const begin = text.indexOf("{");
  const end = text.lastIndexOf("}");
  if (begin < 0 || end < begin || end - begin > longestBody) return null;
  try {
    const body: unknown = JSON.parse(text.slice(begin, end + 1));
    return typeof body === "object" && body !== null
      ? { before: text.slice(0, begin), body, after: text.slice(end + 1) }
      : null;
  } catch {
    return null;
  }
}

function withoutEchoes(text: string): string {
  if (!text.includes('":')) return text;
  const found = parsedBody(text);
  if (found === null) return text;
  let echoed = false;
  const body = JSON.stringify(found.body, (key, value: unknown) => {
    if (!echoes.has(key.toLowerCase()) || isEnvelope(value)) return value;
    echoed = true;
    return undefined;
  });
  return echoed ? found.before + body + found.after : text;
}

/** `{"data":{"error":…}}` only wraps an answer. */
function isEnvelope(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("error" in value || "message" in value);
}
