/**
 * What the person at the terminal has seen of the transcript, over all supervisors. A supervisor that adopts a run writes a
 * fresh log from its first byte; what was shown already is compared and not shown again.
 */
export interface Delivery {
  /** The next bytes of this supervisor's log. */
  push(supervisor: number, bytes: Uint8Array): readonly DeliveryNews[];
  /** Whole lines shown so far. */
  readonly lines: number;
}

export type DeliveryNews =
  | { readonly type: "line"; readonly line: number; readonly text: string }
  /** A later supervisor has delivered again all that was shown before it. */
  | { readonly type: "replayed"; readonly lines: number; readonly identical: boolean };

const NEWLINE = 0x0a;

export function createDelivery(): Delivery {
  let seen: Buffer = Buffer.alloc(0);
  let shownUpTo = 0;
  let lines = 0;
  let current: {
    readonly supervisor: number;
    readonly before: number;
    position: number;
    identical: boolean;
  } = {
    supervisor: 0,
    before: 0,
    position: 0,
    identical: true,
  };

  function push(supervisor: number, bytes: Uint8Array): readonly DeliveryNews[] {
    if (supervisor !== current.supervisor) {
      current = { supervisor, before: seen.length, position: 0, identical: true };
    }
    const overlap = Math.max(0, Math.min(bytes.length, current.before - current.position));
    const known = seen.subarray(current.position, current.position + overlap);
    if (Buffer.compare(known, bytes.subarray(0, overlap)) !== 0) current.identical = false;
    const reachedTheNew = overlap > 0 && current.position + overlap === current.before;
    current.position += bytes.length;
    seen = Buffer.concat([seen, bytes.subarray(overlap)]);
    const replayed: DeliveryNews[] = reachedTheNew
      ? [{ type: "replayed", lines: linesIn(seen.subarray(0, current.before)), identical: current.identical }]
      : [];
    return [...replayed, ...newLines()];
  }

  function newLines(): DeliveryNews[] {
    const news: DeliveryNews[] = [];
    for (let end = seen.indexOf(NEWLINE, shownUpTo); end !== -1; end = seen.indexOf(NEWLINE, shownUpTo)) {
      lines += 1;
      news.push({ type: "line", line: lines, text: seen.toString("utf8", shownUpTo, end) });
      shownUpTo = end + 1;
    }
    return news;
  }

  return {
    push,
    get lines() {
      return lines;
    },
  };
}

function linesIn(bytes: Buffer): number {
  return bytes.reduce((count, byte) => (byte === NEWLINE ? count + 1 : count), 0);
}
