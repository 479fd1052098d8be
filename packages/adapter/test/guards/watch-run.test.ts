import { readFileSync } from "node:fs";

import { createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { describe, expect, test } from "vitest";

import type { GuardLimits } from "../../src/guards/judge-run.ts";
import { type GuardClock, watchRun } from "../../src/guards/watch-run.ts";

const recordings = new URL("../../../stream-parser/test/fixtures/recordings/", import.meta.url);
const at = "2026-01-01T00:00:00Z";

/** Hours pass at once. */
function virtualClock(): GuardClock & { pass(seconds: number): void } {
  let now = 0;
  let timer: { readonly at: number; readonly call: () => void } | null = null;
  return {
    now: () => now,
    after(milliseconds, call) {
      const mine = { at: now + milliseconds, call };
      timer = mine;
      return () => {
        if (timer === mine) timer = null;
      };
    },
    pass(seconds) {
      const end = now + seconds * 1000;
      while (timer !== null && timer.at <= end) {
        const { at: due, call } = timer;
        timer = null;
        now = due;
        call();
      }
      now = end;
    },
  };
}

const limits: GuardLimits = {
  lingerSeconds: 30,
  stallSeconds: 1800,
  toolStallSeconds: 7800,
  budgetUsd: null,
};

function watched(recording: string, changed: Partial<GuardLimits> = {}) {
  const clock = virtualClock();
  const stops: string[] = [];
  const watch = watchRun(
    { ...limits, ...changed },
    emptySummary(),
    ({ reason, detail }) => stops.push(`${reason}: ${detail}`),
    clock,
  );
  const lines = readFileSync(new URL(`${recording}.ndjson`, recordings), "utf8").split(/(?<=\n)/);
  const parser = createStreamParser();
  let summary = emptySummary();
  const feed = (text: string): void => {
    watch.busy();
    for (const event of parser.push(Buffer.from(text))) {
      summary = summarize(summary, event);
      watch.frame(event, summary);
    }
    watch.idle(summary);
  };
  const until = (part: string): number => lines.findIndex((line) => line.includes(part)) + 1;
  return { clock, stops, watch, feed, lines, until };
}

describe("a run under watch", () => {
  test("nothing is counted before the container has started", () => {
    const { clock, stops, watch } = watched("simple-text");
    watch.runEvent({ type: "pod-created", podName: "p", at });
    clock.pass(100_000);
    watch.runEvent({ type: "container-started", podName: "p", nodeName: null, startedAt: null, at });
    clock.pass(1799);
    expect(stops).toEqual([]);
    clock.pass(1);
    expect(stops).toEqual(["stalled: silent for 1800 s before its first frame"]);
  });

  test("a run that goes on is never stopped, however long it takes", () => {
    const { clock, stops, feed, lines } = watched("long-bash");
    for (const line of lines) {
      feed(line);
      if (!line.includes('"type":"result"')) clock.pass(1700);
    }
    expect(stops).toEqual([]);
  });

  test("a tool that runs has a limit of its own", () => {
    const { clock, stops, feed, lines, until } = watched("long-bash");
    feed(lines.slice(0, until('"tool_use"')).join(""));
    clock.pass(7799);
    expect(stops).toEqual([]);
    clock.pass(1);
    expect(stops).toEqual(["stalled: silent for 7800 s while the tool Bash ran"]);
  });

  test("a process that stays after its result", () => {
    const { clock, stops, feed, lines } = watched("simple-text");
    feed(lines.join(""));
    clock.pass(20);
    feed("a line of a server that it left behind\n");
    clock.pass(9);
    expect(stops).toEqual([]);
    clock.pass(1);
    expect(stops).toEqual(["lingering: the process stayed for 30 s after its result"]);
    clock.pass(10_000);
    expect(stops).toHaveLength(1);
  });

  test("a background command that takes ten minutes after the first result, then another turn", () => {
    const { clock, stops, feed, lines } = watched("background-bash");
    for (const line of lines) {
      feed(line);
      clock.pass(line.includes('"type":"result"') && line !== lines.at(-1) ? 600 : 1);
    }
    expect(stops).toEqual([]);
  });

  test("an outage is no silence: of the API server, of the node, of the log", () => {
    for (const [away, back] of [
      [
        { type: "api-unreachable", message: "", since: at, at },
        { type: "api-reachable", afterSeconds: 9000, at },
      ],
      [
        { type: "node-unreachable", nodeName: "n", at },
        { type: "node-reachable", nodeName: "n", at },
      ],
      [
        { type: "log-disconnected", reason: "reset", retryInMilliseconds: 1000, at },
        { type: "log-connected", resumedFrom: null, at },
      ],
    ] as const) {
      const { clock, stops, watch, feed, lines } = watched("simple-text");
      feed(lines[0] ?? "");
      clock.pass(1000);
      watch.runEvent(away);
      clock.pass(9000);
      watch.runEvent(back);
      clock.pass(1799);
      expect(stops).toEqual([]);
      clock.pass(1);
      expect(stops).toEqual(["stalled: silent for 1800 s before its first answer"]);
    }
  });

  test("a host that takes an hour for a chunk does not make its run a silent one", () => {
    const { clock, stops, watch, feed, lines } = watched("simple-text");
    feed(lines[0] ?? "");
    watch.busy();
    clock.pass(3600);
    watch.idle(emptySummary());
    clock.pass(1799);
    expect(stops).toEqual([]);
  });

  test("a budget that Claude Code does not keep", () => {
    const { clock, stops, feed, lines, until } = watched("tool-parallel", { budgetUsd: 0.000_001 });
    feed(lines.slice(0, until('"assistant"')).join(""));
    clock.pass(14);
    expect(stops).toEqual([]);
    clock.pass(1);
    expect(stops).toHaveLength(1);
    expect(stops[0]).toMatch(/^budget: \d/);
  });

  test("nothing is stopped after the end", () => {
    const { clock, stops, watch, feed, lines } = watched("simple-text");
    feed(lines.join(""));
    watch.close();
    clock.pass(100_000);
    expect(stops).toEqual([]);
  });
});
