/** What is kept of the API's objects: whole objects, and objects that lack all that may be lacking. */

import { describe, expect, test } from "vitest";
import type { ClusterEvent, Job, Node, Pod } from "../../src/cluster/wire.ts";
import {
  eventEvidence,
  jobEvidence,
  nodeEvidence,
  podEvidence,
  stateEvidence,
} from "../../src/observe/evidence.ts";

const first = "2026-01-01T00:00:00Z";
const second = "2026-01-01T00:00:10Z";
const third = "2026-01-01T00:00:20Z";

describe("a pod", () => {
  test("with everything", () => {
    const pod = {
      metadata: { name: "p", uid: "u", creationTimestamp: first, deletionTimestamp: third },
      spec: {
        nodeName: "n",
        initContainers: [{ name: "prepare", image: "i:1", restartPolicy: "Always" }],
        containers: [
          { name: "beside", image: "b:1" },
          { name: "main", image: "m:1", resources: { requests: { cpu: "1" }, limits: { memory: "2Gi" } } },
        ],
      },
      status: {
        phase: "Failed",
        reason: "Evicted",
        message: "The node was low on resource: memory.",
        conditions: [
          {
            type: "Ready",
            status: "False",
            reason: "PodFailed",
            message: "it failed",
            lastTransitionTime: second,
          },
          { type: "PodScheduled", status: "True" },
        ],
        initContainerStatuses: [
          { name: "prepare", started: true, restartCount: 2, state: { running: { startedAt: first } } },
        ],
        containerStatuses: [
          {
            name: "main",
            started: false,
            restartCount: 3,
            state: {
              terminated: {
                exitCode: 143,
                signal: 15,
                reason: "Error",
                message: "bye",
                startedAt: first,
                finishedAt: second,
              },
            },
          },
          { name: "beside", restartCount: 0, state: { waiting: { reason: "PodInitializing" } } },
        ],
      },
    };
    expect(podEvidence(pod as unknown as Pod)).toEqual({
      name: "p",
      uid: "u",
      phase: "Failed",
      reason: "Evicted",
      message: "The node was low on resource: memory.",
      nodeName: "n",
      createdAt: first,
      deletionTimestamp: third,
      conditions: [
        {
          type: "Ready",
          status: "False",
          reason: "PodFailed",
          message: "it failed",
          lastTransitionTime: second,
        },
        { type: "PodScheduled", status: "True", reason: null, message: null, lastTransitionTime: null },
      ],
      containers: [
        {
          name: "prepare",
          init: true,
          restartPolicy: "Always",
          started: true,
          image: "i:1",
          restartCount: 2,
          state: { kind: "running", startedAt: first },
          resources: { requests: {}, limits: {} },
        },
        {
          name: "beside",
          init: false,
          restartPolicy: null,
          started: null,
          image: "b:1",
          restartCount: 0,
          state: { kind: "waiting", reason: "PodInitializing", message: null },
          resources: { requests: {}, limits: {} },
        },
        {
          name: "main",
          init: false,
          restartPolicy: null,
          started: false,
          image: "m:1",
          restartCount: 3,
          state: {
            kind: "terminated",
            exitCode: 143,
            signal: 15,
            reason: "Error",
            message: "bye",
            startedAt: first,
            finishedAt: second,
          },
          resources: { requests: { cpu: "1" }, limits: { memory: "2Gi" } },
        },
      ],
    });
  });

  const bare = {
    name: "",
    uid: "",
    phase: null,
    reason: null,
    message: null,
    nodeName: null,
    createdAt: null,
    deletionTimestamp: null,
    conditions: [],
    containers: [],
  };
  test.each<[string, object]>([
    ["nothing", {}],
    ["empty parts", { metadata: {}, spec: {}, status: {} }],
  ])("with %s", (_name, pod) => expect(podEvidence(pod as Pod)).toEqual(bare));

  test("whose containers have no status and no image yet", () => {
    const pod = { spec: { containers: [{ name: "main" }] } };
    expect(podEvidence(pod as unknown as Pod).containers).toEqual([
      {
        name: "main",
        init: false,
        restartPolicy: null,
        started: null,
        image: null,
        restartCount: 0,
        state: { kind: "unknown" },
        resources: { requests: {}, limits: {} },
      },
    ]);
  });
});

describe("a message", () => {
  const messageOf = (message: string) => podEvidence({ status: { message } }).message;
  test.each<[string, string, string | null]>([
    ["an empty one is none", "", null],
    ["the longest that is kept whole", "x".repeat(2048), "x".repeat(2048)],
    ["a longer one says how much it lacks", "x".repeat(2058), `${"x".repeat(2048)}… (10 more characters)`],
  ])("%s", (_name, message, kept) => expect(messageOf(message)).toBe(kept));
});

