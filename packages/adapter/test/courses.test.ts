import { catalog, diagnose, type ExitLike, type Failure } from "@claude-k8s/diagnostics";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Ending } from "../src/ending.ts";
import { type Course, courseOf, courses } from "../src/host/courses.ts";
import { circumstancesOf } from "../src/host/circumstances.ts";
import type { ExecutionResult } from "../src/host/contract.ts";
import { type Circumstances, isVain, joinChain } from "../src/host/failure-chain.ts";
import { createFailureMemory } from "../src/host/failure-memory.ts";
import { type FailureChain, toResult } from "../src/host/result.ts";
import { openChain } from "../src/host/task-chain.ts";
import { fakeHost } from "./host-context.ts";

const now = "2026-11-22T18:00:00.000Z";

function failure(changes: Partial<Failure> & Pick<Failure, "code">): Failure {
  const entry = catalog.find(({ code }) => code === changes.code);
  if (entry === undefined) throw new Error(changes.code);
  return {
    outcome: "failure",
    title: entry.title,
    cause: "The cause.",
    evidence: [],
    certainty: "certain",
    session: entry.session,
    notes: [],
    spend: null,
    key: changes.code,
    fix: ["Raise *Memory limit*.", "Run `kubectl get pods`."],
    family: entry.family,
    notBefore: null,
    bootstrap: entry.bootstrap,
    ...changes,
  };
}

const exit: ExitLike = { kind: "exited", exitCode: 1, signal: null };
const endingOf = (diagnosis: Failure): Ending => ({
  exit,
  summary: null,
  diagnosis,
  ref: null,
  evidence: null,
});
const resultOf = (diagnosis: Failure, chain?: FailureChain): ExecutionResult =>
  toResult(endingOf(diagnosis), {
    cancellation: null,
    session: null,
    environment: {},
    model: null,
    now,
    ...(chain && { chain }),
  });

/** What the real server 2026.916.1 makes of a result, as tried: `e2e/host/retries.test.ts`. */
function hostCourse({
  errorCode,
  errorFamily,
  resultJson,
  executionRecovery,
  timedOut,
}: ExecutionResult): Course {
  const flag = resultJson?.["conversationContinuation"] === "continue_conversation_v1";
  if (!flag && executionRecovery === undefined) throw new Error("the issue is locked");
  if (!flag && errorFamily === "transient_upstream") throw new Error("locked once its retries are used up");
  if (errorCode === "cancelled") return "stopped";
  if (resultJson?.["stopReason"] === "max_turns_exhausted" || errorCode === "max_turns_exhausted")
    return "continue";
  if (timedOut) return "deadline";
  if (errorFamily === "transient_upstream") return "retry";
  if (errorFamily === "provider_quota") return "at-a-time";
  if (["setup_failed", "budget_exhausted"].includes(String(errorCode))) return "person";
  // Known to it as retryable, or not known to it at all: three runs.
  return "retry";
}

describe("how the host goes on is what docs/endings.md says", () => {
  test.each(catalog.map((entry) => [entry.code, entry] as const))("%s", (code, entry) => {
    const course = hostCourse(resultOf(failure({ code, notBefore: code === "provider_quota" ? now : null })));
    const special: Partial<Record<Failure["code"], Course>> = {
      max_turns_exhausted: "continue",
      timeout: "deadline",
      cancelled: "stopped",
      // The one that waits for a run to end, and not for a person.
      k8s_concurrent_run_blocked: "retry",
    };
    const families = {
      transient_upstream: "retry",
      provider_quota: "at-a-time",
      model_refusal: "person",
    } as const;
    const documented = entry.family === null ? "person" : families[entry.family];
    expect(course).toBe(special[code] ?? documented);
  });
  test("the table has a line for each code", () => {
    expect(Object.keys(courses).toSorted()).toEqual(catalog.map(({ code }) => code).toSorted());
  });
  test("the evidence of a failure wins over its code", () => {
    expect(courseOf(failure({ code: "k8s_image_pull_failed", family: "transient_upstream" }))).toBe("retry");
    expect(courseOf(failure({ code: "k8s_image_pull_failed" }))).toBe("person");
    expect(courseOf(failure({ code: "k8s_unschedulable", family: null }))).toBe("person");
    expect(
      courseOf(failure({ code: "claude_transient_upstream", family: "provider_quota", notBefore: now })),
    ).toBe("at-a-time");
  });
  test("our own code stays with the run", () => {
    const result = resultOf(failure({ code: "k8s_oom_killed" }));
    expect(result.errorCode).toBe("budget_exhausted");
    expect(result.resultJson).toMatchObject({ diagnosis: { code: "k8s_oom_killed" } });
    expect(resultOf(failure({ code: "settings_invalid" })).errorCode).toBe("setup_failed");
  });
  test("a slot that is held is asked for again after minutes, then after an hour", () => {
    const minutesAfter = (runs: number): number => {
      const chain = { isNews: runs === 1, isExhausted: false, isVain: false, runs };
      const { retryNotBefore } = resultOf(failure({ code: "k8s_concurrent_run_blocked" }), chain);
      return (Date.parse(retryNotBefore ?? "") - Date.parse(now)) / 60_000;
    };
    expect([minutesAfter(1), minutesAfter(2)]).toEqual([5, 60]);
  });
});

