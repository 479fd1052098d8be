import { expect } from "vitest";

import type { Json } from "../http-client.ts";
import {
  condition,
  isFinished,
  isOver,
  isRunning,
  linesOf,
  sh,
  stateOf,
  UNTIL_TERM,
  waitsFor,
  type Behaviour,
} from "../subject.ts";

const statusOf = (pod: Json): Json => pod.status.containerStatuses?.[0];
const restarted =
  (times: number) =>
  (pod: Json): boolean =>
    (statusOf(pod)?.restartCount ?? 0) >= times;

/** Containers that the kubelet starts again: `restartPolicy` `OnFailure` and `Always`. */
export const repeatedContainerBehaviours: readonly Behaviour[] = [
  {
    name: "OnFailure: a failed container is started again at once, with its last state and a log of its own",
    async show(scene) {
      const volume = { name: "tmp", emptyDir: {} };
      const mount = { volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] };
      const first = "echo first; sleep 1; test -f /tmp/again && exec sleep 600; touch /tmp/again; exit 3";
      await scene.pod(
        "p",
        { ...sh(first), ...mount },
        { pod: { restartPolicy: "OnFailure", volumes: [volume] } },
      );
      const again = await scene.until("pods", (pod) => restarted(1)(pod) && isRunning(pod), "p");
      expect(again.status.phase).toBe("Running");
      expect(statusOf(again)).toMatchObject({
        restartCount: 1,
        ready: true,
        lastState: { terminated: { exitCode: 3, reason: "Error" } },
      });
      const { containerID } = statusOf(again).lastState.terminated;
      expect(containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/);
      expect(statusOf(again).containerID).not.toBe(containerID);
      expect(await scene.log("p", "?previous=true")).toMatchObject({ status: 200, text: "first\n" });
      const follow = await scene.client.open(`${scene.pods}/p/log?follow=true`);
      expect(await linesOf(follow.body).next()).toMatchObject({ value: "first" });
      follow.close();
    },
  },
  {
    name: "OnFailure: exit code 0 ends the pod",
    async show(scene) {
      await scene.pod("p", sh("sleep 1"), { pod: { restartPolicy: "OnFailure" } });
      const over = await scene.until("pods", isOver, "p");
      expect(over.status.phase).toBe("Succeeded");
      expect(statusOf(over)).toMatchObject({ restartCount: 0, lastState: {} });
      expect(condition(over, "Ready")).toMatchObject({ status: "False", reason: "PodCompleted" });
    },
  },
  {
    name: "Always: an end with 0 is no end; the second restart waits ten seconds in CrashLoopBackOff",
    async show(scene) {
      await scene.pod("p", sh("echo run; sleep 1"), { pod: { restartPolicy: "Always" } });
      const waiting = await scene.until("pods", waitsFor("CrashLoopBackOff"), "p");
      const { uid } = waiting.metadata;
      expect(waiting.status.phase).toBe("Running");
      expect(statusOf(waiting)).toMatchObject({
        ready: false,
        restartCount: 1,
        state: {
          waiting: {
            message: `back-off 10s restarting failed container=main pod=p_${scene.namespace}(${uid})`,
          },
        },
        lastState: { terminated: { exitCode: 0, reason: "Completed" } },
      });
      expect(condition(waiting, "Ready")).toMatchObject({ status: "False", reason: "ContainersNotReady" });
      // Nothing runs: the log is that of the container that ended last.
      expect(await scene.log("p")).toMatchObject({ status: 200, text: "run\n" });
      expect(await scene.log("p", "?previous=true")).toMatchObject({ status: 200, text: "run\n" });
      const event = await scene.until("events", (seen) => seen.reason === "BackOff");
      expect(event.message).toBe(
        `Back-off restarting failed container main in pod p_${scene.namespace}(${uid})`,
      );
      await scene.until("pods", restarted(2), "p");
    },
  },
  {
    name: "OnFailure in a Job: a restart counts as a failure, and with backoffLimit 0 the pod is deleted",
    async show(scene) {
      await scene.job("run", sh("sleep 1; exit 3"), { pod: { restartPolicy: "OnFailure" } });
      const job = await scene.until("jobs", isFinished, "run");
      expect(job.status).toMatchObject({ failed: 1 });
      expect(condition(job, "Failed")).toMatchObject({ reason: "BackoffLimitExceeded" });
      const events = (await scene.client.get(scene.path("events"))).json.items;
      expect(events.map((event: Json) => event.reason)).toContain("SuccessfulDelete");
    },
  },
  {
    name: "an init container that fails is started again where the policy allows it",
    async show(scene) {
      const mount = { volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] };
      const init = {
        name: "prepare",
        image: scene.image,
        imagePullPolicy: "Never",
        ...sh("test -f /tmp/again && exit 0; touch /tmp/again; exit 5"),
        ...mount,
      };
      await scene.pod("p", sh("echo main"), {
        pod: {
          restartPolicy: "OnFailure",
          initContainers: [init],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      });
      const over = await scene.until("pods", isOver, "p");
      expect(over.status.phase).toBe("Succeeded");
      expect(over.status.initContainerStatuses[0]).toMatchObject({
        restartCount: 1,
        state: { terminated: { exitCode: 0 } },
      });
    },
  },
  {
    name: "a pod of two containers is ready only while both run",
    async show(scene) {
      const second = { name: "second", image: scene.image, imagePullPolicy: "Never", ...sh("sleep 2") };
      const main = { name: "main", image: scene.image, imagePullPolicy: "Never", ...UNTIL_TERM };
      await scene.create(scene.pods, {
        metadata: { name: "p" },
        spec: { restartPolicy: "Never", terminationGracePeriodSeconds: 2, containers: [main, second] },
      });
      const both = await scene.until("pods", (pod) => condition(pod, "Ready")?.status === "True", "p");
      expect(both.status.containerStatuses.map((status: Json) => status.ready)).toEqual([true, true]);
      const one = await scene.until(
        "pods",
        (pod) =>
          stateOf(pod, "second")?.terminated !== undefined && condition(pod, "Ready").status === "False",
        "p",
      );
      expect(one.status.phase).toBe("Running");
      expect(condition(one, "Ready")).toMatchObject({
        reason: "ContainersNotReady",
        message: "containers with unready status: [second]",
      });
      expect(one.status.containerStatuses.map((status: Json) => status.ready)).toEqual([true, false]);
    },
  },
];
