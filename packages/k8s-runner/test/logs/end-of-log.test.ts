/** The end of a log that looks like one too early, and one that does not look like one. */

import { expect, test } from "vitest";
import type { LogEvent } from "../../src/logs/follow/follow-context.ts";
import { createLogFollower } from "../../src/logs/follower.ts";
import type { LogAnswer, LogRequest, LogSource } from "../../src/cluster/log-source.ts";
import type { LogCursor } from "../../src/types/run.ts";
import { createRandom } from "./kubelet-model.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const start = Date.parse("2026-11-22T17:00:00Z");

/** One record a line, one second apart. */
function records(...lines: readonly string[]): string[] {
  return lines.map(
    (line, index) => `${new Date(start + index * 1000).toISOString().replace("Z", "000000Z")} ${line}\n`,
  );
}

test("reads that are all cut in front of the same long line are no end", async () => {
  const file = records("first", "second", "y".repeat(40_000), "last");
  const clock = createVirtualClock(start + 60_000);
  let cuts = 0;
  const source = sourceOf(clock, ({ tailRecords }) => {
    if (tailRecords !== undefined) return file.slice(-tailRecords);
    cuts += 1;
    return cuts <= 5 ? file.slice(0, 2) : file;
  });
  const { output, completion } = await read(clock, source);
  expect(output).toBe(`first\nsecond\n${"y".repeat(40_000)}\nlast\n`);
  expect(completion).toMatchObject({ complete: true, gaps: [] });
  expect(cuts).toBeGreaterThan(5);
});

test.each([
  ["in parts of 16 KiB", 16_384],
  ["in parts as small as its writes", 100],
])("a last line %s, without a newline", async (_, size) => {
  const text = Array.from({ length: 30_000 }, (__, index) => String(index % 10)).join("");
  const parts = text.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
  const stamp = records("")[0]?.slice(0, 31) ?? "";
  const clock = createVirtualClock(start + 60_000);
  // The kubelet puts a timestamp in front of the part that comes first in its answer.
  const source = sourceOf(clock, ({ tailRecords = Infinity }) => {
    const shown = parts.slice(-Math.min(tailRecords, parts.length));
    return tailRecords > parts.length
      ? [...records("before"), `${stamp}${shown.join("")}`]
      : [`${stamp}${shown.join("")}`];
  });
  const { output, completion } = await read(clock, source);
  expect(output).toBe(`before\n${text}`);
  expect(completion).toMatchObject({ complete: true, gaps: [] });
});

test("a log that ends behind a clock set back by more than any overlap is read to that end", async () => {
  const long = "x".repeat(1_100_000);
  const known = records(long, long);
  const late = `2026-11-22T16:30:00.000000000Z written by a clock that was set back\n`;
  const file = [...known, late];
  const clock = createVirtualClock(start + 60_000);
  const source = sourceOf(clock, ({ tailRecords, sinceSecond }) => {
    if (tailRecords !== undefined) return file.slice(-tailRecords);
    return sinceSecond === undefined || sinceSecond * 1000 < start - 1_800_000 ? file : known;
  });
  const bytes = 2 * (long.length + 1);
  let stored: LogCursor | undefined;
  await read(
    clock,
    sourceOf(clock, () => known),
    { onCursor: (cursor) => (stored = cursor) },
  );
  expect(stored).toMatchObject({ bytes });
  const { output, completion } = await read(clock, source, { cursor: stored });
  expect(output).toBe("written by a clock that was set back\n");
  expect(completion).toMatchObject({ complete: true, gaps: [] });
});

