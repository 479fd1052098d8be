/** A kubelet that falls behind two rotations sends nothing of the file between them, in one unbroken answer. */

import { expect, test } from "vitest";
import type { LogAnswer, LogRequest, LogSource } from "../../src/cluster/log-source.ts";
import type { LogEvent } from "../../src/logs/follow/follow-context.ts";
import { createLogFollower } from "../../src/logs/follower.ts";
import { createSkipWatch } from "../../src/logs/lines/skip-watch.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const start = Date.parse("2026-11-22T17:00:00Z");

/** When it was written and when it arrived, in milliseconds from the opening of the follow. */
type Arrival = readonly [written: number, arrived: number];

test.each<[string, readonly Arrival[], boolean]>([
  [
    "the next one was written before the last one arrived",
    [
      [0, 100],
      [1000, 12_000],
      [11_000, 12_000],
    ],
    true,
  ],
  [
    "and the node's clock is far behind ours",
    [
      [-3_600_000, 100],
      [-3_599_000, 12_000],
      [-3_589_000, 12_000],
    ],
    true,
  ],
  [
    "and the node's clock is far ahead of ours",
    [
      [3_600_000, 100],
      [3_601_000, 12_000],
      [3_611_000, 12_000],
    ],
    true,
  ],
  [
    "the command was quiet for so long",
    [
      [0, 100],
      [1000, 1100],
      [11_000, 11_100],
    ],
    false,
  ],
  [
    "quiet, and the answer a little late",
    [
      [0, 100],
      [1000, 3000],
      [11_000, 11_100],
    ],
    false,
  ],
  [
    "late, and too little time for a file",
    [
      [0, 100],
      [1000, 12_000],
      [1900, 12_000],
    ],
    false,
  ],
  [
    "late, with a line in every second",
    [
      [0, 100],
      [1000, 12_000],
      [1900, 12_000],
      [2800, 12_000],
    ],
    false,
  ],
  [
    "all of it was there before the follow began",
    [
      [-9000, 100],
      [-5000, 100],
      [-1000, 100],
    ],
    false,
  ],
  [
    "standard error came a little early",
    [
      [0, 100],
      [1000, 12_000],
      [995, 12_000],
      [1999, 12_000],
    ],
    false,
  ],
])("a jump in what is written, where %s", (_name, arrivals, expected) => {
  const watch = createSkipWatch(start);
  const found = arrivals.map(([written, arrived]) => {
    const at = start + written;
    const mark = { seconds: Math.floor(at / 1000), nanoseconds: (at % 1000) * 1e6, hash: 1 };
    return watch.skipped(mark, start + arrived);
  });
  expect(found.at(-1)).toBe(expected);
  expect(found.slice(0, -1)).not.toContain(true);
});

const early = Array.from({ length: 1000 }, (_, index) => line(100 + index, index));
const last = Array.from({ length: 50 }, (_, index) => line(11_000 + index, 2000 + index));

test("a file that was never sent is a gap, and the newest one comes once", async () => {
  const { output, completion, follows } = await follow({ newest: last, stalls: true });
  expect(output).toBe(textOf([...early, ...last]));
  expect(completion).toMatchObject({
    gaps: [{ reason: "rotated", after: stampOf(early.at(-1)), before: stampOf(last[0]) }],
  });
  expect(follows).toBe(2);
});

test("a late answer of one file is no gap", async () => {
  const { output, completion } = await follow({ newest: [...early, ...last], stalls: true });
  expect(output).toBe(textOf([...early, ...last]));
  expect(completion).toMatchObject({ complete: true, gaps: [] });
});

test("a command that is quiet while its log is rotated is no gap, and keeps its connection", async () => {
  const { output, completion, follows } = await follow({ newest: last, stalls: false });
  expect(output).toBe(textOf([...early, ...last]));
  expect(completion).toMatchObject({ complete: true, gaps: [] });
  expect(follows).toBe(1);
});

/** A follow that sends 100 KiB as they are written, or half of them late, and goes on with lines of ten seconds later. */
async function follow({ newest, stalls }: { readonly newest: readonly string[]; readonly stalls: boolean }) {
  const clock = createVirtualClock(start);
  let follows = 0;
  async function* answer({ follow: isFollow, sinceSecond }: LogRequest, signal: AbortSignal) {
    const isLate =
      sinceSecond === undefined ? () => false : (text: string) => text < isoOf(sinceSecond * 1000);
    if (!isFollow || follows > 1) {
      yield* newest.filter((text) => !isLate(text));
      if (isFollow) await clock.sleep(30_000, signal);
      return;
    }
    await clock.sleep(1100, signal);
    yield early.slice(0, 900).join("");
    if (stalls) await clock.sleep(11_000, signal);
    yield early.slice(900).join("");
    if (!stalls) await clock.sleep(start + 11_050 - clock.now(), signal);
    yield last.join("");
    await clock.sleep(10_000, signal);
  }
  const source: LogSource = {
    async open(request, { signal }) {
      if (request.follow) follows += 1;
      return streamOf(answer(request, signal));
    },
  };
  const events: LogEvent[] = [];
  const follower = createLogFollower({
    source,
    target: { namespace: "n", podName: "p", podUid: "uid", container: "main" },
    verify: async () => (clock.now() > start + 20_000 ? "terminated" : "running"),
    onEvent: (event) => events.push(event),
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    spool: { overflowFolder: null, memoryBytes: 2 ** 28 },
  });
  const chunks: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of follower.output) chunks.push(chunk);
  })();
  const completion = await clock.run(follower.completion);
  await reading;
  return { output: Buffer.concat(chunks).toString(), completion, follows };
}

function line(milliseconds: number, index: number): string {
  return `${isoOf(start + milliseconds)} ${index} ${"x".repeat(100)}\n`;
}

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000000Z");
}

function stampOf(text: string | undefined): string | undefined {
  return text?.split(" ")[0];
}

function textOf(lines: readonly string[]): string {
  return lines.map((text) => text.slice(text.indexOf(" ") + 1)).join("");
}

function streamOf(texts: AsyncIterable<string>): LogAnswer {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const text of texts) yield Buffer.from(text);
  }
  return { kind: "stream", chunks: chunks(), cancel: () => undefined };
}
