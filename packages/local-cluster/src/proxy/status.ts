import type { StatusFault } from "./faults.ts";

/** An answer that the proxy gives itself. */
export interface OwnAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface StatusWords {
  readonly reason: string;
  readonly message: string;
}

/** Reasons and messages as a real API server sends them with these codes. */
const WORDS: Readonly<Record<StatusFault["code"], StatusWords>> = {
  400: { reason: "BadRequest", message: "the server rejected our request for an unknown reason" },
  401: { reason: "Unauthorized", message: "Unauthorized" },
  403: { reason: "Forbidden", message: "forbidden: injected fault" },
  404: { reason: "NotFound", message: "the server could not find the requested resource" },
  408: { reason: "Timeout", message: "Timeout: request did not complete within the allotted timeout" },
  409: { reason: "Conflict", message: "the server reported a conflict" },
  410: { reason: "Expired", message: "The resourceVersion for the provided watch is too old." },
  413: { reason: "RequestEntityTooLarge", message: "Request entity too large: limit is 3145728" },
  422: { reason: "Invalid", message: "the server rejected our request due to an error in our request" },
  429: { reason: "TooManyRequests", message: "Too many requests, please try again later." },
  500: { reason: "InternalError", message: "Internal error occurred: injected fault" },
  502: { reason: "InternalError", message: "bad gateway" },
  503: { reason: "ServiceUnavailable", message: "apiserver is shutting down" },
  504: { reason: "Timeout", message: "Timeout: request did not complete within requested timeout" },
};

export function statusAnswer(fault: Omit<StatusFault, "kind">): OwnAnswer {
  const retryAfter: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { "retry-after": String(fault.retryAfterSeconds) };
  if (fault.body === "html") {
    const title = `${fault.code} ${fault.message ?? WORDS[fault.code].message}`;
    const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center></body>\r\n</html>\r\n`;
    return { code: fault.code, headers: { "content-type": "text/html", ...retryAfter }, body };
  }
  return {
    code: fault.code,
    headers: { "content-type": "application/json", ...retryAfter },
    body: `${JSON.stringify(statusObject(fault))}\n`,
  };
}

export function goneEvent(): string {
  return `${JSON.stringify({ type: "ERROR", object: statusObject({ code: 410, message: "too old resource version: 1 (2)" }) })}\n`;
}

function statusObject(fault: Omit<StatusFault, "kind">): object {
  const details =
    fault.retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds: fault.retryAfterSeconds } };
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: fault.message ?? WORDS[fault.code].message,
    reason: WORDS[fault.code].reason,
    ...details,
    code: fault.code,
  };
}
