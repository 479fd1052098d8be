/**
 * What can go wrong between a client and an API server. Plain data: a fault can be printed, stored and replayed.
 *
 * Where a fault has both `afterBytes` and `afterMilliseconds`, it happens at whichever comes first; with neither, at once,
 * which is after the headers of the answer and before its first byte. Bytes are bytes of the answer's body, time counts from
 * the request's arrival.
 */
export type Fault =
  | CutFault
  | SilenceFault
  | LatencyFault
  | StatusFault
  | UnauthorizedFault
  | RefuseFault
  | LostReplyFault
  | StaleFault
  | ErrorTextFault
  | WatchDropFault
  | WatchRepeatFault
  | GoneFault
  | GoawayFault;

/**
 * How an answer stops. `clean`: as if it were complete, which is also how an API server ends a log when its kubelet died.
 * `reset`: this answer alone breaks (HTTP/2: RST_STREAM; HTTP/1.1: a TCP reset). `disconnect`: a TCP reset of the
 * connection, with all other answers that it carries.
 */
export type Ending = "clean" | "reset" | "disconnect";

interface BodyTrigger {
  readonly afterBytes?: number;
  readonly afterMilliseconds?: number;
}

/** The answer stops early. On a log read without `follow`, `ending: "clean"` is a truncated log that nothing tells from a whole one. */
export interface CutFault extends BodyTrigger {
  readonly kind: "cut";
  readonly ending: Ending;
  /** `line`: cut after the last whole line within `afterBytes`, where no half line gives it away. Default `byte`. */
  readonly boundary?: "byte" | "line";
}

/** Nothing more comes, and the connection stays open. */
export interface SilenceFault extends BodyTrigger {
  readonly kind: "silence";
  /** Then the rest follows, nothing lost. Without it the silence lasts until the client or the proxy closes. */
  readonly forMilliseconds?: number;
  /** Keep even the headers back: a server that accepts the request and never answers. Default `false`. */
  readonly beforeHeaders?: boolean;
}

/** The request arrives late at the server. Adds up with other faults. */
export interface LatencyFault {
  readonly kind: "latency";
  readonly milliseconds: number;
}

/** An answer of the proxy's own; the server never sees the request. */
export interface StatusFault {
  readonly kind: "status";
  readonly code: 400 | 401 | 403 | 404 | 408 | 409 | 410 | 413 | 422 | 429 | 500 | 502 | 503 | 504;
  readonly retryAfterSeconds?: number;
  readonly message?: string;
  /** `html`: the page of a load balancer instead of a Kubernetes `Status`. Default `status`. */
  readonly body?: "status" | "html";
}

/** From here on the token of this request is refused with 401, until `issueToken()` has made a new one. */
export interface UnauthorizedFault {
  readonly kind: "unauthorized";
  /** Make the new token by itself after so long (it goes to `tokenFile`). Without it, `issueToken()` must be called. */
  readonly renewAfterMilliseconds?: number;
}

/** The request breaks before the server sees it. */
export interface RefuseFault {
  readonly kind: "refuse";
  readonly ending: "reset" | "disconnect";
}

/** The server does what was asked (the write happened); its answer never arrives. */
export interface LostReplyFault {
  readonly kind: "lost-reply";
  readonly instead: "reset" | "disconnect" | "silence" | "gateway-timeout";
}

/** A get or list is answered with what the server said earlier, as one replica of an API server that lags behind does. */
export interface StaleFault {
  readonly kind: "stale";
  /** How many different answers back. Default 1. */
  readonly back?: number;
}

/** Text of the kubelet inside a 200, without timestamp and newline, and then a clean end. Without a trigger: at the answer's end. */
export interface ErrorTextFault extends BodyTrigger {
  readonly kind: "error-text";
  readonly text: string;
}

/** Events of a watch that never arrive. */
export interface WatchDropFault {
  readonly kind: "watch-drop";
  readonly afterEvents?: number;
  /** How many. Default 1. */
  readonly events?: number;
  /** Drop only events of this object; others pass and are not counted. */
  readonly name?: string;
}

/** An event of a watch that arrives again (and again). */
export interface WatchRepeatFault {
  readonly kind: "watch-repeat";
  readonly afterEvents?: number;
  /** How many further times. Default 1. */
  readonly times?: number;
  readonly name?: string;
}

/** The resource version is too old: as an HTTP answer, or as an ERROR event inside a watch that then ends. */
export interface GoneFault {
  readonly kind: "gone";
  readonly as: "http" | "event";
  /** Only with `as: "event"`. Default 0. */
  readonly afterEvents?: number;
}

/** HTTP/2: GOAWAY, requests under way go on. HTTP/1.1: `Connection: close`. What an API server does before it restarts. */
export interface GoawayFault {
  readonly kind: "goaway";
  readonly afterMilliseconds?: number;
}