test("a cursor into dense output is short, and what comes behind it comes once", async () => {
  // Every fifth line of one microsecond is the same as the one before.
  const file = Array.from({ length: 5000 }, (_, index) => {
    const stamp = `2026-11-22T17:00:00.${String(Math.floor(index / 5) * 1000).padStart(9, "0")}Z`;
    return `${stamp} line ${index % 5 === 4 ? index - 1 : index}\n`;
  });
  const clock = createVirtualClock(start + 60_000);
  let stored: LogCursor | undefined;
  const head = await read(clock, sourceOf(clock, tailOf(file.slice(0, 3003))), {
    onCursor: (cursor) => (stored = cursor),
  });
  expect(stored?.window.length).toBeLessThanOrEqual(205);
  const rest = await read(clock, sourceOf(clock, tailOf(file)), { cursor: stored });
  expect(`${head.output}${rest.output}`).toBe(file.map((line) => line.slice(31)).join(""));
  expect(rest.completion.gaps).toEqual([]);
});

test("an empty file behind a rotation is known after a few short lives, though half of the requests fail", async () => {
  const cursor: LogCursor = {
    version: 1,
    podUid: "uid",
    bytes: 12,
    window: [[start / 1000, "1.1"]],
    sinceSecond: 0,
    lastTimestamp: "2026-11-22T17:00:00.000000001Z",
  };
  const needed: number[] = [];
  const gaps: string[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    const random = createRandom(seed);
    const clock = createVirtualClock(start + 60_000);
    const source: LogSource = {
      async open(_, { signal }) {
        await clock.sleep(20, signal);
        if (random() < 0.5) return { kind: "unavailable", message: "502", retryAfterSeconds: null };
        return answer([]);
      },
    };
    let lives = 0;
    let complete = false;
    while (!complete && lives < 40) {
      lives += 1;
      const killed = new AbortController();
      const living = read(clock, source, { cursor, signal: killed.signal, random });
      const dying = clock
        .sleep(10_000, new AbortController().signal)
        .then(() => killed.abort(new Error("killed")));
      const [lived] = await clock.run(Promise.allSettled([living, dying]));
      if (lived.status === "rejected") continue;
      complete = lived.value.completion.complete;
      gaps.push(...lived.value.completion.gaps.map(({ reason }) => reason));
    }
    needed.push(lives);
  }
  expect(needed.filter((lives) => lives > 5)).toEqual([]);
  expect(gaps).toEqual(needed.map(() => "rotated"));
});

type Clock = ReturnType<typeof createVirtualClock>;

function sourceOf(clock: Clock, file: (request: LogRequest) => readonly string[]): LogSource {
  return {
    async open(request, { signal }) {
      await clock.sleep(20, signal);
      return answer(file(request));
    },
  };
}

function tailOf(file: readonly string[]): (request: LogRequest) => readonly string[] {
  return ({ tailRecords }) => (tailRecords === undefined ? file : file.slice(-tailRecords));
}

function answer(lines: readonly string[]): LogAnswer {
  const chunks = (async function* send(): AsyncGenerator<Uint8Array> {
    for (const line of lines) yield Buffer.from(line);
  })();
  return { kind: "stream", chunks, cancel: () => undefined };
}

/** The log of a container that has ended. */
async function read(
  clock: Clock,
  source: LogSource,
  options: {
    readonly cursor?: LogCursor | undefined;
    readonly onCursor?: (cursor: LogCursor) => void;
    readonly signal?: AbortSignal;
    readonly random?: () => number;
  } = {},
) {
  const events: LogEvent[] = [];
  const follower = createLogFollower({
    source,
    target: { namespace: "default", podName: "p", podUid: "uid", container: "agent" },
    ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
    verify: async () => "terminated",
    onEvent: (event) => void events.push(event),
    clock,
    random: options.random ?? createRandom(1),
    signal: options.signal ?? new AbortController().signal,
  });
  const reading = (async () => {
    let output = "";
    for await (const chunk of follower.output) {
      output += Buffer.from(chunk).toString();
      options.onCursor?.(follower.cursor());
    }
    return { output, completion: await follower.completion, events };
  })();
  return options.signal === undefined ? clock.run(reading) : reading;
}
