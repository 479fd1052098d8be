import { describe, expect, test } from "vitest";
import {
  diagnose,
  type Evidence,
  type ExitLike,
  formatComment,
  formatJson,
  formatLine,
  formatMarkdown,
  formatText,
  stopReasons,
  type SummaryLike,
} from "../src/index.ts";
import { endings } from "./endings.ts";

const limited = (text: string): Evidence => ({
  exit: { kind: "exited", exitCode: 1, signal: null },
  summary: { inits: 1, result: { subtype: "success", isError: true, text } },
});

describe("the reset time in words", () => {
  test.each([
    ["You've hit your limit · resets Nov 24, 6am (UTC)", "2026-11-22T10:00:00Z", "2026-11-24T06:00:00.000Z"],
    [
      "You've hit your session limit · resets 3:30pm (UTC)",
      "2026-11-22T10:00:00Z",
      "2026-11-22T15:30:00.000Z",
    ],
    ["You've hit your session limit · resets 6am (UTC)", "2026-11-22T10:00:00Z", "2026-11-23T06:00:00.000Z"],
    [
      "You've hit your weekly limit · resets 6pm (America/New_York)",
      "2026-11-22T10:00:00Z",
      "2026-11-22T23:00:00.000Z",
    ],
    [
      "You've hit your weekly limit · resets Jan 2, 9am (UTC)",
      "2026-12-30T10:00:00Z",
      "2027-01-02T09:00:00.000Z",
    ],
    [
      "You've hit your Opus limit · resets Mar 29, 3:15am (Europe/Berlin)",
      "2026-03-27T10:00:00Z",
      "2026-03-29T01:15:00.000Z",
    ],
    ["Spending cap reached resets 12am", "2026-11-22T10:00:00Z", "2026-11-23T00:00:00.000Z"],
    ["Claude AI usage limit reached|1795500000", "2026-11-22T10:00:00Z", "2026-11-24T06:00:00.000Z"],
    ["You've hit your limit · resets soon", "2026-11-22T10:00:00Z", null],
    ["You've hit your limit · resets 25pm (UTC)", "2026-11-22T10:00:00Z", null],
    ["You've hit your limit · resets 6am (Nowhere/At_All)", "2026-11-22T10:00:00Z", null],
  ])("%s, said at %s", (text, now, notBefore) => {
    expect(diagnose(limited(text), { now })).toMatchObject({ code: "provider_quota", notBefore });
  });

  test("comes from the latest of several rejected windows", () => {
    const rateLimits = [
      { window: "five_hour", status: "rejected", resetsAt: 1_795_500_000 },
      { window: "seven_day", status: "rejected", resetsAt: 1_795_900_000 },
      { window: "other", status: "allowed", resetsAt: 1_799_999_999 },
    ];
    const { exit, summary } = limited("You've hit your limit");
    expect(diagnose({ exit, summary: { ...summary, rateLimits } }).notBefore).toBe(
      "2026-11-28T21:06:40.000Z",
    );
  });

  test("is told in the reader's zone and in UTC", () => {
    const { cause } = diagnose(limited("You've hit your limit · resets Nov 24, 6am (UTC)"), {
      now: "2026-11-22T10:00:00Z",
      timeZone: "Asia/Tokyo",
    });
    expect(cause).toContain("2026-11-24 06:00 UTC (15:00 in Asia/Tokyo)");
  });
});

describe("our own stops", () => {
  const summary: SummaryLike = { frames: 3, inits: 1, contentSeen: true, result: null };
  const stop = (reason: string, by = "caller"): Evidence => ({
    exit: { kind: "stopped", by, reason, started: true },
    summary,
  });

  test.each([
    [stopReasons.cancelled, "cancelled"],
    [stopReasons.stalled, "claude_stalled"],
    [stopReasons.budget, "budget_exceeded"],
    [stopReasons.deadline, "timeout"],
    [stopReasons.claudeVersion, "claude_version_unsupported"],
    [stopReasons.lingering, "cancelled"],
    ["the issue was closed", "cancelled"],
  ])("%s is %s", (reason, code) => {
    expect(diagnose(stop(reason)).code).toBe(code);
  });

  test("a detail after the reason is part of the cause, and no other text is taken for a reason", () => {
    const stalled = diagnose(stop("stalled: silent for 1800 s while the tool Bash ran"));
    expect(stalled.code).toBe("claude_stalled");
    expect(stalled.cause).toContain("silent for 1800 s while the tool Bash ran");
    const spent = diagnose(stop("budget: 2.1000 of 2 US dollars were spent"));
    expect(spent.code).toBe("budget_exceeded");
    expect(spent.cause).toContain("2.1000 of 2 US dollars");
    expect(diagnose(stop("stalled work: try later")).code).toBe("cancelled");
  });

  test("the budget of a day refuses before anything is begun, until the day is over", () => {
    const failure = {
      kind: "daily-budget-reached",
      spentUsd: 20.5,
      budgetUsd: 20,
      resetsAt: "2026-03-02T00:00:00.000Z",
    } as const;
    const diagnosis = diagnose({ exit: { kind: "refused", failure } });
    expect(diagnosis).toMatchObject({
      code: "budget_exceeded",
      bootstrap: true,
      notBefore: "2026-03-02T00:00:00.000Z",
    });
    expect(diagnosis.cause).toContain("$20.50");
  });

  test("words of the caller are quoted", () => {
    expect(diagnose(stop("the issue was closed")).cause).toContain("the issue was closed");
  });

  test("before the container started nothing was done", () => {
    const exit = { kind: "stopped", by: "caller", reason: "cancelled", started: false } as const;
    expect(diagnose({ exit })).toMatchObject({ code: "cancelled", bootstrap: true });
    expect(diagnose({ exit: { ...exit, started: true } }).bootstrap).toBe(false);
  });
});

