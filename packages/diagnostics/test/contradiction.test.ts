/** A result that says success, and something that says otherwise. An agent can write a result; how its CLI ends it cannot choose. */
import { expect, test } from "vitest";
import { diagnose, type Evidence, type ExitLike, type FailureCode, type ResultLike } from "../src/index.ts";

const oom: ExitLike = {
  kind: "failed",
  failure: { kind: "out-of-memory", certain: true, container: "main", memoryLimit: "4Gi", exitCode: 137 },
  started: true,
  exitCode: 137,
  signal: "SIGKILL",
};
const exited = (exitCode: number | null, signal: string | null = null): ExitLike => ({
  kind: "exited",
  exitCode,
  signal,
});
const success: ResultLike = {
  subtype: "success",
  isError: false,
  terminalReason: "completed",
  text: "Done.",
};
const failed: ResultLike = { subtype: "error_during_execution", isError: true, errors: ["broke"] };

function seen(exit: ExitLike, result: ResultLike, contradictions: readonly string[]): Evidence {
  return {
    exit,
    summary: {
      frames: 9,
      inits: 1,
      contentSeen: true,
      lastAssistant: { text: "Working." },
      result,
      contradictions,
    },
  };
}

test.each<
  readonly [
    name: string,
    exit: ExitLike,
    result: ResultLike,
    contradictions: readonly string[],
    code: FailureCode | null,
    note: string | null,
  ]
>([
  ["an honest success", exited(0), success, [], null, null],
  ["an honest success, then killed", oom, success, [], null, null],
  [
    "a success, and an exit of its own",
    exited(1),
    success,
    [],
    "claude_failed",
    "ended by itself with exit 1",
  ],
  [
    "doubt, and an exit of its own",
    exited(2),
    { ...success, contradicted: true },
    ["work_after_result"],
    "claude_failed",
    "worked on after it",
  ],
  [
    "doubt, and a good end",
    exited(0),
    { ...success, contradicted: true },
    ["work_after_result"],
    null,
    "It stands",
  ],
  [
    "doubt, and killed for memory",
    oom,
    { ...success, contradicted: true },
    ["work_after_result"],
    "k8s_oom_killed",
    "not believed",
  ],
  [
    "doubt, and a signal",
    exited(143, "SIGTERM"),
    { ...success, contradicted: true },
    ["other_session"],
    "claude_truncated",
    "a session that this run never had",
  ],
  [
    "doubt, and nothing known of the end",
    exited(null),
    { ...success, contradicted: true },
    ["result_order"],
    "claude_failed",
    "out of order",
  ],
  [
    "doubt, and our own stop",
    { kind: "stopped", reason: "cancelled", by: "caller", exitCode: 143, signal: "SIGTERM" },
    { ...success, contradicted: true },
    ["impossible_numbers"],
    "cancelled",
    "numbers are impossible",
  ],
  [
    "a failure, and a success behind it that was not counted",
    exited(1),
    failed,
    ["success_after_failure"],
    "claude_failed",
    "directly after a failed one",
  ],
  ["a cost that went down is no doubt", exited(0), success, ["cost_went_down"], null, null],
  [
    "a doubt of a later release",
    exited(0),
    { ...success, contradicted: true },
    ["written_by_hand"],
    null,
    "written by hand",
  ],
])("%s", (_name, exit, result, contradictions, code, note) => {
  const told = diagnose(seen(exit, result, contradictions));
  expect(told.code).toBe(code);
  const notes = told.notes.filter((one) => one.code === "result_contradicted").map(({ text }) => text);
  expect(notes.join(" ")).toContain(note ?? "");
  expect(notes).toHaveLength(note === null ? 0 : 1);
});
