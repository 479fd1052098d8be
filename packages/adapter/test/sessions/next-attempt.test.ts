import { describe, expect, test } from "vitest";

import type { Ending } from "../../src/ending.ts";
import { nextAttempt } from "../../src/sessions/next-attempt.ts";

const failed = (failure: object, code = "k8s_other", frames = 0) =>
  ({ exit: { kind: "failed", failure }, diagnosis: { code }, summary: { frames } }) as unknown as Ending;
const noNode = { kind: "init-container-failed", container: "files", message: "exec node: not found" };

describe("what is tried after an attempt", () => {
  const table: readonly [string, Ending, boolean, boolean, string][] = [
    ["a session that is gone", failed({}, "session_unavailable", 2), true, true, "fresh"],
    ["the same code without a session to resume", failed({}, "session_unavailable"), false, false, "none"],
    ["no Node.js in the image", failed(noNode), false, true, "without-copies"],
    ["the same in a run without copies", failed(noNode), false, false, "none"],
    ["another init container", failed({ ...noNode, container: "setup" }), false, true, "none"],
    [
      "nothing could be sent",
      failed({ kind: "start-timeout", phase: "files" }),
      false,
      true,
      "without-copies",
    ],
    ["another slow start", failed({ kind: "start-timeout", phase: "starting" }), false, true, "none"],
    [
      "exec was taken away",
      failed({ kind: "forbidden", resource: "pods/exec" }),
      true,
      true,
      "without-copies",
    ],
    ["another right is missing", failed({ kind: "forbidden", resource: "jobs" }), true, true, "none"],
    ["a webhook refuses the pod", failed({ kind: "admission-rejected" }), false, true, "without-copies"],
    ["Claude has worked", failed(noNode, "k8s_other", 1), false, true, "none"],
  ];
  test.each(table)("%s", (_name, ending, resumed, copied, kind) => {
    expect(nextAttempt(ending, { resumed, copied }).kind).toBe(kind);
  });
});
