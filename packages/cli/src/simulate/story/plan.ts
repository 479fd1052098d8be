/** Where the trouble strikes, by the seed: elsewhere in every demo, and again at the same place with the same seed. */
export interface TroublePlan {
  /** Bytes of the first log stream that pass before it is cut. */
  readonly firstCutBytes: number;
  /** Lines delivered when the supervisor is killed. */
  readonly killAfterLines: number;
  /** Bytes of the next supervisor's log stream that pass before it is cut. */
  readonly secondCutBytes: number;
  /** Lines of the failing run before it runs out of memory. */
  readonly failAfterLines: number;
}

export function planTrouble(
  seed: number,
  size: { readonly lines: number; readonly bytes: number },
): TroublePlan {
  const random = createRandom(seed);
  const between = (low: number, high: number, of: number) => Math.round((low + random() * (high - low)) * of);
  return {
    firstCutBytes: between(0.08, 0.14, size.bytes),
    killAfterLines: between(0.18, 0.24, size.lines),
    secondCutBytes: between(0.25, 0.45, size.bytes),
    failAfterLines: between(0.1, 0.16, size.lines),
  };
}

/** mulberry32: small, and the same everywhere. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
