/** Nothing is claimed that the objects do not hold, and nothing is dropped that they have. */
import { describe, expect, test } from "vitest";
import { diagnose, evidenceOf } from "../src/index.ts";
import { ev, meta, pending, rejected } from "./cluster-reports/objects.ts";

const failedJob = (reason: string, message: string): object => ({
  kind: "Job",
  metadata: meta("claude-1"),
  spec: {},
  status: {
    conditions: [
      { type: "Failed", status: "True", reason, message, lastTransitionTime: "2026-11-22T10:05:00Z" },
    ],
  },
});

describe("a Job whose pod nobody has looked for", () => {
  const backoff = failedJob("BackoffLimitExceeded", "Job has reached the specified backoff limit");

  test("tells nothing of the pod: the Job's own words, and no deletion", () => {
    const told = diagnose(evidenceOf({ job: backoff }));
    expect(told).toMatchObject({ code: "claude_failed", certainty: "suspected", family: null });
    expect(told.cause).toContain("BackoffLimitExceeded: Job has reached the specified backoff limit");
    expect(`${told.title} ${told.cause}`).not.toMatch(/delet/i);
  });

  test.each<readonly [string, object]>([
    ["an empty array", []],
    ["an empty list", { kind: "List", items: [] }],
  ])(
    "a pod that was looked for and is gone may have been deleted, and by whom is not known: %s",
    (_name, found) => {
      const told = diagnose(evidenceOf({ job: backoff, pod: found }));
      expect(told).toMatchObject({ code: "k8s_job_deleted_externally", certainty: "suspected" });
      expect(told.cause).not.toContain("seen");
      expect(told.cause).toContain("BackoffLimitExceeded: Job has reached the specified backoff limit");
    },
  );

  test("what the stream tells counts more, and the Job's words stay beside it", () => {
    const summary = {
      frames: 3,
      inits: 1,
      contentSeen: true,
      lastAssistant: { text: "At work." },
      result: null,
    };
    const told = diagnose({ ...evidenceOf({ job: backoff }), summary });
    expect(told.code).toBe("claude_failed");
    expect(told.cause).toContain("no result arrived");
    expect(told.cause).toContain("Job has reached the specified backoff limit");
  });
});

describe("words that the cluster has are in the cause", () => {
  test.each([
    [
      "PodFailurePolicy",
      "Container main for pod agents/claude-1-abcde failed with exit code 42 matching FailJob rule at index 0",
    ],
    ["FailedIndexes", "Job has failed indexes"],
    ["MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes"],
    ["SomethingNew", "words of a later release"],
  ])("of a Job: %s", (reason, message) => {
    for (const objects of [
      { job: failedJob(reason, message) },
      { job: failedJob(reason, message), pod: [] },
    ]) {
      const told = diagnose(evidenceOf(objects));
      expect(told).toMatchObject({ code: "claude_failed", certainty: "suspected" });
      expect(told.cause).toContain(`${reason}: ${message}`);
    }
  });

  test("of a runner that could not tell the exit", () => {
    const failure = {
      kind: "exit-unknown",
      message: "the pod failed, and its container's state never came",
    } as const;
    const told = diagnose({ exit: { kind: "failed", failure, started: true } });
    expect(told).toMatchObject({ code: "claude_failed", certainty: "suspected" });
    expect(told.cause).toContain("the pod failed, and its container's state never came");
    expect(told.cause).not.toContain("exit-unknown");
  });

  test.each([
    ["CreatePodSandboxError", "failed to create pod network sandbox: no IP addresses available"],
    ["ConfigPodSandboxError", "the sandbox has no configuration"],
    ["SomethingNew", "words of a later release"],
    ["ContainerCreating", "waiting for a network"],
  ])("of a container that waits: %s", (reason, message) => {
    const told = diagnose(evidenceOf(pending(reason, message)));
    expect(told.code).toBe("k8s_start_timeout");
    expect(told.cause).toContain(`${reason}: ${message}`);
    expect(told.cause).not.toContain("says no more");
  });

  test("a reason without a message is told, and so is the newest warning beside it", () => {
    expect(diagnose(evidenceOf(pending("SomethingNew", ""))).cause).toContain("SomethingNew");
    const event = {
      type: "Warning",
      reason: "FailedCreatePodSandBox",
      message: "plugin type=calico failed",
      involvedObject: { kind: "Pod", name: "claude-1-abcde" },
      lastTimestamp: "2026-11-22T10:00:00Z",
    };
    const both = diagnose(evidenceOf({ ...pending("SomethingNew", "its words"), events: [event] })).cause;
    expect(both).toContain("SomethingNew: its words");
    expect(both).toContain("plugin type=calico failed");
    // The plain reason says nothing where an event does.
    const plain = diagnose(evidenceOf({ ...pending("ContainerCreating", ""), events: [event] })).cause;
    expect(plain).not.toContain("ContainerCreating");
    expect(plain).toContain("plugin type=calico failed");
  });

  test("an image that may not run as root lacks something, whatever the kubelet's release calls it", () => {
    const told = diagnose(
      evidenceOf(pending("VerifyNonRootError", "container has runAsNonRoot and image will run as root")),
    );
    expect(told).toMatchObject({ code: "k8s_container_config_error", family: null });
    expect(told.cause).toContain("VerifyNonRootError: container has runAsNonRoot and image will run as root");
    expect(told.fix.join(" ")).toContain("runAsUser");
    const bare = diagnose(evidenceOf(pending("VerifyNonRootError", "")));
    expect(bare.cause).toContain("VerifyNonRootError");
    expect(bare.fix.join(" ")).toContain("runAsUser");
  });
});

