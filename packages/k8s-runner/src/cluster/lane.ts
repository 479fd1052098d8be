/**
 * The connections for one class of requests. When the API server asks to leave one of them (GOAWAY), what comes next goes to new
 * ones: the client would queue it on the old one, behind logs that go on for hours. So it does when one of them stays silent: a
 * session of Node's HTTP/2 client that missed a reset takes every request and answers none.
 */

import type { Dispatcher } from "undici";
import type { Credentials } from "./credentials.ts";

export interface Connections {
  readonly dispatcher: Dispatcher;
  /** Fires when they are left: the API server asked for it, or they are not to be trusted. */
  readonly leaving: AbortSignal;
  /** Something was answered. */
  heard(): void;
  /** What is asked next goes to new ones, unless these have answered anything since then (`performance.now()`). */
  leaveIfSilent(since: number): void;
}

export interface Lane {
  /** New ones when certificates have changed; streams on the old ones run to their end, as they are authenticated already. */
  connections(credentials: Credentials): Connections;
  /** There are some. */
  used(): boolean;
  destroy(): Promise<void>;
}

export type MakeDispatcher = (credentials: Credentials, onLeave: () => void) => Dispatcher;

export function createLane(make: MakeDispatcher): Lane {
  let live: (Connections & { readonly fingerprint: string }) | null = null;
  const retired = new Set<Dispatcher>();

  /** Lets it finish what it has. */
  function retire(dispatcher: Dispatcher): void {
    if (live?.dispatcher === dispatcher) live = null;
    if (retired.has(dispatcher)) return;
    retired.add(dispatcher);
    void dispatcher
      .close()
      .catch(() => undefined)
      .finally(() => retired.delete(dispatcher));
  }
  return {
    connections(credentials) {
      const { fingerprint } = credentials;
      if (live?.fingerprint === fingerprint) return live;
      if (live !== null) retire(live.dispatcher);
      const leaving = new AbortController();
      const leave = (): void => {
        retire(dispatcher);
        leaving.abort(new Error("the connection was left for a new one"));
      };
      const dispatcher = make(credentials, leave);
      let heardAt = 0;
      live = {
        dispatcher,
        leaving: leaving.signal,
        fingerprint,
        heard: () => void (heardAt = performance.now()),
        leaveIfSilent(since) {
          if (heardAt <= since) leave();
        },
      };
      return live;
    },
    used: () => live !== null,
    async destroy() {
      const all = [...retired, ...(live === null ? [] : [live.dispatcher])];
      live = null;
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}
