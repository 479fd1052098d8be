/** Time as the cluster sees it. All waits of controllers, kubelets and scripts go through it. */
export interface ClusterClock {
  /** Nanoseconds since the epoch. */
  nowNanoseconds(): bigint;
  /** Calls back once, after so many milliseconds of this clock. The returned function cancels. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** A clock that moves only when told, or `rate` times as fast as the wall. */
export interface VirtualClock extends ClusterClock {
  /** Moves time forward, running due callbacks in order; yields to I/O between them. */
  advance(milliseconds: number): Promise<void>;
  /** Stops the automatic movement, if any. The cluster does not do it: a clock may serve several clusters. */
  stop(): void;
}

export interface VirtualClockOptions {
  /** Start of time; default: now. */
  readonly start?: Date;
  /** Virtual milliseconds per real millisecond. Default 0: only `advance` moves time. */
  readonly rate?: number;
}

/** The machine's clock, with nanoseconds from the monotonic counter. */
export function createSystemClock(): ClusterClock {
  // Date.now() alone has milliseconds: two records of one millisecond would share a timestamp, which real nodes do not show.
  const base = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
  return {
    nowNanoseconds: () => base + process.hrtime.bigint(),
    after(milliseconds, callback) {
      // setTimeout treats more than 2^31-1 ms as 1 ms: a deadline of a month would fire at once.
      const timer = setTimeout(callback, Math.min(Math.max(0, milliseconds), 2_147_483_647));
      return () => clearTimeout(timer);
    },
  };
}

/** A clock that can be set wrong: it shows another time, and waits as long as the one behind it. */
export interface SteppedClock extends ClusterClock {
  /** Negative = back. */
  step(milliseconds: number): void;
}

export function createSteppedClock(base: ClusterClock): SteppedClock {
  let offset = 0n;
  return {
    nowNanoseconds: () => base.nowNanoseconds() + offset,
    after: (milliseconds, callback) => base.after(milliseconds, callback),
    step: (milliseconds) => void (offset += BigInt(Math.round(milliseconds * 1e6))),
  };
}

interface Pending {
  readonly at: bigint;
  readonly order: number;
  readonly callback: () => void;
}

/** Makes a clock for tests: thousands of runs in seconds, deadlines of hours without waiting. */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const rate = options.rate ?? 0;
  let now = BigInt((options.start ?? new Date()).getTime()) * 1_000_000n;
  let order = 0;
  const pending = new Set<Pending>();
  let ticker: NodeJS.Timeout | null = null;
  let advancing: Promise<void> = Promise.resolve();

  function next(until: bigint): Pending | null {
    let first: Pending | null = null;
    for (const entry of pending) {
      if (entry.at > until) continue;
      if (first === null || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
        first = entry;
    }
    return first;
  }

  async function moveTo(until: bigint): Promise<void> {
    for (;;) {
      const due = next(until);
      if (due === null) break;
      pending.delete(due);
      if (due.at > now) now = due.at;
      due.callback();
      // What a callback starts (a write, a promise) may set the next timer inside the same span.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (until > now) now = until;
  }

  function advance(milliseconds: number): Promise<void> {
    const span = BigInt(Math.round(milliseconds * 1e6));
    advancing = advancing.then(() => moveTo(now + span));
    return advancing;
  }

  if (rate > 0) {
    let last = performance.now();
    ticker = setInterval(() => {
      const passed = performance.now() - last;
      last += passed;
      void advance(passed * rate);
    }, 5);
    ticker.unref();
  }

  return {
    nowNanoseconds: () => (now += 1n),
    after(milliseconds, callback) {
      const entry: Pending = {
        at: now + BigInt(Math.round(Math.max(0, milliseconds) * 1e6)),
        order: order++,
        callback,
      };
      pending.add(entry);
      return () => void pending.delete(entry);
    },
    advance,
    stop() {
      if (ticker !== null) clearInterval(ticker);
      ticker = null;
    },
  };
}
