import { expect, test } from "vitest";
import type { Cluster } from "../src/index.ts";
import { describeWorlds, drain, execute, failureOf, runOf, shell, specOf } from "./world.ts";
import type { World } from "./world.ts";

describeWorlds("endings", (world) => {
  test.concurrent("every byte and the exit code come out", async () => {
    const prompt = `${"$(HOME) $$ 'quotes' \"double\" \\ ünïcödé 🙂\n".repeat(7000)}end without newline`;
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        command: [
          ...shell('cat; printf "%s|%s|%s" "$1" "$SECRET" "$PLAIN"; cat /data/x/file.bin; exit 3'),
          "sh",
          "$(HOME)$$",
        ],
        stdin: prompt,
        env: { PLAIN: "$(SECRET)$$" },
        secretEnv: { SECRET: "a$$b" },
        files: [{ path: "/data/x/file.bin", content: new Uint8Array([0, 255, 10, 13, 9, 10]) }],
      }),
    );
    const tail = Buffer.concat([
      Buffer.from("$(HOME)$$|a$$b|$(SECRET)$$"),
      Buffer.from([0, 255, 10, 13, 9, 10]),
    ]);
    expect(ended.bytes.equals(Buffer.concat([Buffer.from(prompt), tail]))).toBe(true);
    expect(ended.exit).toMatchObject({
      kind: "exited",
      exitCode: 3,
      signal: null,
      evidence: { logComplete: true, gaps: [] },
    });
  });
  test.concurrent("a payload larger than a Secret arrives whole", async () => {
    const big = Buffer.alloc(2_700_000, "0123456789abcde\n");
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        command: shell("sha256sum; sha256sum < /data/big; ls -l /data/big | cut -c1-10"),
        stdin: big,
        files: [{ path: "/data/big", content: big, mode: 0o440 }],
      }),
    );
    const { createHash } = await import("node:crypto");
    const hash = createHash("sha256").update(big).digest("hex");
    expect(ended.output).toBe(`${hash}  -\n${hash}  -\n-r--r-----\n`);
  });
  test.concurrent("where the image must not be changed, there are folders to write to", async () => {
    // In the local cluster the image is this machine.
    const attempt = world().place === "real" ? "touch /etc/mine 2>/dev/null || echo refused" : "echo refused";
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        command: shell(`cat; cd /work/cache && touch a /tmp/b && ls; ${attempt}`),
        stdin: "in\n",
        readOnlyRootFilesystem: true,
        writablePaths: ["/work/cache"],
      }),
    );
    expect(ended.output).toBe("in\na\nrefused\n");
  });
  test.concurrent("a command that ends at once", async () => {
    const ended = await execute(world().runner(), specOf(world(), { command: shell("echo quick; exit 1") }));
    expect(ended.output).toBe("quick\n");
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 1 });
  });
  test.concurrent("out of memory", async () => {
    const { local, namespace } = world();
    // In large steps: one that creeps up to its limit makes the kernel swap its own program in and out for a minute.
    const hungry = [
      "node",
      "-e",
      "console.log('up');setTimeout(()=>{const a=[];for(;;)a.push(Buffer.alloc(64<<20,1))},200)",
    ];
    const start = await world()
      .runner()
      .start(
        specOf(world(), {
          // Local containers are plain processes without a limit: its kubelet is told to kill.
          command: local === null ? hungry : shell("echo up; sleep 100"),
          resources: { limits: { memory: "96Mi" } },
        }),
      );
    const run = runOf(start);
    const ended = await drain(run, () => {
      void podNames(world(), run.ref.jobName).then(([name = ""]) =>
        local?.kubelet.oomKill({ namespace, name }),
      );
    });
    expect(ended.output).toBe("up\n");
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "out-of-memory",
      certain: true,
      memoryLimit: "96Mi",
      exitCode: 137,
    });
  });
  test.concurrent("killed by SIGKILL is perhaps out of memory", async () => {
    const ended = await execute(world().runner(), specOf(world(), { command: shell("kill -9 $$") }));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "out-of-memory", certain: false });
  });
  test.concurrent("killed by a signal of its own", async () => {
    const ended = await execute(world().runner(), specOf(world(), { command: shell("kill -SEGV $$") }));
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 139, signal: "SIGSEGV" });
  });
  test.concurrent("an image that is not on the node", async () => {
    const ended = await execute(world().runner(), specOf(world(), { image: "lab/none:1" }));
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "image-invalid",
      image: "lab/none:1",
      reason: "ErrImageNeverPull",
    });
    expect(ended.exit).toMatchObject({ started: false });
  });
  test.concurrent("an image name that is none", async () => {
    const ended = await execute(world().runner(), specOf(world(), { image: "lab/BAD::1" }));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "image-invalid", reason: "InvalidImageName" });
  });
  test.concurrent("a registry that does not answer, after its budget", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        image: "registry.invalid/none:1",
        imagePullPolicy: "Always",
        budgets: { imagePullSeconds: 4 },
      }),
    );
    expect(failureOf(ended.exit)).toMatchObject({ kind: "image-pull-failed", final: false });
  });
  test.concurrent("a missing Secret", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        secretEnvFrom: { KEY: { secretName: "absent", key: "k" } },
        budgets: { configSeconds: 2 },
      }),
    );
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "container-config-error",
      message: expect.stringContaining("absent"),
    });
  });
  test.concurrent("a missing Secret of a volume", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        volumes: [{ name: "v", secret: { secretName: "absent" } }],
        volumeMounts: [{ name: "v", mountPath: "/v" }],
        budgets: { configSeconds: 2, startSeconds: 40 },
      }),
    );
    expect(failureOf(ended.exit)).toMatchObject({ kind: "container-config-error", reason: "FailedMount" });
  });
  test.concurrent("a program that does not exist", async () => {
    const ended = await execute(world().runner(), specOf(world(), { command: ["/no/such/program"] }));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "container-start-failed" });
    expect(ended.exit).toMatchObject({ started: false });
  });
  test.concurrent("an init container that fails", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        initContainers: [
          { name: "prepare", image: "lab/base:1", imagePullPolicy: "Never", command: shell("exit 4") },
        ],
      }),
    );
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "init-container-failed",
      container: "prepare",
      exitCode: 4,
    });
  });
  test.concurrent("no node fits, after its budget", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), { nodeSelector: { nowhere: "yes" }, budgets: { schedulingSeconds: 2 } }),
    );
    expect(failureOf(ended.exit)).toMatchObject({
      kind: "unschedulable",
      message: expect.stringContaining("node affinity"),
    });
    expect(ended.events.map(({ type }) => type)).toContain("pod-unschedulable");
  });
  test.concurrent("a service account that does not exist", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), { serviceAccountName: "absent", budgets: { podCreationSeconds: 2 } }),
    );
    expect(failureOf(ended.exit)).toMatchObject({ kind: "service-account-missing", name: "absent" });
  });
  test.concurrent("stopped gently, with its last words", async () => {
    const run = runOf(
      await world()
        .runner()
        .start(
          specOf(world(), {
            command: shell("trap 'echo bye; exit 143' TERM; echo up; while :; do sleep 0.1; done"),
          }),
        ),
    );
    const ended = await drain(run, (text) => {
      if (text.includes("up")) void run.stop({ reason: "test" });
    });
    expect(ended.output).toBe("up\nbye\n");
    expect(ended.exit).toMatchObject({
      kind: "stopped",
      by: "caller",
      reason: "test",
      forced: false,
      exitCode: 143,
      started: true,
    });
  });
  test.concurrent("stopped by force", async () => {
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { command: shell("trap '' TERM; echo up; while :; do sleep 0.1; done") })),
    );
    const ended = await drain(run, (text) => {
      if (text.includes("up")) void run.stop({ reason: "test", graceSeconds: 1 });
    });
    expect(ended.exit).toMatchObject({ kind: "stopped", forced: true, exitCode: 137, signal: "SIGKILL" });
    expect(ended.events.map(({ type }) => type)).toContain("stop-forced");
  });
  test.concurrent("stopped before it started", async () => {
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { nodeSelector: { nowhere: "yes" } })),
    );
    const [ended] = await Promise.all([drain(run), run.stop({ reason: "test" })]);
    expect(ended.exit).toMatchObject({ kind: "stopped", started: false, exitCode: null });
  });
  test.concurrent("stopped before any watch has shown it", { timeout: 20_000 }, async () => {
    const { cluster } = world();
    const gone = Promise.withResolvers<void>();
    const blind: Cluster = {
      ...cluster,
      async list(resource, namespace, selection, ...rest) {
        // A start has to see that no pod is left in its slot.
        if (selection.labelSelector?.includes("claude-k8s.io/slot=") !== true) await gone.promise;
        return cluster.list(resource, namespace, selection, ...rest);
      },
      async delete(resource, namespace, name, ...rest) {
        const answer = await cluster.delete(resource, namespace, name, ...rest);
        while ((await cluster.get("jobs", world().namespace, name)).kind === "ok")
          await new Promise((resolve) => setTimeout(resolve, 50));
        gone.resolve();
        return answer;
      },
    };
    const runner = world().runner({ cluster: blind });
    const run = runOf(await runner.start(specOf(world(), { nodeSelector: { nowhere: "yes" } })));
    expect(await run.stop({ reason: "test" })).toMatchObject({ kind: "stopped", started: false });
  });
  test.concurrent("its deadline counts from its start", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), { command: shell("echo up; sleep 100"), deadlineSeconds: 2 }),
    );
    expect(ended.output).toBe("up\n");
    expect(ended.exit).toMatchObject({ kind: "stopped", by: "deadline", deadlineSeconds: 2, exitCode: 143 });
  });
  test.concurrent("the pod's deadline", async () => {
    const ended = await execute(
      world().runner(),
      specOf(world(), {
        command: shell("echo up; sleep 100"),
        podTemplate: { spec: { activeDeadlineSeconds: 3 } },
      }),
    );
    expect(failureOf(ended.exit)).toEqual({ kind: "pod-deadline-exceeded", seconds: 3 });
    expect(ended.output).toBe("up\n");
    expect(ended.exit.evidence.logComplete).toBe(true);
  });
  test.concurrent("the Job's deadline", async () => {
    const spec = specOf(world(), { command: shell("echo up; sleep 100") });
    const run = runOf(await world().runner().start(spec));
    const path = `/apis/batch/v1/namespaces/${world().namespace}/jobs/${run.ref.jobName}`;
    const ended = await drain(
      run,
      () => void world().request("PATCH", path, { spec: { activeDeadlineSeconds: 1 } }),
    );
    expect(failureOf(ended.exit)).toEqual({ kind: "job-deadline-exceeded", seconds: 1 });
  });
  test.concurrent("its pod deleted by somebody", async () => {
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { command: shell("echo up; sleep 100") })),
    );
    const ended = await drain(run, () => void deletePods(world(), run.ref.jobName));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "deleted-externally", object: "pod" });
  });
  test.concurrent("its Job deleted by somebody", async () => {
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { command: shell("echo up; sleep 100") })),
    );
    const path = `/apis/batch/v1/namespaces/${world().namespace}/jobs/${run.ref.jobName}`;
    const ended = await drain(
      run,
      () => void world().request("DELETE", path, { propagationPolicy: "Background" }),
    );
    expect(failureOf(ended.exit)).toMatchObject({ kind: "deleted-externally", object: "job" });
  });
  test.concurrent("drained", async () => {
    const run = runOf(
      await world()
        .runner()
        .start(specOf(world(), { command: shell("echo up; sleep 100") })),
    );
    const ended = await drain(run, () => void evictPods(world(), run.ref.jobName));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "drained" });
    expect(ended.events.map(({ type }) => type)).toContain("pod-disrupted");
  });
  test.concurrent("drained before it started, it is made again once", async () => {
    const prepare = {
      name: "prepare",
      image: "lab/base:1",
      imagePullPolicy: "Never",
      command: shell("sleep 3"),
    };
    const start = await world()
      .runner()
      .start(specOf(world(), { initContainers: [prepare] }));
    const run = runOf(start);
    const firstUid = run.ref.jobUid;
    const types: string[] = [];
    const listening = (async () => {
      for await (const event of run.events) {
        types.push(event.type);
        const isFirst = types.filter((type) => type === "init-container-started").length === 1;
        if (event.type === "init-container-started" && isFirst) await evictPods(world(), run.ref.jobName);
      }
    })();
    let output = "";
    for await (const chunk of run.output) output += Buffer.from(chunk).toString();
    expect(await run.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await listening;
    expect(output).toBe("hello\n");
    expect(types.filter((type) => type === "pod-recreated")).toHaveLength(1);
    expect(run.ref.jobUid).not.toBe(firstUid);
  });
});

async function podNames(world: World, jobName: string): Promise<string[]> {
  const { body } = await world.request("GET", `/api/v1/namespaces/${world.namespace}/pods`);
  return body.items
    .map((pod: { metadata: { name: string } }) => pod.metadata.name)
    .filter((name: string) => name.startsWith(jobName));
}

async function deletePods(world: World, jobName: string): Promise<void> {
  for (const name of await podNames(world, jobName))
    await world.request("DELETE", `/api/v1/namespaces/${world.namespace}/pods/${name}`);
}

async function evictPods(world: World, jobName: string): Promise<void> {
  for (const name of await podNames(world, jobName))
    await world.request("POST", `/api/v1/namespaces/${world.namespace}/pods/${name}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace: world.namespace },
    });
}
