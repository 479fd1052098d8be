/**
 * The rows of the table of Kubernetes' symptoms that no other scenario provokes: admission, waiting, disks, time. What a real
 * cluster showed in each case also goes through the tables, in `tables.test.ts`; parts of a cluster break in `broken-parts.test.ts`.
 */

import { expect, test } from "vitest";
import type { Run, RunEvent } from "../src/index.ts";
import { drain, describeWorlds, execute, failureOf, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

describeWorlds("what a cluster refuses, keeps waiting or takes away", (world) => {
  test.concurrent("a quota that is used up", async () => {
    const namespace = await newNamespace(world(), "quota");
    await world().request("POST", `/api/v1/namespaces/${namespace}/resourcequotas`, {
      metadata: { name: "none" },
      spec: { hard: { pods: "0" } },
    });
    const ended = await execute(
      world().runner(),
      specOf(world(), { namespace, budgets: { podCreationSeconds: 2 } }),
    );
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "quota-exceeded",
      message: expect.stringContaining("exceeded quota: none"),
    });
    expect(ended.exit).toMatchObject({ started: false });
    const job = `/apis/batch/v1/namespaces/${namespace}/jobs/${ended.run.ref.jobName}`;
    expect((await world().request("GET", job)).status).toBe(404);
    expect(ended.events.map(({ type }) => type)).toContain("pod-creation-failing");
  });

  test.concurrent("a pod that Pod Security does not allow", async () => {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespace = await newNamespace(world(), "strict", labels);
    const securityContext = { allowPrivilegeEscalation: true };
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        namespace,
        podTemplate: { spec: { containers: [{ name: "main", securityContext }] } },
        budgets: { podCreationSeconds: 2 },
      }),
    );
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "admission-rejected",
      message: expect.stringContaining('violates PodSecurity "restricted:latest"'),
    });
  });

  test.concurrent("limits that a namespace does not allow", async () => {
    const namespace = await newNamespace(world(), "limits");
    await world().request("POST", `/api/v1/namespaces/${namespace}/limitranges`, {
      metadata: { name: "small" },
      spec: { limits: [{ type: "Container", max: { memory: "32Mi" } }] },
    });
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        namespace,
        resources: { limits: { memory: "64Mi" } },
        budgets: { podCreationSeconds: 2 },
      }),
    );
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "admission-rejected",
      message: expect.stringContaining("maximum memory usage per Container is 32Mi"),
    });
  });

  test.concurrent("a scheduling gate is a queue, which is no stall", async () => {
    const gates = { spec: { schedulingGates: [{ name: "example.com/quota" }] } };
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { podTemplate: gates })),
    );
    const ended = await drainWith(run, async (event) => {
      if (event.type === "job-queued")
        await world().request("PATCH", await podPath(world(), run), { spec: { schedulingGates: [] } });
    });
    expect(ended.output).toBe("hello\n");
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(ended.types).toContain("job-queued");
  });

  test.concurrent("a queue that never lets it go, after its budget", async () => {
    const spec = specOf(world(), { queueName: "agents", budgets: { queueSeconds: 2 } });
    const ended = await execute(world().runner(), spec);
    expect(failureOf(ended.exit)).toMatchObject({ kind: "queue-timeout", queueName: "agents" });
  });

  test.concurrent("a queue that lets it go, and takes its place away again", async () => {
    const command = shell("echo up; sleep 100");
    const budgets = { podCreationSeconds: 1 };
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { queueName: "agents", command, budgets })),
    );
    const path = `/apis/batch/v1/namespaces/${run.ref.namespace}/jobs/${run.ref.jobName}`;
    const suspend = (suspended: boolean) => world().request("PATCH", path, { spec: { suspend: suspended } });
    const ended = await drainWith(run, async (event) => {
      if (event.type === "job-queued") await suspend(false);
      if (event.type === "container-started") await suspend(true);
    });
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "preempted",
      message: "the queue suspended the Job",
    });
    // Its turn would come again, and with it another pod.
    await run.cleanUp();
    expect((await world().request("GET", path)).status).toBe(404);
  });

  test.concurrent("what Kueue says of a Job that waits, and of one that it stops", async () => {
    const budgets = { podCreationSeconds: 1 };
    const command = shell("echo up; sleep 100");
    const spec = specOf(world(), { queueName: "agents", command, budgets });
    const run = runOf(await world().runner().start(spec));
    const { namespace, jobName, jobUid } = run.ref;
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${jobName}`;
    const workload = `job-${jobName}-19797`;
    const say = async (kind: "Job" | "Workload", reason: string, message: string) => {
      const answer = await world().request("POST", `/api/v1/namespaces/${namespace}/events`, {
        metadata: { name: `${jobName}.${reason.toLowerCase()}`, namespace },
        involvedObject: {
          apiVersion: kind === "Job" ? "batch/v1" : "kueue.x-k8s.io/v1beta1",
          kind,
          namespace,
          name: kind === "Job" ? jobName : workload,
          ...(kind === "Job" && { uid: jobUid }),
        },
        reason,
        message,
        type: "Normal",
        source: { component: "kueue-job-controller" },
        firstTimestamp: new Date().toISOString(),
        lastTimestamp: new Date().toISOString(),
      });
      expect(answer.status).toBe(201);
    };
    const words = "couldn't assign flavors to pod set main: insufficient unused quota for cpu, 1 more needed";
    await say("Job", "CreatedWorkload", `Created Workload: ${namespace}/${workload}`);
    await say("Workload", "Pending", words);
    const waited: (string | null)[] = [];
    const ended = await drainWith(run, async (event) => {
      if (event.type === "job-queued") waited.push(event.message);
      // A resource flavor of the queue's places the pod when the Job is let go.
      if (event.type === "job-queued" && event.message !== null)
        await world().request("PATCH", path, {
          spec: { suspend: false, template: { spec: { nodeSelector: { "kubernetes.io/os": "linux" } } } },
        });
      if (event.type !== "container-started") return;
      await say("Job", "Stopped", "Preempted to accommodate a workload of a higher priority");
      await world().request("PATCH", path, { spec: { suspend: true } });
    });
    expect(waited).toEqual([null, words]);
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "preempted",
      message: "the queue suspended the Job: Preempted to accommodate a workload of a higher priority",
    });
  });

  test.concurrent("a volume that nobody provides", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        volumes: [{ name: "work", persistentVolumeClaim: { claimName: "absent" } }],
        volumeMounts: [{ name: "work", mountPath: "/work" }],
        budgets: { schedulingSeconds: 2 },
      }),
    );
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "volume-unavailable",
      message: expect.stringContaining('persistentvolumeclaim "absent" not found'),
    });
  });

  test.concurrent("a node that comes after a while", async () => {
    const label = `pool-${world().namespace}`;
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { nodeSelector: { [label]: "yes" } })),
    );
    const node = await nodePath(world());
    const ended = await drainWith(run, async (event) => {
      if (event.type === "pod-unschedulable")
        await world().request("PATCH", node, { metadata: { labels: { [label]: "yes" } } });
    });
    await world().request("PATCH", node, { metadata: { labels: { [label]: null } } });
    expect(ended.output).toBe("hello\n");
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });

  test.concurrent("more disk than its limit", { timeout: 120_000 }, async () => {
    const { local, namespace } = world();
    const fill = local === null ? "dd if=/dev/zero of=/tmp/big bs=1M count=60 2>/dev/null; " : "";
    const run = runOf(
      await world()
        .runner()
        .start(
          specOf(world(), {
            command: shell(`echo up; ${fill}sleep 300`),
            resources: { limits: { "ephemeral-storage": "20Mi" } },
          }),
        ),
    );
    const message = "Pod ephemeral local storage usage exceeds the total limit of containers 20Mi. ";
    const ended = await drain(run, async () => {
      const name = (await podPath(world(), run)).split("/").at(-1) ?? "";
      await local?.kubelet.evict({ namespace, name }, { resource: "ephemeral-storage", message });
    });
    expect(failureOf(ended.exit)).toMatchObject({ kind: "evicted", cause: "disk", overLimit: true });
    expect(ended.output).toBe("up\n");
    expect(ended.exit).toMatchObject({ started: true });
  });

  test.concurrent("a Job that its time to live removes before anybody has looked again", async () => {
    const command = shell("echo hello; sleep 2");
    const spec = specOf(world(), { command, ttlSecondsAfterFinished: 0 });
    const ended = await execute(world().runner(), spec);
    expect(ended.output).toBe("hello\n");
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });

  test.concurrent("a command line that no kernel takes is refused before the cluster sees it", async () => {
    const start = world()
      .runner()
      .start(specOf(world(), { command: ["/bin/echo", "x".repeat(131_072)] }));
    await expect(start).rejects.toMatchObject({ name: "InvalidRunSpecError", field: "command[1]" });
  });
});

/** Reads a run to its end, and acts on its events meanwhile. */
async function drainWith(run: Run, act: (event: RunEvent) => Promise<unknown>) {
  let output = "";
  const reading = (async () => {
    for await (const chunk of run.output) output += Buffer.from(chunk).toString();
  })();
  const types: string[] = [];
  for await (const event of run.events) {
    types.push(event.type);
    await act(event);
  }
  await reading;
  return { exit: await run.exit, output, types };
}

async function podPath(world: World, { ref }: Run): Promise<string> {
  const path = `/api/v1/namespaces/${ref.namespace}/pods`;
  const { body } = await world.request("GET", `${path}?labelSelector=job-name%3D${ref.jobName}`);
  return `${path}/${body.items[0]?.metadata.name ?? ""}`;
}

async function nodePath(world: World): Promise<string> {
  const { body } = await world.request("GET", "/api/v1/nodes");
  return `/api/v1/nodes/${body.items[0].metadata.name}`;
}

/** Removed with the world. */
async function newNamespace(world: World, suffix: string, labels: object = {}): Promise<string> {
  const name = `${world.namespace}-${suffix}`;
  await world.request("POST", "/api/v1/namespaces", { metadata: { name, labels } });
  world.onClose(async () => void (await world.request("DELETE", `/api/v1/namespaces/${name}`)));
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  while ((await world.request("GET", account)).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return name;
}
