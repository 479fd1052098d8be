import { expect } from "vitest";

import type { Json } from "../http-client.ts";
import {
  condition,
  isOver,
  isRunning,
  isTerminated,
  sh,
  stateOf,
  UNTIL_TERM,
  watchEvents,
  type Behaviour,
  type Scene,
} from "../subject.ts";

/** Types of the conditions that are true, in the order in which they came. */
const trueConditions = (job: Json): string[] =>
  (job.status?.conditions ?? [])
    .filter((entry: Json) => entry.status === "True")
    .map((entry: Json) => `${entry.type} ${entry.reason}`);

async function events(scene: Scene, kind: string, name: string, reason: string): Promise<Json> {
  return scene.until(
    "events",
    (event) =>
      event.involvedObject.kind === kind && event.involvedObject.name === name && event.reason === reason,
  );
}

export const jobBehaviours: readonly Behaviour[] = [
  {
    name: "a Job that succeeds: one pod, SuccessCriteriaMet, then Complete",
    async show(scene) {
      const { client, jobs, job, finishedJob, podOf } = scene;
      const made = await job("run", sh("echo hello"));
      const states: string[] = [];
      const watching = watchEvents(
        client,
        `${jobs}?watch=true&resourceVersion=${made.metadata.resourceVersion}`,
        AbortSignal.timeout(45_000),
      );
      for await (const { object } of watching) {
        states.push(trueConditions(object).join(", "));
        if (states.at(-1)?.includes("Complete ") === true) break;
      }
      expect([...new Set(states)]).toEqual([
        "",
        "SuccessCriteriaMet CompletionsReached",
        "SuccessCriteriaMet CompletionsReached, Complete CompletionsReached",
      ]);
      const done = await finishedJob("run");
      expect(done.status).toMatchObject({
        succeeded: 1,
        ready: 0,
        terminating: 0,
        uncountedTerminatedPods: {},
      });
      expect(done.status.active).toBeUndefined();
      expect(done.status.failed).toBeUndefined();
      expect(Date.parse(done.status.completionTime)).toBeGreaterThanOrEqual(
        Date.parse(done.status.startTime),
      );
      const pod = await podOf("run");
      expect(pod.status.phase).toBe("Succeeded");
      expect(await events(scene, "Job", "run", "Completed")).toMatchObject({
        type: "Normal",
        message: "Job completed",
      });
    },
  },
  {
    name: "a Job's pod carries its labels, its owner and, until it is counted, its finalizer",
    async show({ job, podOf }) {
      const made = await job("run", UNTIL_TERM);
      const pod = await podOf("run", isRunning);
      const { uid } = made.metadata;
      expect(pod.metadata.name).toMatch(/^run-[a-z0-9]{5}$/);
      expect(pod.metadata.generateName).toBe("run-");
      expect(pod.metadata.labels).toEqual({
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": "run",
        "controller-uid": uid,
        "job-name": "run",
      });
      expect(pod.metadata.ownerReferences).toEqual([
        { apiVersion: "batch/v1", kind: "Job", name: "run", uid, controller: true, blockOwnerDeletion: true },
      ]);
      expect(pod.metadata.finalizers).toEqual(["batch.kubernetes.io/job-tracking"]);
      expect(made.spec).toMatchObject({
        parallelism: 1,
        completions: 1,
        completionMode: "NonIndexed",
        suspend: false,
        selector: { matchLabels: { "batch.kubernetes.io/controller-uid": uid } },
      });
    },
  },
  {
    name: "a counted pod has lost its finalizer",
    async show({ job, podOf, finishedJob }) {
      await job("run", sh("exit 0"));
      await finishedJob("run");
      expect((await podOf("run")).metadata.finalizers).toBeUndefined();
    },
  },
  {
    name: "a Job whose pod fails: FailureTarget, then Failed, BackoffLimitExceeded, and no second pod",
    async show(scene) {
      const { client, job, pods, finishedJob } = scene;
      await job("run", sh("exit 3"));
      const done = await finishedJob("run");
      expect(trueConditions(done)).toEqual([
        "FailureTarget BackoffLimitExceeded",
        "Failed BackoffLimitExceeded",
      ]);
      expect(condition(done, "Failed").message).toBe("Job has reached the specified backoff limit");
      expect(done.status).toMatchObject({ failed: 1, ready: 0, terminating: 0 });
      expect(done.status.completionTime).toBeUndefined();
      expect((await client.get(pods)).json.items).toHaveLength(1);
      expect(await events(scene, "Job", "run", "BackoffLimitExceeded")).toMatchObject({ type: "Warning" });
    },
  },
  {
    name: "status.active and ready count a running pod",
    async show({ job, until }) {
      await job("run", UNTIL_TERM);
      const running = await until("jobs", (seen) => seen.status?.ready === 1, "run");
      expect(running.status.active).toBe(1);
      expect(running.status.conditions).toBeUndefined();
    },
  },
  {
    name: "a Job created suspended has no pod and condition Suspended; released it runs",
    async show(scene) {
      const { client, jobs, pods, job, until, podOf, finishedJob } = scene;
      await job("run", sh("exit 0"), { spec: { suspend: true } });
      const held = await until("jobs", (seen) => condition(seen, "Suspended") !== undefined, "run");
      expect(condition(held, "Suspended")).toMatchObject({
        status: "True",
        reason: "JobSuspended",
        message: "Job suspended",
      });
      expect(held.status.startTime).toBeUndefined();
      expect((await client.get(pods)).json.items).toEqual([]);
      const released = await client.patch(`${jobs}/run`, { spec: { suspend: false } });
      expect(released.status).toBe(200);
      await podOf("run", isOver);
      const done = await finishedJob("run");
      expect(condition(done, "Suspended")).toMatchObject({
        status: "False",
        reason: "JobResumed",
        message: "Job resumed",
      });
      expect(condition(done, "Complete").status).toBe("True");
      expect(await events(scene, "Job", "run", "Resumed")).toMatchObject({ type: "Normal" });
    },
  },
  {
    name: "a Job suspended while it runs stops its pod, and deletes it",
    async show({ client, jobs, job, podOf, until, untilGone }) {
      await job("run", UNTIL_TERM);
      const pod = await podOf("run", isRunning);
      await client.patch(`${jobs}/run`, { spec: { suspend: true } });
      await untilGone("pods", pod.metadata.name);
      const held = await until("jobs", (seen) => condition(seen, "Suspended")?.status === "True", "run");
      // The start of the run that was stopped stays until the next one.
      expect(held.status.startTime).toMatch(/Z$/);
      expect(held.status.failed).toBeUndefined();
    },
  },
  {
    name: "deleted in the foreground, a Job keeps its name until its pod is gone",
    async show({ client, jobs, job, podOf, untilGone, until, image }) {
      const made = await job("run", sh("trap '' TERM; echo started; sleep 600"));
      const pod = await podOf("run", isRunning);
      const deleted = await client.delete(`${jobs}/run`, {
        propagationPolicy: "Foreground",
        preconditions: { uid: made.metadata.uid },
      });
      expect(deleted.status).toBe(200);
      const dying = await until("jobs", (seen) => seen.metadata.deletionTimestamp !== undefined, "run");
      expect(dying.metadata.finalizers).toContain("foregroundDeletion");
      expect(dying.metadata.deletionGracePeriodSeconds).toBe(0);
      const again = await client.post(jobs, {
        metadata: { name: "run" },
        spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image }] } } },
      });
      expect(again.status).toBe(409);
      expect(again.json.message).toBe('object is being deleted: jobs.batch "run" already exists');
      const stopping = await until(
        "pods",
        (seen) => seen.metadata.deletionTimestamp !== undefined,
        pod.metadata.name,
      );
      expect(stopping.metadata.deletionGracePeriodSeconds).toBe(2);
      await untilGone("jobs", "run");
      expect(
        (await client.get(`/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`)).status,
      ).toBe(404);
    },
  },
  {
    name: "deleted in the background, a Job is gone at once and its pod after it",
    async show({ client, jobs, job, podOf, untilGone }) {
      await job("run", UNTIL_TERM);
      const pod = await podOf("run", isRunning);
      const deleted = await client.delete(`${jobs}/run`, { propagationPolicy: "Background" });
      expect(deleted.status).toBe(200);
      expect((await client.get(`${jobs}/run`)).status).toBe(404);
      await untilGone("pods", pod.metadata.name);
    },
  },
  {
    name: "deleted without a propagation policy, a Job leaves its pod running",
    async show({ client, jobs, job, podOf, until, untilGone }) {
      await job("run", UNTIL_TERM);
      const pod = await podOf("run", isRunning);
      const deleted = await client.delete(`${jobs}/run`);
      expect(deleted.status).toBe(200);
      await untilGone("jobs", "run");
      const orphan = await until(
        "pods",
        (seen) => seen.metadata.ownerReferences === undefined,
        pod.metadata.name,
      );
      expect(orphan.metadata.deletionTimestamp).toBeUndefined();
      expect(isRunning(orphan)).toBe(true);
    },
  },
  {
    name: "ttlSecondsAfterFinished removes Job and pod",
    async show({ client, job, podOf, untilGone, pods }) {
      await job("run", sh("exit 0"), { spec: { ttlSecondsAfterFinished: 1 } });
      const pod = await podOf("run");
      await untilGone("pods", pod.metadata.name);
      await untilGone("jobs", "run");
      expect((await client.get(pods)).json.items).toEqual([]);
    },
  },
  {
    name: "the Job's deadline: DeadlineExceeded, the pod is deleted and its log with it",
    async show(scene) {
      const { job, podOf, finishedJob, untilGone, log } = scene;
      await job("run", UNTIL_TERM, { spec: { activeDeadlineSeconds: 2 } });
      const pod = await podOf("run", isRunning);
      await untilGone("pods", pod.metadata.name);
      const done = await finishedJob("run");
      expect(trueConditions(done)).toEqual(["FailureTarget DeadlineExceeded", "Failed DeadlineExceeded"]);
      expect(condition(done, "Failed").message).toBe("Job was active longer than specified deadline");
      expect((await log(pod.metadata.name)).status).toBe(404);
      expect(await events(scene, "Job", "run", "DeadlineExceeded")).toMatchObject({ type: "Warning" });
    },
  },
  {
    name: "the Job's deadline counts while the pod waits",
    async show({ job, finishedJob }) {
      await job(
        "run",
        { ...sh("exit 0"), resources: { requests: { cpu: "900" } } },
        { spec: { activeDeadlineSeconds: 1 } },
      );
      expect(trueConditions(await finishedJob("run"))).toContain("Failed DeadlineExceeded");
    },
  },
  {
    name: "the pod's deadline: phase Failed, DeadlineExceeded, pod and log stay",
    async show(scene) {
      const { job, podOf, finishedJob, log } = scene;
      await job("run", UNTIL_TERM, { pod: { activeDeadlineSeconds: 2 } });
      const pod = await podOf("run", (seen) => isOver(seen) && isTerminated(seen));
      expect(pod.status).toMatchObject({
        phase: "Failed",
        reason: "DeadlineExceeded",
        message: "Pod was active on the node longer than the specified deadline",
      });
      expect(stateOf(pod).terminated.exitCode).toBe(143);
      expect(condition(await finishedJob("run"), "Failed").reason).toBe("BackoffLimitExceeded");
      expect((await log(pod.metadata.name)).text).toBe("started\nstopping\n");
    },
  },
  {
    name: "a pod that somebody deletes: the Job counts it when it has ended, and fails",
    async show({ client, pods, job, podOf, until, finishedJob }) {
      await job("run", UNTIL_TERM);
      const pod = await podOf("run", isRunning);
      const deleted = await client.delete(`${pods}/${pod.metadata.name}`);
      expect(deleted.status).toBe(200);
      expect(deleted.json.metadata.deletionGracePeriodSeconds).toBe(2);
      await until("jobs", (seen) => seen.status?.terminating === 1 || seen.status?.failed === 1, "run");
      const done = await finishedJob("run");
      expect(trueConditions(done)).toEqual([
        "FailureTarget BackoffLimitExceeded",
        "Failed BackoffLimitExceeded",
      ]);
      expect(done.status.failed).toBe(1);
    },
  },
  {
    name: "a pod deleted by force is gone at once",
    async show({ client, pods, pod, until }) {
      await pod("bare", UNTIL_TERM);
      await until("pods", isRunning, "bare");
      const deleted = await client.delete(`${pods}/bare`, { gracePeriodSeconds: 0 });
      expect(deleted.status).toBe(200);
      expect((await client.get(`${pods}/bare`)).status).toBe(404);
    },
  },
  {
    name: "a finished Job's pod stays, with its log, until the Job is deleted",
    async show({ client, jobs, job, podOf, finishedJob, log, untilGone }) {
      await job("run", sh("echo still here"));
      await finishedJob("run");
      const pod = await podOf("run");
      expect((await log(pod.metadata.name)).text).toBe("still here\n");
      await client.delete(`${jobs}/run`, { propagationPolicy: "Foreground" });
      await untilGone("jobs", "run");
      expect((await log(pod.metadata.name)).status).toBe(404);
    },
  },
  {
    name: "with backoffLimit 1 a failed pod is followed by a second one",
    async show({ client, pods, job, podOf, until }) {
      await job("run", sh("exit 1"), { spec: { backoffLimit: 1 } });
      const first = await podOf("run");
      const second = await podOf("run", (seen) => seen.metadata.uid !== first.metadata.uid);
      expect(second.metadata.name).not.toBe(first.metadata.name);
      await until("jobs", (seen) => seen.status?.failed >= 1, "run");
      expect((await client.get(pods)).json.items).toHaveLength(2);
    },
  },
  {
    name: "a Job's name of more than 63 characters is refused with 422",
    async show({ client, jobs, image }) {
      const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image }] } };
      const refused = await client.post(jobs, { metadata: { name: "n".repeat(64) }, spec: { template } });
      expect(refused.status).toBe(422);
      expect(refused.json.details).toMatchObject({ group: "batch", kind: "Job" });
      expect(refused.json.message).toContain("must be no more than 63 characters");
    },
  },
  {
    name: "restartPolicy Always in a Job is refused with 422 and its cause",
    async show({ client, jobs, image }) {
      const template = { spec: { restartPolicy: "Always", containers: [{ name: "main", image }] } };
      const refused = await client.post(jobs, { metadata: { name: "run" }, spec: { template } });
      expect(refused.status).toBe(422);
      expect(refused.json.details.causes).toEqual([
        {
          reason: "FieldValueRequired",
          message: 'Required value: valid values: "OnFailure", "Never"',
          field: "spec.template.spec.restartPolicy",
        },
      ]);
    },
  },
  {
    name: "every cause of a refusal is told",
    async show({ client, jobs }) {
      const refused = await client.post(jobs, {
        metadata: { name: "run" },
        spec: {
          backoffLimit: -1,
          template: { spec: { restartPolicy: "Never", containers: [{ name: "Main" }] } },
        },
      });
      expect(refused.status).toBe(422);
      const fields = refused.json.details.causes.map((cause: Json) => cause.field);
      expect(fields).toEqual(
        expect.arrayContaining([
          "spec.backoffLimit",
          "spec.template.spec.containers[0].name",
          "spec.template.spec.containers[0].image",
        ]),
      );
    },
  },
  {
    name: "a quantity that cannot be read answers 400, a request over its limit 422",
    async show({ client, jobs, image }) {
      const withResources = (resources: Json): Json => ({
        metadata: { name: "run" },
        spec: {
          template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image, resources }] } },
        },
      });
      const unread = await client.post(jobs, withResources({ limits: { memory: "much" } }));
      expect(unread.status).toBe(400);
      expect(unread.json.message).toContain("quantities must match the regular expression");
      const over = await client.post(
        jobs,
        withResources({ limits: { memory: "1Gi" }, requests: { memory: "2Gi" } }),
      );
      expect(over.status).toBe(422);
      expect(over.json.details.causes[0]).toMatchObject({
        field: "spec.template.spec.containers[0].resources.requests",
        message: 'Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
      });
    },
  },
  {
    name: "the template of a Job that exists cannot be changed",
    async show({ client, jobs, job }) {
      await job("run", UNTIL_TERM);
      const changed = await client.patch(`${jobs}/run`, {
        spec: { template: { metadata: { labels: { late: "1" } } } },
      });
      expect(changed.status).toBe(422);
      expect(changed.json.details.causes).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            field: "spec.template",
            message: expect.stringContaining("field is immutable"),
          }),
        ]),
      );
      const annotated = await client.patch(`${jobs}/run`, { metadata: { annotations: { cursor: "1" } } });
      expect(annotated.status).toBe(200);
      expect(annotated.json.metadata.generation).toBe(1);
    },
  },
  {
    name: "a Secret owned by a Job goes with it",
    async show({ client, jobs, job, create, path, untilGone }) {
      const made = await job("run", sh("exit 0"), { spec: { suspend: true } });
      const owner = {
        apiVersion: "batch/v1",
        kind: "Job",
        name: "run",
        uid: made.metadata.uid,
        blockOwnerDeletion: false,
      };
      await create(path("secrets"), {
        metadata: { name: "payload", ownerReferences: [owner] },
        stringData: { prompt: "x" },
      });
      await client.delete(`${jobs}/run`, { propagationPolicy: "Foreground" });
      await untilGone("secrets", "payload");
      await untilGone("jobs", "run");
      expect((await client.get(`${path("secrets")}/payload`)).status).toBe(404);
    },
  },
  {
    name: "a missing service account: no pod, no condition, only FailedCreate events on the Job",
    async show(scene) {
      const { client, jobs, pods, job } = scene;
      await job("run", sh("exit 0"), { pod: { serviceAccountName: "absent" } });
      const event = await events(scene, "Job", "run", "FailedCreate");
      expect(event.type).toBe("Warning");
      expect(event.message).toMatch(
        /^Error creating: pods "run-" is forbidden: error looking up service account .+\/absent: serviceaccount "absent" not found$/,
      );
      const waiting = (await client.get(`${jobs}/run`)).json;
      expect(waiting.status.conditions).toBeUndefined();
      expect((await client.get(pods)).json.items).toEqual([]);
    },
  },
];