describe("a node that refuses the pod for its security settings: other remedies than for its room", () => {
  const general = /Run again|run again later|Ask for less|CPU request|Memory request/;

  test.each<readonly [string, string, RegExp]>([
    [
      "SysctlForbidden",
      'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
      /sysctl.*securityContext\.sysctls.*allowedUnsafeSysctls/,
    ],
    [
      "AppArmor",
      'Pod was rejected: Cannot enforce AppArmor: profile "agents" is not loaded',
      /AppArmor.*appArmorProfile/,
    ],
  ])("%s", (reason, message, remedy) => {
    const told = diagnose(evidenceOf(rejected(reason, message)));
    // The scheduler knows neither, and chooses such a node again.
    expect(told).toMatchObject({ code: "k8s_unschedulable", family: null, bootstrap: true });
    expect(told.fix[0]).toMatch(remedy);
    expect(told.fix.join("\n")).not.toMatch(general);
  });

  test("named by a runner, too", () => {
    const failure = { kind: "node-refused", node: "node-1", reason: "AppArmor", message: "words" } as const;
    const told = diagnose({ exit: { kind: "failed", failure, started: false } });
    expect(told.family).toBe(null);
    expect(told.fix[0]).toContain("AppArmor");
  });

  test("every other refusal is for its room, its devices or its match", () => {
    const told = diagnose(evidenceOf(rejected("OutOfcpu", "Node didn't have enough resource: cpu")));
    expect(told.family).toBe("transient_upstream");
    expect(told.fix[0]).toMatch(/^Run again/);
    expect(told.fix.join("\n")).toMatch(general);
    expect(told.fix.join("\n")).not.toMatch(/sysctl|AppArmor/i);
  });
});

describe("a Job alone, whose pod nobody has looked for, may have had one", () => {
  const suspended = { kind: "Job", metadata: meta("claude-1"), spec: { suspend: true }, status: {} };

  test("a suspended one may have been stopped while it ran: only that it is held back is seen", () => {
    const told = diagnose(evidenceOf({ job: suspended }));
    expect(told).toMatchObject({ code: "k8s_unschedulable", certainty: "suspected", bootstrap: false });
    expect(told.cause).toContain("suspended");
    expect(told.cause).not.toContain("never");
    const sought = diagnose(evidenceOf({ job: suspended, pod: [] }));
    expect(sought).toMatchObject({ code: "k8s_unschedulable", certainty: "suspected", bootstrap: true });
  });

  test("a runner that waited for it knows that it was never let in", () => {
    const failure = { kind: "queue-timeout", queueName: "agents", waitedSeconds: 1800 } as const;
    const told = diagnose({ exit: { kind: "failed", failure, started: false } });
    expect(told).toMatchObject({ certainty: "certain", bootstrap: true });
    expect(told.cause).toContain("The Job waited 30 min in queue agents and was never let in.");
  });

  test("a pod that was made after all was not refused", () => {
    const job = { kind: "Job", metadata: meta("claude-1"), spec: {}, status: { conditions: [] } };
    const refusal =
      'Error creating: pods "claude-1-x" is forbidden: exceeded quota: agents, requested: pods=1';
    const failed = ev("FailedCreate", refusal, "Job", "claude-1");
    const made = {
      ...ev("SuccessfulCreate", "Created pod: claude-1-abcde", "Job", "claude-1"),
      type: "Normal",
      lastTimestamp: "2026-11-22T10:00:30Z",
    };
    expect(diagnose(evidenceOf({ job, events: [failed] })).code).toBe("k8s_quota_exceeded");
    expect(diagnose(evidenceOf({ job, events: [made, failed] })).code).toBe("claude_failed");
    const again = { ...failed, lastTimestamp: "2026-11-22T10:01:00Z" } as object;
    expect(diagnose(evidenceOf({ job, events: [again, made] })).code).toBe("k8s_quota_exceeded");
  });
});
