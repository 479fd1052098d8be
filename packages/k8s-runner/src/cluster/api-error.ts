/** From whatever came back to one error type. */

/** Why the API server did not do what was asked. One kind for each way of going on. */
export interface ApiError {
  readonly kind:
    | "not-found"
    /** 409 on create. */
    | "already-exists"
    /** 409 on anything else: a precondition failed. */
    | "conflict"
    /** 410: the resource version is too old. */
    | "gone"
    | "unauthorized"
    | "forbidden"
    /** 400, 405, 413, 415, 422: asking again changes nothing. */
    | "rejected"
    /** 408, 429, 5xx, no connection, no answer in time: ask again. The request may have been carried out. */
    | "unavailable";
  /** `null`: no answer. */
  readonly httpStatus: number | null;
  readonly reason: string | null;
  readonly message: string;
  readonly causes: readonly {
    readonly reason: string | null;
    readonly field: string | null;
    readonly message: string;
  }[];
  readonly retryAfterSeconds: number | null;
}

const byStatus: Readonly<Record<number, ApiError["kind"]>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  408: "unavailable",
  409: "conflict",
  410: "gone",
  425: "unavailable",
  429: "unavailable",
};

export interface ErrorBody {
  readonly httpStatus: number;
  readonly body: string;
  readonly retryAfter: string | null;
}

export function toApiError({ httpStatus, body, retryAfter }: ErrorBody): ApiError {
  const status = parseStatus(body);
  const details = fieldsOf(status?.["details"]);
  const reason = textOf(status?.["reason"]);
  const causes = details?.["causes"];
  return {
    kind: kindOf(httpStatus, reason),
    httpStatus,
    reason,
    message: textOf(status?.["message"]) ?? (plainText(body) || `HTTP status ${httpStatus}`),
    causes: Array.isArray(causes) ? causes.slice(0, mostCauses).map(toCause) : [],
    retryAfterSeconds: retryAfterOf(retryAfter, details?.["retryAfterSeconds"]),
  };
}

/** An invalid object has one for each of its fields. */
const mostCauses = 100;

function toCause(cause: unknown): ApiError["causes"][number] {
  const fields = fieldsOf(cause);
  const reason = textOf(fields?.["reason"]);
  return { reason, field: textOf(fields?.["field"]), message: textOf(fields?.["message"]) ?? reason ?? "" };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null ? (value as Fields) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A `Status` object that arrived inside a watch. */
export function statusToApiError(object: unknown): ApiError {
  const code = (object as { code?: unknown } | null)?.code;
  return toApiError({
    httpStatus: typeof code === "number" ? code : 500,
    body: JSON.stringify(object),
    retryAfter: null,
  });
}

export const credentialsFailed = "CREDENTIALS_FAILED";

const kindByCode: Readonly<Record<string, ApiError["kind"]>> = {
  [credentialsFailed]: "unauthorized",
  // The next answer would be as large.
  ANSWER_TOO_LARGE: "rejected",
};

/** No answer at all. Node hides the reason (`ECONNREFUSED`, a certificate's fault) in `cause` or in an aggregate. */
export function networkError(error: unknown): ApiError {
  const reason = codeOf(error);
  return {
    kind: kindByCode[reason ?? ""] ?? "unavailable",
    httpStatus: null,
    reason,
    message: messageOf(error),
    causes: [],
    retryAfterSeconds: null,
  };
}

function kindOf(httpStatus: number, reason: string | null): ApiError["kind"] {
  if (httpStatus === 409 && reason === "AlreadyExists") return "already-exists";
  return byStatus[httpStatus] ?? (httpStatus >= 500 ? "unavailable" : "rejected");
}

function parseStatus(body: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(body));
  } catch {
    return null;
  }
}

/** Of a page of HTML the title and the first words say what there is to say. */
const mostPlainCharacters = 16_384;

/** A tag ends before the next one begins: with `[^>]*` a page of nothing but `<` would be searched to its end for each. */
function plainText(body: string): string {
  return body
    .slice(0, mostPlainCharacters)
    .replaceAll(/<[^<>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 500);
}

/** A server that wants to be left alone for longer is asked again all the same: nobody would notice that it is back. */
const mostRetryAfterSeconds = 600;

function retryAfterOf(header: string | null, detail: unknown): number | null {
  for (const given of [header === null ? Number.NaN : Number(header), detail])
    if (typeof given === "number" && Number.isFinite(given) && given >= 0)
      return Math.min(given, mostRetryAfterSeconds);
  return null;
}

interface ErrorLike {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

function codeOf(error: unknown): string | null {
  for (const link of chain(error)) if (typeof link.code === "string") return link.code;
  return null;
}

function messageOf(error: unknown): string {
  const messages = chain(error)
    .map((link) => (typeof link.message === "string" ? link.message : ""))
    .filter((message) => message !== "");
  return [...new Set(messages)].join(": ") || String(error);
}

function chain(error: unknown): readonly ErrorLike[] {
  const links: ErrorLike[] = [];
  let next: unknown = error;
  while (typeof next === "object" && next !== null && links.length < 5) {
    const link = next as ErrorLike;
    links.push(link);
    next = link.cause ?? link.errors?.[0];
  }
  return links;
}