describe("what is quoted", () => {
  test("is never a protocol frame, whole or cut", () => {
    const lastLines = [
      '{"type":"assistant","message":{"content":"secret plan"}}',
      '"session_id":"x","type":"user","text":"secret plan',
      "Error: real words",
    ];
    const diagnosis = diagnose({
      exit: { kind: "exited", exitCode: 1, signal: null, evidence: { lastLines } },
    });
    expect(formatText(diagnosis)).not.toContain("secret plan");
    expect(diagnosis.cause).toContain("Error: real words");
  });

  test("never shows a secret, not even one that a cut would leave the head of", () => {
    const token = ["sk", "ant", "api03", "aZ3kQ9xW7bT2mN8cR5vY1pL6dF4gH0jS".repeat(3)].join("-");
    const message = `${"x".repeat(590)} ${token} and password plain-word-secret`;
    const exit = {
      kind: "failed",
      failure: { kind: "unschedulable", message, waitedSeconds: 1 },
      evidence: { events: [{ type: "Warning", reason: "Failed", message, object: "Pod/p" }] },
    } as const;
    const diagnosis = diagnose(
      { exit, summary: { noise: [message] }, settings: { image: token } },
      { secrets: { A: "plain-word-secret" } },
    );
    for (const shown of [
      formatLine(diagnosis),
      formatText(diagnosis),
      formatMarkdown(diagnosis),
      formatJson(diagnosis),
    ]) {
      expect(shown).not.toContain("sk-ant-");
      expect(shown).not.toContain("plain-word-secret");
    }
  });

  test("cannot become markup, a link or a mention in Markdown", () => {
    const message =
      "@everyone <img src=x onerror=1> [a](javascript:b) **bold** #12 https://evil.example `code`\n# head";
    const exit = { kind: "failed", failure: { kind: "unschedulable", message, waitedSeconds: 1 } } as const;
    const diagnosis = diagnose({ exit });
    for (const raw of ["@everyone", "<img", "[a](", "**bold**", " #12", "https://evil", "\n# head"]) {
      expect(formatMarkdown(diagnosis)).not.toContain(raw);
      expect(formatComment(diagnosis)).not.toContain(raw);
    }
  });

  test("cannot control a terminal", () => {
    const message = "\u001B[2J\u001B]0;title\u0007red \u001B[31mwords\u009B1m";
    const exit = { kind: "failed", failure: { kind: "unschedulable", message, waitedSeconds: 1 } } as const;
    const shown = formatText(diagnose({ exit }));
    expect(shown.replaceAll("\n", "")).not.toMatch(new RegExp(String.raw`[\u0000-\u001F\u007F-\u009F]`));
  });
});

describe("grouping", () => {
  test("the same trouble has one key over runs, pods, nodes and numbers", () => {
    const run = (job: string, suffix: string, nodes: number): Evidence => ({
      exit: {
        kind: "failed",
        failure: {
          kind: "unschedulable",
          message: `0/${nodes} nodes are available: ${nodes - 1} Insufficient memory, 1 node(s) had untolerated taint(s). pod ${job}-${suffix}`,
          waitedSeconds: 1800 + nodes,
        },
        evidence: { namespace: "agents", jobName: job, pod: { name: `${job}-${suffix}` } },
      },
    });
    const keys = [run("claude-3f9a1c07", "x7k2p", 5), run("claude-b2d4e6f8", "mmzzq", 12)].map(
      (evidence) => diagnose(evidence).key,
    );
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toContain("insufficient memory");
  });

  test("other trouble of the same code has another", () => {
    const of = (message: string) =>
      diagnose({ exit: { kind: "failed", failure: { kind: "unschedulable", message, waitedSeconds: 1 } } })
        .key;
    expect(of("1 Insufficient cpu")).not.toBe(of("1 Insufficient memory"));
  });
});

