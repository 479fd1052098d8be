/** One request to the log API. */

import type { LogAnswer, LogRequest, LogSource } from "./log-source.ts";
import { networkError, toApiError } from "./api-error.ts";
import type { ApiError } from "./cluster.ts";
import { pathOf } from "./api-path.ts";
import { readErrorBody } from "./body.ts";
import { createDeadline } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { createPlaces } from "./places.ts";
import type { Transport, TransportAnswer } from "./transport.ts";

/** For the first word of an answer, and between two pieces of a plain read: only a follow may be silent. */
const silenceMilliseconds = 30_000;

/**
 * A node that does not answer keeps plain reads waiting; they must leave room on the connection that Leases and watches share.
 */
const plainReadsAtOnce = 40;

export function createLogSource(transport: Transport, limitMilliseconds = silenceMilliseconds): LogSource {
  const places = createPlaces(plainReadsAtOnce);
  return {
    async open(request, { signal }) {
      const release = request.follow ? () => undefined : await places.take(signal);
      const silence = createDeadline(limitMilliseconds, signal, "the log API was silent for too long");
      try {
        const answer = await transport.send({
          method: "GET",
          path: logPath(request),
          query: queryOf(request),
          stream: request.follow ? "log-follow" : "log-read",
          signal: silence.signal,
        });
        answer.body.once("close", () => {
          silence.clear();
          release();
        });
        if (answer.httpStatus === 200 && isPage(answer)) {
          answer.body.destroy();
          return {
            kind: "unavailable",
            message: "something answered with a page of HTML",
            retryAfterSeconds: null,
          };
        }
        if (answer.httpStatus === 200) {
          silence.restart(request.follow ? null : limitMilliseconds);
          const chunks = request.follow ? answer.body : watched(answer.body, silence);
          return { kind: "stream", chunks, cancel: () => void answer.body.destroy() };
        }
        const body = await readErrorBody(answer.body);
        if (answer.httpStatus === 204) return { kind: "empty" };
        return toLogAnswer(
          toApiError({ httpStatus: answer.httpStatus, body, retryAfter: answer.header("retry-after") }),
        );
      } catch (error) {
        silence.clear();
        release();
        signal.throwIfAborted();
        return toLogAnswer(networkError(error));
      }
    },
  };
}

/** Of a login or a load balancer; its lines have no timestamps, as those of a node that writes none. */
function isPage({ header }: TransportAnswer): boolean {
  return /^text\/html\b/i.test(header("content-type") ?? "");
}

async function* watched(body: AsyncIterable<Uint8Array>, silence: Deadline): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    silence.restart();
    yield chunk;
  }
}

function logPath({ namespace, podName }: LogRequest): string {
  return `${pathOf("pods", namespace, podName)}/log`;
}

function queryOf({
  container,
  follow,
  sinceSecond,
  tailRecords,
}: LogRequest): Record<string, string | undefined> {
  return {
    container,
    follow: follow ? "true" : undefined,
    timestamps: "true",
    tailLines: tailRecords === undefined ? undefined : String(tailRecords),
    sinceTime:
      sinceSecond === undefined
        ? undefined
        : new Date(sinceSecond * 1000).toISOString().replace(".000Z", "Z"),
  };
}

function toLogAnswer(error: ApiError): LogAnswer {
  const { message } = error;
  switch (error.kind) {
    case "not-found":
    case "gone":
      return { kind: "not-found", message };
    case "unauthorized":
    case "forbidden":
      return { kind: error.kind, message };
    case "rejected":
      // "waiting to start", "not available", "is terminated": all mean that the container's log cannot be had yet.
      return { kind: "waiting", message };
    case "already-exists":
    case "conflict":
    case "unavailable":
      return { kind: "unavailable", message, retryAfterSeconds: error.retryAfterSeconds };
  }
}
