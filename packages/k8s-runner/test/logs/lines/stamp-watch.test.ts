/** When a node is said to write no timestamps, and when an answer has merely lost one. */

import { describe, expect, test } from "vitest";
import { createStampWatch, watchAnswer } from "../../../src/logs/lines/stamp-watch.ts";
import { parseLine } from "../../../src/logs/lines/record.ts";
import type { LogLine } from "../../../src/logs/lines/record.ts";

const stamped = parseLine(Buffer.from("2026-11-22T17:00:00.000000001Z x"));
const without = parseLine(Buffer.from("output without a timestamp"));
const spoken = parseLine(Buffer.from("rpc error: code = Unavailable"));

function watched(options: { counted?: boolean; delivered?: boolean } = {}) {
  let found = 0;
  const watch = createStampWatch({
    isCounted: () => options.counted === true || found > 0,
    nothingDelivered: () => options.delivered !== true,
    onUnstamped: () => found++,
  });
  return { watch, found: () => found };
}

function times(count: number, line: LogLine): readonly LogLine[] {
  return Array.from({ length: count }, () => line);
}

describe("an answer has too many lines without a timestamp", () => {
  test.each<[string, boolean, readonly LogLine[], boolean]>([
    ["whole: the first line", true, [without], true],
    ["whole: one after a line that has one", true, [stamped, without], false],
    ["whole: two after such a line", true, [stamped, without, without], true],
    ["whole: only with timestamps", true, [stamped, stamped], false],
    ["whole: only the kubelet's own words", true, times(9, spoken), false],
    ["a part: its first line may be the rest of one", false, [without], false],
    ["a part: two are none", false, [without, without], true],
    ["a part: twenty where a clock was set back", false, [stamped, ...times(20, without)], false],
    ["a part: twenty-one", false, [stamped, ...times(21, without)], true],
    ["a part: nothing", false, [], false],
  ])("%s", (_name, fromFirstByte, lines, wanted) => {
    const { watch, found } = watched();
    expect(watchAnswer(watch, fromFirstByte).see(lines)).toBe(wanted ? "unstamped" : null);
    expect(found()).toBe(wanted ? 1 : 0);
  });

  test("it is counted over all pieces of the answer", () => {
    const { watch } = watched({ delivered: true });
    const answer = watchAnswer(watch, false);
    expect([answer.see([without]), answer.see([without])]).toEqual([null, "unstamped"]);
  });

  test("of a node that is known for it nothing is asked", () => {
    const { watch, found } = watched({ counted: true });
    expect(watch.counted).toBe(true);
    expect(watchAnswer(watch, true).see(times(9, without))).toBeNull();
    expect(found()).toBe(0);
  });
});

describe("where output with timestamps was delivered before", () => {
  test("one such answer is a mistake, the second in a row is the node's way, said once", () => {
    const { watch, found } = watched({ delivered: true });
    const see = (lines: readonly LogLine[]): void => {
      const answer = watchAnswer(watch, true);
      answer.see(lines);
      answer.end();
    };
    see([without]);
    expect([found(), watch.counted]).toEqual([0, false]);
    // An answer that has them begins the count anew.
    see([stamped]);
    see([without]);
    expect(found()).toBe(0);
    see([without]);
    see([without]);
    expect([found(), watch.counted]).toEqual([1, true]);
  });

  test("an answer that failed, or was empty, does not begin the count anew", () => {
    const { watch, found } = watched({ delivered: true });
    const mixed = watchAnswer(watch, true);
    mixed.see([stamped, without, without]);
    mixed.end();
    watchAnswer(watch, true).end();
    watchAnswer(watch, true).see([without]);
    expect(found()).toBe(1);
  });
});
