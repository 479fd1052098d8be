/** When a log counts as read to its end, and when it is given up: step by step. */

import { describe, expect, test } from "vitest";
import {
  ANSWERS_AT_MOST,
  CUTS_IN_A_ROW,
  EMPTY_READS,
  FAILURES_IN_A_ROW,
  confirmed,
  cutShort,
  failed,
  full,
  settledAt,
  startOfEnd,
  surprisedBy,
} from "../../src/logs/whole/end-steps.ts";
import type { EndMemory, EndStep, FailedRead } from "../../src/logs/whole/end-steps.ts";

type Read = (memory: EndMemory) => EndStep;

const settled =
  (place: string): Read =>
  (memory) =>
    confirmed(settledAt(memory, place));
const other =
  (place: string): Read =>
  (memory) =>
    surprisedBy(settledAt(memory, place));
const cut: Read = (memory) => cutShort(memory, null);
const empty =
  (rest = ""): Read =>
  (memory) =>
    cutShort(memory, rest);
const broken =
  (more: Partial<FailedRead> = {}): Read =>
  (memory) =>
    failed(memory, {
      answered: false,
      reason: "reset",
      state: "terminated",
      now: 0,
      limitMilliseconds: 1000,
      ...more,
    });

function after(reads: readonly Read[], troubled = false): EndStep {
  let step: EndStep = { memory: startOfEnd(troubled), next: { kind: "again" } };
  for (const read of reads) step = read(step.memory);
  return step;
}

const times = (count: number, read: Read): readonly Read[] => Array.from({ length: count }, () => read);

describe("what is enough", () => {
  test.each<[string, readonly Read[], string]>([
    ["one read that the last record confirms", [settled("a")], "finished"],
    ["… not after a failure", [broken(), settled("a")], "again"],
    ["two after a failure", [broken(), settled("a"), settled("a")], "finished"],
    ["two with a failure in between", [broken(), settled("a"), broken(), settled("a")], "finished"],
    ["… not at two places", [broken(), settled("a"), settled("b")], "again"],
    ["… not after a cut", [cut, settled("a")], "again"],
    ["… not after an empty answer", [empty(), settled("a")], "again"],
    ["… not after a full spool", [full, settled("a")], "again"],
    ["… not after a surprise", [other("a"), settled("a")], "again"],
    ["a surprise and two reads", [other("a"), settled("b"), settled("b")], "finished"],
    ["… a third place counts anew", [broken(), settled("a"), settled("b"), settled("a")], "again"],
  ])("%s", (_name, reads, kind) => {
    expect(after(reads).next.kind).toBe(kind);
  });

  test("without timestamps two whole reads must agree", () => {
    expect(after([settled("a")], true).next.kind).toBe("again");
    expect(after([settled("a"), settled("a")], true).next.kind).toBe("finished");
  });

  test("a surprise asks for the whole file, until a read came to its end", () => {
    expect(after([other("a")]).memory.surprised).toBe(true);
    expect(after([other("a"), broken()]).memory.surprised).toBe(true);
    expect(after([other("a"), settled("a")]).memory.surprised).toBe(false);
  });
});

