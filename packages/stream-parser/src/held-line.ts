const SMALLEST_BYTES = 4 * 1024;
/** The first block grows up to this, and is kept for the next line; the others are let go with their line. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/** The beginning of a line whose end has not come. */
export interface HeldLine {
  readonly bytes: number;
  /** Copies `bytes`. */
  add(bytes: Uint8Array): void;
  /** The first 4 MiB, or all there is. */
  begin(): Uint8Array;
  /** All that is held, which then is held no more. Valid until the next `add`. */
  take(): Uint8Array;
  clear(): void;
}

/**
 * Blocks that are filled one after another: a huge buffer that doubles would be there twice while it grows, and a list of the
 * pieces as they come would cost a hundred bytes for each byte of a line that comes byte by byte.
 */
export function createHeldLine(): HeldLine {
  let full: Uint8Array[] = [];
  let block: Uint8Array = new Uint8Array(0);
  let used = 0;
  let total = 0;

  function makeRoom(bytes: number): void {
    if (full.length === 0 && block.length < BLOCK_BYTES) {
      const wanted = Math.max(SMALLEST_BYTES, 4 * block.length, used + bytes);
      const grown = new Uint8Array(Math.min(BLOCK_BYTES, wanted));
      grown.set(block.subarray(0, used));
      block = grown;
      return;
    }
    full.push(block);
    block = new Uint8Array(BLOCK_BYTES);
    used = 0;
  }

  function clear(): void {
    if (full.length > 0) block = full[0] ?? block;
    full = [];
    used = 0;
    total = 0;
  }

  return {
    get bytes() {
      return total;
    },
    add(bytes) {
      let rest = bytes;
      total += bytes.length;
      while (rest.length > 0) {
        if (used === block.length) makeRoom(rest.length);
        const part = rest.subarray(0, block.length - used);
        block.set(part, used);
        used += part.length;
        rest = rest.subarray(part.length);
      }
    },
    begin() {
      return full[0] ?? block.subarray(0, used);
    },
    take() {
      if (full.length === 0) {
        const bytes = block.subarray(0, used);
        clear();
        return bytes;
      }
      const whole = new Uint8Array(total);
      let offset = 0;
      for (const part of [...full, block.subarray(0, used)]) {
        whole.set(part, offset);
        offset += part.length;
      }
      clear();
      return whole;
    },
    clear,
  };
}
