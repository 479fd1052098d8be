/** What public reports show of pods and nodes, and what it means for a run; each with where it is reported. */

import { describe, expect, test } from "vitest";
import { judge, over, podOf, runs, waits } from "./judge.ts";
import type { Look } from "./judge.ts";

interface Case {
  readonly report: string;
  readonly what: string;
  readonly looks: readonly Look[];
  /** `null`: it goes on, whatever is seen. */
  readonly ending: object | null;
  readonly podState?: object;
  readonly notBeforeSeconds?: number;
}

function check(cases: readonly Case[]): void {
  test.each(cases)("$what ($report)", ({ looks, ending, podState, notBeforeSeconds = 0 }) => {
    const judged = judge(looks);
    expect(judged).toMatchObject({ ending, ...(podState === undefined ? {} : { view: { podState } }) });
    expect(judged.afterSeconds).toBeGreaterThanOrEqual(notBeforeSeconds);
  });
}

const hour = 3600;
const deleted = { deletionTimestamp: "2026-01-01T00:10:00Z", deletionGracePeriodSeconds: 30 };
const sidecar = (status: object): object => ({ restartPolicy: "Always", ...status });

describe("native sidecars", () => {
  check([
    {
      report: "kubernetes/kubernetes#125880, istio/istio#51883",
      what: "a pod is deleted while its sidecar never gets ready; the Job makes another, which does the work",
      looks: [
        {
          pod: podOf({
            metadata: { ...deleted, deletionGracePeriodSeconds: 600 },
            status: { phase: "Pending" },
            inits: {
              "init-1": over(0),
              "istio-proxy": sidecar({ ...runs(), started: false }),
              "init-2": waits("PodInitializing"),
            },
            main: waits("PodInitializing"),
          }),
          node: "True",
          seconds: 600,
        },
        { pod: podOf({ uid: "pod-2", createdAt: "2026-01-01T00:11:00Z", main: runs() }), seconds: 60 },
        {
          pod: podOf({
            uid: "pod-2",
            createdAt: "2026-01-01T00:11:00Z",
            main: over(0),
            status: { phase: "Succeeded" },
          }),
          seconds: hour,
        },
      ],
      ending: { kind: "exited", exitCode: 0 },
    },
    {
      report: "tektoncd/pipeline#10172",
      what: "an ordinary init container runs out of memory beside a sidecar",
      looks: [
        {
          pod: podOf({
            status: { phase: "Failed" },
            inits: { proxy: sidecar(over(143)), prepare: over(137, { reason: "OOMKilled" }) },
            main: waits("PodInitializing"),
          }),
          seconds: hour,
        },
      ],
      ending: {
        kind: "failed",
        started: false,
        failure: { kind: "init-container-failed", container: "prepare", exitCode: 137 },
      },
    },
    {
      report: "warpdotdev/oz-agent-worker#118, kubernetes/kubectl#1739",
      what: "a sidecar is killed after the command has ended well",
      looks: [
        { pod: podOf({ inits: { zookeeper: sidecar(runs()) }, main: runs() }), seconds: 60 },
        { pod: podOf({ inits: { zookeeper: sidecar(runs()) }, main: over(0) }), killed: false },
        {
          pod: podOf({
            status: { phase: "Succeeded" },
            inits: { zookeeper: sidecar(over(143)) },
            main: over(0),
          }),
          seconds: hour,
        },
      ],
      ending: { kind: "exited", exitCode: 0 },
    },
    {
      report: "SREGym/SREGym#881",
      what: "a sidecar's startup probe never passes, and the kubelet kills it again and again",
      looks: [
        {
          pod: podOf({
            status: { phase: "Pending" },
            inits: { otel: sidecar(over(137)) },
            main: waits("PodInitializing"),
          }),
          seconds: 20,
        },
        {
          pod: podOf({
            status: { phase: "Pending" },
            inits: { otel: sidecar(waits("CrashLoopBackOff", "back-off 40s")) },
            main: waits("PodInitializing"),
          }),
          seconds: 40,
        },
        {
          pod: podOf({
            status: { phase: "Pending" },
            inits: { otel: sidecar(waits("CrashLoopBackOff", "back-off 5m0s")) },
            main: waits("PodInitializing"),
          }),
          seconds: hour,
        },
      ],
      ending: null,
      podState: { kind: "init-restarting", container: "otel" },
    },
    {
      report: "kubernetes/enhancements#5308 (KEP-5307)",
      what: "an init container with a restart policy of its own falls over once, and is started again",
      looks: [
        {
          pod: podOf({
            status: { phase: "Pending" },
            inits: { fetch: { restartPolicy: "OnFailure", ...over(1) } },
            main: waits("PodInitializing"),
          }),
          seconds: 20,
        },
        {
          pod: podOf({
            status: { phase: "Pending" },
            inits: { fetch: { restartPolicy: "OnFailure", ...waits("CrashLoopBackOff", "back-off 10s") } },
            main: waits("PodInitializing"),
          }),
          seconds: 20,
        },
        {
          pod: podOf({ inits: { fetch: { restartPolicy: "OnFailure", ...over(0) } }, main: runs() }),
          seconds: 20,
        },
        {
          pod: podOf({
            status: { phase: "Succeeded" },
            inits: { fetch: { restartPolicy: "OnFailure", ...over(0) } },
            main: over(0),
          }),
          seconds: hour,
        },
      ],
      ending: { kind: "exited", exitCode: 0 },
    },
    {
      report: "linkerd/linkerd2#13349",
      what: "a sidecar does not answer its probes while it is stopped, and is killed",
      looks: [
        { pod: podOf({ inits: { "linkerd-proxy": sidecar(runs()) }, main: runs() }), seconds: 60 },
        {
          pod: podOf({
            status: { phase: "Succeeded" },
            conditions: [{ type: "Ready", status: "False", reason: "PodCompleted" }],
            inits: { "linkerd-proxy": sidecar(over(137)) },
            main: over(0),
          }),
          seconds: hour,
        },
      ],
      ending: { kind: "exited", exitCode: 0 },
    },
    {
      report: "kubernetes/kubernetes#120234",
      what: "a sidecar falls over during the start, and the kubelet fails the pod for it",
      looks: [
        {
          pod: podOf({
            status: { phase: "Failed" },
            inits: { "restartable-init": sidecar(over(1)) },
            main: waits("PodInitializing"),
          }),
          seconds: hour,
        },
      ],
      ending: { kind: "failed", started: false },
    },
    {
      report: "kubevirt/kubevirt#10556",
      what: "an ordinary container beside the command ends early",
      looks: [
        { pod: podOf({ main: runs(), beside: { "linkerd-proxy": over(0) } }), seconds: hour },
        {
          pod: podOf({ main: over(3), status: { phase: "Failed" }, beside: { "linkerd-proxy": over(0) } }),
          seconds: hour,
        },
      ],
      ending: { kind: "exited", exitCode: 3 },
    },
  ]);
});

