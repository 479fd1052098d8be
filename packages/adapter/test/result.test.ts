import { diagnose, type ExitLike } from "@claude-k8s/diagnostics";
import { createStreamParser, emptySummary, summarize } from "@claude-k8s/stream-parser";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import type { Ending } from "../src/ending.ts";
import { toResult, type ResultContext } from "../src/host/result.ts";
import { knownSecrets } from "../src/host/secrets.ts";
import { sessionCodec } from "../src/host/session-codec.ts";
import { fakeHost } from "./host-context.ts";

const recordings = new URL("../../stream-parser/test/fixtures/recordings/", import.meta.url);

function ending(exit: ExitLike, recording?: string): Ending {
  if (recording === undefined)
    return { exit, summary: null, diagnosis: diagnose({ exit }), ref: null, evidence: null };
  const parser = createStreamParser();
  const events = [...parser.push(readFileSync(new URL(`${recording}.ndjson`, recordings))), ...parser.end()];
  const summary = events.reduce(summarize, emptySummary());
  return { exit, summary, diagnosis: diagnose({ exit, summary }), ref: null, evidence: null };
}

const context: ResultContext = {
  cancellation: null,
  session: {
    promptBundleKey: "b",
    mcpServerIdentity: "",
    podWorkingDirectory: "/workspace",
    claudeModel: "default",
    claudeImage: "lab/claude:1",
  },
  environment: { ANTHROPIC_API_KEY: "x" },
  model: null,
  now: "2026-11-22T18:00:00.000Z",
};

const exited = (exitCode: number, signal: string | null = null): ExitLike => ({
  kind: "exited",
  exitCode,
  signal,
});
const stoppedByUs: ExitLike = { kind: "stopped", by: "caller", reason: "x", started: true, exitCode: 143 };

/** The host's rule, `heartbeat.js` of the server 2026.916.1. */
function hostOutcome(result: ReturnType<typeof toResult>): "timed_out" | "succeeded" | "failed" {
  if (result.timedOut) return "timed_out";
  return (result.exitCode ?? 0) === 0 && !result.errorMessage && !result.signal ? "succeeded" : "failed";
}

describe("outcome, as the host reads it", () => {
  const table: readonly [string, Ending, string, string | null][] = [
    ["success", ending(exited(0), "simple-text"), "succeeded", null],
    [
      "stopped behind its result",
      ending({ kind: "exited", exitCode: 143, signal: "SIGTERM" }, "background-bash-sigterm-after-result"),
      "succeeded",
      null,
    ],
    // Where a person has to act, the host is told its own word for that; ours stands in the diagnosis.
    ["an API error", ending(exited(1), "model-404"), "failed", "budget_exhausted"],
    ["exit 0 without a result", ending(exited(0), "sigterm-early"), "failed", "budget_exhausted"],
    [
      "our deadline",
      ending({ ...stoppedByUs, by: "deadline", reason: "deadline", deadlineSeconds: 5 }, "sigterm-mid-bash"),
      "timed_out",
      "timeout",
    ],
    [
      "an image that is not there",
      ending({
        kind: "refused",
        failure: {
          kind: "image-pull-failed",
          image: "x",
          final: true,
          reason: "ErrImagePull",
          message: null,
          waitedSeconds: 1,
        },
      }),
      "failed",
      "setup_failed",
    ],
  ];
  test.each(table)("%s", (_name, of, outcome, code) => {
    const result = toResult(of, context);
    expect(hostOutcome(result)).toBe(outcome);
    expect(result.errorCode ?? null).toBe(code);
  });
});

describe("every failure says how the host may go on", () => {
  const bootstrap = { kind: "bootstrap", providerWorkStarted: false };
  test("before the agent started: as a bootstrap failure", () => {
    const failure = { kind: "settings-invalid", problems: [] } as const;
    const result = toResult(ending({ kind: "refused", failure }), context);
    expect(result.executionRecovery).toEqual(bootstrap);
    expect(result.resultJson).not.toHaveProperty("conversationContinuation");
  });
  test("after it: by going on with the conversation", () => {
    const result = toResult(ending(exited(1), "server-error-500"), context);
    expect(result.executionRecovery).toBeUndefined();
    expect(result.resultJson).toMatchObject({ conversationContinuation: "continue_conversation_v1" });
    expect(result.errorFamily).toBe("transient_upstream");
  });
  test("turns used up", () => {
    const result = toResult(ending(exited(1), "max-turns"), context);
    expect(result.resultJson).toMatchObject({ stopReason: "max_turns_exhausted" });
  });
  test("the same session is promised only where its files are known to be kept", () => {
    const ended = ending(exited(1), "max-turns");
    const told = (more: Partial<ResultContext>) => {
      const { errorMessage, summary } = toResult(ended, { ...context, ...more });
      return `${errorMessage} ${summary}`;
    };
    expect(told({ sessionLasts: true })).toMatch(
      /continues by itself, in the same session\..*same session\./s,
    );
    for (const more of [{}, { sessionLasts: false }]) {
      expect(told(more)).toContain("Paperclip continues by itself.");
      expect(told(more)).not.toContain("same session");
    }
  });
});

