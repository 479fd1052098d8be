/** The entries between socket and consumer, in their order: in memory until they are known to be on disk, and longer while there is room. */

import type { SpoolEntry } from "./frame.ts";
import type { FramePlace, SpoolFile } from "./spool-file.ts";

export interface Item {
  entry: SpoolEntry | null;
  readonly size: number;
  file: SpoolFile | null;
  place: FramePlace | null;
}

export interface EntryQueue {
  /** Bytes of the entries that are in memory. */
  readonly inMemory: number;
  readonly isEmpty: boolean;
  /** Puts one at the end. */
  push(entry: SpoolEntry): Item;
  /** Those that an earlier process left, which are on disk. */
  pushStored(items: readonly Item[]): void;
  first(): Item | undefined;
  shift(): void;
  /** Lets go of what is on disk. */
  release(item: Item): void;
  /** Those that are in memory alone. */
  unstored(): readonly Item[];
}

/** `onRelease` is called when memory becomes free. */
export function createEntryQueue(onRelease: () => void): EntryQueue {
  let items: Item[] = [];
  let head = 0;
  let inMemory = 0;
  return {
    get inMemory() {
      return inMemory;
    },
    get isEmpty() {
      return head === items.length;
    },
    push(entry) {
      const size = entry.kind === "lines" ? entry.text.length + entry.marks.byteLength : 0;
      const item: Item = { entry, size, file: null, place: null };
      items.push(item);
      inMemory += size;
      return item;
    },
    pushStored(stored) {
      for (const item of stored) items.push(item);
    },
    first: () => items[head],
    shift() {
      head++;
      if (head <= 1000 || head * 2 <= items.length) return;
      items = items.slice(head);
      head = 0;
    },
    release(item) {
      if (item.entry === null) return;
      item.entry = null;
      inMemory -= item.size;
      onRelease();
    },
    unstored: () => items.slice(head).filter(({ place }) => place === null),
  };
}