describe("what people read", () => {
  const result = resultOf(failure({ code: "k8s_oom_killed" }));
  test("the comment: title, cause and steps as Markdown, and how it goes on", () => {
    expect(result.summary).toMatch(
      /^\*\*.+\*\*\n\nThe cause\.\n\nWhat to do:\n\n1\. Raise \*\*Memory limit\*\*\./,
    );
    expect(result.summary).toContain("a comment on the issue starts the next run");
  });
  test("the message: sentences on one line, the cause first, no code, no Markdown", () => {
    expect(result.errorMessage).not.toMatch(/\n|\*|`|k8s_oom_killed/);
    expect(result.errorMessage).toMatch(/\(1\) Raise "Memory limit"\. \(2\) Run "kubectl get pods"\./);
    expect(result.errorMessage?.slice(0, 40)).toContain("Out of memory. The cause.");
  });
  test("Claude Code's own error sentence is not under a key that the host posts", () => {
    const summary = {
      finalText: "API Error: 401",
      lastAssistantText: "API Error: 401",
      result: { subtype: "success", isError: true, text: "API Error: 401" },
    } as unknown as Ending["summary"];
    const ended = { ...endingOf(failure({ code: "claude_auth_required" })), summary };
    const cost = { own: { usage: {}, costUsd: null } };
    const told = toResult(
      { ...ended, summary: { ...summary, frames: 1, cost } as unknown as Ending["summary"] },
      {
        cancellation: null,
        session: null,
        environment: {},
        model: null,
        now,
        chain: { isNews: false, isExhausted: false, isVain: false },
      },
    );
    expect(told.summary).toBeNull();
    for (const key of ["summary", "result", "message"]) expect(told.resultJson).not.toHaveProperty(key);
    expect(told.resultJson).toMatchObject({ claudeSaid: "API Error: 401" });
  });
  test("a run that somebody stopped needs no comment", () => {
    expect(resultOf(failure({ code: "cancelled" })).summary).toBeNull();
  });
});

describe("a chain of equal failures", () => {
  const first: Circumstances = { settings: "s", commentId: null, isRetry: false };
  const again: Circumstances = { ...first, isRetry: true };
  const oom = failure({ code: "k8s_oom_killed", key: "oom" });
  const { last } = joinChain(null, oom, first);
  test("is told once", () => {
    expect(joinChain(null, oom, first).isNews).toBe(true);
    expect(joinChain(last, oom, again).isNews).toBe(false);
  });
  test.each<[string, Failure, Circumstances]>([
    ["another failure", { ...oom, key: "other" }, again],
    ["other settings", oom, { ...again, settings: "t" }],
    ["a comment", oom, { ...again, commentId: "c" }],
  ])("begins anew with %s", (_name, of, circumstances) => {
    expect(joinChain(last, of, circumstances)).toMatchObject({ isNews: true, last: { runs: 1 } });
  });
  test("a retry carries the comment of the run before: that is no new one", () => {
    const commented = joinChain(null, oom, { ...first, commentId: "c" });
    expect(joinChain(commented.last, oom, { ...again, commentId: "c" }).isNews).toBe(false);
  });
  test("turns are continued three times, then a person is asked, and told", () => {
    const turns = failure({ code: "max_turns_exhausted", key: "turns" });
    const one = joinChain(null, turns, first);
    const two = joinChain(one.last, turns, again);
    const three = joinChain(two.last, turns, again);
    expect([one, two, three].map(({ isNews, isExhausted }) => [isNews, isExhausted])).toEqual([
      [true, false],
      [false, false],
      [true, true],
    ]);
    const result = resultOf(turns, { ...three, isVain: false });
    expect(hostCourse(result)).toBe("person");
    expect(result.summary).toContain("not continued by itself any more");
    expect(hostCourse(resultOf(turns))).toBe("continue");
  });
  test("a retry of what waits for a person is vain, a run that somebody asked for is not", () => {
    expect(isVain(last, again)).toBe(true);
    expect(isVain(last, first)).toBe(false);
    expect(isVain(last, { ...again, settings: "t" })).toBe(false);
    expect(isVain(last, { ...again, commentId: "c" })).toBe(false);
    expect(isVain({ ...last, course: "retry" }, again)).toBe(false);
    expect(isVain(null, again)).toBe(false);
  });
});

test("settings are the same when only the host's own variables differ", () => {
  const { context } = fakeHost({ config: { image: "a" } });
  const settings = (config: Record<string, unknown>) =>
    circumstancesOf({ ...context, config }, config).settings;
  const env = context.config["env"] as Record<string, string>;
  const same = settings({ ...context.config });
  expect(settings({ ...context.config, env: { ...env, TMPDIR: "/tmp/other-run" } })).toBe(same);
  expect(settings({ ...context.config, image: "b" })).not.toBe(same);
  expect(settings({ ...context.config, env: { ...env, MY_PLAIN: "changed" } })).not.toBe(same);
});

describe("the memory of failures", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "failures-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const { context: host } = fakeHost({ context: { retryReason: "transient_failure", wakeCommentId: null } });
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const open = () => openChain(host, host.config, { failures: createFailureMemory(folder), log });

  test("a retry after the server's restart is refused with the same words, and is no news", async () => {
    const ending = endingOf(failure({ code: "model_not_found" }));
    const chain = await open();
    expect(chain.vain).toBeNull();
    expect(await chain.settle(ending)).toEqual({ isNews: true, isExhausted: false, isVain: false, runs: 1 });
    const next = await open();
    expect(next.vain?.diagnosis).toMatchObject({ code: "model_not_found", bootstrap: true });
    expect(await next.settle(next.vain ?? ending)).toEqual({
      isNews: false,
      isExhausted: false,
      isVain: true,
    });
    const [name = ""] = readdirSync(folder);
    expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  });
  test("a success forgets", async () => {
    await (await open()).settle(endingOf(failure({ code: "model_not_found" })));
    const result = { exit: { kind: "exited", exitCode: 0, signal: null } as const, summary: null };
    const success = {
      ...endingOf(failure({ code: "claude_failed" })),
      ...result,
      diagnosis: { ...diagnose(result), outcome: "success" },
    };
    await (await open()).settle(success as Ending);
    expect((await open()).vain).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });
  test("a damaged file, and a folder that cannot be written, cost the memory only", async () => {
    await (await open()).settle(endingOf(failure({ code: "model_not_found" })));
    const [name = ""] = readdirSync(folder);
    writeFileSync(path.join(folder, name), readFileSync(path.join(folder, name)).subarray(0, 40));
    expect((await open()).vain).toBeNull();
    const nowhere = path.join(folder, name, "not-a-folder");
    const chain = await openChain(host, host.config, { failures: createFailureMemory(nowhere), log });
    expect(await chain.settle(endingOf(failure({ code: "model_not_found" })))).toMatchObject({
      isNews: true,
    });
  });
  test("each failure is one line of the server's log", async () => {
    lines.length = 0;
    await (await open()).settle(endingOf(failure({ code: "model_not_found" })));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(host.runId);
    expect(lines[0]).toContain("model_not_found");
    expect(lines[0]).not.toContain("\n");
  });
});