describe("a Job", () => {
  test("with everything", () => {
    const job = {
      metadata: { name: "j", uid: "u", namespace: "ns", creationTimestamp: first, deletionTimestamp: second },
      spec: { suspend: true },
      status: { active: 1, failed: 2, succeeded: 3, conditions: [{ type: "Failed", status: "True" }] },
    };
    expect(jobEvidence(job as unknown as Job)).toEqual({
      name: "j",
      uid: "u",
      namespace: "ns",
      createdAt: first,
      suspended: true,
      deletionTimestamp: second,
      active: 1,
      failed: 2,
      succeeded: 3,
      conditions: [{ type: "Failed", status: "True", reason: null, message: null, lastTransitionTime: null }],
    });
  });

  test.each<[string, object]>([
    ["nothing", {}],
    ["empty parts", { metadata: {}, spec: {}, status: {} }],
  ])("with %s", (_name, job) =>
    expect(jobEvidence(job as Job)).toEqual({
      name: "",
      uid: "",
      namespace: "",
      createdAt: null,
      suspended: false,
      deletionTimestamp: null,
      active: 0,
      failed: 0,
      succeeded: 0,
      conditions: [],
    }),
  );
});

describe("an event", () => {
  const evidenceOf = (event: object) => eventEvidence(event as unknown as ClusterEvent);

  test("of a component that counts by itself", () => {
    expect(
      evidenceOf({
        type: "Warning",
        reason: "BackOff",
        message: "Back-off pulling image",
        count: 4,
        firstTimestamp: first,
        lastTimestamp: second,
        involvedObject: { kind: "Pod", name: "p" },
        source: { component: "kubelet" },
        reportingComponent: "somebody else",
      }),
    ).toEqual({
      type: "Warning",
      reason: "BackOff",
      message: "Back-off pulling image",
      count: 4,
      firstSeen: first,
      lastSeen: second,
      object: "Pod/p",
      source: "kubelet",
    });
  });

  test("of the newer kind, whose repetitions are a series", () => {
    expect(
      evidenceOf({
        reason: "FailedScheduling",
        eventTime: first,
        series: { count: 7, lastObservedTime: third },
        involvedObject: { kind: "Pod", name: "p" },
        reportingComponent: "default-scheduler",
      }),
    ).toEqual({
      type: "Normal",
      reason: "FailedScheduling",
      message: "",
      count: 7,
      firstSeen: first,
      lastSeen: third,
      object: "Pod/p",
      source: "default-scheduler",
    });
  });

  test("that was seen once", () => {
    expect(evidenceOf({ eventTime: first, involvedObject: {} })).toEqual({
      type: "Normal",
      reason: "",
      message: "",
      count: 1,
      firstSeen: first,
      lastSeen: first,
      object: "/",
      source: null,
    });
  });

  test("without a time", () => {
    expect(evidenceOf({ involvedObject: {} })).toMatchObject({ firstSeen: null, lastSeen: null });
  });
});

describe("a node", () => {
  test.each(["True", "False", "Unknown"])("that is ready: %s", (status) => {
    const conditions = [
      { type: "MemoryPressure", status: "False" },
      { type: "Ready", status },
    ];
    expect(nodeEvidence({ status: { conditions } }).ready).toBe(status);
  });

  test("with a readiness that Kubernetes does not know", () => {
    const conditions = [{ type: "Ready", status: "Perhaps" }];
    expect(nodeEvidence({ status: { conditions } }).ready).toBeNull();
  });

  test("with taints, cordoned", () => {
    const node = {
      metadata: { name: "n" },
      spec: {
        unschedulable: true,
        taints: [
          { key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
          { key: "pool", value: "gpu", effect: "NoSchedule" },
        ],
      },
    };
    expect(nodeEvidence(node as unknown as Node)).toEqual({
      name: "n",
      ready: null,
      conditions: [],
      unschedulable: true,
      taints: ["node.kubernetes.io/unreachable:NoExecute", "pool=gpu:NoSchedule"],
    });
  });

  test.each<[string, object]>([
    ["nothing", {}],
    ["empty parts", { metadata: {}, spec: {}, status: {} }],
  ])("with %s", (_name, node) =>
    expect(nodeEvidence(node as Node)).toEqual({
      name: "",
      ready: null,
      conditions: [],
      unschedulable: false,
      taints: [],
    }),
  );
});

describe("a container's state", () => {
  test.each<[string, object | undefined, object]>([
    ["none", undefined, { kind: "unknown" }],
    ["an empty one", {}, { kind: "unknown" }],
    ["running since nobody knows when", { running: {} }, { kind: "running", startedAt: null }],
    ["waiting without a reason", { waiting: {} }, { kind: "waiting", reason: null, message: null }],
    [
      "waiting with its reason",
      { waiting: { reason: "ErrImagePull", message: "denied" } },
      { kind: "waiting", reason: "ErrImagePull", message: "denied" },
    ],
    [
      "terminated, without a time, a reason or a signal",
      { terminated: { exitCode: 0, signal: 0 } },
      {
        kind: "terminated",
        exitCode: 0,
        signal: null,
        reason: null,
        message: null,
        startedAt: null,
        finishedAt: null,
      },
    ],
  ])("%s", (_name, state, kept) => expect(stateEvidence(state)).toEqual(kept));
});