describe("cancellation", () => {
  const stopped = ending(stoppedByUs, "sigterm-mid-bash");
  test("what a stopped run has used is told at once, though no result of Claude's sums it up", () => {
    const killed: ExitLike = { kind: "stopped", by: "caller", reason: "x", started: true, exitCode: 137 };
    const result = toResult(ending(killed, "sigkill-mid-bash"), context);
    // One message, told twice: 12 and 1024 written to the cache, 2048 read from it.
    expect(result.usage).toMatchObject({ inputTokens: 1036, cachedInputTokens: 2048 });
    expect(result.usageBasis).toBe("per_run");
    expect(result.costUsd).toBeGreaterThan(0);
  });
  test("by a person is acknowledged", () => {
    const cancellation = { reason: "Cancelled by a board operator", byPerson: true };
    const result = toResult(stopped, { ...context, cancellation });
    expect(result).toMatchObject({
      errorCode: "cancelled",
      timedOut: false,
      resultJson: {
        conversationContinuation: "continue_conversation_v1",
        executionCancellation: { state: "acknowledged", acknowledgedAt: context.now, forced: false },
      },
    });
  });
  test("by a lost claim is not", () => {
    const cancellation = { reason: "Legacy controller lease lost", byPerson: false };
    const result = toResult(stopped, { ...context, cancellation });
    expect(result.resultJson).not.toHaveProperty("executionCancellation");
    expect(result.resultJson).toHaveProperty("conversationContinuation");
  });
});

describe("what a run is worth", () => {
  test("usage is the run's own", () => {
    const result = toResult(ending(exited(0), "resume-2-ok"), context);
    expect(result).toMatchObject({ usageBasis: "per_run", provider: "anthropic", billingType: "api" });
    // The session's total is 0.0178; 0.0121 of it was the earlier run's.
    expect(result.costUsd).toBeCloseTo(0.0058, 3);
    expect(result.usage?.outputTokens).toBeGreaterThan(0);
  });
  test("nothing is claimed of a run that said nothing", () => {
    const result = toResult(ending(exited(1)), context);
    expect(result.usage).toBeUndefined();
    expect(result.costUsd).toBeUndefined();
    expect(result.sessionId).toBeUndefined();
  });
});

describe("session", () => {
  test("is kept with what it belongs to, under no key that the host reads", () => {
    const { sessionParams, sessionId } = toResult(ending(exited(0), "simple-text"), context);
    expect(sessionParams).toMatchObject({
      sessionId,
      promptBundleKey: "b",
      podWorkingDirectory: "/workspace",
    });
    for (const key of ["cwd", "workspaceId", "repoUrl", "repoRef"])
      expect(sessionParams).not.toHaveProperty(key);
  });
  test("that does not exist is cleared, its id not returned", () => {
    expect(toResult(ending(exited(1), "resume-unknown"), context)).toMatchObject({
      resultJson: { diagnosis: { code: "session_unavailable" } },
      clearSession: true,
      sessionId: null,
      sessionParams: null,
    });
  });
  test("the codec keeps what it knows and nothing else", () => {
    const stored = { sessionId: " a ", cwd: "/server", volatile: true, promptBundleKey: "k", other: 1 };
    const kept = { sessionId: "a", volatile: true, promptBundleKey: "k" };
    expect(sessionCodec.deserialize(stored)).toEqual(kept);
    expect(sessionCodec.serialize(kept)).toEqual(kept);
    expect(sessionCodec.getDisplayId(kept)).toBe("a");
    for (const none of [null, [], "x", {}, { sessionId: "" }])
      expect(sessionCodec.deserialize(none)).toBeNull();
  });
});

test("known secrets: by name, by binding, by looks; never what is plain", () => {
  const { context: host } = fakeHost({});
  const bindings = {
    env: { HIDDEN: { type: "secret_ref", secretId: "1" }, NODE_ENV: { type: "plain", value: "production" } },
  };
  const random = ["ghp", "0123456789abcdefABCDEF012345"].join("_");
  const found = knownSecrets(
    { ...host, agent: { ...host.agent, adapterConfig: bindings } },
    {
      HIDDEN: "a plain looking value",
      NODE_ENV: "production",
      MY_TOKEN: "abcdefgh",
      SHORT_TOKEN: "abc",
      OTHER: random,
      URL_PASSWORD_1: ["pa55w0rd", "1"].join("-"),
      DATABASE_URL: ["postgres://u:", "pa55w0rd-1", "@db/x"].join(""),
      PATH: "/usr/local/bin:/usr/bin",
    },
  );
  expect(found).toEqual({
    PAPERCLIP_API_KEY: host.authToken,
    PAPERCLIP_RUNTIME_TOOLS_TOKEN: expect.any(String),
    HIDDEN: "a plain looking value",
    MY_TOKEN: "abcdefgh",
    // Short: masked where its name stands before it.
    SHORT_TOKEN: "abc",
    OTHER: random,
    URL_PASSWORD_1: ["pa55w0rd", "1"].join("-"),
  });
});
