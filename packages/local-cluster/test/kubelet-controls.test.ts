import { expect, test } from "vitest";
import { createVirtualClock, UnknownObjectError } from "../src/index.ts";
import { ended, jobBody, jobsPath, finished, podBody, podOf, podsPath, until } from "./support/api.ts";
import { clusterForEachTest } from "./support/cluster.ts";

const start = clusterForEachTest();
const running = (pod: { status?: { phase?: string } } | null) => pod?.status?.phase === "Running";
const pod = (name: string) => ({ namespace: "default", name });
const ticking = { command: ["sh", "-c", "n=0; while :; do n=$((n+1)); echo $n; sleep 0.05; done"] };

test("memory: the main process is killed with 137, a child's death leaves the exit code alone", async () => {
  const { api, cluster } = await start();
  await api.call("POST", podsPath, podBody("main", { command: ["sleep", "60"] }));
  await api.call(
    "POST",
    podsPath,
    podBody("child", { command: ["sh", "-c", "read x < /dev/null; sleep 0.5"] }),
  );
  await Promise.all(["main", "child"].map((name) => until(api, podsPath, name, running)));
  await cluster.kubelet.oomKill(pod("main"));
  await cluster.kubelet.oomKill(pod("child"), { child: true });
  const ends = await Promise.all(["main", "child"].map((name) => until(api, podsPath, name, ended)));
  expect(
    ends.map(({ status }) => [status.phase, status.containerStatuses[0].state.terminated]),
  ).toMatchObject([
    ["Failed", { exitCode: 137, reason: "OOMKilled" }],
    ["Succeeded", { exitCode: 0, reason: "OOMKilled" }],
  ]);
});

