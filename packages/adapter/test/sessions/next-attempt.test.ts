import { describe, expect, test } from "vitest";

import type { Ending } from "../../src/ending.ts";
import { type Copied, nextAttempt } from "../../src/sessions/next-attempt.ts";

const failed = (failure: object, code = "k8s_other", frames = 0) =>
  ({ exit: { kind: "failed", failure }, diagnosis: { code }, summary: { frames } }) as unknown as Ending;
const noExec = { kind: "start-timeout", phase: "files", trouble: "no-exec" };
const noNode = { kind: "init-container-failed", container: "files", message: "exec node: not found" };

const refused = (calls: number, session = "clear") =>
  ({
    exit: { kind: "completed", exitCode: 1 },
    diagnosis: { code: "claude_invalid_request", session },
    summary: { frames: 3, tools: { calls } },
  }) as unknown as Ending;

describe("what is tried after an attempt", () => {
  const table: readonly [string, Ending, boolean, Copied, string][] = [
    ["a session that is gone", failed({}, "session_unavailable", 2), true, "session", "fresh"],
    [
      "the same code without a session to resume",
      failed({}, "session_unavailable"),
      false,
      "nothing",
      "none",
    ],
    ["a history that the API refuses", refused(0), true, "nothing", "fresh"],
    ["the same after a tool has run", refused(1), true, "nothing", "none"],
    ["the same in a session of its own", refused(0), false, "nothing", "none"],
    ["another invalid request", refused(0, "keep"), true, "nothing", "none"],
    ["no Node.js in the image", failed(noNode), false, "session", "without-copies"],
    ["the same in a run without copies", failed(noNode), false, "nothing", "none"],
    ["another init container", failed({ ...noNode, container: "setup" }), false, "session", "none"],
    [
      "nothing could be sent",
      failed({ kind: "start-timeout", phase: "files" }),
      false,
      "session",
      "without-copies",
    ],
    ["another slow start", failed({ kind: "start-timeout", phase: "starting" }), false, "session", "none"],
    [
      "exec was taken away",
      failed({ kind: "forbidden", resource: "pods/exec" }),
      true,
      "session",
      "without-copies",
    ],
    ["another right is missing", failed({ kind: "forbidden", resource: "jobs" }), true, "session", "none"],
    ["a webhook refuses the pod", failed({ kind: "admission-rejected" }), false, "session", "without-copies"],
    [
      "no exec, and the workspace was to be copied by default",
      failed(noExec),
      false,
      "chosen",
      "without-copies",
    ],
    ["no exec, and somebody wants the copy", failed(noExec), false, "workspace", "none"],
    ["no Node.js, by default", failed(noNode), false, "chosen", "without-copies"],
    ["a full disk passes", failed({ ...noExec, trouble: "pod-disk-full" }), false, "chosen", "none"],
    [
      "too large is a matter of these files",
      failed({ kind: "workspace-too-large" }),
      false,
      "chosen",
      "none",
    ],
    ["Claude has worked", failed(noNode, "k8s_other", 1), false, "session", "none"],
  ];
  test.each(table)("%s", (_name, ending, resumed, copied, kind) => {
    expect(nextAttempt(ending, { resumed, copied }).kind).toBe(kind);
  });
});
