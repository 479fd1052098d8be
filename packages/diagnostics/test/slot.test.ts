import { expect, test } from "vitest";
import { diagnose } from "../src/index.ts";

const holder = {
  jobName: "run-0123456789abcdefghij",
  namespace: "agents",
  podName: "run-0123456789abcdefghij-x7k2p",
  runId: "run-17",
  supervisor: null,
  supervised: false,
  createdAt: "2026-11-22T09:30:00Z",
  terminating: false,
};

test("a pod that a deleted Job left is named, with what to do about it", () => {
  const { code, cause, fix } = diagnose({ exit: { kind: "busy", holder, waitedSeconds: 60 } });
  expect(code).toBe("k8s_concurrent_run_blocked");
  expect(cause).toMatch(
    /^Pod run-0123456789abcdefghij-x7k2p in namespace agents runs on the same work \(run run-17\), since .+\. Its Job run-0123456789abcdefghij was deleted, but the pod has not ended with it\. Waited /,
  );
  expect(fix.join("\n")).toContain("`kubectl delete pod run-0123456789abcdefghij-x7k2p -n agents`");
  expect(fix.join("\n")).not.toContain("describe job");
});

test("one that is being ended is said to be", () => {
  const exit = { kind: "busy", holder: { ...holder, terminating: true }, waitedSeconds: 0 } as const;
  expect(diagnose({ exit }).cause).toContain("is ending on the same work");
});

test("a Job that holds its slot itself is looked at, and no pod deleted", () => {
  const exit = { kind: "busy", holder: { ...holder, podName: null }, waitedSeconds: 0 } as const;
  const { cause, fix } = diagnose({ exit });
  expect(cause).toContain("Job run-0123456789abcdefghij in namespace agents runs without a supervisor");
  expect(fix.join("\n")).toContain("`kubectl describe job run-0123456789abcdefghij -n agents`");
  expect(fix.join("\n")).not.toContain("delete pod");
});
