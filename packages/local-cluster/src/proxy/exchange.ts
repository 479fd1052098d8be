import { pipeAnswer } from "./answer.ts";
import type { Exchange, ProxyContext } from "./context.ts";
import type { Fault } from "./faults.ts";
import { sendAnswer, type ClientRequest, type ClientResponse } from "./listener.ts";
import { readRequest } from "./request.ts";
import type { Incident, Reservation } from "./rules.ts";
import { statusAnswer } from "./status.ts";
import { after, delay } from "./waiting.ts";

/** The most that a request body may have; the API server's own limit. */
const REQUEST_BODY_LIMIT_BYTES = 3 * 1024 * 1024;

/** Asks the server (or not) and answers (or not); faults that did not happen are free for the next request. */
export async function exchange(
  context: ProxyContext,
  clientRequest: ClientRequest,
  response: ClientResponse,
): Promise<void> {
  const arrivedAt = performance.now();
  const signal = endOf(clientRequest, response);
  const body = await readBody(clientRequest);
  if (signal.aborted || body === "broken") return;
  if (body === "too-large") {
    sendAnswer(response, statusAnswer({ code: 413 }));
    return;
  }
  if (!context.tokens.accepts(clientRequest.headers.authorization)) {
    sendAnswer(response, statusAnswer({ code: 401 }));
    return;
  }
  const url = clientRequest.url ?? "/";
  const request = readRequest(clientRequest.method ?? "GET", url, body.toString("utf8"));
  const reservations = context.rules.take(request);
  const protocol = clientRequest.httpVersionMajor === 2 ? "HTTP/2" : "HTTP/1.1";
  const under: Exchange = {
    context,
    request,
    response,
    reservations,
    arrivedAt,
    signal,
    status: null,
    happened(reservation, bytesPassed) {
      const { fault, source, draw } = reservation;
      const at = new Date().toISOString();
      const { status } = under;
      const incident: Incident = { at, fault, source, draw, request, protocol, status, bytesPassed };
      context.record(incident);
      reservation.happened(incident);
    },
  };
  try {
    await holdUp(under);
    if (signal.aborted || reservations.some((reservation) => endsBeforeServer(under, reservation))) return;
    const { method } = request;
    const answer = await context.upstream.send({ method, url, headers: clientRequest.headers, body }, signal);
    under.status = answer.statusCode ?? null;
    await pipeAnswer(under, answer);
  } catch {
    // The server behind broke off: the client sees a break as well, not an answer that nobody gave.
    if (!signal.aborted) context.listener.finish(response, "reset");
  } finally {
    for (const reservation of reservations) reservation.release();
  }
}

async function holdUp(under: Exchange): Promise<void> {
  for (const reservation of under.reservations) {
    if (reservation.fault.kind !== "latency") continue;
    under.happened(reservation, 0);
    await delay(reservation.fault.milliseconds, under.signal);
  }
}

/** Faults for which the server is not asked; the first of them deals with the request. */
function endsBeforeServer(under: Exchange, reservation: Reservation): boolean {
  const { context, response, signal } = under;
  const fault: Fault = reservation.fault;
  switch (fault.kind) {
    case "status":
      under.happened(reservation, 0);
      sendAnswer(response, statusAnswer(fault));
      return true;
    case "gone":
      if (fault.as === "event") return false;
      under.happened(reservation, 0);
      sendAnswer(response, statusAnswer({ code: 410 }));
      return true;
    case "unauthorized":
      under.happened(reservation, 0);
      context.tokens.revoke(fault.renewAfterMilliseconds ?? null);
      sendAnswer(response, statusAnswer({ code: 401 }));
      return true;
    case "refuse":
      under.happened(reservation, 0);
      context.listener.finish(response, fault.ending);
      return true;
    case "goaway":
      after(fault.afterMilliseconds ?? 0, signal, () => {
        under.happened(reservation, 0);
        context.listener.goAway(response);
      });
      return false;
    case "cut":
    case "error-text":
    case "latency":
    case "lost-reply":
    case "silence":
    case "stale":
    case "watch-drop":
    case "watch-repeat":
      return false;
    default:
      return fault satisfies never;
  }
}

function endOf(request: ClientRequest, response: ClientResponse): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  response.once("close", abort);
  response.on("error", abort);
  request.on("error", abort);
  return controller.signal;
}

async function readBody(request: ClientRequest): Promise<Buffer | "too-large" | "broken"> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= REQUEST_BODY_LIMIT_BYTES) chunks.push(chunk);
    }
  } catch {
    // The client went away in the middle of its request: there is nobody to answer.
    return "broken";
  }
  return size > REQUEST_BODY_LIMIT_BYTES ? "too-large" : Buffer.concat(chunks);
}
