import { describe, expect, test } from "vitest";
import { diagnose, type Evidence, formatLine } from "../src/index.ts";

const success = { subtype: "success", isError: false, terminalReason: "completed", text: "Done." };

describe("order of judgement", () => {
  test("a success result stands whatever ended the process afterwards", () => {
    const exits: readonly Evidence["exit"][] = [
      { kind: "exited", exitCode: 143, signal: null },
      { kind: "exited", exitCode: null, signal: "SIGKILL" },
      { kind: "stopped", by: "caller", reason: "cancelled" },
      { kind: "stopped", by: "deadline", reason: "deadline" },
      { kind: "failed", failure: { kind: "drained", node: "n1", message: null } },
    ];
    for (const exit of exits) {
      const diagnosis = diagnose({ exit, summary: { contentSeen: true, result: success } });
      expect(diagnosis.outcome).toBe("success");
      expect(diagnosis.notes.map(({ code }) => code)).toEqual(["ended_after_result"]);
    }
  });

  test("but not over work that could not be pushed: that is lost", () => {
    const exit = {
      kind: "failed",
      failure: { kind: "workspace-failed", step: "push", message: "! [rejected] main -> main (fetch first)" },
      started: true,
    } as const;
    const diagnosis = diagnose({ exit, summary: { contentSeen: true, result: success } });
    expect(diagnosis.code).toBe("workspace_push_failed");
    expect(diagnosis.bootstrap).toBe(false);
  });

  test("our own stop comes before a failed result, and before the cluster", () => {
    const summary = { contentSeen: true, result: { subtype: "error_during_execution", isError: true } };
    const exit = { kind: "stopped", by: "caller", reason: "cancelled" } as const;
    expect(diagnose({ exit, summary }).code).toBe("cancelled");
  });

  test("a failed result comes before what the cluster says", () => {
    const summary = {
      contentSeen: true,
      result: {
        subtype: "success",
        isError: true,
        apiErrorStatus: 500,
        text: "API Error: 500 Internal server error",
      },
    };
    const exit = { kind: "failed", failure: { kind: "drained", node: "n1", message: null } } as const;
    expect(diagnose({ exit, summary }).code).toBe("claude_transient_upstream");
  });

  test("but a result that only says interrupted is the trace of the cluster's signal", () => {
    const summary = {
      contentSeen: true,
      result: { subtype: "error_during_execution", isError: true, terminalReason: "aborted_tools" },
    };
    const exit = { kind: "failed", failure: { kind: "drained", node: "n1", message: null } } as const;
    expect(diagnose({ exit, summary }).code).toBe("k8s_node_drained");
    expect(diagnose({ exit: { kind: "exited", exitCode: 0, signal: null }, summary }).code).toBe(
      "claude_interrupted",
    );
  });

  test("the cluster comes before what the stream shows without a result", () => {
    const exit = {
      kind: "failed",
      failure: { kind: "out-of-memory", certain: true, container: "main", memoryLimit: "4Gi", exitCode: 137 },
      exitCode: 137,
    } as const;
    const diagnosis = diagnose({ exit, summary: { contentSeen: true, frames: 9, result: null } });
    expect(diagnosis.code).toBe("k8s_oom_killed");
    expect(formatLine(diagnosis)).toMatch(
      /^k8s_oom_killed: Out of memory\..*OOMKilled, exit 137 \(SIGKILL\); memory limit 4Gi/,
    );
  });
});
