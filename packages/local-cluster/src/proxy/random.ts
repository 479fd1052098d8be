/** Uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A random sequence that belongs to one place of a plan (`seed`, and a label such as "watch pods lab/p1 attempt 3").
 * One sequence for all requests would not be reproducible: which request draws first changes from run to run.
 */
export function createRandom(seed: number, label: string): Random {
  let state = hash(label, seed >>> 0);
  // mulberry32: 32 bits of state are plenty for a handful of draws a label.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a, with a final mix so that labels that differ in their last digit do not draw alike. */
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
