/** One Lease per process and namespace, whatever the number of runs, says that somebody supervises. */

import type { ApiAnswer, ApiError, Cluster } from "../cluster/cluster.ts";
import type { Lease } from "../cluster/wire.ts";
import type { Clock } from "../clock.ts";
import type { ServerTime } from "../server-time.ts";
import { labels, manager } from "../manifest/names.ts";
import type { Seals } from "../manifest/seal.ts";
import { patiently } from "../async/patience.ts";
import { reachSeconds } from "../timings.ts";

export interface Leases {
  /** Makes the Lease where there is none yet, and renews it from then on. `null`: it is held. */
  hold(namespace: string, signal?: AbortSignal): Promise<ApiError | null>;
  /** `unknown`: it could not be read, which must never count as dead. */
  liveness(namespace: string, identity: string, signal?: AbortSignal): Promise<Liveness>;
  /** Made by a runner (one with our key, where there is a key), and nobody else's with the same label. */
  isOwn(lease: Lease): boolean;
  /** Ends the renewals and removes the Leases, so that nobody has to wait for them to expire. */
  close(): Promise<void>;
}

export type Liveness =
  | { readonly kind: "current" | "unknown" }
  /** For so many seconds; `null`: there is no Lease. `renewedAt`: what it says of its last renewal. */
  | { readonly kind: "expired"; readonly forSeconds: number | null; readonly renewedAt: string | null };

export interface LeaseOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly serverTime: ServerTime;
  readonly identity: string;
  /** How long a Lease is good without being renewed. */
  readonly leaseSeconds: number;
  readonly seals: Seals;
}

const longAgo = new Date(0).toISOString();
/** `Date` headers have whole seconds. */
const roundingSeconds = 1;
const retryMilliseconds = 1000;
/** Whoever doubts that its holder lives watches it for a little longer than this. */
const mostRenewalMilliseconds = 4000;
const closeDeadlineMilliseconds = 3000;

function toAnswer(error: ApiError | null): ApiAnswer<null> {
  return error === null ? { kind: "ok", value: null, serverTime: null } : { kind: "error", error };
}

function leaseOf({ seals, serverTime, identity, leaseSeconds }: LeaseOptions, namespace: string): Lease {
  return {
    metadata: {
      name: identity,
      namespace,
      labels: { [labels.managedBy]: manager },
      annotations: seals.ownLease(namespace, identity),
    },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: leaseSeconds,
      // All Leases are written and judged by the one clock that all processes see. Before an answer has told its time, ours may be
      // minutes ahead: a process that is killed now would look alive for as long. Nothing counts on the Lease before it is renewed.
      renewTime: (serverTime.known() ? serverTime.iso() : longAgo).replace("Z", "000Z"),
    },
  };
}

/** `now`: by the clock that wrote `renewTime`; `usualSeconds`: of a Lease that does not say how long it is good. */
function livenessOf({ spec }: Lease, now: number, usualSeconds: number): Liveness {
  const { renewTime, leaseDurationSeconds } = spec ?? {};
  const good = ((leaseDurationSeconds ?? usualSeconds) + roundingSeconds) * 1000;
  const forSeconds = (now - Date.parse(renewTime ?? "") - good) / 1000;
  if (Number.isNaN(forSeconds)) return { kind: "expired", forSeconds: null, renewedAt: null };
  return forSeconds > 0 ? { kind: "expired", forSeconds, renewedAt: renewTime ?? null } : { kind: "current" };
}

export function createLeases(options: LeaseOptions): Leases {
  const { cluster, clock, serverTime, identity, leaseSeconds, seals } = options;
  const stopping = new AbortController();
  const renewals = new Map<string, Promise<void>>();
  const holding = new Map<string, Promise<ApiError | null>>();
  /** True where what is written now has to be written again: the answer to it shows how far away the clock is. */
  function looksAtClock(): () => boolean {
    const [known, offset] = [serverTime.known(), serverTime.offset()];
    return () => serverTime.known() && (!known || Math.abs(serverTime.offset() - offset) > 2000);
  }
  async function create(namespace: string, signal?: AbortSignal): Promise<ApiError | null> {
    const isWrong = looksAtClock();
    const answer = await cluster.create(
      "leases",
      namespace,
      leaseOf(options, namespace),
      signal ? { signal } : {},
    );
    if (answer.kind === "ok") return isWrong() ? renew(namespace) : null;
    return answer.error.kind === "already-exists" ? renew(namespace) : answer.error;
  }
  async function renew(namespace: string, again = false): Promise<ApiError | null> {
    const { spec } = leaseOf(options, namespace);
    const isWrong = looksAtClock();
    const answer = await cluster.patch(
      "leases",
      namespace,
      identity,
      { spec },
      { signal: stopping.signal, deadlineMilliseconds: 5000 },
    );
    // One of the two clocks was set meanwhile: what was written may look as if it had run out long ago.
    if (answer.kind === "ok" && isWrong() && !again) return renew(namespace, true);
    if (answer.kind === "ok") return null;
    return answer.error.kind === "not-found" ? create(namespace, stopping.signal) : answer.error;
  }
  async function keepRenewing(namespace: string): Promise<void> {
    let failed = false;
    while (!stopping.signal.aborted) {
      const usual = Math.min(mostRenewalMilliseconds, leaseSeconds * 600);
      await clock.sleep(failed ? retryMilliseconds : usual, stopping.signal);
      failed = (await renew(namespace)) !== null;
    }
  }
  async function hold(namespace: string, signal?: AbortSignal): Promise<ApiError | null> {
    const within = signal ?? stopping.signal;
    const patience = { clock, signal: within, seconds: reachSeconds, unconditional: true };
    const answer = await patiently(patience, async () => toAnswer(await create(namespace, signal)));
    if (answer.kind === "error") return answer.error;
    renewals.set(
      namespace,
      keepRenewing(namespace).catch((reason: unknown) => {
        if (!stopping.signal.aborted) throw reason;
      }),
    );
    return null;
  }
  return {
    async hold(namespace, signal) {
      if (renewals.has(namespace)) return null;
      const pending =
        holding.get(namespace) ?? hold(namespace, signal).finally(() => holding.delete(namespace));
      holding.set(namespace, pending);
      return pending;
    },
    async liveness(namespace, holder, signal) {
      const answer = await cluster.get("leases", namespace, holder, signal ? { signal } : {});
      if (answer.kind === "error")
        return answer.error.kind === "not-found"
          ? { kind: "expired", forSeconds: null, renewedAt: null }
          : { kind: "unknown" };
      const now = answer.serverTime ?? serverTime.now();
      return livenessOf(answer.value, now, leaseSeconds);
    },
    isOwn: (lease) => seals.isOwnLease(lease),
    async close() {
      stopping.abort(new Error("closed"));
      await Promise.all(renewals.values());
      await removeLeases(options, [...renewals.keys()]);
    },
  };
}

async function removeLeases(
  { cluster, identity }: LeaseOptions,
  namespaces: readonly string[],
): Promise<void> {
  const within = { deadlineMilliseconds: closeDeadlineMilliseconds };
  await Promise.all(namespaces.map((namespace) => cluster.delete("leases", namespace, identity, {}, within)));
}
