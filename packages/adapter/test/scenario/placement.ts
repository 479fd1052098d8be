import { randomBytes } from "node:crypto";
import path from "node:path";

import { BatchV1Api, CoreV1Api, KubeConfig, NodeV1Api, SchedulingV1Api } from "@kubernetes/client-node";
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";

import { execute } from "../../src/execute.ts";
import { type FakeHost, fakeHost, fakeServer } from "../host-context.ts";
import type { World } from "./world.ts";

const secretValue = ["value", "of", "a", "secret"].join("-");

/** Settings of the pod's placement, as the cluster shows them on the pod of a run. */
export function placementScenarios(open: () => Promise<World>, hasClasses: boolean): void {
  let world: World;
  let cluster: KubeConfig;
  const className = `cfg-${randomBytes(4).toString("hex")}`;
  beforeAll(async () => {
    world = await open();
    cluster = new KubeConfig();
    cluster.loadFromFile(world.kubeconfig);
    const core = cluster.makeApiClient(CoreV1Api);
    const { namespace } = world;
    await core.createNamespacedSecret({
      namespace,
      body: { metadata: { name: "anthropic" }, stringData: { "api-key": secretValue } },
    });
    await core.createNamespacedSecret({
      namespace,
      body: {
        metadata: { name: "login" },
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": '{"auths":{}}' },
      },
    });
    if (!hasClasses) return;
    await cluster
      .makeApiClient(SchedulingV1Api)
      .createPriorityClass({ body: { metadata: { name: className }, value: 10 } });
    await cluster
      .makeApiClient(NodeV1Api)
      .createRuntimeClass({ body: { metadata: { name: className }, handler: "runc" } });
  });
  afterAll(async () => {
    if (hasClasses) {
      await cluster.makeApiClient(SchedulingV1Api).deletePriorityClass({ name: className });
      await cluster.makeApiClient(NodeV1Api).deleteRuntimeClass({ name: className });
    }
    await world.close();
  });

  /** Its operator allows what only an operator may. */
  const run = (host: FakeHost) =>
    execute(host.context, {
      ...world,
      server: fakeServer({
        kubeconfigFolders: [path.dirname(world.kubeconfig)],
        allow: { secrets: ["anthropic", "login"], podTemplate: ["spec.hostAliases"], queues: ["agents"] },
      }),
    });

  test("each of them arrives in the pod", async () => {
    const seen = Promise.withResolvers<V1Pod>();
    const image = String(world.settings({})["image"]);
    const quiet = { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "1", memory: "64Mi" } };
    const host = fakeHost({
      runId: "run-placed",
      runtime: { taskKey: "placed" },
      config: {
        ...world.settings({ recording: "simple-text", tell: true }),
        ...(hasClasses && { priorityClassName: className, runtimeClassName: className }),
        "resources.limits.cpu": "none",
        affinity:
          "nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: kubernetes.io/os, operator: In, values: [linux]}]}}]}",
        topologySpreadConstraints:
          "[{topologyKey: kubernetes.io/hostname, maxSkew: 5, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app.kubernetes.io/managed-by: claude-k8s}}}]",
        hostAliases: "[{ip: 10.0.0.5, hostnames: [registry.internal]}]",
        registryLogins: "login",
        envReferences: "FROM_CLUSTER=anthropic/api-key",
        initContainers: [{ name: "first", image, command: ["sh", "-c", "true"], resources: quiet }],
        // It would stay for ten minutes; the run does not wait for it.
        extraContainers: [{ name: "beside", image, command: ["sleep", "600"], resources: quiet }],
        labels: { team: "web", "paperclip.io/agent-id": "another" },
      },
      onLog: () => void podOf("run-placed").then(seen.resolve, seen.reject),
    });
    expect(await run(host)).toMatchObject({ exitCode: 0, errorMessage: null });
    const { spec, metadata } = await seen.promise;
    expect(spec).toMatchObject({
      ...(hasClasses && { priorityClassName: className, priority: 10, runtimeClassName: className }),
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } },
      topologySpreadConstraints: [{ topologyKey: "kubernetes.io/hostname", maxSkew: 5 }],
      hostAliases: [{ ip: "10.0.0.5", hostnames: ["registry.internal"] }],
      imagePullSecrets: [{ name: "login" }],
      initContainers: expect.arrayContaining([
        expect.objectContaining({
          name: "first",
          securityContext: expect.objectContaining({ allowPrivilegeEscalation: false }),
        }),
      ]),
    });
    const named = Object.fromEntries((spec?.containers ?? []).map((each) => [each.name, each]));
    expect(named["beside"]).toMatchObject({ image, securityContext: { capabilities: { drop: ["ALL"] } } });
    expect(named["main"]?.resources).toEqual({
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { memory: "8Gi" },
    });
    expect(metadata?.labels).toMatchObject({ team: "web" });
    expect(metadata?.labels?.["paperclip.io/agent-id"]).not.toBe("another");
    expect(host.output()).toContain("FROM_CLUSTER");
    expect(host.events.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("labels.paperclip.io/agent-id is left out"),
    );
  });

  test("a queue gets the Job with its label and without a pod, and its budget ends the wait", async () => {
    const host = fakeHost({
      runId: "run-queued",
      runtime: { taskKey: "queued" },
      config: { ...world.settings({ recording: "simple-text" }), queueName: "agents", queueWaitSec: 8 },
    });
    const seen = Promise.withResolvers<V1Job>();
    const { onEvent } = host.context;
    Object.assign(host.context, {
      onEvent: async (event: Parameters<NonNullable<typeof onEvent>>[0]) => {
        await onEvent?.(event);
        if (event.eventType === "k8s.job-queued") jobOf("run-queued").then(seen.resolve, seen.reject);
      },
    });
    const ending = run(host);
    const { metadata, spec } = await seen.promise;
    expect(metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "agents" });
    expect(spec?.suspend).toBe(true);
    const result = await ending;
    expect(result.executionRecovery).toMatchObject({ kind: "bootstrap" });
    expect(result.errorMessage).toContain("agents");
    expect([...(await world.leftOver("queued"))].sort()).toEqual(["anthropic", "login"]);
  });

  test.each([
    ["never", "simple-text", 0, false],
    ["failed", "simple-text", 0, false],
    ["failed", "model-404", 1, true],
    ["always", "simple-text", 0, true],
  ])("retain %s: the Job of %s stays: %s", async (retain, recording, exitCode, stays) => {
    const task = `${retain}-${recording}`;
    const host = fakeHost({
      runId: `run-${task}`,
      runtime: { taskKey: task },
      config: { ...world.settings({ recording, exitCode }), retain },
    });
    await run(host);
    const jobs = await jobsOf(`run-${task}`);
    expect(jobs.map(({ metadata }) => metadata?.deletionTimestamp === undefined)).toEqual(
      stays ? [true] : [],
    );
  });

  async function podOf(runId: string): Promise<V1Pod> {
    const { items } = await cluster
      .makeApiClient(CoreV1Api)
      .listNamespacedPod({ namespace: world.namespace, labelSelector: `paperclip.io/run-id=${runId}` });
    const [pod] = items;
    if (pod === undefined) throw new Error(`there is no pod of ${runId}`);
    return pod;
  }

  async function jobsOf(runId: string): Promise<readonly V1Job[]> {
    const { items } = await cluster
      .makeApiClient(BatchV1Api)
      .listNamespacedJob({ namespace: world.namespace, labelSelector: `paperclip.io/run-id=${runId}` });
    return items;
  }

  async function jobOf(runId: string): Promise<V1Job> {
    const [job] = await jobsOf(runId);
    if (job === undefined) throw new Error(`there is no Job of ${runId}`);
    return job;
  }
}
