/** Masks values that are known to be secret, wherever they stand and however the text is cut into chunks. */
export interface KnownValues {
  push(chunk: string): string;
  /** What was held back because it could have been the beginning of a secret. */
  end(): string;
}

interface Node {
  readonly next: Map<number, number>;
  fail: number;
  depth: number;
  /** Length of the longest value that ends here, 0: none. */
  longest: number;
  label: string;
}

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  told: boolean;
}

/**
 * Aho–Corasick over UTF-16 units: one step a character whatever the number of values, and no text can make it slower. The
 * depth of the automaton is exactly what must be held back at the end of a chunk.
 */
export function createKnownValues(values: ReadonlyMap<string, string>): KnownValues {
  const nodes = automaton(values);
  const beginnings = new Uint8Array(65_536);
  for (const unit of nodes[0]?.next.keys() ?? []) beginnings[unit] = 1;
  let node = 0;
  let held = "";
  /** Offset of `held` in the whole text. */
  let base = 0;
  let position = 0;
  let hits: Hit[] = [];
  let oddBackslashes = false;

  function take(length: number): string {
    const taken = held.slice(0, length);
    held = held.slice(length);
    base += length;
    return taken;
  }

  function tell(text: string): string {
    if (text === "") return "";
    let run = 0;
    while (run < text.length && text.charCodeAt(text.length - 1 - run) === 0x5c) run += 1;
    oddBackslashes = (run % 2 === 1) !== (run === text.length && oddBackslashes);
    return text;
  }

  /** Everything before `frontier` can no longer become part of a secret. */
  function flush(frontier: number): string {
    const parts: string[] = [];
    let first = 0;
    while (base < frontier) {
      const hit = hits[first];
      if (hit === undefined || hit.start >= frontier) {
        parts.push(tell(take(frontier - base)));
        break;
      }
      if (hit.start > base) parts.push(tell(take(hit.start - base)));
      if (!hit.told) {
        // In JSON a single backslash before the value would escape the mask's bracket and break the line for its reader.
        parts.push(`${oddBackslashes ? "\\" : ""}[redacted ${hit.label}]`);
        oddBackslashes = false;
        hit.told = true;
      }
      take(Math.min(hit.end, frontier) - base);
      if (hit.end <= base) first += 1;
    }
    if (first > 0) hits = hits.slice(first);
    return parts.join("");
  }

  function found(length: number, label: string): void {
    let hit: Hit = { start: position + 1 - length, end: position + 1, label, told: false };
    for (let last = hits.at(-1); last !== undefined && last.end > hit.start; last = hits.at(-1)) {
      hits.pop();
      const earlier = last.start <= hit.start ? last : hit;
      hit = { start: earlier.start, end: hit.end, label: earlier.label, told: last.told };
    }
    hits.push(hit);
  }

  return {
    push(chunk) {
      if (nodes.length === 1) return chunk;
      held += chunk;
      for (let index = 0; index < chunk.length; index += 1) {
        const unit = chunk.charCodeAt(index);
        // Most characters begin no value at all: a table look-up instead of a search keeps pace with the log.
        if (node === 0 && beginnings[unit] === 0) {
          position += 1;
          continue;
        }
        node = step(nodes, node, unit);
        const { longest, label } = nodes[node] ?? root;
        if (longest > 0) found(longest, label);
        position += 1;
      }
      return flush(position - (nodes[node]?.depth ?? 0));
    },
    end() {
      node = 0;
      return flush(position);
    },
  };
}

const root: Node = { next: new Map(), fail: 0, depth: 0, longest: 0, label: "" };

function automaton(values: ReadonlyMap<string, string>): readonly Node[] {
  const nodes: Node[] = [{ ...root, next: new Map() }];
  for (const [value, label] of values) insert(nodes, value, label);
  const queue = [...(nodes[0]?.next.values() ?? [])];
  for (let head = 0; head < queue.length; head += 1) {
    const at = nodes[queue[head] ?? 0] ?? root;
    for (const [unit, child] of at.next) {
      const target = nodes[child] ?? root;
      target.fail = step(nodes, at.fail, unit);
      const shorter = nodes[target.fail] ?? root;
      if (target.longest === 0 && shorter.longest > 0) {
        target.longest = shorter.longest;
        target.label = shorter.label;
      }
      queue.push(child);
    }
  }
  return nodes;
}

function insert(nodes: Node[], value: string, label: string): void {
  let at = 0;
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    const known = nodes[at]?.next.get(unit);
    if (known === undefined) {
      nodes.push({ next: new Map(), fail: 0, depth: index + 1, longest: 0, label: "" });
      nodes[at]?.next.set(unit, nodes.length - 1);
    }
    at = known ?? nodes.length - 1;
  }
  const end = nodes[at];
  if (end !== undefined && at !== 0) Object.assign(end, { longest: value.length, label });
}

function step(nodes: readonly Node[], from: number, unit: number): number {
  let at = from;
  for (;;) {
    const next = nodes[at]?.next.get(unit);
    if (next !== undefined) return next;
    if (at === 0) return 0;
    at = nodes[at]?.fail ?? 0;
  }
}
