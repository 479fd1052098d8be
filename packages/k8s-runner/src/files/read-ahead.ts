/** Several questions at once, their answers in order. */

/** Begins with `atOnce` items more than it has given; what an answer rejects with comes in its turn. */
export async function* readAhead<Item, Answer>(
  items: AsyncIterable<Item>,
  atOnce: number,
  begin: (item: Item) => Answer | Promise<Answer>,
): AsyncGenerator<readonly [item: Item, answer: Answer | Promise<Answer>]> {
  const waiting: (readonly [Item, Answer | Promise<Answer>])[] = [];
  for await (const item of items) {
    const answer = begin(item);
    // It is looked at when its turn comes.
    if (answer instanceof Promise) answer.catch(() => undefined);
    waiting.push([item, answer]);
    const first = waiting.length > atOnce ? waiting.shift() : undefined;
    if (first !== undefined) yield first;
  }
  yield* waiting;
}
