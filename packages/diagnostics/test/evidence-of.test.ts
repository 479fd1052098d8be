/** `kubectl get … -o json` → `evidenceOf` → `diagnose`, over everything that the real cluster was made to show. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diagnose, evidenceOf } from "../src/index.ts";
import { clusterEndings } from "./cluster-endings.ts";

interface Captured {
  readonly job: object | null;
  readonly pod: object | null;
  readonly events: readonly object[];
  readonly node: object | null;
  readonly logsAfter: unknown;
}

const folder = new URL("fixtures/cluster/", import.meta.url);
const captured = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
const read = (name: string): Captured =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Captured;

/** Claude Code never spoke in these pods; what their commands wrote stands in the log. */
function diagnosisOf(name: string): ReturnType<typeof diagnose> {
  const { pod, job, events, node, logsAfter } = read(name);
  const body = (logsAfter as { readonly body?: unknown } | null)?.body ?? logsAfter;
  const lines = (typeof body === "string" ? body : "")
    .split("\n")
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT\S+Z /, ""))
    .filter((line) => line !== "")
    .slice(-20);
  const silent = { frames: 0, inits: 0, contentSeen: false, result: null, lastAssistant: null, noise: lines };
  return diagnose({ ...evidenceOf({ pod, job, events, node, lastLines: lines }), summary: silent });
}

describe("from the objects alone, the same ending as by the runner's tables", () => {
  test.each(captured)("%s", (name) => {
    const expected = clusterEndings[name] ?? { code: null };
    const diagnosis = diagnosisOf(name);
    expect(diagnosis.code).toBe(expected.code ?? "claude_failed");
    expect(diagnosis.family).toBe(expected.family ?? null);
    expect(diagnosis.bootstrap).toBe(expected.bootstrap ?? false);
    for (const words of expected.says ?? [])
      // How long it waited is not in the objects.
      expect(diagnosis.cause).toContain(/^\d+ min$/.test(words) ? "" : words);
    expect(diagnosis.notes.map(({ code }) => code)).toEqual(
      expected.note === undefined ? [] : [expected.note],
    );
  });
});

const at = "2026-11-22T10:00:00Z";
const metadata = (name: string, more: object = {}): object => ({
  name,
  namespace: "agents",
  creationTimestamp: at,
  ...more,
});
const terminated = (exitCode: number, reason = exitCode === 0 ? "Completed" : "Error"): object => ({
  terminated: { exitCode, reason, startedAt: at, finishedAt: "2026-11-22T10:05:00Z" },
});
const podOf = (state: object, more: { metadata?: object; spec?: object; status?: object } = {}): object => ({
  kind: "Pod",
  metadata: metadata("claude-1-abcde", more.metadata),
  spec: {
    nodeName: "node-1",
    containers: [{ name: "main", image: "registry.example.com/agent:2", resources: {} }],
    ...more.spec,
  },
  status: { phase: "Running", containerStatuses: [{ name: "main", restartCount: 0, state }], ...more.status },
});
const disrupted = (reason: string): object => ({
  phase: "Succeeded",
  conditions: [{ type: "DisruptionTarget", status: "True", reason, message: "it had to go" }],
});
const running = { running: { startedAt: at } };
const waiting = (reason: string, message = "words of the kubelet"): object => ({
  waiting: { reason, message },
});
const event = (reason: string, message: string, kind = "Pod", name = "claude-1-abcde"): object => ({
  type: "Warning",
  reason,
  message,
  involvedObject: { kind, name },
  lastTimestamp: at,
});
const withConditions = (...list: readonly object[]): object => ({
  status: { phase: "Pending", conditions: list },
});
const job = (more: { spec?: object; conditions?: readonly object[]; metadata?: object } = {}): object => ({
  kind: "Job",
  metadata: metadata("claude-1", more.metadata),
  spec: more.spec ?? {},
  status: { conditions: more.conditions ?? [] },
});

