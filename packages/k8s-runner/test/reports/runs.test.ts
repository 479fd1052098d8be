/** What public reports say of clusters, played on the local one, and what a run must make of it; each with where it is reported. */

import type { Fault, FaultProxy, RequestMatch } from "@claude-k8s/local-cluster";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Cluster, Run, RunEvent, RunStart } from "../../src/index.ts";
import { createHurriedClock } from "../clock.ts";
import { jobsOf, open, podsOf } from "./local-world.ts";
import { proxied } from "../proxied.ts";
import { makeFolder } from "../supervisor.ts";
import { counting, drain, execute, lines, runOf, shell, specOf } from "../world.ts";
import type { World } from "../world.ts";

const timeout = 90_000;
type Kind = NonNullable<RequestMatch["kind"]>;

function everything(proxy: FaultProxy, kinds: readonly Kind[], fault: Fault, times: number): void {
  for (const kind of kinds) proxy.inject({ when: { kind }, fault, times });
}

async function countOf(world: World, path: string): Promise<number> {
  return (await world.request("GET", path)).body.items.length;
}
const secretsOf = ({ namespace }: World): string => `/api/v1/namespaces/${namespace}/secrets`;

describe("what cannot be read is not dead", () => {
  test("etcd changes its leader while the command ends (tektoncd/pipeline#4116)", { timeout }, async () => {
    const world = await open();
    const { proxy, cluster } = await proxied(world);
    const run = runOf(
      await world
        .runner({ cluster })
        .start(specOf(world, { command: shell(`${counting(20, 0.1)}; exit 4`) })),
    );
    everything(
      proxy,
      ["get jobs", "list pods", "get pods", "log-read"],
      { kind: "status", code: 500, message: "etcdserver: leader changed" },
      5,
    );
    const ended = await drain(run);
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 4,
      evidence: { logComplete: true, gaps: [] },
    });
    expect(ended.output).toBe(lines(20));
  });

  test("no way to the node for a while (k0sproject/k0s#5503)", { timeout }, async () => {
    const world = await open();
    const { proxy, cluster } = await proxied(world);
    const run = runOf(
      await world.runner({ cluster }).start(specOf(world, { command: shell(counting(40, 0.1)) })),
    );
    everything(proxy, ["log-follow"], { kind: "cut", afterMilliseconds: 500, ending: "clean" }, 1);
    proxy.inject({
      when: { kind: "log-follow" },
      skip: 1,
      times: 4,
      fault: { kind: "status", code: 500, message: "error trying to reach service: No agent available" },
    });
    everything(
      proxy,
      ["log-read"],
      { kind: "status", code: 500, message: "error trying to reach service: No agent available" },
      4,
    );
    const ended = await drain(run);
    expect(ended.output).toBe(lines(40));
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { logComplete: true, gaps: [] },
    });
  });

  test("too many requests, wherever it looks (apache/airflow#57152)", { timeout }, async () => {
    const world = await open();
    const { proxy, cluster } = await proxied(world);
    const run = runOf(
      await world.runner({ cluster }).start(specOf(world, { command: shell(counting(30, 0.1)) })),
    );
    await Promise.resolve();
    everything(
      proxy,
      [
        "get jobs",
        "list jobs",
        "watch jobs",
        "list pods",
        "watch pods",
        "get pods",
        "list events",
        "get nodes",
        "log-follow",
        "log-read",
      ],
      { kind: "status", code: 429, retryAfterSeconds: 1 },
      3,
    );
    proxy.disconnectAll();
    const ended = await drain(run);
    expect(ended.output).toBe(lines(30));
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 0,
      evidence: { logComplete: true, gaps: [] },
    });
  });
});

