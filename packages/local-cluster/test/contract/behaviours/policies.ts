import { expect } from "vitest";

import type { Json } from "../http-client.ts";
import { condition, isOver, isRunning, sh, UNTIL_TERM, type Behaviour, type Scene } from "../subject.ts";

async function failedCreate(scene: Scene): Promise<string> {
  const event = await scene.until("events", (seen) => seen.reason === "FailedCreate");
  expect(event).toMatchObject({ type: "Warning", involvedObject: { kind: "Job", name: "run" } });
  const job = (await scene.client.get(`${scene.jobs}/run`)).json;
  expect(job.status.conditions).toBeUndefined();
  return event.message;
}

/** As soon as the quota's controller has counted: before that the real server refuses with "status unknown for quota". */
async function quota(scene: Scene, hard: Readonly<Record<string, string>>): Promise<void> {
  await scene.create(scene.path("resourcequotas"), { metadata: { name: "budget" }, spec: { hard } });
  await scene.until("resourcequotas", (seen) => seen.status?.used !== undefined, "budget");
}

const asking = (cpu: string, memory: string): Json => ({
  ...sh("sleep 600"),
  resources: { requests: { cpu }, limits: { memory } },
});

/**
 * The first pod that the scheduler finds no node for. It hears of a taint by its watch, and places
 * by the copy it has: on a busy machine the first pods after a taint may still be placed.
 */
async function firstUnplaced(scene: Scene): Promise<Json> {
  for (let count = 1; ; count += 1) {
    const name = `after-${count}`;
    await scene.pod(name, sh("true"));
    const judged = await scene.until("pods", (seen) => condition(seen, "PodScheduled") !== undefined, name);
    if (condition(judged, "PodScheduled").status === "False") return judged;
  }
}

/** The refusal of a pod that is created by hand. */
async function refusedPod(scene: Scene, container: Json): Promise<Json> {
  const main = { name: "main", image: scene.image, imagePullPolicy: "Never", ...container };
  const refused = await scene.client.post(scene.pods, {
    metadata: { name: "refused" },
    spec: { restartPolicy: "Never", containers: [main] },
  });
  expect(refused).toMatchObject({ status: 403, json: { reason: "Forbidden" } });
  return refused.json.message;
}

/**
 * The refusal of a Secret beyond the quota. A count of the controller's own that began before the first Secret was made can undo what
 * admission has counted; the removal of one too many makes it count again.
 */
async function refusedSecret(scene: Scene, name: string): Promise<Json> {
  for (let left = 5; ; left -= 1) {
    const answer = await scene.client.post(scene.path("secrets"), { metadata: { name } });
    if (answer.status === 403 || left === 0) return answer;
    await scene.client.delete(`${scene.path("secrets")}/${name}`);
    await scene.until("resourcequotas", (seen) => seen.status.used.secrets === "1");
  }
}

