export const MOST_TEXT = 262_144;

/** At most `most` characters; what is cut is told. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${text.length - most} more characters)`;
}

/** The last `most`, with `item` at the end. */
export function append<Item>(items: readonly Item[], item: Item, most: number): readonly Item[] {
  return items.length < most ? [...items, item] : [...items.slice(items.length - most + 1), item];
}

/** `items` with `next` in place of the first that `matches`, or at the end. */
export function upsert<Item>(
  items: readonly Item[],
  next: Item,
  matches: (item: Item) => boolean,
  most: number,
): readonly Item[] {
  const index = items.findIndex(matches);
  return index === -1 ? append(items, next, most) : items.with(index, next);
}
