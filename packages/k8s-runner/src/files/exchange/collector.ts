/** The first hundred of what may be many, and how many there are. */

const mostReported = 100;

export interface Collector<T> {
  readonly list: readonly T[];
  count(): number;
  readonly add: (value: T) => void;
}

export function collector<T>(): Collector<T> {
  const list: T[] = [];
  let count = 0;
  return {
    list,
    count: () => count,
    add(value) {
      count += 1;
      if (list.length < mostReported) list.push(value);
    },
  };
}