/** Every waiting reason, condition and reason of a Job, with the right code decided from the Kubernetes documentation. */
const states: readonly (readonly [string, Parameters<typeof evidenceOf>[0], string])[] = [
  ...[
    "ErrImagePull",
    "ImagePullBackOff",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
  ].map(
    (reason) =>
      [
        reason,
        { pod: podOf(waiting(reason), { status: { phase: "Pending" } }) },
        "k8s_image_pull_failed",
      ] as const,
  ),
  ...["InvalidImageName", "ErrImageNeverPull"].map(
    (reason) =>
      [
        reason,
        { pod: podOf(waiting(reason), { status: { phase: "Pending" } }) },
        "k8s_image_invalid",
      ] as const,
  ),
  ...[
    "CreateContainerError",
    "RunContainerError",
    "PreCreateHookError",
    "PreStartHookError",
    "PostStartHookError",
  ].map(
    (reason) =>
      [
        reason,
        { pod: podOf(waiting(reason), { status: { phase: "Pending" } }) },
        "k8s_container_start_failed",
      ] as const,
  ),
  ...["StartError", "ContainerCannotRun"].map(
    (reason) => [reason, { pod: podOf(terminated(128, reason)) }, "k8s_container_start_failed"] as const,
  ),
  [
    "CreateContainerConfigError",
    { pod: podOf(waiting("CreateContainerConfigError"), { status: { phase: "Pending" } }) },
    "k8s_container_config_error",
  ],
  [
    "ContainerCreating",
    { pod: podOf(waiting("ContainerCreating"), { status: { phase: "Pending" } }) },
    "k8s_start_timeout",
  ],
  [
    "PodInitializing",
    { pod: podOf(waiting("PodInitializing"), { status: { phase: "Pending" } }) },
    "k8s_start_timeout",
  ],
  [
    "ContainerCreating with FailedMount",
    { pod: podOf(waiting("ContainerCreating")), events: [event("FailedMount", "MountVolume.SetUp failed")] },
    "k8s_volume_unavailable",
  ],
  [
    "ContainerCreating with FailedMount of a Secret",
    {
      pod: podOf(waiting("ContainerCreating")),
      events: [event("FailedMount", 'MountVolume.SetUp failed: secret "key" not found')],
    },
    "k8s_container_config_error",
  ],
  [
    "ContainerCreating with FailedAttachVolume",
    { pod: podOf(waiting("ContainerCreating")), events: [event("FailedAttachVolume", "Multi-Attach error")] },
    "k8s_volume_unavailable",
  ],
  ...[
    ["Unschedulable", "0/3 nodes are available: 3 Insufficient cpu.", "k8s_unschedulable"],
    ["Unschedulable", "pod has unbound immediate PersistentVolumeClaims", "k8s_volume_unavailable"],
    ["SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates", "k8s_unschedulable"],
  ].map(
    ([reason = "", message = "", code = ""]) =>
      [
        `PodScheduled False, ${reason}: ${message}`,
        {
          pod: podOf(waiting("x"), {
            ...withConditions({ type: "PodScheduled", status: "False", reason, message }),
            spec: { nodeName: undefined },
          }),
        },
        code,
      ] as const,
  ),
  ...[
    ["PreemptionByScheduler", "k8s_pod_preempted"],
    ["EvictionByEvictionAPI", "k8s_node_drained"],
    ["DeletionByPodGC", "k8s_node_lost"],
    ["TerminationByKubelet", "k8s_pod_evicted"],
    ["DeletionByTaintManager", "k8s_node_drained"],
    ["SomethingNew", "k8s_node_drained"],
  ].flatMap(([reason = "", code = ""]) =>
    [0, 1, 143].map(
      (exit) =>
        [
          `${reason}, exit ${exit}`,
          { pod: podOf(terminated(exit), { status: disrupted(reason) }) },
          code,
        ] as const,
    ),
  ),
  [
    "TerminationByKubelet for a critical pod",
    {
      pod: podOf(terminated(137), {
        status: {
          phase: "Failed",
          reason: "Preempting",
          message: "Preempted in order to admit critical pod",
          conditions: [
            {
              type: "DisruptionTarget",
              status: "True",
              reason: "TerminationByKubelet",
              message: "Pod was preempted by Kubelet to accommodate a critical pod.",
            },
          ],
        },
      }),
    },
    "k8s_pod_preempted",
  ],
  [
    "DeletionByTaintManager of a node that is not ready",
    {
      pod: podOf(terminated(143), { status: disrupted("DeletionByTaintManager") }),
      node: { metadata: { name: "node-1" }, spec: { taints: [{ key: "node.kubernetes.io/unreachable" }] } },
    },
    "k8s_node_lost",
  ],
  ...[
    ["Evicted", "The node was low on resource: memory.", "k8s_pod_evicted"],
    ["DeadlineExceeded", "Pod was active on the node longer than the specified deadline", "timeout"],
    ["NodeShutdown", "Pod was terminated in response to imminent node shutdown.", "k8s_node_shutdown"],
    ["Terminated", "Pod was terminated in response to imminent node shutdown.", "k8s_node_shutdown"],
    ["Preempting", "Preempted in order to admit critical pod", "k8s_pod_preempted"],
    ["NodeLost", "Node node-1 which was running pod is unresponsive", "k8s_node_lost"],
    ...[
      "OutOfcpu",
      "OutOfmemory",
      "OutOfpods",
      "OutOfephemeral-storage",
      "OutOfnvidia.com/gpu",
      "NodeAffinity",
      "NodePorts",
      "UnexpectedAdmissionError",
      "TopologyAffinityError",
      "SysctlForbidden",
      "AppArmor",
      "PodOSSelectorNodeLabelDoesNotMatch",
      "InvalidNodeInfo",
    ].map((reason) => [reason, "Pod was rejected: the node has no room", "k8s_unschedulable"]),
  ].map(
    ([reason = "", message = "", code = ""]) =>
      [
        `status reason ${reason}`,
        {
          pod: {
            kind: "Pod",
            metadata: metadata("claude-1-abcde"),
            spec: { nodeName: "node-1", containers: [{ name: "main" }] },
            status: { phase: "Failed", reason, message },
          },
        },
        code,
      ] as const,
  ),
  ["OOMKilled", { pod: podOf(terminated(137, "OOMKilled")) }, "k8s_oom_killed"],
  ["exit 137 with no other cause", { pod: podOf(terminated(137)) }, "k8s_oom_killed"],
  [
    "deleted, exit 0, and its Job is not complete",
    { pod: podOf(terminated(0), { metadata: { deletionTimestamp: at } }), job: job() },
    "k8s_job_deleted_externally",
  ],
  [
    "deleted, exit 0, after the kubelet had stopped it",
    {
      pod: podOf(terminated(0), { metadata: { deletionTimestamp: at } }),
      events: [event("Killing", "Stopping container main")],
    },
    "k8s_job_deleted_externally",
  ],
  [
    "deleted, exit 143",
    { pod: podOf(terminated(143), { metadata: { deletionTimestamp: at } }) },
    "k8s_job_deleted_externally",
  ],
  [
    "FailureTarget DeadlineExceeded",
    {
      pod: podOf(terminated(143)),
      job: job({ conditions: [{ type: "FailureTarget", status: "True", reason: "DeadlineExceeded" }] }),
    },
    "timeout",
  ],
  [
    "no pod, DeadlineExceeded",
    { job: job({ conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded" }] }) },
    "timeout",
  ],
  [
    "pods looked for and none found, BackoffLimitExceeded",
    {
      pod: [],
      job: job({ conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }] }),
    },
    "k8s_job_deleted_externally",
  ],
  ...[
    "BackoffLimitExceeded",
    "PodFailurePolicy",
    "MaxFailedIndexesExceeded",
    "FailedIndexes",
    "SomethingNew",
  ].map(
    (reason) =>
      [
        `the Job alone, ${reason}`,
        { job: job({ conditions: [{ type: "Failed", status: "True", reason, message: reason }] }) },
        "claude_failed",
      ] as const,
  ),
  ["no pod, suspended", { job: job({ spec: { suspend: true } }) }, "k8s_unschedulable"],
  [
    "no pod, being deleted",
    { job: job({ metadata: { deletionTimestamp: at } }) },
    "k8s_job_deleted_externally",
  ],
  ...[
    ['pods "x" is forbidden: exceeded quota: agents, requested: pods=1', "k8s_quota_exceeded"],
    [
      'pods "x" is forbidden: error looking up service account agents/claude: serviceaccount "claude" not found',
      "k8s_service_account_missing",
    ],
    ['pods "x" is forbidden: violates PodSecurity "restricted:latest"', "k8s_admission_rejected"],
    ['admission webhook "policy.example.com" denied the request', "k8s_admission_rejected"],
  ].map(
    ([message = "", code = ""]) =>
      [
        `no pod, FailedCreate: ${message}`,
        { job: job(), events: [event("FailedCreate", message, "Job", "claude-1")] },
        code,
      ] as const,
  ),
  [
    "an init container that failed",
    {
      pod: podOf(waiting("PodInitializing"), {
        spec: { initContainers: [{ name: "prepare" }] },
        status: { phase: "Failed", initContainerStatuses: [{ name: "prepare", state: terminated(2) }] },
      }),
    },
    "k8s_init_container_failed",
  ],
  [
    "a sidecar that failed while the main one runs",
    {
      pod: podOf(running, {
        spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
        status: { initContainerStatuses: [{ name: "proxy", state: terminated(1) }] },
      }),
    },
    "claude_failed",
  ],
  [
    "a sidecar that was stopped after the main one failed",
    {
      pod: podOf(terminated(1), {
        spec: { initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
        status: { initContainerStatuses: [{ name: "proxy", state: terminated(143) }] },
      }),
    },
    "claude_failed",
  ],
  ["running", { pod: podOf(running) }, "claude_failed"],
  ["nothing at all", {}, "claude_failed"],
];

describe("every state has its code", () => {
  test.each(states)("%s", (_name, objects, code) => {
    expect(diagnose(evidenceOf(objects)).code).toBe(code);
  });
});

describe("what the objects do not hold is not claimed", () => {
  test("a waiting container's message is the kubelet's, and no output", () => {
    const { cause } = diagnose(
      evidenceOf({ pod: podOf(waiting("ContainerCreating", "waiting for a network")) }),
    );
    expect(cause).not.toContain("last words");
  });

  test("resources that are not in hand are not none", () => {
    const status = { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." };
    const bare = { kind: "Pod", metadata: metadata("p"), status };
    expect(diagnose(evidenceOf({ pod: bare })).cause).not.toContain("asks for no memory");
    const specified = podOf(terminated(137), { status });
    expect(diagnose(evidenceOf({ pod: specified })).cause).toContain("asks for no memory");
  });

  test("a pod that runs has not ended, and nothing says that it fails", () => {
    const told = diagnose(evidenceOf({ pod: podOf(running) }));
    expect(told.cause).toContain("still running");
    expect(told.certainty).toBe("suspected");
  });

  test("how long it waited is left out, and that it waits too long is only suspected", () => {
    const told = diagnose(
      evidenceOf({ pod: podOf(waiting("ContainerCreating"), { status: { phase: "Pending" } }) }),
    );
    expect(told.certainty).toBe("suspected");
    expect(told.cause).not.toMatch(/NaN|\d+ (?:s|min|h)\b/);
  });

  test("that a complete Job's pod was removed says nothing of its end", () => {
    const conditions = [{ type: "Complete", status: "True", reason: "CompletionsReached" }];
    const pod = podOf(terminated(0), { metadata: { deletionTimestamp: at }, status: { phase: "Succeeded" } });
    expect(diagnose(evidenceOf({ pod, job: job({ conditions }) })).code).toBe("claude_failed");
  });
});

describe("of a pod that is gone", () => {
  const told = {
    "evicted-empty-dir": "k8s_pod_evicted",
    "evicted-ephemeral-storage": "k8s_pod_evicted",
    preempted: "k8s_pod_preempted",
    "taint-no-execute": "k8s_node_drained",
    "node-lost-evicted": "k8s_node_lost",
  };

  test.each(Object.entries(told))("its events alone tell what the cluster did to it: %s", (name, code) => {
    expect(diagnose(evidenceOf({ events: read(name).events })).code).toBe(code);
  });

  test.each(captured.filter((name) => !Object.hasOwn(told, name)))(
    "events that tell no such thing are no ending: %s",
    (name) => {
      expect(diagnose(evidenceOf({ events: read(name).events })).code).toBe("claude_failed");
    },
  );

  const eventOf = (reason: string, name: string, message: string): object => ({
    kind: "Event",
    involvedObject: { kind: "Pod", name, namespace: "agents" },
    reason,
    message,
    lastTimestamp: at,
  });
  test("a deletion that was taken back is none", () => {
    const marked = eventOf("TaintManagerEviction", "run-x", "Marking for deletion Pod agents/run-x");
    const cancelled = eventOf("TaintManagerEviction", "run-x", "Cancelling deletion of Pod agents/run-x");
    const later = { ...cancelled, lastTimestamp: "2026-11-22T10:01:00Z" };
    expect(diagnose(evidenceOf({ events: [marked] })).code).toBe("k8s_node_drained");
    expect(diagnose(evidenceOf({ events: [later, marked] })).code).toBe("claude_failed");
  });
  test("an autoscaler that failed to take the pod away is not who did", () => {
    const meant = eventOf("ScaleDown", "run-x", "deleting pod for node scale down");
    const failed = eventOf("ScaleDownFailed", "run-x", "failed to delete pod for ScaleDown");
    const later = { ...failed, lastTimestamp: "2026-11-22T10:01:00Z" };
    expect(diagnose(evidenceOf({ events: [later, meant] })).code).toBe("claude_failed");
  });
  /** Reason, message, what it means; each with its near miss. */
  test.each<readonly [string, string, string]>([
    ["Evicted", "Evicted pod: Underutilized", "k8s_node_drained"],
    ["Evicted", "Evicted pod", "k8s_node_drained"],
    ["Evicted", "The node was low on resource: memory.", "k8s_pod_evicted"],
    ["ScaleDown", "deleting pod for node scale down", "k8s_node_drained"],
    ["ScaleDownFailed", "failed to delete pod for ScaleDown", "claude_failed"],
    ["LowNodeUtilization", "pod evicted from node-1 node by sigs.k8s.io/descheduler", "k8s_node_drained"],
    ["LowNodeUtilization", "pod eviction from node-1 node by sigs.k8s.io/descheduler", "k8s_node_drained"],
    ["LowNodeUtilization", "pod looked at by sigs.k8s.io/descheduler", "claude_failed"],
    ["Preempting", "Preempted in order to admit critical pod", "k8s_pod_preempted"],
    ["NodeControllerEviction", "Marking for deletion Pod run-x from Node node-1", "k8s_node_lost"],
    ["TaintManagerEviction", "Cancelling deletion of Pod agents/run-x", "claude_failed"],
    ["NodeNotReady", "Node is not ready", "claude_failed"],
    ["Killing", "Stopping container main", "claude_failed"],
  ])("who removed it says so: %s, %s", (reason, message, code) => {
    expect(diagnose(evidenceOf({ events: [eventOf(reason, "run-x", message)] })).code).toBe(code);
  });
  test.each<readonly [string, string]>([
    [
      "Preempted to accommodate a workload (UID: 5c0236, JobUID: fb0b) due to prioritization in the ClusterQueue",
      "k8s_pod_preempted",
    ],
    ["The workload is deleted", "claude_failed"],
  ])("a queue says it on the Job: %s", (message, code) => {
    const stopped = { ...eventOf("Stopped", "run", message), involvedObject: { kind: "Job", name: "run" } };
    const events = [eventOf("Killing", "run-x", "Stopping container main"), stopped];
    expect(diagnose(evidenceOf({ events })).code).toBe(code);
  });
  test("events of several pods are those of a namespace, and nobody's in particular", () => {
    const events = [
      eventOf("Started", "run-x", "Started container main"),
      eventOf("Evicted", "run-y", "low on memory"),
    ];
    expect(diagnose(evidenceOf({ events })).code).toBe("claude_failed");
  });
  test("a pod that is there tells by itself", () => {
    const events = [eventOf("Evicted", "run-x", "low on memory")];
    const pod = podOf(terminated(3), { metadata: metadata("run-x"), status: { phase: "Failed" } });
    expect(diagnose(evidenceOf({ pod, events })).code).toBe("claude_failed");
  });
});

describe("the objects as kubectl prints them", () => {
  const oom = podOf(terminated(137, "OOMKilled"));

  test("lists count by their items, the newest pod first", () => {
    const older = podOf(terminated(1), {
      metadata: { name: "claude-1-aaaaa", creationTimestamp: "2026-11-22T09:00:00Z" },
    });
    const list = { kind: "List", items: [oom, older] };
    const evidence = evidenceOf({
      pod: list,
      events: { kind: "EventList", items: [event("BackOff", "Back-off")] },
    });
    expect(diagnose(evidence).code).toBe("k8s_oom_killed");
    expect(diagnose(evidence).evidence.map(({ source }) => source)).toContain("event BackOff on Pod");
  });

  test("events of others are left out, those of events.k8s.io/v1 are read", () => {
    const newer = {
      type: "Warning",
      reason: "FailedMount",
      note: "MountVolume.SetUp failed",
      regarding: { kind: "Pod", name: "claude-1-abcde" },
      eventTime: at,
      series: { count: 7, lastObservedTime: at },
    };
    const other = event("FailedMount", "of another pod", "Pod", "somebody-else");
    const told = diagnose(evidenceOf({ pod: podOf(waiting("ContainerCreating")), events: [other, newer] }));
    expect(told.code).toBe("k8s_volume_unavailable");
    expect(told.cause).toContain("MountVolume.SetUp failed");
    expect(told.evidence.find(({ source }) => source.includes("FailedMount"))?.count).toBe(7);
  });

  test("the container that runs Claude is the named one, else kubectl's default, else the first", () => {
    const spec = { containers: [{ name: "proxy" }, { name: "agent" }] };
    const status = {
      containerStatuses: [
        { name: "proxy", state: terminated(0) },
        { name: "agent", state: terminated(137, "OOMKilled") },
      ],
    };
    const pod = podOf(running, { spec, status });
    const annotated = podOf(running, {
      spec,
      status,
      metadata: { annotations: { "kubectl.kubernetes.io/default-container": "agent" } },
    });
    expect(diagnose(evidenceOf({ pod, container: "agent" })).code).toBe("k8s_oom_killed");
    expect(diagnose(evidenceOf({ pod: annotated })).code).toBe("k8s_oom_killed");
    expect(diagnose(evidenceOf({ pod })).code).toBe("claude_failed");
  });

  test("of a container that is started over and over its last ending counts", () => {
    const status = {
      containerStatuses: [
        { name: "main", state: waiting("CrashLoopBackOff"), lastState: terminated(137, "OOMKilled") },
      ],
    };
    expect(diagnose(evidenceOf({ pod: podOf(running, { status }) })).code).toBe("k8s_oom_killed");
  });
});
