/** From whatever came back to one error type. */

import type { ApiError } from "./cluster.ts";

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
  const reason = status?.reason ?? null;
  return {
    kind: kindOf(httpStatus, reason),
    httpStatus,
    reason,
    message: status?.message ?? (plainText(body) || `HTTP status ${httpStatus}`),
    causes: (status?.details?.causes ?? []).map((cause) => ({
      reason: cause.reason ?? null,
      field: cause.field ?? null,
      message: cause.message ?? cause.reason ?? "",
    })),
    retryAfterSeconds: retryAfterOf(retryAfter, status?.details?.retryAfterSeconds),
  };
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

/** No answer at all. Node hides the reason (`ECONNREFUSED`, a certificate's fault) in `cause` or in an aggregate. */
export function networkError(error: unknown): ApiError {
  const reason = codeOf(error);
  return {
    kind: reason === credentialsFailed ? "unauthorized" : "unavailable",
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

interface StatusBody {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly field?: string;
      readonly message?: string;
      readonly reason?: string;
    }[];
  };
}

function parseStatus(body: string): StatusBody | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? parsed : null;
  } catch {
    return null;
  }
}

function plainText(body: string): string {
  return body
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 500);
}

function retryAfterOf(header: string | null, detail: number | undefined): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  return detail ?? null;
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
