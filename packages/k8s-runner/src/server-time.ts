/**
 * The API server's clock. The ages of what it wrote are taken by it, and never by ours: the two may be minutes apart. Everything
 * that several processes compare (Leases, adoptions) is written by it, too.
 */

import type { ApiAnswer, Cluster } from "./cluster/cluster.ts";
import type { Clock } from "./clock.ts";

export interface ServerTime {
  /** Milliseconds since the epoch. Ours, until the first answer has come. */
  now(): number;
  /** There was an answer. One without a time leaves ours. */
  known(): boolean;
  /** ISO 8601. */
  iso(): string;
  /** Its clock minus ours, in milliseconds. */
  offset(): number;
  note<T>(answer: ApiAnswer<T>): ApiAnswer<T>;
}

/** `Date` headers have whole seconds: on average, half a second has gone by since. */
const roundedMilliseconds = 500;

export function createServerTime(clock: Clock): ServerTime {
  let offset = 0;
  let known = false;
  return {
    now: () => clock.now() + offset,
    known: () => known,
    iso: () => new Date(clock.now() + offset).toISOString(),
    offset: () => offset,
    note(answer) {
      if (answer.kind === "error") return answer;
      if (answer.serverTime !== null) offset = answer.serverTime + roundedMilliseconds - clock.now();
      known = true;
      return answer;
    },
  };
}

/** The same cluster, each of whose answers tells the time. */
export function keepingTime(cluster: Cluster, time: ServerTime): Cluster {
  const note = <T>(answer: ApiAnswer<T>): ApiAnswer<T> => time.note(answer);
  return {
    ...cluster,
    create: async (...request) => note(await cluster.create(...request)),
    get: async (...request) => note(await cluster.get(...request)),
    list: async (...request) => note(await cluster.list(...request)),
    patch: async (...request) => note(await cluster.patch(...request)),
    replace: async (...request) => note(await cluster.replace(...request)),
    delete: async (...request) => note(await cluster.delete(...request)),
  };
}