describe("what cannot be read is not dead", () => {
  const unready = [{ type: "Ready", status: "False" }];
  const running = podOf({ main: runs(), conditions: unready });
  check([
    {
      report: "kubernetes/kubernetes#80968",
      what: "a node is silent for a while, and its pods stay unready after it has come back",
      looks: [
        { pod: podOf({ main: runs() }), seconds: 60 },
        { pod: running, node: "Unknown", seconds: hour },
        { pod: running, node: "True", seconds: hour },
      ],
      ending: null,
    },
    {
      report: "kubernetes/kubernetes#48920",
      what: "NodeLost, deleted, and nothing is heard any more: lost, but only after its own grace and a wait",
      looks: [
        { pod: podOf({ main: runs() }), seconds: 60, speaks: true },
        {
          pod: podOf({
            metadata: deleted,
            main: runs(),
            conditions: unready,
            status: {
              reason: "NodeLost",
              message: "Node node-1 which was running pod run-x-pod-1 is unresponsive",
            },
          }),
          node: null,
          seconds: hour,
        },
      ],
      ending: { kind: "failed", started: true, failure: { kind: "node-lost" } },
      notBeforeSeconds: 60 + 30 + 60,
    },
    {
      report: "bitnami/charts#10884",
      what: "nodes may not be read; a pod that should be gone long ago still speaks",
      looks: [
        { pod: podOf({ main: runs() }), seconds: 60 },
        { pod: podOf({ metadata: deleted, main: runs() }), node: null, speaks: true, seconds: 4 * hour },
      ],
      ending: null,
    },
    {
      report: "actions/actions-runner-controller#3010",
      what: "the node is gone, and its pod says for ever that it runs",
      looks: [
        { pod: podOf({ main: runs() }), seconds: 60 },
        {
          pod: podOf({
            metadata: {
              ...deleted,
              finalizers: ["ephemeralrunner.actions.github.com/runner-registration-finalizer"],
            },
            main: runs(),
          }),
          node: "gone",
          seconds: hour,
        },
      ],
      ending: { kind: "failed", started: true, failure: { kind: "node-lost" } },
    },
    {
      report: "microsoft/DLWorkspace#422",
      what: "the pod's phase is Unknown for ten minutes, then the node is back and the command ends well",
      looks: [
        { pod: podOf({ main: runs() }), seconds: 60 },
        {
          pod: podOf({ status: { phase: "Unknown", reason: "NodeLost" }, main: runs() }),
          node: "Unknown",
          seconds: 600,
        },
        { pod: podOf({ main: runs() }), node: "True", seconds: 60 },
        { pod: podOf({ status: { phase: "Succeeded" }, main: over(0) }), seconds: hour },
      ],
      ending: { kind: "exited", exitCode: 0 },
    },
    {
      report: "rackerlabs/spot#303",
      what: "a database of two minds: the pod is there in one answer, and not in the next",
      looks: Array.from({ length: 200 }, (_, index) => ({
        pod: index % 2 === 0 ? podOf({ main: runs() }) : null,
        seconds: 3,
      })),
      ending: null,
    },
    {
      report: "kubernetes/kubernetes#112642",
      what: "the Job cannot be read by its name, and its pod runs on and ends well",
      looks: [
        { pod: podOf({ main: runs() }), seconds: 60 },
        { pod: podOf({ main: runs() }), job: null, seconds: hour },
        { pod: podOf({ main: over(0), status: { phase: "Succeeded" } }), job: null, seconds: 60 },
      ],
      ending: { kind: "exited", exitCode: 0 },
      notBeforeSeconds: hour,
    },
    {
      report: "kubernetes/kubernetes#45465",
      what: "a pod is to go from a node that does not answer, and its output goes on coming",
      looks: [
        {
          pod: podOf({
            metadata: deleted,
            main: runs(),
            conditions: [{ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" }],
          }),
          node: "tainted-unreachable",
          speaks: true,
          seconds: 2 * hour,
        },
      ],
      ending: null,
    },
  ]);
});

describe("clocks", () => {
  const epoch = { startedAt: "1970-01-01T00:48:00Z", finishedAt: "1970-01-01T01:10:00Z" };
  const preempted = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" };
  check([
    {
      report: "rancher/k3os#381, siderolabs/sbc-raspberrypi#47",
      what: "a node without a clock of its own lives in 1970: a command that was preempted there has run",
      looks: [
        {
          pod: podOf({
            metadata: deleted,
            status: { phase: "Failed" },
            conditions: [preempted],
            main: over(143, epoch),
          }),
          node: "True",
          seconds: hour,
        },
      ],
      ending: { kind: "failed", started: true, exitCode: 143, failure: { kind: "preempted" } },
    },
    {
      report: "Faisal-Hajari/ai-platform#21",
      what: "a node's clock steps back: a command that ended before it began has ended all the same",
      looks: [
        { pod: podOf({ main: runs("2026-01-01T03:00:00Z") }), seconds: 60 },
        {
          pod: podOf({
            status: { phase: "Failed" },
            main: over(7, { startedAt: "2026-01-01T03:00:00Z", finishedAt: "2026-01-01T00:10:00Z" }),
          }),
          seconds: hour,
        },
      ],
      ending: { kind: "exited", exitCode: 7 },
    },
    {
      report: "kubernetes/kubernetes#83050",
      what: "a node's clock steps back, and it cannot make the container: it does not start, and says why",
      looks: [
        {
          pod: podOf({
            status: { phase: "Pending" },
            main: waits(
              "CreateContainerError",
              'failed to reserve container name "main_run-x": name "main_run-x" is reserved for "7acfd192"',
            ),
          }),
          seconds: hour,
        },
      ],
      ending: null,
      podState: { kind: "start-failing", reason: "CreateContainerError" },
    },
  ]);
});