describe("clocks", () => {
  test(
    "our own clock is set forward in the middle of a run (kubernetes/kubernetes#65278, k3d-io/k3d#523)",
    { timeout },
    async () => {
      const world = await open();
      const spec = specOf(world, { deadlineSeconds: 60, command: shell("echo up; sleep 4; echo down") });
      const run = runOf(await world.runner().start(spec));
      onTestFinished(() => void vi.useRealTimers());
      const ended = await drain(run, (text) => {
        if (!text.includes("up")) return;
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 15 * 60_000 });
        // Something happens to its pod, so that it is looked at.
        void (async () => {
          const { body } = await world.request("GET", podsOf(world));
          const path = `${podsOf(world)}/${body.items[0].metadata.name}`;
          await world.request("PATCH", path, { metadata: { labels: { looked: "at" } } });
        })();
      });
      expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
      expect(ended.output).toBe("up\ndown\n");
    },
  );

  test(
    "two API servers whose clocks are minutes apart (ray-project/ray#63773, kubernetes/client-go#448)",
    { timeout },
    async () => {
      const world = await open();
      const spec = specOf(world, { command: shell("echo mine; sleep 6; echo still mine") });
      const run = runOf(await world.runner().start(spec));
      const ending = drain(run);
      const other = await world
        .runner({ cluster: ahead(world.cluster, 3 * 60_000) })
        .start({ ...spec, runId: "other" });
      expect(other).toMatchObject({ kind: "busy" });
      expect(await ending).toMatchObject({
        output: "mine\nstill mine\n",
        exit: { kind: "exited", exitCode: 0 },
      });
    },
  );

  test(
    "our own clock is set back, and a deadline comes all the same (coreos/coreos-overlay#721)",
    { timeout },
    async () => {
      const world = await open();
      const spec = specOf(world, {
        deadlineSeconds: 3,
        graceSeconds: 1,
        command: shell("echo up; sleep 60"),
      });
      const run = runOf(await world.runner().start(spec));
      onTestFinished(() => void vi.useRealTimers());
      const ended = await drain(run, () => {
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 60 * 60_000 });
      });
      expect(ended.exit).toMatchObject({ kind: "stopped", by: "deadline" });
    },
  );

  test(
    "the API server's clock is set back in the middle of a run (pendulum-project/ntpd-rs#957)",
    { timeout },
    async () => {
      const world = await open();
      const spec = specOf(world, { deadlineSeconds: 60, command: shell("echo up; sleep 9; echo down") });
      const run = runOf(await world.runner().start(spec));
      const ended = drain(run, (text) => {
        if (text.includes("up")) world.local?.apiServer.stepClock(-30 * 60_000);
      });
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(await world.runner().start({ ...spec, runId: "other" })).toMatchObject({ kind: "busy" });
      expect(await ended).toMatchObject({ output: "up\ndown\n", exit: { kind: "exited", exitCode: 0 } });
    },
  );
});

/** The same cluster by way of another API server, whose clock is ahead. */
function ahead(cluster: Cluster, milliseconds: number): Cluster {
  const later = (value: unknown): unknown => {
    const answer = value as { readonly serverTime?: number | null };
    return typeof answer.serverTime === "number"
      ? { ...answer, serverTime: answer.serverTime + milliseconds }
      : value;
  };
  return new Proxy(cluster, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const result = member.apply(target, given);
        return result instanceof Promise ? result.then(later) : result;
      };
    },
  });
}

