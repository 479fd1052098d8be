/** Looks entries up in a listing while another list in the same order is gone through: each is read once. */

import { compareEntries } from "./compare.ts";
import type { ListedEntry } from "./listing.ts";

export interface Follower {
  /** `null`: it is not there. Asked in order. */
  at(item: Pick<ListedEntry, "copy" | "path">): Promise<ListedEntry | null>;
  close(): Promise<void>;
}

export function follower(list: AsyncIterable<ListedEntry>): Follower {
  const iterator = list[Symbol.asyncIterator]();
  let current: IteratorResult<ListedEntry> | null = null;
  return {
    async at(item) {
      current ??= await iterator.next();
      while (current.done !== true && compareEntries(current.value, item) < 0)
        current = await iterator.next();
      return current.done !== true && compareEntries(current.value, item) === 0 ? current.value : null;
    },
    async close() {
      await iterator.return?.();
    },
  };
}
