/** Which pods are a run's: by their controller and its label together; and what several of them mean. */

import { describe, expect, test } from "vitest";
import type { Cluster, Run } from "../../src/index.ts";
import { viewOf } from "../../src/observe/view.ts";
import { jobUidOf } from "../../src/watch/watches.ts";
import { describeWorlds, drain, execute, runOf, shell, specOf } from "../world.ts";

type Json = any;

const controller = { apiVersion: "batch/v1", kind: "Job", name: "run-x", uid: "u", controller: true };
const label = { "batch.kubernetes.io/controller-uid": "u" };

function pod(
  name: string,
  metadata: Json = {},
  state: Json = { waiting: { reason: "ContainerCreating" } },
): Json {
  return {
    metadata: { name, uid: name, creationTimestamp: "2026-01-01T00:00:00Z", ...metadata },
    spec: { containers: [{ name: "main", image: "i" }] },
    status: { phase: "Pending", containerStatuses: [{ name: "main", state }] },
  };
}

describe("the Job of a pod", () => {
  test.each<readonly [string, Json, string | null]>([
    ["its controller, with the label", { ownerReferences: [controller], labels: label }, "u"],
    [
      "its controller, with the label that it had before Kubernetes 1.27",
      { ownerReferences: [controller], labels: { "controller-uid": "u" } },
      "u",
    ],
    ["the label alone", { labels: label }, null],
    [
      "the label, and an owner that is no controller",
      { ownerReferences: [{ ...controller, controller: false }], labels: label },
      null,
    ],
    [
      "the label, and an owner that says nothing",
      { ownerReferences: [{ ...controller, controller: undefined }], labels: label },
      null,
    ],
    ["the controller alone", { ownerReferences: [controller] }, null],
    [
      "the controller, and another Job's label",
      { ownerReferences: [controller], labels: { "batch.kubernetes.io/controller-uid": "v" } },
      null,
    ],
    [
      "another kind of controller",
      { ownerReferences: [{ ...controller, kind: "ReplicaSet" }], labels: label },
      null,
    ],
    [
      "a Job of another group",
      { ownerReferences: [{ ...controller, apiVersion: "example.com/v1" }], labels: label },
      null,
    ],
    [
      "an owner of each",
      {
        ownerReferences: [
          { ...controller, controller: false },
          { ...controller, uid: "w" },
        ],
        labels: label,
      },
      null,
    ],
    ["nothing", {}, null],
  ])("%s", (_name, metadata, uid) => {
    expect(jobUidOf(pod("p", metadata))).toBe(uid);
  });
});

describe("several pods of one Job", () => {
  const running = { running: { startedAt: "2026-01-01T00:00:00Z" } };
  const old = { deletionTimestamp: "2026-01-01T00:00:01Z" };
  test.each<
    readonly [string, readonly Json[], string | null, { pod: string | null; contested: readonly string[] }]
  >([
    ["one", [pod("a")], null, { pod: "a", contested: [] }],
    ["two that wait", [pod("b"), pod("a")], null, { pod: null, contested: ["a", "b"] }],
    [
      "two that run",
      [pod("b", {}, running), pod("a", {}, running)],
      null,
      { pod: null, contested: ["a", "b"] },
    ],
    ["one that passed away before it ran", [pod("b"), pod("a", old)], null, { pod: "b", contested: [] }],
    [
      "one that is deleted while it runs",
      [pod("b"), pod("a", old, running)],
      null,
      { pod: null, contested: ["a", "b"] },
    ],
    ["none but one that passes away", [pod("a", old)], null, { pod: "a", contested: [] }],
    [
      "a second one beside the one that is followed",
      [pod("b"), pod("a", {}, running)],
      "a",
      { pod: "a", contested: [] },
    ],
  ])("%s", (_name, pods, followed, { pod: chosen, contested }) => {
    const view = viewOf(null, pods, "main", followed);
    expect({ pod: view.pod?.name ?? null, contested: view.contested }).toEqual({ pod: chosen, contested });
  });
});

