/** Hashes by the hundred thousand, in the room of their bytes alone. */

export interface HashSet {
  has(hash: string): boolean;
  readonly size: number;
}

const hashBytes = 32;

/** `hashes`: in order, each hexadecimal. Of a list that is out of order, some may not be found. */
export function hashSetOf(text: readonly Uint8Array[]): HashSet {
  const all = Buffer.concat(text);
  const size = Math.floor(all.length / hashBytes);
  return {
    size,
    has(hash) {
      const wanted = Buffer.from(hash, "hex");
      let low = 0;
      let high = size;
      while (low < high) {
        const middle = (low + high) >>> 1;
        const order = wanted.compare(all, middle * hashBytes, (middle + 1) * hashBytes);
        if (order === 0) return true;
        if (order < 0) high = middle;
        else low = middle + 1;
      }
      return false;
    },
  };
}

export const noHashes: HashSet = { size: 0, has: () => false };
