import { expect } from "vitest";

import { condition, isOver, isRunning, sh, UNTIL_TERM, type Behaviour, type Scene } from "../subject.ts";

async function failedCreate(scene: Scene): Promise<string> {
  const event = await scene.until("events", (seen) => seen.reason === "FailedCreate");
  expect(event).toMatchObject({ type: "Warning", involvedObject: { kind: "Job", name: "run" } });
  const job = (await scene.client.get(`${scene.jobs}/run`)).json;
  expect(job.status.conditions).toBeUndefined();
  return event.message;
}

/** What only a real cluster has: controllers and admission that the local one leaves to options of its own. */
export const policyBehaviours: readonly Behaviour[] = [
  {
    name: "an exceeded quota: no pod, no condition, FailedCreate in the quota's words",
    realOnly: "no ResourceQuota objects",
    async show(scene) {
      await scene.create(scene.path("resourcequotas"), {
        metadata: { name: "budget" },
        spec: { hard: { pods: "0" } },
      });
      await scene.job("run", sh("true"));
      expect(await failedCreate(scene)).toMatch(
        /^Error creating: pods "run-[a-z0-9]{5}" is forbidden: exceeded quota: budget, requested: pods=1, used: pods=0, limited: pods=0$/,
      );
    },
  },
  {
    name: "a LimitRange refuses the pod in its words",
    realOnly: "no LimitRange objects",
    async show(scene) {
      await scene.create(scene.path("limitranges"), {
        metadata: { name: "bounds" },
        spec: { limits: [{ type: "Container", max: { memory: "64Mi" } }] },
      });
      await scene.job("run", { ...sh("true"), resources: { limits: { memory: "1Gi" } } });
      expect(await failedCreate(scene)).toContain(
        "maximum memory usage per Container is 64Mi, but limit is 1Gi",
      );
    },
  },
  {
    name: "Pod Security restricted refuses the pod, with every violation; a pod that keeps to it runs",
    realOnly: "Pod Security by namespace label",
    async show(scene) {
      await scene.client.patch(`/api/v1/namespaces/${scene.namespace}`, {
        metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      });
      await scene.job("run", sh("true"));
      const message = await failedCreate(scene);
      expect(message).toContain(
        'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      );
      expect(message).toContain("runAsNonRoot != true");
      await scene.job(
        "proper",
        {
          ...sh("id -u"),
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
        {
          pod: {
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              seccompProfile: { type: "RuntimeDefault" },
            },
          },
        },
      );
      expect((await scene.podOf("proper", isOver)).status.phase).toBe("Succeeded");
    },
  },
  {
    name: "preemption: DisruptionTarget, PreemptionByScheduler",
    realOnly: "no priorities; its scheduler preempts on request",
    alone: true,
    async show(scene) {
      const name = `contract-${scene.namespace}`;
      await scene.create("/apis/scheduling.k8s.io/v1/priorityclasses", {
        metadata: { name },
        value: 1_000_000,
      });
      try {
        const resources = { requests: { cpu: "1500m" } };
        await scene.job("run", { ...UNTIL_TERM, resources });
        await scene.podOf("run", isRunning);
        await scene.pod("important", { ...sh("true"), resources }, { pod: { priorityClassName: name } });
        const target = await scene.podOf("run", (seen) => condition(seen, "DisruptionTarget") !== undefined);
        expect(condition(target, "DisruptionTarget")).toMatchObject({
          status: "True",
          reason: "PreemptionByScheduler",
          message: "default-scheduler: preempting to accommodate a higher priority pod",
        });
      } finally {
        await scene.client.delete(`/apis/scheduling.k8s.io/v1/priorityclasses/${name}`);
      }
    },
  },
  {
    name: "a NoExecute taint: DisruptionTarget, DeletionByTaintManager",
    realOnly: "taints of running nodes",
    alone: true,
    async show(scene) {
      const node = `/api/v1/nodes/${scene.nodeName}`;
      await scene.job("run", UNTIL_TERM);
      await scene.podOf("run", isRunning);
      try {
        await scene.client.patch(node, {
          spec: { taints: [{ key: "lab.example/maintenance", effect: "NoExecute" }] },
        });
        const target = await scene.podOf("run", (seen) => condition(seen, "DisruptionTarget") !== undefined);
        expect(condition(target, "DisruptionTarget")).toMatchObject({
          reason: "DeletionByTaintManager",
          message: "Taint manager: deleting due to NoExecute taint",
        });
      } finally {
        await scene.client.patch(node, { spec: { taints: null } });
      }
    },
  },
];
