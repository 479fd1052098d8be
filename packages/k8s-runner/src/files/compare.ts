/** Two listings in the same order → what changed between them, entry by entry. */

import type { ListedEntry } from "./listing.ts";
import { comparePaths } from "./names.ts";

export type Change =
  | { readonly kind: "new"; readonly now: ListedEntry }
  | { readonly kind: "changed"; readonly before: ListedEntry; readonly now: ListedEntry }
  | { readonly kind: "deleted"; readonly before: ListedEntry };

export async function* changesBetween(
  before: AsyncIterable<ListedEntry>,
  now: AsyncIterable<ListedEntry>,
): AsyncGenerator<Change> {
  const olds = before[Symbol.asyncIterator]();
  const news = now[Symbol.asyncIterator]();
  let old = await olds.next();
  let fresh = await news.next();
  while (!(old.done === true && fresh.done === true)) {
    const order = old.done === true ? 1 : fresh.done === true ? -1 : compareEntries(old.value, fresh.value);
    if (order < 0) {
      yield { kind: "deleted", before: old.value as ListedEntry };
      old = await olds.next();
    } else if (order > 0) {
      yield { kind: "new", now: fresh.value as ListedEntry };
      fresh = await news.next();
    } else {
      if (differs(old.value as ListedEntry, fresh.value as ListedEntry))
        yield { kind: "changed", before: old.value as ListedEntry, now: fresh.value as ListedEntry };
      old = await olds.next();
      fresh = await news.next();
    }
  }
}

export function compareEntries(
  left: Pick<ListedEntry, "copy" | "path">,
  right: Pick<ListedEntry, "copy" | "path">,
): number {
  return left.copy === right.copy ? comparePaths(left.path, right.path) : left.copy - right.copy;
}

/**
 * By the time of the last change, which no program can set: a file whose content was replaced and whose modification time was
 * put back is found as well. A folder's own times move with every name in it, so only its permissions count.
 */
export function differs(before: ListedEntry, now: ListedEntry): boolean {
  if (before.kind !== now.kind) return true;
  if (now.kind === "folder") return before.mode !== now.mode;
  if (now.kind === "link") return before.target !== now.target;
  return (
    before.size !== now.size ||
    before.mode !== now.mode ||
    before.modifiedAt !== now.modifiedAt ||
    before.changedAt !== now.changedAt ||
    before.inode !== now.inode
  );
}
