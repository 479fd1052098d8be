/** A node whose log API does what it likes, and a follower that reads from it. */

import type { LogAnswer, LogRequest, LogSource } from "../../src/cluster/log-source.ts";
import type { LogEvent } from "../../src/logs/follow/follow-context.ts";
import { createLogFollower } from "../../src/logs/follower.ts";
import type { LogCompletion } from "../../src/logs/read-to-end.ts";
import type { LogCursor } from "../../src/types/run.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export const start = Date.parse("2026-11-22T17:00:00Z");

/** How a node writes the time of a line, which it wrote at so many milliseconds. */
export type Stamp = (milliseconds: number, index: number) => string;

export const exact: Stamp = (milliseconds) =>
  `${new Date(milliseconds).toISOString().replace("Z", "000000Z")} `;
export const none: Stamp = () => "";

export interface OddNode {
  readonly lines: readonly string[];
  readonly stamp?: Stamp;
  readonly ignoresFollow?: boolean;
  /** A follow ends, cleanly, after so many lines that it had to wait for. */
  readonly cutAfter?: number;
  /** The first so many lines of the file are gone once so many are written. */
  readonly rotates?: { readonly at: number; readonly gone: number };
  readonly lastNewline?: boolean;
  /** `sinceTime` or `tailLines` change nothing: each answer begins with the first line. */
  readonly ignoresSince?: boolean;
  readonly ignoresTail?: boolean;
  /** A follow goes silent, and does not end, once it has sent so many lines that it had to wait for. */
  readonly silentAfter?: number;
  /** What is answered so many milliseconds after the start in place of the log; `null`: the log. */
  readonly refusal?: (milliseconds: number) => Exclude<LogAnswer, { kind: "stream" }> | null;
}

export interface Followed {
  readonly output: string;
  readonly completion: LogCompletion;
  readonly events: readonly LogEvent[];
  readonly requests: number;
}

export interface FollowOptions {
  readonly cursor?: LogCursor | undefined;
  readonly onCursor?: (cursor: LogCursor) => void;
}

/** A line every half a second. */
export async function follow(node: OddNode, options: FollowOptions = {}): Promise<Followed> {
  const clock = createVirtualClock(start);
  const end = start + node.lines.length * 500;
  let requests = 0;
  const source: LogSource = {
    async open(request, { signal }) {
      requests += 1;
      const refused = node.refusal?.(clock.now() - start) ?? null;
      return refused ?? streamOf(served(node, clock, request, signal));
    },
  };
  const state = (): "running" | "terminated" => (clock.now() > end ? "terminated" : "running");
  return { ...(await readAll(clock, source, state, options)), requests: requests };
}

async function* served(
  node: OddNode,
  clock: VirtualClock,
  { follow: follows, ...asked }: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { lines, stamp = exact, ignoresFollow = false, cutAfter = Infinity, rotates, lastNewline } = node;
  const tailRecords = node.ignoresTail === true ? undefined : asked.tailRecords;
  const sinceSecond = node.ignoresSince === true ? undefined : asked.sinceSecond;
  const writtenAt = (index: number): number => start + (index + 1) * 500;
  const there = (): number => lines.findLastIndex((_, index) => writtenAt(index) <= clock.now()) + 1;
  const gone = rotates !== undefined && there() > rotates.at ? rotates.gone : 0;
  const from = tailRecords === undefined ? gone : Math.max(gone, there() - tailRecords);
  let sent = 0;
  for (let index = from; index < lines.length && sent < cutAfter; index++) {
    if (index >= there()) {
      if (!follows || ignoresFollow) return;
      if (sent === node.silentAfter) await once(signal);
      await clock.sleep(writtenAt(index) - clock.now(), signal);
      sent += 1;
    }
    const text = `${stamp(writtenAt(index), index)}${lines[index]}`;
    const seconds = Date.parse(text.slice(0, text.indexOf(" "))) / 1000;
    if (sinceSecond !== undefined && seconds < sinceSecond) continue;
    yield `${text}${index === lines.length - 1 && lastNewline === false ? "" : "\n"}`;
  }
}

export function streamOf(texts: AsyncIterable<string> | readonly string[]): LogAnswer {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const text of texts) yield Buffer.from(text);
  }
  return { kind: "stream", chunks: chunks(), cancel: () => undefined };
}

export async function readAll(
  clock: VirtualClock,
  source: LogSource,
  state: () => "running" | "terminated",
  { cursor, onCursor }: FollowOptions = {},
): Promise<Omit<Followed, "requests">> {
  const events: LogEvent[] = [];
  const follower = createLogFollower({
    source,
    target: { namespace: "n", podName: "p", podUid: "uid", container: "main" },
    ...(cursor === undefined ? {} : { cursor }),
    verify: async () => state(),
    onEvent: (event) => events.push(event),
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    spool: { overflowFolder: null, memoryBytes: 2 ** 28 },
  });
  const chunks: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of follower.output) {
      chunks.push(chunk);
      onCursor?.(follower.cursor());
    }
  })();
  const completion = await clock.run(follower.completion);
  await reading;
  return { output: Buffer.concat(chunks).toString(), completion, events };
}

function once(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