/** What admission and the scheduler refuse, and what disturbs running pods. */
export const policyBehaviours: readonly Behaviour[] = [
  {
    name: "an exceeded quota: no pod, no condition, FailedCreate in the quota's words",
    async show(scene) {
      await quota(scene, { pods: "0" });
      await scene.job("run", sh("true"));
      expect(await failedCreate(scene)).toMatch(
        /^Error creating: pods "run-[a-z0-9]{5}" is forbidden: exceeded quota: budget, requested: pods=1, used: pods=0, limited: pods=0$/,
      );
    },
  },
  {
    name: "a quota of cpu and memory refuses what goes over it, with all that does, and pods that name no amount",
    async show(scene) {
      await quota(scene, { "requests.cpu": "50m", "limits.memory": "256Mi", pods: "2" });
      expect(await refusedPod(scene, sh("true"))).toBe(
        'pods "refused" is forbidden: failed quota: budget: must specify limits.memory for: main; requests.cpu for: main',
      );
      await scene.pod("first", asking("20m", "100Mi"));
      expect(await refusedPod(scene, asking("40m", "100Mi"))).toBe(
        'pods "refused" is forbidden: exceeded quota: budget, requested: requests.cpu=40m, used: requests.cpu=20m, limited: requests.cpu=50m',
      );
      expect(await refusedPod(scene, asking("0.04", "204800Ki"))).toBe(
        'pods "refused" is forbidden: exceeded quota: budget, requested: limits.memory=200Mi,requests.cpu=40m, used: limits.memory=100Mi,requests.cpu=20m, limited: limits.memory=256Mi,requests.cpu=50m',
      );
      await scene.pod("second", asking("20m", "100Mi"));
      expect(await refusedPod(scene, asking("20m", "100Mi"))).toBe(
        'pods "refused" is forbidden: exceeded quota: budget, requested: limits.memory=100Mi,pods=1,requests.cpu=20m, used: limits.memory=200Mi,pods=2,requests.cpu=40m, limited: limits.memory=256Mi,pods=2,requests.cpu=50m',
      );
    },
  },
  {
    name: "a quota tells in its status what is used, and a pod that has ended uses nothing",
    async show(scene) {
      await quota(scene, { "requests.cpu": "50m", "limits.memory": "256Mi", pods: "2", secrets: "5" });
      await scene.pod("short", { ...asking("20m", "100Mi"), ...sh("sleep 1") });
      const hard = { "requests.cpu": "50m", "limits.memory": "256Mi", pods: "2", secrets: "5" };
      const busy = await scene.until("resourcequotas", (seen) => seen.status.used.pods === "1");
      expect(busy.status).toEqual({
        hard,
        used: { "requests.cpu": "20m", "limits.memory": "100Mi", pods: "1", secrets: "0" },
      });
      const free = await scene.until("resourcequotas", (seen) => seen.status.used.pods === "0");
      expect(free.status.used).toMatchObject({ "requests.cpu": "0", "limits.memory": "0" });
    },
  },
  {
    name: "a quota of Secrets and of Jobs refuses the one too many with 403",
    async show(scene) {
      await quota(scene, { secrets: "1", "count/jobs.batch": "0" });
      await scene.create(scene.path("secrets"), { metadata: { name: "one" } });
      const second = await refusedSecret(scene, "two");
      expect(second).toMatchObject({
        status: 403,
        json: {
          reason: "Forbidden",
          message:
            'secrets "two" is forbidden: exceeded quota: budget, requested: secrets=1, used: secrets=1, limited: secrets=1',
          details: { name: "two", kind: "secrets" },
        },
      });
      const main = { name: "main", image: scene.image, ...sh("true") };
      const job = await scene.client.post(scene.jobs, {
        metadata: { name: "run" },
        spec: { template: { spec: { restartPolicy: "Never", containers: [main] } } },
      });
      expect(job.json.message).toBe(
        'jobs.batch "run" is forbidden: exceeded quota: budget, requested: count/jobs.batch=1, used: count/jobs.batch=0, limited: count/jobs.batch=0',
      );
    },
  },
  {
    name: "a LimitRange gives a container what it does not name, and says so",
    async show(scene) {
      const limit = {
        type: "Container",
        default: { cpu: "500m", memory: "128Mi" },
        defaultRequest: { cpu: "10m" },
        max: { memory: "256Mi" },
      };
      const made = await scene.create(scene.path("limitranges"), {
        metadata: { name: "bounds" },
        spec: { limits: [limit] },
      });
      expect(made.spec.limits[0].defaultRequest).toEqual({ cpu: "10m", memory: "128Mi" });
      const bare = await scene.pod("bare", sh("true"));
      expect(bare.spec.containers[0].resources).toEqual({
        limits: { cpu: "500m", memory: "128Mi" },
        requests: { cpu: "10m", memory: "128Mi" },
      });
      expect(bare.metadata.annotations["kubernetes.io/limit-ranger"]).toBe(
        "LimitRanger plugin set: cpu, memory request for container main; cpu, memory limit for container main",
      );
      const own = await scene.pod("own", { ...sh("true"), resources: { limits: { memory: "64Mi" } } });
      expect(own.spec.containers[0].resources).toEqual({
        limits: { cpu: "500m", memory: "64Mi" },
        requests: { cpu: "10m", memory: "64Mi" },
      });
      expect(
        (await scene.pod("p", { ...sh("true"), resources: { limits: { cpu: "1" } } })).status.qosClass,
      ).toBe("Guaranteed");
    },
  },
  {
    name: "a LimitRange's bounds hold for containers and for the pod as a whole",
    async show(scene) {
      await scene.create(scene.path("limitranges"), {
        metadata: { name: "bounds" },
        spec: {
          limits: [
            { type: "Container", min: { cpu: "50m" } },
            { type: "Pod", max: { memory: "64Mi" } },
          ],
        },
      });
      const start = 'pods "refused" is forbidden:';
      expect(await refusedPod(scene, asking("20m", "32Mi"))).toBe(
        `${start} minimum cpu usage per Container is 50m, but request is 20m`,
      );
      expect(await refusedPod(scene, asking("50m", "128Mi"))).toBe(
        `${start} maximum memory usage per Pod is 64Mi, but limit is 128Mi`,
      );
      expect(await refusedPod(scene, sh("true"))).toBe(
        `${start} maximum memory usage per Pod is 64Mi.  No limit is specified`,
      );
    },
  },
  {
    name: "a LimitRange refuses the pod in its words",
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
    name: "a NoSchedule taint keeps new pods away, in the scheduler's words, and leaves running ones",
    alone: true,
    async show(scene) {
      const node = `/api/v1/nodes/${scene.nodeName}`;
      await scene.pod("before", UNTIL_TERM);
      await scene.until("pods", isRunning, "before");
      let after = "";
      try {
        const taint = { key: "lab.example/full", value: "yes", effect: "NoSchedule" };
        await scene.client.patch(node, { spec: { taints: [taint] } });
        const waiting = await firstUnplaced(scene);
        after = waiting.metadata.name;
        expect(condition(waiting, "PodScheduled")).toMatchObject({ reason: "Unschedulable" });
        expect(condition(waiting, "PodScheduled").message).toContain(
          "0/1 nodes are available: 1 node(s) had untolerated taint(s).",
        );
        const tolerations = [{ key: "lab.example/full", operator: "Exists" }];
        await scene.pod("tolerant", sh("true"), { pod: { tolerations } });
        await scene.until("pods", isOver, "tolerant");
        expect(isRunning((await scene.client.get(`${scene.pods}/before`)).json)).toBe(true);
      } finally {
        await scene.client.patch(node, { spec: { taints: null } });
      }
      await scene.until("pods", isOver, after);
    },
  },
  {
    name: "a NoExecute taint that is tolerated for a time: the pod goes when that is over",
    alone: true,
    async show(scene) {
      const node = `/api/v1/nodes/${scene.nodeName}`;
      const key = "lab.example/maintenance";
      const patient = { key, operator: "Exists", effect: "NoExecute" };
      await scene.pod("short", UNTIL_TERM, { pod: { tolerations: [{ ...patient, tolerationSeconds: 2 }] } });
      await scene.pod("long", UNTIL_TERM, { pod: { tolerations: [patient] } });
      await scene.until("pods", isRunning, "short");
      await scene.until("pods", isRunning, "long");
      try {
        await scene.client.patch(node, { spec: { taints: [{ key, effect: "NoExecute" }] } });
        await scene.untilGone("pods", "short");
        expect(isRunning((await scene.client.get(`${scene.pods}/long`)).json)).toBe(true);
      } finally {
        await scene.client.patch(node, { spec: { taints: null } });
      }
    },
  },
  {
    name: "a NoExecute taint: DisruptionTarget, DeletionByTaintManager",
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