describeWorlds("foreign pods", (world) => {
  const podsPath = () => `/api/v1/namespaces/${world().namespace}/pods`;

  /** Beside the run's own pod, one that anybody in the namespace could have made. */
  async function forgePod(run: Run, without: readonly string[]): Promise<string> {
    const own = await podOf(run.ref.jobUid);
    const { body } = await world().request("GET", `${podsPath()}/${own}`);
    const labels = Object.entries(body.metadata.labels).filter(([name]) => !without.includes(name));
    const name = `${run.ref.jobName}-forged`;
    const answer = await world().request("POST", podsPath(), {
      metadata: { name, labels: Object.fromEntries(labels) },
      spec: {
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: "main",
            image: "lab/base:1",
            imagePullPolicy: "Never",
            command: shell("echo FORGED; sleep 20"),
          },
        ],
      },
    });
    expect(answer.status).toBe(201);
    return name;
  }

  test("a pod with the runner's labels and no Job is not the run's", async () => {
    const runner = world().runner();
    const run = runOf(await runner.start(specOf(world(), { command: shell("echo one; sleep 4; echo two") })));
    const ended = drain(run);
    await forgePod(run, ["batch.kubernetes.io/controller-uid", "controller-uid"]);
    const { output, exit } = await ended;
    expect(output).toBe("one\ntwo\n");
    expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(exit.evidence.otherPods).toEqual([]);
    await run.cleanUp({ keepJobSeconds: 0 });
  });

  // The Job controller takes it for the Job's own, as it has the label that the Job selects by; the local one removes it at once.
  test("a pod that gets itself adopted beside the one that is followed is reported, and not read", async () => {
    const runner = world().runner();
    const run = runOf(await runner.start(specOf(world(), { command: shell("echo one; sleep 6; echo two") })));
    const forged = Promise.withResolvers<string>();
    const ended = drain(run, (text) => {
      if (text.includes("one")) forged.resolve(forgePod(run, []));
    });
    const podName = await forged.promise;
    const { output, exit, events } = await ended;
    expect(output).toBe("one\ntwo\n");
    expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
    const reported = events.some((event) => event.type === "pod-contested" && event.podName === podName);
    expect(reported || world().place === "local").toBe(true);
    await run.cleanUp({ keepJobSeconds: 0 });
  });

  test("an ephemeral container changes neither output nor ending", async () => {
    const runner = world().runner();
    const run = runOf(await runner.start(specOf(world(), { command: shell("echo one; sleep 4; echo two") })));
    const ended = drain(run);
    const name = await podOf(run.ref.jobUid);
    const ephemeral = {
      name: "debug",
      image: "lab/base:1",
      imagePullPolicy: "Never",
      command: shell("echo FORGED; exit 7"),
    };
    await world().request("PATCH", `${podsPath()}/${name}/ephemeralcontainers`, {
      spec: { ephemeralContainers: [ephemeral] },
    });
    const { output, exit } = await ended;
    expect(output).toBe("one\ntwo\n");
    expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await run.cleanUp({ keepJobSeconds: 0 });
  });

  test("two pods of which either may be the run's end it, and both are named", async () => {
    const { run, exit, output, events } = await execute(
      world().runner({ cluster: withTwin(world().cluster) }),
      specOf(world(), { command: shell("echo one; sleep 30") }),
    );
    expect(exit).toMatchObject({
      kind: "failed",
      started: true,
      failure: { kind: "pod-replaced", secondPod: expect.stringMatching(/^run-/) },
    });
    expect(output).toBe("");
    expect(events.map(({ type }) => type)).toContain("pod-contested");
    await run.cleanUp({ keepJobSeconds: 0 });
  });

  async function podOf(jobUid: string): Promise<string> {
    const path = `${podsPath()}?labelSelector=batch.kubernetes.io/controller-uid=${jobUid}`;
    await expect
      .poll(async () => (await world().request("GET", path)).body.items, { timeout: 20_000 })
      .toHaveLength(1);
    return (await world().request("GET", path)).body.items[0].metadata.name;
  }
});

/** Every pod has a twin that runs; the Job controller would remove one of them, and nobody knows which. */
function withTwin(cluster: Cluster): Cluster {
  const twin = (one: Json): Json => ({
    ...one,
    metadata: { ...one.metadata, name: `${one.metadata.name}-twin`, uid: `${one.metadata.uid}-twin` },
    status: {
      phase: "Running",
      containerStatuses: [{ name: "main", state: { running: { startedAt: "2026-01-01T00:00:00Z" } } }],
    },
  });
  const doubled = (items: readonly Json[]): Json[] => items.flatMap((one) => [one, twin(one)]);
  return {
    ...cluster,
    async list(resource, namespace, selection, options) {
      const answer = await cluster.list(resource, namespace, selection, options);
      if (resource !== "pods" || answer.kind === "error") return answer;
      return { ...answer, value: { ...answer.value, items: doubled(answer.value.items) } };
    },
    async watch(resource, namespace, selection, options) {
      const answer = await cluster.watch(resource, namespace, selection, options);
      if (resource !== "pods" || answer.kind === "error") return answer;
      const signals = answer.value;
      async function* both(): AsyncGenerator<Json> {
        for await (const signal of signals) {
          if ("object" in signal && signal.type !== "deleted")
            yield { ...signal, object: twin(signal.object) };
          yield signal;
        }
      }
      return { ...answer, value: both() };
    },
  };
}
