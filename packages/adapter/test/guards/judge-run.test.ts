import { emptySummary, type RunSummary } from "@claude-k8s/stream-parser";
import { describe, expect, test } from "vitest";

import { type GuardLimits, type GuardView, judgeRun } from "../../src/guards/judge-run.ts";

const limits: GuardLimits = { lingerSeconds: 30, stallSeconds: 1800, toolStallSeconds: 7800, budgetUsd: 2 };
const nothing = emptySummary();

const working: RunSummary = {
  ...nothing,
  contentSeen: true,
  messages: 3,
  tools: {
    ...nothing.tools,
    open: [{ id: "t1", name: "Bash", startedAt: null, parentToolUseId: null, elapsedSeconds: null }],
  },
};
const waiting: RunSummary = {
  ...nothing,
  backgroundTasks: {
    ...nothing.backgroundTasks,
    open: [{ taskId: "b1", taskType: "local_bash", description: "npm run dev" }],
  },
};
const spent = (costUsd: number | null, messages: number): RunSummary => ({
  ...nothing,
  messages,
  cost: { ...nothing.cost, own: { ...nothing.cost.own, costUsd } },
});

const view = (changes: Partial<GuardView>): GuardView => ({
  summary: nothing,
  heardAt: 0,
  readableSince: 0,
  resultAt: null,
  announcedMilliseconds: 0,
  overBudget: null,
  ...changes,
});

/** Seconds; `null`: never by silence alone. `stop` is what happens at that second, and not one second before. */
const rows: readonly [
  name: string,
  view: GuardView,
  changed: Partial<GuardLimits>,
  second: number | null,
  stop?: string,
][] = [
  ["the model is silent", view({}), {}, 1800, "stalled"],
  ["… and nobody set a limit", view({}), { stallSeconds: null }, null],
  ["… since it was heard last", view({ heardAt: 60_000 }), {}, 1860, "stalled"],
  ["… after it announced a retry", view({ announcedMilliseconds: 40_000 }), {}, 1840, "stalled"],
  ["… after it announced a year", view({ announcedMilliseconds: 3.2e10 }), {}, 5400, "stalled"],
  ["a tool runs", view({ summary: working }), {}, 7800, "stalled"],
  ["a tool runs and may for ever", view({ summary: working }), { toolStallSeconds: null }, null],
  ["the log cannot be read", view({ heardAt: null }), {}, null],
  ["the process stays after its result", view({ resultAt: 5000, heardAt: 5000 }), {}, 35, "lingering"],
  ["… and prints what is no frame", view({ resultAt: 5000, heardAt: 30_000 }), {}, 35, "lingering"],
  ["… and nobody minds", view({ resultAt: 5000 }), { lingerSeconds: null }, null],
  ["… and its log was away meanwhile", view({ resultAt: 5000, readableSince: 90_000 }), {}, 120, "lingering"],
  ["… and its log still is", view({ resultAt: 5000, heardAt: null }), {}, null],
  [
    "a background task is open after the result",
    view({ resultAt: 0, summary: waiting }),
    {},
    7800,
    "lingering",
  ],
  [
    "… for which there is no limit",
    view({ resultAt: 0, summary: waiting }),
    { toolStallSeconds: null },
    null,
  ],
  [
    "the budget is reached",
    view({ summary: spent(2, 4), overBudget: { at: 1000, messages: 4 } }),
    {},
    16,
    "budget",
  ],
  [
    "… and Claude Code has ended by it",
    view({ summary: spent(2, 4), overBudget: { at: 1000, messages: 4 }, resultAt: 1000 }),
    {},
    31,
    "lingering",
  ],
];

describe("what a run may take", () => {
  test.each(rows.filter((row) => row[3] === null))("%s: never by silence alone", (_, seen, changed) => {
    expect(judgeRun(seen, { ...limits, ...changed }, 1e12)).toEqual({ kind: "go-on", until: null });
  });

  test.each(rows.filter((row) => row[3] !== null))("%s", (_, seen, changed, second, stop) => {
    const end = (second ?? 0) * 1000;
    const all = { ...limits, ...changed };
    expect(judgeRun(seen, all, end - 1)).toEqual({ kind: "go-on", until: end });
    expect(judgeRun(seen, all, end)).toMatchObject({ kind: "stop", reason: stop });
  });

  test("a further message after the budget was reached: it is not kept, and nothing is waited for", () => {
    const seen = view({ summary: spent(2.1, 5), overBudget: { at: 1000, messages: 4 } });
    expect(judgeRun(seen, limits, 1001)).toEqual({
      kind: "stop",
      reason: "budget",
      detail: "2.1000 of 2 US dollars were spent",
    });
  });

  test("a stop says what the run was doing", () => {
    expect(judgeRun(view({ summary: working }), limits, 7_800_000)).toMatchObject({
      detail: "silent for 7800 s while the tool Bash ran",
    });
    expect(judgeRun(view({ summary: { ...nothing, frames: 2 } }), limits, 1_800_000)).toMatchObject({
      detail: "silent for 1800 s before its first answer",
    });
    expect(judgeRun(view({ resultAt: 0, summary: waiting }), limits, 7_800_000)).toMatchObject({
      detail: "the process stayed for 7800 s after its result, with a background task open (npm run dev)",
    });
  });
});
