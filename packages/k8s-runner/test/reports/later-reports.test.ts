/** Public reports that were searched for after the tables were made; each with where it is reported. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect } from "../../src/index.ts";
import type { RunEvent } from "../../src/index.ts";
import { createSkewedClock } from "../clock.ts";
import { jobsOf, open, podsOf } from "./local-world.ts";
import { follow } from "../logs/odd-node.ts";
import { counting, drain, execute, failureOf, lines, runOf, shell, specOf } from "../world.ts";
import { judge, over, podOf, runs, waits } from "./judge.ts";
import type { Look } from "./judge.ts";

const timeout = 90_000;

const hour = 3600;
const deleted = { deletionTimestamp: "2026-01-01T00:10:00Z", deletionGracePeriodSeconds: 30 };
const sidecar = (status: object): object => ({ restartPolicy: "Always", ...status });
const evicted = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
};

const byQueue = {
  type: "TerminationTarget",
  status: "True",
  reason: "WorkloadEvictedDueToPreempted",
  message: "Preempted to accommodate a higher priority Workload",
};

interface Case {
  readonly report: string;
  readonly what: string;
  readonly looks: readonly Look[];
  readonly ending: object | null;
}

const cases: readonly Case[] = [
  {
    report: "GoogleCloudPlatform/cloud-sql-proxy#2372",
    what: "a sidecar ends with 2 where it is stopped, after the command has failed by itself",
    looks: [
      { pod: podOf({ inits: { proxy: sidecar(runs()) }, main: runs() }), seconds: 60 },
      {
        pod: podOf({
          inits: { proxy: sidecar(over(2)) },
          main: over(1),
          status: { phase: "Failed" },
        }),
      },
    ],
    ending: { kind: "exited", exitCode: 1, signal: null },
  },
  {
    report: "AOEpeople/kubernetes-sidecar-cleaner#3",
    what: "an ordinary proxy beside the command ends with 0 only after the command has failed",
    looks: [
      { pod: podOf({ main: runs(), beside: { "istio-proxy": runs() } }), seconds: 10 },
      {
        pod: podOf({ main: over(1), beside: { "istio-proxy": over(0) }, status: { phase: "Failed" } }),
      },
    ],
    ending: { kind: "exited", exitCode: 1, signal: null },
  },
  {
    report: "kubernetes/kubernetes#89212",
    what: "its node is not ready, and its pod says for an hour that it runs but is not ready",
    looks: [
      {
        pod: podOf({ main: runs(), conditions: [{ type: "Ready", status: "False" }] }),
        node: "tainted-unreachable",
        seconds: hour,
      },
    ],
    ending: null,
  },
  {
    report: "twosigma/Cook#1411",
    what: "a preemptible machine comes back under its name, and its kubelet makes the container anew",
    looks: [
      { pod: podOf({ main: runs() }), seconds: 60 },
      { pod: podOf({ main: waits("ContainerCreating") }), seconds: 300 },
      { pod: podOf({ main: over(0), status: { phase: "Succeeded" } }) },
    ],
    ending: { kind: "exited", exitCode: 0 },
  },
  {
    report: "cloudpilot-ai/karpenter-provider-gcp#143",
    what: "a spot machine is stopped, its pod terminates for minutes, and is then gone with its node",
    looks: [
      { pod: podOf({ main: runs() }), seconds: 60 },
      {
        pod: podOf({ main: runs(), metadata: deleted, conditions: [evicted] }),
        node: "Unknown",
        seconds: 20,
      },
      { pod: null, job: { status: { active: 0 } }, node: "gone", seconds: 60 },
    ],
    ending: { kind: "failed", failure: { kind: "drained" }, started: true },
  },
  {
    report: "marin-community/marin#7806",
    what: "Kueue's own condition on a pod that it preempts",
    looks: [
      { pod: podOf({ main: runs() }), seconds: 60 },
      { pod: podOf({ main: runs(), metadata: deleted, conditions: [byQueue] }), seconds: 20 },
      {
        pod: podOf({
          main: over(137),
          metadata: deleted,
          conditions: [byQueue],
          status: { phase: "Failed" },
        }),
      },
    ],
    ending: {
      kind: "failed",
      failure: { kind: "preempted", message: "Preempted to accommodate a higher priority Workload" },
      started: true,
    },
  },
  {
    report: "Azure/AKS#126",
    what: "every machine is off for three hours, and nobody deletes the pod",
    looks: [
      { pod: podOf({ main: runs() }), seconds: 60 },
      { pod: podOf({ main: runs() }), node: "Unknown", seconds: 3 * hour },
    ],
    ending: null,
  },
  {
    report: "Azure/AKS#4400",
    what: "a spot machine is stopped, and its pod terminates for ever",
    looks: [
      { pod: podOf({ main: runs() }), seconds: 60 },
      { pod: podOf({ main: runs(), metadata: deleted }), node: "Unknown", seconds: hour },
    ],
    ending: { kind: "failed", failure: { kind: "node-lost" }, started: true },
  },
  {
    report: "hashicorp/vault-k8s#206",
    what: "an injected agent waits for its secret for an hour",
    looks: [
      {
        pod: podOf({
          inits: { "vault-agent-init": runs() },
          main: waits("PodInitializing"),
          status: { phase: "Pending" },
        }),
        seconds: hour,
      },
    ],
    ending: null,
  },
  {
    report: "buildkite/agent-stack-k8s#862",
    what: "a sidecar is killed after its grace, while the command had ended well",
    looks: [
      { pod: podOf({ inits: { mesh: sidecar(runs()) }, main: runs() }), seconds: 60 },
      { pod: podOf({ inits: { mesh: sidecar(runs()) }, main: over(0) }), seconds: 1 },
      {
        pod: podOf({
          inits: { mesh: sidecar(over(137)) },
          main: over(0),
          status: { phase: "Succeeded" },
        }),
      },
    ],
    ending: { kind: "exited", exitCode: 0 },
  },
  {
    report: "kubernetes/kubernetes#121828",
    what: "a Job is gone, and its finished pod waits for a finalizer",
    looks: [
      { pod: podOf({ main: runs() }), seconds: 60 },
      {
        pod: podOf({
          main: over(0),
          metadata: { ...deleted, finalizers: ["batch.kubernetes.io/job-tracking"] },
          status: { phase: "Succeeded" },
        }),
        job: null,
        seconds: 60,
        killed: false,
      },
    ],
    ending: { kind: "exited", exitCode: 0 },
  },
  {
    report: "kubernetes/cloud-provider-gcp#416",
    what: "a cloud's controller removes a pod of a machine that is gone",
    looks: [
      { pod: podOf({ main: runs() }), seconds: 60 },
      {
        pod: podOf({
          main: runs(),
          metadata: { ...deleted, deletionGracePeriodSeconds: 0 },
          conditions: [
            { ...evicted, reason: "DeletionByGCPControllerManager", message: "node no longer exists" },
          ],
        }),
        node: "gone",
        seconds: 2,
      },
      { pod: null, node: "gone", seconds: 60 },
    ],
    ending: { kind: "failed", failure: { kind: "node-lost" }, started: true },
  },
];

test.each(cases)("$what ($report)", ({ looks, ending }) => {
  expect(judge(looks)).toMatchObject({ ending });
});

describe("runs", () => {
  test(
    "a failed command beside a proxy that never ends frees its slot (defenseunicorns/uds-core#687)",
    { timeout },
    async () => {
      const world = await open();
      const runner = world.runner();
      const podTemplate = {
        spec: {
          containers: [
            { name: "istio-proxy", image: "lab/base:1", command: shell("while :; do sleep 0.2; done") },
          ],
        },
      };
      const spec = specOf(world, { graceSeconds: 1, podTemplate, command: shell("echo no; exit 1") });
      const first = await execute(runner, spec);
      expect(first).toMatchObject({ output: "no\n", exit: { kind: "exited", exitCode: 1 } });
      await first.run.cleanUp({ keepJobSeconds: 60 });
      const again = { ...spec, runId: "second", command: shell("echo yes") };
      const second = await runner.start(again, { waitSeconds: 30 });
      expect((await drain(runOf(second))).output).toBe("yes\n");
    },
  );

  test("a follow that returns at once with what there is, from the first line (virtual-kubelet/virtual-kubelet#1253)", async () => {
    const numbered = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const node = { lines: numbered, ignoresFollow: true, ignoresSince: true, ignoresTail: true };
    expect(await follow({ ...node, lastNewline: false })).toMatchObject({
      output: numbered.join("\n"),
      completion: { complete: true, gaps: [] },
    });
  });

  test("a stop while no pod may be made (istio/istio#52245)", { timeout }, async () => {
    const refusal =
      "spec.initContainers[1].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always";
    const world = await open({ admission: { webhook: ({ kind }) => (kind === "Pod" ? refusal : null) } });
    const refused = Promise.withResolvers<void>();
    const onEvent = ({ type }: RunEvent): void => {
      if (type === "job-released") refused.resolve();
    };
    const run = runOf(await world.runner().start(specOf(world), { onEvent }));
    const ended = drain(run);
    await refused.promise;
    await run.stop({ reason: "not any more" });
    expect((await ended).exit).toMatchObject({ kind: "stopped", started: false });
    expect((await world.request("GET", jobsOf(world))).body.items).toEqual([]);
  });

  test(
    "our clock is ten minutes ahead, and there is room for the pod after a moment (kubernetes/client-go#448)",
    { timeout },
    async () => {
      const world = await open();
      world.local?.scheduler.pause();
      const clock = createSkewedClock(10 * 60_000);
      const spec = specOf(world, { budgets: { schedulingSeconds: 30 } });
      const waiting = Promise.withResolvers<void>();
      const onEvent = ({ type }: RunEvent): void => {
        if (type === "pod-created") waiting.resolve();
      };
      const run = runOf(await world.runner({ clock }).start(spec, { onEvent }));
      const ended = drain(run);
      await waiting.promise;
      world.local?.scheduler.resume();
      expect(await ended).toMatchObject({ output: "hello\n", exit: { kind: "exited", exitCode: 0 } });
    },
  );
});

describe("deleted by a stranger", () => {
  test(
    "the Job alone, with its pod left behind: the run goes on (kubernetes/kubernetes#123704)",
    { timeout },
    async () => {
      const world = await open();
      const run = runOf(await world.runner().start(specOf(world, { command: shell(counting(30, 0.1)) })));
      let done = false;
      const ended = await drain(run, () => {
        if (done) return;
        done = true;
        void world.request("DELETE", `${jobsOf(world)}/${run.ref.jobName}`, { propagationPolicy: "Orphan" });
      });
      expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
      expect(ended.output).toBe(lines(30));
      expect((await world.request("GET", podsOf(world))).body.items).toHaveLength(1);
      await ended.run.cleanUp({ keepJobSeconds: 60 });
      expect((await world.request("GET", podsOf(world))).body.items).toEqual([]);
    },
  );

  test("the Job alone, and its pod left behind is stopped all the same", { timeout }, async () => {
    const world = await open();
    const command = shell("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.1; done");
    const run = runOf(await world.runner().start(specOf(world, { command })));
    const ended = await drain(run, (text) => {
      if (!text.includes("up")) return;
      void world
        .request("DELETE", `${jobsOf(world)}/${run.ref.jobName}`, { propagationPolicy: "Orphan" })
        .then(() => run.stop({ reason: "enough" }));
    });
    expect(ended.exit).toMatchObject({ kind: "stopped", reason: "enough", exitCode: 3 });
    expect(ended.output).toBe("up\nbye\n");
    expect(world.local?.inspect().processes).toEqual([]);
  });

  test("the pod by force and at once (kubernetes/kubernetes#68829)", { timeout }, async () => {
    const world = await open();
    const run = runOf(await world.runner().start(specOf(world, { command: shell("echo up; sleep 600") })));
    const ended = await drain(run, () => {
      void (async () => {
        const { body } = await world.request("GET", podsOf(world));
        const path = `${podsOf(world)}/${body.items[0].metadata.name}`;
        await world.request("DELETE", path, { gracePeriodSeconds: 0, propagationPolicy: "Background" });
      })();
    });
    expect(failureOf(ended.exit)).toMatchObject({ kind: "deleted-externally" });
    expect(ended.exit).toMatchObject({ started: true });
    expect(ended.output).toBe("up\n");
  });

  test(
    "by Karpenter, which says so in an event and leaves no condition (kubernetes-sigs/karpenter#3218)",
    { timeout },
    async () => {
      const world = await open();
      const run = runOf(await world.runner().start(specOf(world, { command: shell("echo up; sleep 600") })));
      const ended = await drain(run, () => {
        void (async () => {
          const [pod] = (await world.request("GET", podsOf(world))).body.items;
          const { name, namespace, uid } = pod.metadata;
          await world.request("POST", `/api/v1/namespaces/${namespace}/events`, {
            metadata: { name: "evicted.1", namespace },
            involvedObject: { kind: "Pod", name, namespace, uid },
            reason: "Evicted",
            message: "Evicted pod: Forceful Termination",
            type: "Normal",
            source: { component: "karpenter" },
            firstTimestamp: pod.metadata.creationTimestamp,
            lastTimestamp: pod.metadata.creationTimestamp,
            count: 1,
          });
          await world.request("DELETE", `${podsOf(world)}/${name}`, { gracePeriodSeconds: 1 });
        })();
      });
      expect(failureOf(ended.exit)).toEqual({
        kind: "drained",
        node: "node-1",
        message: "Evicted pod: Forceful Termination",
      });
    },
  );

  test("with its whole namespace (kubernetes/kubernetes#83053)", { timeout }, async () => {
    const world = await open();
    const run = runOf(await world.runner().start(specOf(world, { command: shell("echo up; sleep 600") })));
    const ended = await drain(run, () => {
      void world.request("DELETE", `/api/v1/namespaces/${world.namespace}`);
    });
    expect(failureOf(ended.exit)).toMatchObject({ kind: "deleted-externally" });
    expect(ended.output).toBe("up\n");
  });
});

describe("kubeconfigs", () => {
  test("of a token and a file with one the file counts (kubernetes/kubernetes#29696)", async () => {
    const { local, write } = await files();
    const tokenFile = await write("token", local.token);
    const path = await write("config", {
      clusters: [{ name: "k", cluster: clusterOf(local) }],
      contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
      users: [{ name: "u", user: { token: "of-yesterday", tokenFile } }],
      "current-context": "c",
    });
    expect(await answerOf({ path })).toBe("ok");
  });

  test("a first file that only names the context (fabric8io/kubernetes-client#6240)", async () => {
    const { local, write } = await files();
    const first = await write("first", {
      apiVersion: "v1",
      kind: "Config",
      clusters: null,
      contexts: null,
      "current-context": "c",
      preferences: {},
      users: null,
    });
    const second = await write("second", {
      clusters: [{ name: "k", cluster: clusterOf(local) }],
      contexts: [{ name: "c", context: { cluster: "k", user: "u", namespace: "default" } }],
      users: [{ name: "u", user: { token: local.token } }],
    });
    vi.stubEnv("KUBECONFIG", [first, second].join(delimiter));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await answerOf()).toBe("ok");
  });

  test("two files with a cluster of one name are not mixed (kubernetes/kubectl#1054)", async () => {
    const { local, write } = await files();
    const first = await write("first", {
      clusters: [{ name: "k", cluster: { server: local.url } }],
      "current-context": "c",
    });
    const second = await write("second", {
      clusters: [{ name: "k", cluster: { ...clusterOf(local), server: "https://127.0.0.1:1" } }],
      contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
      users: [{ name: "u", user: { token: local.token } }],
    });
    vi.stubEnv("KUBECONFIG", [first, second].join(delimiter));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await answerOf()).toMatch(/certificate/i);
  });
});

test("a server that is not verified, and no authority (kubernetes-client/javascript#7)", async () => {
  const { local, write } = await files();
  const path = await write("config", {
    clusters: [{ name: "k", cluster: { server: local.url, "insecure-skip-tls-verify": true } }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    users: [{ name: "u", user: { token: local.token } }],
    "current-context": "c",
  });
  expect(await answerOf({ path })).toBe("ok");
});

test("another user with groups, uid and more (ManageIQ/kubeclient#524)", async () => {
  const { write } = await files();
  const asked = Promise.withResolvers<readonly string[]>();
  const server = createServer((request, answer) => {
    asked.resolve(request.rawHeaders);
    answer.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const path = await write("config", {
    clusters: [
      { name: "k", cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } },
    ],
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    users: [
      {
        name: "u",
        user: {
          as: "jane",
          "as-uid": "7",
          "as-groups": ["dev", "ops"],
          "as-user-extra": { "example.com/reason": ["look"] },
        },
      },
    ],
    "current-context": "c",
  });
  await answerOf({ path });
  const headers = await asked.promise;
  const valuesOf = (name: string): string[] =>
    headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === name);
  expect(valuesOf("impersonate-user")).toEqual(["jane"]);
  expect(valuesOf("impersonate-uid")).toEqual(["7"]);
  expect(valuesOf("impersonate-group")).toEqual(["dev", "ops"]);
  expect(valuesOf("impersonate-extra-example.com%2freason")).toEqual(["look"]);
});

interface Files {
  readonly local: Awaited<ReturnType<typeof startLocalCluster>>;
  readonly write: (name: string, content: object | string) => Promise<string>;
}

async function files(): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "kubeconfigs-"));
  const local = await startLocalCluster();
  onTestFinished(async () => {
    await local.close();
    await rm(folder, { recursive: true });
  });
  return {
    local,
    async write(name, content) {
      const path = join(folder, name);
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
  };
}

function clusterOf(local: Files["local"]): object {
  const authority = Buffer.from(local.certificateAuthority).toString("base64");
  return { server: local.url, "certificate-authority-data": authority };
}

async function answerOf(kubeconfig?: { readonly path: string }): Promise<string> {
  const cluster = await connect(kubeconfig === undefined ? {} : { kubeconfig });
  onTestFinished(() => cluster.close());
  const answer = await cluster.get("namespaces", null, "default");
  return answer.kind === "ok" ? "ok" : answer.error.message;
}
