import type { ClientResponse, Listener } from "./listener.ts";
import type { AnswerMemory } from "./memory.ts";
import type { ProxiedRequest } from "./request.ts";
import type { Incident, Reservation, RuleBook } from "./rules.ts";
import type { TokenKeeper } from "./tokens.ts";
import type { Upstream } from "./upstream.ts";

/** What all requests of a proxy share. */
export interface ProxyContext {
  readonly rules: RuleBook;
  readonly tokens: TokenKeeper;
  readonly upstream: Upstream;
  readonly listener: Listener;
  readonly memory: AnswerMemory;
  readonly record: (incident: Incident) => void;
}

/** One request on its way, with the faults that are set aside for it. */
export interface Exchange {
  readonly context: ProxyContext;
  readonly request: ProxiedRequest;
  readonly response: ClientResponse;
  readonly reservations: readonly Reservation[];
  /** Of `performance.now()`. */
  readonly arrivedAt: number;
  /** Aborts when the answer is over or the client is gone. */
  readonly signal: AbortSignal;
  /** The server's status, once it has answered. */
  status: number | null;
  happened(reservation: Reservation, bytesPassed: number): void;
}