describe("what repeats", () => {
  test("is one finding with its count and its last time", () => {
    const event = (message: string, count: number, lastSeen: string) => ({
      type: "Warning",
      reason: "FailedScheduling",
      message,
      object: "Pod/p",
      count,
      lastSeen,
    });
    const events = [
      event("0/3 nodes are available: 3 Insufficient cpu.", 4, "2026-11-22T10:05:00Z"),
      event("0/4 nodes are available: 4 Insufficient cpu.", 2, "2026-11-22T10:09:00Z"),
      event("0/4 nodes are available: 4 Insufficient memory.", 1, "2026-11-22T10:01:00Z"),
    ];
    const { evidence } = diagnose({
      exit: { kind: "exited", exitCode: 1, signal: null, evidence: { events } },
    });
    expect(evidence.map(({ text, count, lastSeen }) => [text, count, lastSeen])).toEqual([
      ["0/4 nodes are available: 4 Insufficient cpu.", 6, "2026-11-22T10:09:00Z"],
      ["0/4 nodes are available: 4 Insufficient memory.", 1, "2026-11-22T10:01:00Z"],
    ]);
  });
});

describe("never started", () => {
  const lost = (reason: string): Evidence["exit"] => ({
    kind: "failed",
    failure: { kind: "node-lost", node: "n", message: null },
    started: false,
    evidence: {
      pod: {
        name: "p",
        containers: [{ name: "main", state: { kind: "terminated", exitCode: 137, reason } }],
      },
    },
  });

  test("is not said of a container whose state the kubelet lost", () => {
    expect(diagnose({ exit: lost("ContainerStatusUnknown") }).bootstrap).toBe(false);
    expect(diagnose({ exit: lost("Error") }).bootstrap).toBe(true);
  });

  test("nor of one that spoke", () => {
    expect(diagnose({ exit: lost("Error"), summary: { frames: 1, inits: 1 } }).bootstrap).toBe(false);
  });
});

describe("text on a terminal", () => {
  test("keeps to its width, but never breaks a command", () => {
    for (const [code, { evidence }] of Object.entries(endings)) {
      const wide = formatText(diagnose(evidence), { width: 60 })
        .split("\n")
        .filter((line) => line.length > 60 && !line.includes("`"));
      expect([
        code,
        wide.filter((line) => line.trim().split(" ").length > 2 && !line.startsWith("✗")),
      ]).toEqual([code, []]);
    }
  });

  test("has colours only when asked", () => {
    const diagnosis = diagnose(endings.k8s_oom_killed.evidence);
    expect(formatText(diagnosis)).not.toContain("\u001B");
    expect(formatText(diagnosis, { color: true })).toContain("\u001B[1mMemory limit\u001B[22m");
  });

  test("counts wide characters as two columns", () => {
    const reason = "終了しました ".repeat(12).trim();
    const text = formatText(diagnose({ exit: { kind: "stopped", by: "caller", reason } }), { width: 40 });
    const widths = text
      .split("\n")
      .filter((line) => line.includes("終了"))
      .map((line) => Array.from(line).reduce((sum, character) => sum + (character > "\u2E80" ? 2 : 1), 0));
    expect(widths.length).toBeGreaterThan(2);
    expect(Math.max(...widths)).toBeLessThanOrEqual(40);
  });
});

describe("before the start", () => {
  const silent: SummaryLike = { frames: 0, inits: 0, contentSeen: false, lastAssistant: null, result: null };
  const exit = { kind: "exited", exitCode: 1, signal: null } as const;

  test.each([
    "Error: Invalid JSON in --settings: Unexpected token '<', \"<html>\" is not valid JSON",
    "Error: proxy http://proxy:3128: connect ECONNREFUSED",
    "Error: the model file was not found",
  ])("%s is a start that failed, not an answer of the API", (line) => {
    expect(diagnose({ exit, summary: { ...silent, noise: [line] } }).code).toBe("claude_start_failed");
    const result = { subtype: "error_during_execution", isError: true, numTurns: 0, errors: [line] };
    expect(diagnose({ exit, summary: { ...silent, frames: 1, result } }).code).toBe("claude_start_failed");
  });
});

describe("an interruption", () => {
  test("is not told as something that came after the result", () => {
    const result = { subtype: "error_during_execution", isError: true, terminalReason: "aborted_tools" };
    const exit = { kind: "exited", exitCode: 143, signal: null } as const;
    expect(diagnose({ exit, summary: { inits: 1, contentSeen: true, result } })).toMatchObject({
      code: "claude_interrupted",
      notes: [],
    });
  });
});

test("what never ran has no output whose end could be missing", () => {
  const notes = (exit: object): readonly string[] =>
    diagnose({ exit: { evidence: { logComplete: false }, ...exit } as ExitLike }).notes.map(
      ({ code }) => code,
    );
  const failure = { kind: "unschedulable", message: "0 of 1 nodes", waitedSeconds: 60 };
  expect(notes({ kind: "failed", started: false, failure })).not.toContain("log_gap");
  const evicted = { kind: "evicted", cause: "disk", overLimit: false, message: null };
  expect(notes({ kind: "failed", started: true, failure: evicted })).toContain("log_gap");
});
