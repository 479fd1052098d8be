/** A supervisor that is killed again and again must get on in each of its lives, or it never comes to the end. */

import { expect, test } from "vitest";
import { createLogFollower } from "../../src/logs/follower.ts";
import type { LogAnswer, LogSource } from "../../src/cluster/log-source.ts";
import type { LogCursor } from "../../src/types/run.ts";
import { createRandom } from "./kubelet-model.ts";
import { createMemoryDisk } from "./memory-disk.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const seeds = 20;
const most = 40;

/** Its window is later than every line of the file: the node's clock was set back, then the log was rotated. */
const cursor: LogCursor = {
  version: 1,
  podUid: "uid",
  bytes: 12,
  window: [[Date.parse("2026-11-22T17:00:07Z") / 1000, "1.1"]],
  sinceSecond: 0,
  lastTimestamp: "2026-11-22T17:00:07.000000001Z",
};
const file = Array.from(
  { length: 17 },
  (_, index) => `2026-11-22T17:00:00.${String(index + 1).padStart(9, "0")}Z line ${index}\n`,
).join("");

test.each([
  ["terminated", 10_000, 3],
  ["running", 30_000, 12],
] as const)(
  "a rotated file of a clock set back is known after a few short lives, though half of the requests fail (%s)",
  async (state, lifeMilliseconds, lives) => {
    const taken: number[] = [];
    for (let seed = 1; seed <= seeds; seed++) taken.push(await livesUntilRead(seed, state, lifeMilliseconds));
    expect(taken.filter((needed) => needed > lives)).toEqual([]);
  },
);

async function livesUntilRead(
  seed: number,
  state: "running" | "terminated",
  lifeMilliseconds: number,
): Promise<number> {
  const clock = createVirtualClock(Date.parse("2026-11-22T17:01:00Z"));
  const random = createRandom(seed);
  const disk = createMemoryDisk(clock, random, 40);
  const source: LogSource = {
    async open(_request, { signal }) {
      await clock.sleep(20, signal);
      if (random() < 0.5) return { kind: "unavailable", message: "502", retryAfterSeconds: null };
      return whole(file);
    },
  };

  async function live(killed: AbortController): Promise<string> {
    const follower = createLogFollower({
      source,
      target: { namespace: "default", podName: "p", podUid: "uid", container: "agent" },
      cursor,
      verify: () => Promise.resolve(state),
      onEvent: () => undefined,
      clock,
      random,
      signal: killed.signal,
      spool: { overflowFolder: null, memoryBytes: 2 ** 20, disk: disk.forProcess(killed.signal) },
    });
    for await (const chunk of follower.output) return Buffer.from(chunk).toString("utf8");
    return "";
  }

  async function lives(): Promise<number> {
    for (let life = 1; life <= most; life++) {
      const killed = new AbortController();
      void clock.sleep(lifeMilliseconds, killed.signal).then(
        () => killed.abort(new Error("killed")),
        () => undefined,
      );
      const text = await live(killed).catch(() => null);
      killed.abort(new Error("killed"));
      if (text !== null) {
        expect(text).toMatch(/^line 0\nline 1\n/);
        return life;
      }
    }
    return Infinity;
  }

  return clock.run(lives());
}

function whole(text: string): LogAnswer {
  const chunks = (async function* say(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  })();
  return { kind: "stream", chunks, cancel: () => undefined };
}