describe("a stop during a start", () => {
  test("before the creation of the Job is answered (hail-is/hail#7350)", { timeout }, async () => {
    const world = await open();
    const { proxy, cluster } = await proxied(world);
    proxy.inject({ when: { kind: "create jobs" }, fault: { kind: "lost-reply", instead: "silence" } });
    const abort = new AbortController();
    const reason = new Error("not any more");
    const starting = world
      .runner({ cluster })
      .start(specOf(world, { stdin: "x", command: shell("cat") }), { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 500);
    await expect(starting).rejects.toBe(reason);
    expect(await countOf(world, jobsOf(world))).toBe(0);
    expect(await countOf(world, podsOf(world))).toBe(0);
  });

  test(
    "after the release went through unanswered, and the Job cannot be removed (elixir-cloud-aai/TESK#58)",
    { timeout },
    async () => {
      const world = await open();
      const { proxy, cluster } = await proxied(world);
      proxy.inject({ when: { kind: "patch jobs" }, fault: { kind: "lost-reply", instead: "silence" } });
      proxy.inject({ when: { kind: "delete jobs" }, times: 12, fault: { kind: "status", code: 500 } });
      const abort = new AbortController();
      const starting = world.runner({ cluster }).start(
        specOf(world, {
          command: shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done"),
        }),
        { signal: abort.signal },
      );
      setTimeout(() => abort.abort(new Error("not any more")), 3000);
      const start: RunStart = await starting;
      expect(start.kind).toBe("started");
      const ended = await drain(runOf(start));
      expect(ended.exit).toMatchObject({ kind: "stopped", started: true, exitCode: 0 });
      expect(ended.output).toBe("up\nbye\n");
      expect(world.local?.inspect().processes).toEqual([]);
    },
  );

  test("while no node has room (flyteorg/flyte#3832)", { timeout }, async () => {
    const world = await open();
    world.local?.scheduler.pause();
    const run = runOf(await world.runner().start(specOf(world)));
    const ended = drain(run);
    await run.stop({ reason: "not any more" });
    expect((await ended).exit).toMatchObject({ kind: "stopped", started: false });
    world.local?.scheduler.resume();
    expect(await countOf(world, podsOf(world))).toBe(0);
  });

  test("while its Secrets are made, unanswered (kestra-io/plugin-kubernetes#233)", { timeout }, async () => {
    const world = await open();
    const { proxy, cluster } = await proxied(world);
    proxy.inject({ when: { kind: "create secrets" }, fault: { kind: "lost-reply", instead: "silence" } });
    const abort = new AbortController();
    const reason = new Error("not any more");
    const starting = world
      .runner({ cluster })
      .start(specOf(world, { stdin: "x", command: shell("cat") }), { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 700);
    await expect(starting).rejects.toBe(reason);
    for (const path of [jobsOf(world), podsOf(world), secretsOf(world)])
      expect(await countOf(world, path)).toBe(0);
  });

  test("where a webhook lets nothing be deleted (kubernetes-client/go#33)", { timeout }, async () => {
    const world = await open();
    const { proxy, cluster } = await proxied(world);
    proxy.inject({ when: { kind: "create secrets" }, times: 3, fault: { kind: "status", code: 503 } });
    proxy.inject({
      when: { kind: "delete jobs" },
      times: 500,
      fault: { kind: "status", code: 403, message: 'admission webhook "no.example.com" denied the request' },
    });
    const abort = new AbortController();
    const starting = world
      .runner({ cluster })
      .start(specOf(world, { stdin: "x", command: shell("cat") }), { signal: abort.signal });
    setTimeout(() => abort.abort(new Error("not any more")), 300);
    const outcome = await starting.then(
      async (start) => (await drain(runOf(start))).exit,
      () => ({ kind: "stopped", started: false }),
    );
    expect(outcome).toMatchObject({ kind: "stopped", started: false });
    expect(await countOf(world, podsOf(world))).toBe(0);
  });

  test("while its image cannot be pulled (skypilot-org/skypilot#10729)", { timeout }, async () => {
    const world = await open({ images: () => ({ kind: "unreachable" }) });
    const run = runOf(await world.runner().start(specOf(world, { imagePullPolicy: "Always" })));
    const ended = drain(run);
    await run.stop({ reason: "not any more" });
    expect((await ended).exit).toMatchObject({ kind: "stopped", started: false });
    expect(await countOf(world, podsOf(world))).toBe(0);
  });

  test("while an init container works (star-whale/starwhale#2864)", { timeout }, async () => {
    const world = await open();
    const initContainers = [{ name: "prepare", image: "lab/base:1", command: shell("sleep 60") }];
    const works = Promise.withResolvers<void>();
    const onEvent = ({ type }: RunEvent): void => {
      if (type === "init-container-started") works.resolve();
    };
    const run = runOf(
      await world.runner().start(specOf(world, { initContainers, graceSeconds: 1 }), { onEvent }),
    );
    const ended = drain(run);
    await works.promise;
    await run.stop({ reason: "not any more" });
    expect((await ended).exit).toMatchObject({ kind: "stopped", started: false, evidence: { gaps: [] } });
    expect(world.local?.inspect().processes).toEqual([]);
  });

  test("while its queue has it (kubernetes-sigs/kueue, a suspended Job)", { timeout }, async () => {
    const world = await open();
    const run = runOf(await world.runner().start(specOf(world, { queueName: "some" })));
    const ended = drain(run);
    await run.stop({ reason: "not any more" });
    expect((await ended).exit).toMatchObject({ kind: "stopped", started: false });
    expect(await countOf(world, jobsOf(world))).toBe(0);
  });

  test("before its Lease is answered (harness/harness#2945)", { timeout }, async () => {
    const world = await open();
    const { proxy, cluster } = await proxied(world);
    proxy.inject({ when: { kind: "create leases" }, fault: { kind: "silence", beforeHeaders: true } });
    const abort = new AbortController();
    const reason = new Error("not any more");
    const starting = world.runner({ cluster }).start(specOf(world), { signal: abort.signal });
    setTimeout(() => abort.abort(reason), 500);
    await expect(starting).rejects.toBe(reason);
    expect(await countOf(world, jobsOf(world))).toBe(0);
  });
});

describe("a concluded run whose pod lives on", () => {
  const beside = (script: string) => ({
    podTemplate: { spec: { containers: [{ name: "shipper", image: "lab/base:1", command: shell(script) }] } },
  });

  test("frees its slot though a sidecar ignores every signal (SREGym/SREGym#814)", { timeout }, async () => {
    const world = await open();
    const runner = world.runner();
    const spec = specOf(world, { graceSeconds: 1, ...beside("trap '' TERM; while :; do sleep 0.2; done") });
    const first = await execute(runner, spec);
    expect(first.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await first.run.cleanUp({ keepJobSeconds: 60 });
    const second = await runner.start({ ...spec, runId: "second" }, { waitSeconds: 30 });
    expect(second.kind).toBe("started");
    expect((await drain(runOf(second))).output).toBe("hello\n");
  });

  test("whose process died before it was cleaned up (h3poteto/kube-job#47)", { timeout }, async () => {
    const world = await open();
    const dying = world.runner();
    const spec = specOf(world, { graceSeconds: 1, ...beside("while :; do sleep 0.2; done") });
    const first = await execute(dying, spec);
    await dying.close();
    const runner = world.runner();
    const again = await runner.start({ ...spec, runId: "second" }, { waitSeconds: 30 });
    expect(again.kind).toBe("adopted");
    const ended = await drain(runOf(again));
    expect(ended).toMatchObject({ output: first.output, exit: { kind: "exited", exitCode: 0 } });
    await ended.run.cleanUp({ keepJobSeconds: 0 });
    expect((await execute(runner, { ...spec, runId: "third" })).output).toBe("hello\n");
  });

  test("a shipper that ends by itself is left alone (apache/airflow#39694)", { timeout }, async () => {
    const world = await open();
    const spec = specOf(world, beside("trap 'exit 9' TERM; sleep 2; exit 0"));
    const { run, exit } = await execute(world.runner(), spec);
    expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await run.cleanUp({ keepJobSeconds: 600 });
    const { body } = await world.request("GET", `${jobsOf(world)}/${run.ref.jobName}`);
    expect(body.status.conditions.map(({ type }: { type: string }) => type)).toContain("Complete");
  });

  test(
    "a sidecar that fails after the command ended well (porter-dev/porter-charts#1709)",
    { timeout },
    async () => {
      const world = await open();
      const spec = specOf(world, beside("sleep 1; exit 143"));
      const { run, exit } = await execute(world.runner(), spec);
      expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
      const { body } = await untilFinished(world, run);
      expect(body.status.conditions.map(({ type }: { type: string }) => type)).toContain("Failed");
      const late = runOf(await world.runner().attach(run.ref, { observe: true }));
      expect((await drain(late)).exit).toMatchObject({ kind: "exited", exitCode: 0 });
    },
  );

  test(
    "a pod that something holds is told by name, and goes when it is let go (SlinkyProject/slurm-bridge#49)",
    { timeout },
    async () => {
      const world = await open();
      const clock = createHurriedClock();
      const { run } = await execute(world.runner({ clock }), specOf(world));
      const pod = `${podsOf(world)}/${run.exit === undefined ? "" : (await run.exit).evidence.pod?.name}`;
      const held = "scheduler.slinky.slurm.net/finalizer";
      const { body } = await world.request("GET", pod);
      await world.request("PATCH", pod, {
        metadata: { finalizers: [...(body.metadata.finalizers ?? []), held] },
      });
      clock.hurry(60);
      await expect(run.cleanUp({ keepJobSeconds: 0 })).rejects.toThrow(held);
      await world.request("PATCH", pod, { metadata: { finalizers: [] } });
      clock.hurry(1);
      await run.cleanUp({ keepJobSeconds: 0 });
      expect(await countOf(world, podsOf(world))).toBe(0);
    },
  );

  test(
    "a Job that its pod holds is no free slot, and says that it is going (kubernetes/kubernetes#108645)",
    { timeout },
    async () => {
      const world = await open();
      const clock = createHurriedClock();
      const spec = specOf(world);
      const { run } = await execute(world.runner({ clock }), spec);
      const pod = `${podsOf(world)}/${(await run.exit).evidence.pod?.name}`;
      await world.request("PATCH", pod, { metadata: { finalizers: ["example.com/hold"] } });
      clock.hurry(60);
      await expect(run.cleanUp({ keepJobSeconds: 0 })).rejects.toThrow("example.com/hold");
      const next = await world.runner().start({ ...spec, runId: "next" });
      expect(next).toMatchObject({ kind: "busy", holder: { terminating: true } });
      await world.request("PATCH", pod, { metadata: { finalizers: null } });
      expect((await world.runner().start({ ...spec, runId: "later" }, { waitSeconds: 30 })).kind).toBe(
        "started",
      );
    },
  );

  test(
    "two shippers, one of which fails while the command works (opencadc/science-platform#34)",
    { timeout },
    async () => {
      const world = await open();
      const container = (name: string, script: string) => ({
        name,
        image: "lab/base:1",
        command: shell(script),
      });
      const containers = [container("sssd", "while :; do sleep 0.2; done"), container("dies", "exit 2")];
      const spec = specOf(world, {
        graceSeconds: 1,
        command: shell("sleep 2; echo done"),
        podTemplate: { spec: { containers } },
      });
      const { run, exit, output } = await execute(world.runner(), spec);
      expect({ output, exit }).toMatchObject({ output: "done\n", exit: { kind: "exited", exitCode: 0 } });
      await run.cleanUp({ keepJobSeconds: 600 });
      const second = await world.runner().start({ ...spec, runId: "second" }, { waitSeconds: 30 });
      expect(second.kind).toBe("started");
    },
  );
});

async function untilFinished(world: World, run: Run): Promise<{ body: any }> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await world.request("GET", `${jobsOf(world)}/${run.ref.jobName}`);
    if (
      (answer.body.status?.conditions ?? []).some(
        ({ type }: { type: string }) => type === "Failed" || type === "Complete",
      )
    )
      return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the Job did not finish");
}

describe("what is told of the whole", () => {
  test(
    "a gap that a process before told is still one (kubernetes/kubernetes#64760)",
    { timeout },
    async () => {
      const world = await open();
      const spoolFolder = await makeFolder();
      const { proxy, cluster } = await proxied(world);
      const spec = specOf(world, {
        command: shell(`${counting(10, 0.1)}; sleep 2; echo middle; sleep 2; ${counting(5, 0.4)}; sleep 3`),
      });
      const first = world.runner({ cluster, spoolFolder });
      const run = runOf(await first.start(spec));
      const pod = { namespace: world.namespace, name: "" };
      const gap = (async () => {
        for await (const event of run.events) if (event.type === "gap") return;
      })();
      const reading = (async () => {
        for await (const chunk of run.output)
          if (Buffer.from(chunk).includes("line 10\n")) {
            const outage = await proxy.outage();
            pod.name = (await world.request("GET", podsOf(world))).body.items[0].metadata.name;
            await new Promise((resolve) => setTimeout(resolve, 3000));
            await world.local?.kubelet.rotateLogs(pod);
            await outage.end();
          }
      })().catch(() => undefined);
      await gap;
      await first.close();
      await reading;
      const late = await drain(runOf(await world.runner({ spoolFolder }).attach(run.ref)));
      expect(late.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { logComplete: false } });
      expect(late.exit.evidence.gaps.length).toBeGreaterThan(0);
    },
  );

  test(
    "line ends of Windows come as the runtime writes them (podman-container-tools/podman#7942)",
    { timeout },
    async () => {
      const world = await open();
      const { output, exit } = await execute(
        world.runner(),
        specOf(world, { command: shell(String.raw`printf 'one\r\ntwo\rthree\r\n'`) }),
      );
      expect(output).toBe("one\ntwo\rthree\n");
      expect(exit).toMatchObject({ kind: "exited", evidence: { logComplete: true, gaps: [] } });
    },
  );
});
