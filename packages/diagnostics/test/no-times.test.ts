/** Times that stand where there is none: they become no age, and are not told. */
import { describe, expect, test } from "vitest";
import { diagnose, evidenceOf } from "../src/index.ts";
import { pod } from "./cluster-reports/objects.ts";

describe("a time that is none is not reckoned with", () => {
  /** What the kubelet writes where a container never began, and what Go writes for no time at all. */
  const noTimes = ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"];
  const later = "2026-11-22T10:05:00Z";
  const ended = (startedAt: string, finishedAt: string): object => ({
    terminated: { exitCode: 128, reason: "StartError", message: "exec: no such file", startedAt, finishedAt },
  });

  test.each(noTimes)("of a container that never began: %s", (none) => {
    const told = diagnose(evidenceOf({ pod: pod(ended(none, later), { status: { phase: "Failed" } }) }));
    expect(told).toMatchObject({ code: "k8s_container_start_failed", bootstrap: true });
    expect(JSON.stringify(told)).not.toMatch(/after \d|1970|0001-01/);
  });

  test.each(noTimes)(
    "of a container whose end has no time, %s: neither an age nor a time of its own",
    (none) => {
      const told = diagnose(evidenceOf({ pod: pod(ended("2026-11-22T10:00:00Z", none)) }), { now: later });
      expect(told.cause).toContain("after 5 min");
      expect(told.evidence.map(({ lastSeen }) => lastSeen)).toEqual([null]);
    },
  );

  test.each(noTimes)("in evidence of a runner, wherever a time stands: %s", (none) => {
    const condition = { type: "Failed", status: "True", reason: "Other", lastTransitionTime: none };
    const told = diagnose(
      {
        exit: {
          kind: "exited",
          exitCode: 3,
          signal: null,
          evidence: {
            pod: {
              name: "claude-1-abcde",
              createdAt: none,
              deletionTimestamp: none,
              conditions: [{ type: "PodScheduled", status: "False", lastTransitionTime: none }],
              containers: [
                {
                  name: "main",
                  state: { kind: "terminated", exitCode: 3, startedAt: none, finishedAt: none },
                },
              ],
            },
            job: { name: "claude-1", createdAt: none, deletionTimestamp: none, conditions: [condition] },
            events: [{ type: "Warning", reason: "BackOff", message: "words", lastSeen: none }],
            timings: { createdAt: none, startedAt: none, finishedAt: none },
          },
        },
      },
      { now: later },
    );
    expect(told.code).toBe("claude_failed");
    expect(JSON.stringify(told)).not.toMatch(/after \d|1970|0001-01/);
  });

  test("the times of the container count where the runner's own are none", () => {
    const [none = ""] = noTimes;
    const state = {
      kind: "terminated",
      exitCode: 3,
      startedAt: "2026-11-22T10:00:00Z",
      finishedAt: "2026-11-22T10:05:00Z",
    };
    const evidence = {
      pod: { name: "claude-1-abcde", containers: [{ name: "main", state }] },
      timings: { startedAt: none, finishedAt: none },
    };
    const { cause } = diagnose({ exit: { kind: "exited", exitCode: 3, signal: null, evidence } });
    expect(cause).toContain("after 5 min");
  });

  test.each(noTimes)("of who was seen last, and of who holds the slot: %s", (none) => {
    const failure = { kind: "deleted-externally", object: "job", by: null, lastSeen: none } as const;
    expect(diagnose({ exit: { kind: "failed", failure } }).cause).not.toContain("seen");
    const holder = { jobName: "claude-2", namespace: "agents", createdAt: none };
    expect(diagnose({ exit: { kind: "busy", holder, waitedSeconds: 5 } }).cause).not.toContain("since");
    const foreign = {
      kind: "slot-foreign",
      jobName: "j",
      namespace: "n",
      reason: null,
      createdAt: none,
    } as const;
    expect(diagnose({ exit: { kind: "refused", failure: foreign } }).cause).not.toContain("since");
  });
});