test("node-pressure eviction fails the pod and takes its logs", async () => {
  const { api, cluster } = await start();
  await api.call("POST", podsPath, podBody("evicted", ticking));
  await until(api, podsPath, "evicted", running);
  await cluster.kubelet.evict(pod("evicted"));
  const { status } = await until(api, podsPath, "evicted", ended);
  expect(status).toMatchObject({ phase: "Failed", reason: "Evicted" });
  expect(status.message).toContain("The node was low on resource: memory");
  expect(status.conditions).toContainEqual(
    expect.objectContaining({ type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet" }),
  );
  const log = await api.call("GET", `${podsPath}/evicted/log`);
  expect([log.status, log.text]).toEqual([
    200,
    expect.stringContaining("unable to retrieve container logs for containerd://"),
  ]);
});

test("drain and preemption delete with a reason", async () => {
  const { api, cluster } = await start();
  for (const name of ["drained", "preempted"]) {
    await api.call("POST", podsPath, podBody(name, ticking, { terminationGracePeriodSeconds: 1 }));
    await until(api, podsPath, name, running);
  }
  const watches = ["drained", "preempted"].map((name) => until(api, podsPath, name, ended));
  const evicted = await api.call("POST", `${podsPath}/drained/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: "drained" },
  });
  expect([evicted.status, evicted.json.status]).toEqual([201, "Success"]);
  await cluster.scheduler.preempt(pod("preempted"));
  const reasons = (await Promise.all(watches)).map(
    ({ status }) =>
      status.conditions.find((condition: { type: string }) => condition.type === "DisruptionTarget").reason,
  );
  expect(reasons).toEqual(["EvictionByEvictionAPI", "PreemptionByScheduler"]);
});

test("rotation: reads see only the newest file, a running follow goes on", async () => {
  const { api, cluster } = await start();
  await api.call("POST", podsPath, podBody("rotating", ticking));
  await until(api, podsPath, "rotating", running);
  const follow = await api.stream(`${podsPath}/rotating/log?follow=true`);
  await follow.until(/^3$/mu);
  await cluster.kubelet.rotateLogs(pod("rotating"));
  await follow.until(/^8$/mu);
  const numbers = follow.text().trim().split("\n").map(Number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  const read = (await api.call("GET", `${podsPath}/rotating/log`)).text;
  expect(read).not.toMatch(/^1$/mu);
  follow.close();
});

test("a stopped kubelet: reads fail with 500, the node turns Unknown, the container runs on", async () => {
  const { api, cluster } = await start({ nodeGraceMilliseconds: 200 });
  await api.call("POST", podsPath, podBody("alone", ticking));
  await until(api, podsPath, "alone", running);
  const follow = await api.stream(`${podsPath}/alone/log?follow=true`);
  await follow.until(/^2$/mu);
  await cluster.kubelet.stop();
  await follow.ended;
  const refused = await api.call("GET", `${podsPath}/alone/log`);
  expect([refused.status, refused.json.message]).toEqual([
    500,
    expect.stringContaining("dial tcp 127.0.0.1:10250: connect: connection refused"),
  ]);
  const ready = (node: { status: { conditions: { type: string; status: string }[] } }) =>
    node.status.conditions.find((condition) => condition.type === "Ready")?.status;
  await until(api, "/api/v1/nodes", "node-1", (node) => ready(node) === "Unknown");
  expect(cluster.inspect().processes).toHaveLength(1);
  await cluster.kubelet.start();
  await until(api, "/api/v1/nodes", "node-1", (node) => ready(node) === "True");
  const again = await api.call("GET", `${podsPath}/alone/log`);
  expect(again.status).toBe(200);
});

test("a restarted kubelet ends follows cleanly and finds its containers again", async () => {
  const { api, cluster } = await start();
  await api.call("POST", jobsPath, jobBody("through", { command: ["sh", "-c", "echo a; sleep 1; echo b"] }));
  const name = await podOf(api, "through");
  await until(api, podsPath, name, running);
  const follow = await api.stream(`${podsPath}/${name}/log?follow=true`);
  await follow.until(/a/u);
  await cluster.kubelet.restart({ downMilliseconds: 50 });
  expect(await follow.ended).toBe("a\n");
  await until(api, jobsPath, "through", finished);
  expect((await api.call("GET", `${podsPath}/${name}/log`)).text).toBe("a\nb\n");
});

test("a lost node: its pods fail with DeletionByPodGC and are gone, its processes too", async () => {
  const { api, cluster } = await start({ nodes: [{ name: "a" }] });
  await api.call("POST", podsPath, podBody("lost", ticking));
  await until(api, podsPath, "lost", running);
  const watch = await api.stream(`${podsPath}?watch=true`);
  await cluster.kubelet.loseNode();
  const text = await watch.until(/"type":"DELETED"/u);
  expect(text).toContain('"reason":"DeletionByPodGC"');
  watch.close();
  expect((await api.call("GET", "/api/v1/nodes/a")).status).toBe(404);
  await expect.poll(() => cluster.inspect().processes).toEqual([]);
});

test("late state.terminated: the phase comes first, the state after", async () => {
  const { api, cluster } = await start();
  cluster.kubelet.delayTerminated(300);
  await api.call("POST", podsPath, podBody("late", { command: ["sh", "-c", "sleep 0.2"] }));
  const first = await until(api, podsPath, "late", ended);
  expect(first.status.containerStatuses[0].state).toHaveProperty("running");
  const then = await until(
    api,
    podsPath,
    "late",
    (object) => object.status.containerStatuses[0].state.terminated !== undefined,
  );
  expect(then.status.phase).toBe("Succeeded");
});

test("clock steps and coarse clocks show in the log's timestamps", async () => {
  const { api, cluster } = await start({
    clock: createVirtualClock({ start: new Date("2026-01-01T00:00:10Z"), rate: 1 }),
    kubelet: { utcOffsetMinutes: 330 },
    containers: () => ({
      steps: (function* steps() {
        yield { stdout: "one\n" };
        cluster.kubelet.stepClock(-5000);
        cluster.kubelet.setClockGranularity(1000);
        yield { stdout: "two\n" };
        yield { stdout: "three\n" };
      })(),
    }),
  });
  await api.call("POST", podsPath, podBody("skewed", {}));
  await until(api, podsPath, "skewed", ended);
  const { text } = await api.call("GET", `${podsPath}/skewed/log?timestamps=true`);
  const stamps = text
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
  expect(stamps[0]).toMatch(/^2026-01-01T05:30:1\d\.\d{9}\+05:30$/u);
  expect(stamps[1]).toMatch(/^2026-01-01T05:30:0\d\.000000000\+05:30$/u);
  expect(stamps[2]).toBe(stamps[1]);
});

test("beyond the limit of follows a follow gets the lines so far and the kubelet's own words", async () => {
  const { api, cluster } = await start();
  await api.call("POST", podsPath, podBody("popular", ticking));
  await until(api, podsPath, "popular", running);
  cluster.kubelet.limitFollows(1);
  const first = await api.stream(`${podsPath}/popular/log?follow=true`);
  await first.until(/^2$/mu);
  const second = await api.stream(`${podsPath}/popular/log?follow=true`);
  expect(await second.ended).toMatch(/2\n(?:\d+\n)*failed to create fsnotify watcher: too many open files$/u);
  first.close();
});

test("controls on what does not exist say so", async () => {
  const { cluster } = await start();
  await expect(cluster.kubelet.rotateLogs(pod("none"))).rejects.toSatisfy((error) =>
    UnknownObjectError.isInstance(error),
  );
  await expect(cluster.scheduler.preempt(pod("none"))).rejects.toSatisfy((error) =>
    UnknownObjectError.isInstance(error),
  );
  expect(() => cluster.kubeconfigFor("nobody")).toThrow(UnknownObjectError);
});
