/** Random numbers that belong to the seed and a label: what is drawn for one thing does not depend on the order of others. */

import { createHash } from "node:crypto";

/** Uniform in [0, 1). */
export type Random = () => number;

export function createRandom(seed: number, label: string): Random {
  let state = createHash("sha256").update(`${seed}/${label}`).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number, both bounds included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** Draws for ever, each card as often as the others. */
export function* deal<T>(random: Random, cards: readonly T[]): Generator<T, never> {
  for (;;) {
    const deck = [...cards];
    while (deck.length > 0) yield deck.splice(Math.floor(random() * deck.length), 1)[0] as T;
  }
}
