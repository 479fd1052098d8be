import { startFaultProxy } from "@claude-k8s/local-cluster";
import { expect, test } from "vitest";
import type { ApiAnswer, Cluster, RunEvent } from "../src/index.ts";
import { systemClock } from "../src/clock.ts";
import { connect, createRunner } from "../src/index.ts";
import { describeWorlds, drain, execute, runOf, shell, specOf } from "./world.ts";

describeWorlds("single flight", (world) => {
  test.concurrent("of many starts on one slot, one runs and the others are told who", async () => {
    const runners = [world().runner(), world().runner(), world().runner()];
    const spec = specOf(world(), { command: shell("echo up; sleep 3") });
    const starts = await Promise.all(
      Array.from({ length: 12 }, (_, index) => runners[index % 3]!.start({ ...spec, runId: `r-${index}` })),
    );
    const started = starts.filter(({ kind }) => kind === "started");
    const busy = starts.filter((start) => start.kind === "busy");
    expect(started).toHaveLength(1);
    expect(starts.filter(({ kind }) => kind !== "started" && kind !== "busy")).toEqual([]);
    const run = runOf(started[0]!);
    for (const { holder } of busy)
      expect(holder).toMatchObject({ jobUid: run.ref.jobUid, runId: run.ref.runId, supervised: true });
    expect((await drain(run)).exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });
  test.concurrent("a run that waits gets the slot, and the finished Job makes room", async () => {
    const runner = world().runner();
    const spec = specOf(world(), { command: shell("echo first; sleep 2") });
    const first = runOf(await runner.start(spec));
    const firstEnded = drain(first).then(async (ended) => {
      await first.cleanUp();
      return ended;
    });
    const waits: number[] = [];
    const second = await runner.start(
      { ...spec, runId: "second", command: shell("echo second") },
      { waitSeconds: 60, onWait: (_, waitedSeconds) => waits.push(waitedSeconds) },
    );
    expect((await firstEnded).output).toBe("first\n");
    const ended = await drain(runOf(second));
    expect(ended.output).toBe("second\n");
    expect(ended.run.ref.jobUid).not.toBe(first.ref.jobUid);
    expect(waits.length).toBeGreaterThan(0);
  });
  test.concurrent("an orphan on a shared slot is taken over only by the work that it belongs to", async () => {
    const dying = world().runner();
    const labels = { "example.com/task": "one" };
    const spec = specOf(world(), { labels, command: shell("echo up; sleep 4; echo done") });
    const first = runOf(await dying.start(spec));
    await first.detach();
    const runner = world().runner();
    const other = await runner.start({
      ...spec,
      runId: "other",
      adoptOnlyWith: { "example.com/task": "other" },
    });
    expect(other).toMatchObject({ kind: "busy", holder: { jobUid: first.ref.jobUid, supervised: false } });
    const own = await runner.start({
      ...spec,
      runId: "own",
      labels: { ...labels, "example.com/run": "own" },
      adoptOnlyWith: labels,
      adoptionAnnotations: { "example.com/after": "own" },
    });
    expect(own).toMatchObject({ kind: "adopted", previous: { runId: spec.runId, labels } });
    const job = await world().cluster.get("jobs", spec.namespace, first.ref.jobName);
    expect(job).toMatchObject({
      value: {
        metadata: {
          labels: { ...labels, "example.com/run": "own" },
          annotations: { "example.com/after": "own" },
        },
      },
    });
    expect((await drain(runOf(own))).output).toBe("up\ndone\n");
  });
  test.concurrent("a lost reply to the creation is no second Job", async () => {
    const spec = specOf(world());
    const cluster = losingFirst(world().cluster, "create", "jobs");
    const ended = await execute(world().runner({ cluster }), spec);
    expect(ended.output).toBe("hello\n");
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });
  test.concurrent("lost replies to every first request change nothing", async () => {
    const spec = specOf(world(), { stdin: "in\n", command: shell("cat") });
    let cluster = world().cluster;
    for (const [verb, resource] of [
      ["create", "jobs"],
      ["create", "secrets"],
      ["patch", "jobs"],
      ["create", "leases"],
      ["get", "jobs"],
      ["list", "pods"],
      ["get", "pods"],
    ] as const)
      cluster = losingFirst(cluster, verb, resource);
    const ended = await execute(world().runner({ cluster }), spec);
    expect(ended.output).toBe("in\n");
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { logComplete: true } });
  });
  test.concurrent("the run of a process that died is adopted, once, with its whole output", async () => {
    const own = await connect({ kubeconfig: world().kubeconfig });
    // Never closed: it is dead.
    const dying = createRunner({ cluster: deafAfter(own), leaseSeconds: 5 });
    const spec = specOf(world(), {
      command: shell("for i in $(seq 1 30); do echo line $i; sleep 0.5; done"),
    });
    const first = runOf(await dying.start(spec));
    for await (const chunk of first.output) if (Buffer.from(chunk).includes("line 4")) break;
    die(own);
    const others = [world().runner(), world().runner()];
    const starts = await Promise.all(
      others.map((runner, index) =>
        runner.start({ ...spec, runId: `adopter-${index}` }, { waitSeconds: 30 }),
      ),
    );
    const adopted = starts.filter(({ kind }) => kind === "adopted");
    expect(starts.map(({ kind }) => kind).toSorted()).toEqual(expect.arrayContaining(["adopted"]));
    expect(adopted).toHaveLength(1);
    const run = runOf(adopted[0]!);
    expect(run.ref.jobUid).toBe(first.ref.jobUid);
    const ended = await drain(run);
    expect(ended.output).toBe(Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join(""));
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(ended.events.map(({ type }) => type)).toContain("job-adopted");
    await run.cleanUp();
    const other = starts.find(({ kind }) => kind !== "adopted");
    if (other?.kind === "started") await drain(other.run);
  });
  test.concurrent("attach observes a run without touching it", async () => {
    const spec = specOf(world(), { command: shell("echo a; sleep 2; echo b") });
    const run = runOf(await world().runner().start(spec));
    const other = world().runner();
    expect(await other.attach({ namespace: world().namespace, slot: spec.slot })).toMatchObject({
      kind: "busy",
    });
    const observed = runOf(await other.attach(run.ref, { observe: true }));
    const [ended, seen] = await Promise.all([drain(run), drain(observed)]);
    expect(seen.output).toBe("a\nb\n");
    expect(seen.exit.kind).toBe("exited");
    expect(ended.exit.kind).toBe("exited");
  });
  test.concurrent("attach with a cursor goes on behind it, in another runner", async () => {
    const spec = specOf(world(), {
      command: shell("for i in $(seq 1 12); do echo line $i; sleep 0.5; done"),
    });
    const first = world().runner();
    const run = runOf(await first.start(spec));
    let head = "";
    for await (const chunk of run.output) {
      head += Buffer.from(chunk).toString();
      if (head.includes("line 4\n")) break;
    }
    const cursor = JSON.parse(JSON.stringify(run.cursor()));
    await first.close();
    await expect(run.exit).rejects.toMatchObject({ name: "RunnerClosedError" });
    const rest = await drain(runOf(await world().runner().attach(run.ref, { cursor })));
    expect(head + rest.output).toBe(Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`).join(""));
    expect(rest.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });
  test.concurrent("attach through a replica that has not seen the Job yet", async () => {
    const spec = specOf(world(), { command: shell("echo hello; sleep 2") });
    const { ref } = runOf(await world().runner().start(spec));
    const proxy = await startFaultProxy({ target: world().kubeconfig });
    const behind = await connect({ kubeconfig: proxy.kubeconfig });
    world().onClose(async () => {
      await behind.close();
      await proxy.close();
    });
    const twice = proxy.inject({
      when: { kind: "get jobs" },
      fault: { kind: "status", code: 404 },
      times: 2,
    });
    const observed = runOf(await world().runner({ cluster: behind }).attach(ref, { observe: true }));
    expect(twice.remaining).toBe(0);
    expect(await drain(observed)).toMatchObject({ output: "hello\n" });
  });

  test.concurrent("a finished run is not thrown away because its supervisor's Lease cannot be read", async ({
    expect: expectHere,
  }) => {
    const first = world().runner();
    const spec = specOf(world());
    const run = runOf(await first.start(spec));
    await run.exit;
    await first.close();
    const proxy = await startFaultProxy({ target: world().kubeconfig });
    const cluster = await connect({ kubeconfig: proxy.kubeconfig });
    world().onClose(async () => {
      await cluster.close();
      await proxy.close();
    });
    // Long after a live supervisor would have had to clean up.
    const clock = { ...systemClock, now: () => Date.now() + 600_000 };
    const second = world().runner({ cluster, clock });
    const blind = proxy.inject({
      when: { kind: "get leases" },
      fault: { kind: "status", code: 500 },
      times: Infinity,
    });
    await expectHere.poll(() => second.start(spec), { timeout: 20_000 }).toMatchObject({ kind: "busy" });
    blind.remove();
    const start = await second.start(spec);
    expect(start).toMatchObject({ kind: "adopted", run: { ref: { jobUid: run.ref.jobUid } } });
    expect(await drain(runOf(start))).toMatchObject({ output: "hello\n" });
  });

  test.concurrent("attach to what is not there", async () => {
    const start = await world().runner().attach({ namespace: world().namespace, slot: "none" });
    expect(start).toMatchObject({ kind: "refused", failure: { kind: "reattach-failed" } });
  });
  test.concurrent("an abort while it waits rejects with its reason and leaves the holder alone", async () => {
    const runner = world().runner();
    const spec = specOf(world(), { command: shell("sleep 3") });
    const run = runOf(await runner.start(spec));
    const controller = new AbortController();
    const reason = new Error("enough");
    const waiting = runner.start(
      { ...spec, runId: "other" },
      { waitSeconds: 60, signal: controller.signal, onWait: () => controller.abort(reason) },
    );
    await expect(waiting).rejects.toBe(reason);
    expect((await drain(run)).exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });
  test.concurrent("an abort before the release removes the Job", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const spec = specOf(world());
    const onEvent = ({ type }: RunEvent) => type === "job-created" && controller.abort(reason);
    await expect(world().runner().start(spec, { signal: controller.signal, onEvent })).rejects.toBe(reason);
    const listing = await world().runner().list({ namespace: world().namespace });
    expect(listing.filter(({ slot }) => slot === spec.slot)).toEqual([]);
  });
  test.concurrent("an abort while the claim is under way leaves no Job", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const spec = specOf(world());
    const cluster: Cluster = {
      ...world().cluster,
      async create(resource, ...rest) {
        const answer = await world().cluster.create(resource, ...rest);
        if (resource !== "jobs") return answer;
        controller.abort(reason);
        throw reason;
      },
    };
    await expect(world().runner({ cluster }).start(spec, { signal: controller.signal })).rejects.toBe(reason);
    const listing = await world().runner().list({ namespace: world().namespace });
    expect(listing.filter(({ slot }) => slot === spec.slot)).toEqual([]);
  });
  test.concurrent("without any watch a run is read to its end all the same", async () => {
    const error = { httpStatus: 403, reason: null, message: "injected", causes: [], retryAfterSeconds: null };
    const cluster: Cluster = {
      ...world().cluster,
      watch: async () => ({ kind: "error", error: { ...error, kind: "forbidden" } }),
    };
    const ended = await execute(world().runner({ cluster }), specOf(world()));
    expect(ended.output).toBe("hello\n");
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
  });
  test.concurrent("a credential plugin that is not there is told at once", async () => {
    const exec =
      "exec: {apiVersion: client.authentication.k8s.io/v1, command: /no/such/plugin, interactiveMode: Never}";
    const cluster = await connect({ kubeconfig: kubeconfigWith(world().cluster.server, exec) });
    const start = await world().runner({ cluster }).start(specOf(world()));
    expect(start).toMatchObject({
      kind: "refused",
      failure: { kind: "kubeconfig-invalid", message: expect.stringContaining("/no/such/plugin") },
    });
    await cluster.close();
  });
  test.concurrent("cleanUp removes the Secrets at once and the Job when told", async () => {
    const spec = specOf(world(), { stdin: "x", command: shell("cat") });
    const ended = await execute(world().runner(), spec);
    await ended.run.cleanUp({ keepJobSeconds: 0 });
    const { body } = await world().request("GET", `/api/v1/namespaces/${world().namespace}/secrets`);
    const names = body.items.map((secret: { metadata: { name: string } }) => secret.metadata.name);
    expect(names.filter((name: string) => name.startsWith(ended.run.ref.jobName))).toEqual([]);
    const job = await world().request(
      "GET",
      `/apis/batch/v1/namespaces/${world().namespace}/jobs/${ended.run.ref.jobName}`,
    );
    expect(job.status).toBe(404);
  });
  test.concurrent("a namespace that does not exist", async () => {
    const start = await world()
      .runner()
      .start(specOf(world(), { namespace: "absent-namespace" }));
    expect(start).toMatchObject({
      kind: "refused",
      failure: { kind: "namespace-missing", namespace: "absent-namespace" },
    });
  });
  test.concurrent("an API server that does not answer", async () => {
    const cluster = await connect({
      kubeconfig: world().kubeconfig.replace(/server: [^,}\n]*/, "server: https://127.0.0.1:9"),
    });
    const start = await world().runner({ cluster }).start(specOf(world()));
    expect(start).toMatchObject({
      kind: "refused",
      failure: { kind: "api-unreachable", message: expect.stringContaining("ECONNREFUSED") },
    });
    await cluster.close();
  });
  test.concurrent("a Job that the API refuses", async () => {
    const start = await world()
      .runner()
      .start(specOf(world(), { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }));
    expect(start).toMatchObject({ kind: "refused", failure: { kind: "create-rejected", httpStatus: 422 } });
  });
  test.concurrent("failing reads of Job and pod are only a wait", async () => {
    let failures = 0;
    const cluster: Cluster = {
      ...world().cluster,
      get: async (resource, ...rest) => {
        failures += 1;
        return failures % 4 === 0 ? world().cluster.get(resource, ...rest) : failing(failures);
      },
    };
    const ended = await execute(world().runner({ cluster }), specOf(world()));
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0, evidence: { logComplete: true } });
    expect(failures).toBeGreaterThan(1);
  });
});

function kubeconfigWith(server: string, user: string): string {
  return [
    "apiVersion: v1",
    "kind: Config",
    "current-context: c",
    `clusters: [{name: c, cluster: {server: "${server}", insecure-skip-tls-verify: true}}]`,
    `users: [{name: u, user: {${user}}}]`,
    "contexts: [{name: c, context: {cluster: c, user: u}}]",
    "",
  ].join("\n");
}

function failing<T>(count: number): ApiAnswer<T> {
  const kind = count % 3 === 0 ? "forbidden" : count % 3 === 1 ? "unavailable" : "unauthorized";
  return {
    kind: "error",
    error: { kind, httpStatus: 500, reason: null, message: "injected", causes: [], retryAfterSeconds: null },
  };
}

type Verb = "create" | "patch" | "get" | "list";

/** The first request is carried out, and its answer is lost. */
function losingFirst(cluster: Cluster, verb: Verb, resource: string): Cluster {
  let lost = false;
  const method = cluster[verb] as (...parameters: any[]) => Promise<ApiAnswer<any>>;
  return {
    ...cluster,
    [verb]: async (...parameters: unknown[]) => {
      const answer = await method(...parameters);
      if (lost || parameters[0] !== resource) return answer;
      lost = true;
      return {
        kind: "error",
        error: {
          kind: "unavailable",
          httpStatus: null,
          reason: "ECONNRESET",
          message: "lost",
          causes: [],
          retryAfterSeconds: null,
        },
      };
    },
  };
}

const dead = new WeakSet<Cluster>();

function die(cluster: Cluster): void {
  dead.add(cluster);
}

/** After `die`, nothing that it asks is ever answered: as if its process were gone. */
function deafAfter(cluster: Cluster): Cluster {
  const unanswered = async () => new Promise<never>(() => undefined);
  return new Proxy(cluster, {
    get(target, name: keyof Cluster) {
      const member = target[name];
      if (typeof member !== "function") return member;
      const method = member as (...parameters: unknown[]) => Promise<unknown>;
      return (...parameters: unknown[]) => (dead.has(cluster) ? unanswered() : method(...parameters));
    },
  });
}
