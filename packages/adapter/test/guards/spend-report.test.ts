import { readFileSync } from "node:fs";

import { createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { describe, expect, test } from "vitest";

import { createSpendReport } from "../../src/guards/spend-report.ts";
import type { HostEvent } from "../../src/host/contract.ts";

const recordings = new URL("../../../stream-parser/test/fixtures/recordings/", import.meta.url);

function reported(recording: string, secondsALine: number, budgetUsd: number | null, model?: string) {
  const events: HostEvent[] = [];
  let now = 0;
  const report = createSpendReport(
    (event) => events.push(event),
    budgetUsd,
    () => now,
  );
  const parser = createStreamParser();
  let summary = emptySummary();
  let text = readFileSync(new URL(`${recording}.ndjson`, recordings), "utf8");
  if (model !== undefined) text = text.replaceAll(/"model":"claude-[^"]+"/g, `"model":"${model}"`);
  for (const line of text.split(/(?<=\n)/)) {
    if (model !== undefined && line.includes('"type":"result"')) continue;
    for (const event of parser.push(Buffer.from(line))) summary = summarize(summary, event);
    report.update(summary);
    now += secondsALine * 1000;
  }
  report.end(summary);
  return { events, summary };
}

describe("tokens and cost on their way to the host", () => {
  test("the last event has what the result says, sub-agents included", () => {
    const { events, summary } = reported("subagent", 1, null);
    const { costUsd, usage } = summary.cost.own;
    expect(costUsd).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({
      eventType: "claude_k8s.spend",
      payload: { costUsd, estimated: false, outputTokens: usage.outputTokens },
    });
  });

  test("at most one in ten seconds, and one at the end", () => {
    const lines = readFileSync(new URL("subagent.ndjson", recordings), "utf8").trimEnd().split("\n").length;
    expect(reported("subagent", 1, null).events.length).toBeLessThanOrEqual(Math.ceil(lines / 10) + 1);
    expect(reported("subagent", 0, null).events).toHaveLength(2);
  });

  test("a model without a price: the cost is unknown, never 0, and a budget that cannot be kept is a warning once", () => {
    const { events } = reported("tool-parallel", 60, 1, "local-llama");
    const spend = events.filter(({ eventType }) => eventType === "claude_k8s.spend");
    expect(spend.length).toBeGreaterThan(0);
    for (const { payload, message } of spend) {
      expect(payload?.["costUsd"]).toBeNull();
      expect(message).toContain("cost unknown");
    }
    const warnings = events.filter(({ level }) => level === "warn");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain("local-llama");
  });

  test("a run that asked no model says nothing of money", () => {
    expect(reported("resume-unknown", 60, 1).events).toEqual([]);
  });
});