describe("what is given up", () => {
  const giveUp = (reason: string): object => ({ kind: "give-up", reason });
  test.each<[string, readonly Read[], object]>([
    ["one cut less", times(CUTS_IN_A_ROW - 1, cut), { kind: "wait", short: false }],
    ["cuts in a row", times(CUTS_IN_A_ROW, cut), giveUp("log-unavailable")],
    [
      "cuts with a read in between",
      [...times(CUTS_IN_A_ROW - 1, cut), settled("a"), cut],
      { kind: "wait", short: false },
    ],
    [
      "cuts with a failure in between",
      [...times(CUTS_IN_A_ROW - 1, cut), broken(), cut],
      { kind: "wait", short: false },
    ],
    ["one empty answer less", times(EMPTY_READS - 1, empty()), { kind: "wait", short: true }],
    ["empty answers", times(EMPTY_READS, empty()), { kind: "begin-anew" }],
    [
      "empty answers with failures in between",
      [...times(EMPTY_READS - 1, empty()), broken(), empty()],
      { kind: "begin-anew" },
    ],
    [
      "empty answers that hold another beginning",
      [...times(EMPTY_READS - 1, empty()), empty("x")],
      { kind: "wait", short: true },
    ],
    [
      "empty answers and a cut one",
      [...times(EMPTY_READS - 1, empty()), cut],
      { kind: "wait", short: false },
    ],
    ["a pod that is gone", [broken({ state: "gone" })], giveUp("pod-gone")],
    [
      "failures for too long",
      [...times(FAILURES_IN_A_ROW - 1, broken()), broken({ now: 1000 })],
      giveUp("log-unavailable"),
    ],
    [
      "failures, one less",
      [...times(FAILURES_IN_A_ROW - 2, broken()), broken({ now: 1000 })],
      { kind: "wait", short: false },
    ],
    [
      "failures, a moment less",
      [...times(FAILURES_IN_A_ROW - 1, broken()), broken({ now: 999 })],
      { kind: "wait", short: false },
    ],
    [
      "failures of another kind count anew",
      [...times(FAILURES_IN_A_ROW - 1, broken({ answered: true })), broken({ now: 1000 })],
      { kind: "wait", short: false },
    ],
    [
      "refusals for too long, with failures in between",
      [
        ...times(FAILURES_IN_A_ROW - 1, broken({ answered: true })),
        broken(),
        broken({ answered: true, now: 1000 }),
      ],
      giveUp("log-unavailable"),
    ],
    [
      "… one refusal less",
      [
        ...times(FAILURES_IN_A_ROW - 2, broken({ answered: true })),
        broken(),
        broken({ answered: true, now: 1000 }),
      ],
      { kind: "wait", short: false },
    ],
    [
      "refusals while the pod cannot be read now and then",
      [
        ...times(FAILURES_IN_A_ROW - 1, broken({ answered: true })),
        broken({ answered: true, state: "unknown" }),
        broken({ answered: true, now: 1000 }),
      ],
      giveUp("log-unavailable"),
    ],
    [
      "… which are no more for that",
      [
        ...times(FAILURES_IN_A_ROW - 2, broken({ answered: true })),
        broken({ answered: true, state: "unknown" }),
        broken({ answered: true, now: 1000 }),
      ],
      { kind: "wait", short: false },
    ],
    [
      "refusals with a read in part in between count anew",
      [
        ...times(FAILURES_IN_A_ROW - 1, broken({ answered: true })),
        cut,
        broken({ answered: true, now: 1000 }),
      ],
      { kind: "wait", short: false },
    ],
    [
      "refusals with a whole read in between count anew",
      [
        ...times(FAILURES_IN_A_ROW - 1, broken({ answered: true })),
        settled("a"),
        broken({ answered: true, now: 1000 }),
      ],
      { kind: "wait", short: false },
    ],
    [
      "failures with a refusal in between count anew",
      [...times(FAILURES_IN_A_ROW - 1, broken()), broken({ answered: true }), broken({ now: 1000 })],
      { kind: "wait", short: false },
    ],
    [
      "failures while the pod cannot be read count for nothing",
      [
        ...times(FAILURES_IN_A_ROW - 1, broken()),
        broken({ state: "unknown", now: 9000 }),
        broken({ now: 9000 }),
      ],
      { kind: "wait", short: false },
    ],
    [
      "failures with a read in part in between count anew",
      [...times(FAILURES_IN_A_ROW - 1, broken()), cut, broken({ now: 1000 })],
      { kind: "wait", short: false },
    ],
    [
      "failures with an empty answer in between go on",
      [...times(FAILURES_IN_A_ROW - 1, broken()), empty(), broken({ now: 1000 })],
      giveUp("log-unavailable"),
    ],
    [
      "surprises without an end",
      Array.from({ length: ANSWERS_AT_MOST }, (_, index) => other(String(index))),
      giveUp("log-unavailable"),
    ],
    [
      "one surprise less",
      Array.from({ length: ANSWERS_AT_MOST - 1 }, (_, index) => other(String(index))),
      { kind: "wait", short: false },
    ],
    [
      "a full spool forgets them",
      [...times(ANSWERS_AT_MOST - 1, other("a")), full, other("a")],
      { kind: "wait", short: false },
    ],
  ])("%s", (_name, reads, next) => {
    expect(after(reads).next).toMatchObject(next);
  });

  test("the reason of the last failure is told", () => {
    const reads = [...times(FAILURES_IN_A_ROW - 1, broken()), broken({ now: 1000, reason: "no route" })];
    expect(after(reads).next).toMatchObject({ message: "no route" });
  });
});
