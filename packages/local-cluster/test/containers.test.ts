import { expect, test } from "vitest";
import { podBody, podsPath, secretsPath, until, ended } from "./support/api.ts";
import { clusterForEachTest } from "./support/cluster.ts";

const start = clusterForEachTest();
const base64 = (text: string) => Buffer.from(text).toString("base64");

test("a container gets its arguments, variables and nothing of this process's own", async () => {
  process.env["LOCAL_CLUSTER_LEAK"] = "seen";
  const { run } = await start();
  const { log } = await run("environment", {
    command: ["sh", "-c"],
    args: ['echo "$ONE|$TWO|$THREE|$(ESCAPED)|$$(ONE)|${LOCAL_CLUSTER_LEAK:-none}|$HOSTNAME|$POD"', "$(ONE)"],
    env: [
      { name: "ONE", value: "1" },
      { name: "TWO", value: "$(ONE)2" },
      { name: "THREE", value: "$(MISSING) $$(ONE) $x $" },
      { name: "ESCAPED", value: "expanded" },
      { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
  });
  delete process.env["LOCAL_CLUSTER_LEAK"];
  // `$(ESCAPED)` in the arguments is expanded by the kubelet; `$$(ONE)` reaches the shell as `$(ONE)`, a command.
  expect(log).toContain("1|12|$(MISSING) $(ONE) $x $|expanded|");
  expect(log).toContain("|none|environment|environment");
});

test("volumes are real files with their modes, found by their mount paths", async () => {
  const { api, run } = await start();
  await api.call("POST", secretsPath, {
    metadata: { name: "prompt" },
    data: { prompt: base64("tell me about /run/agent/prompt\n") },
  });
  await api.call("POST", "/api/v1/namespaces/default/configmaps", {
    metadata: { name: "tools" },
    data: { tool: '#!/bin/sh\necho "tool $1"; cat\n' },
  });
  const { log, pod } = await run(
    "mounted",
    {
      command: [
        "sh",
        "-c",
        'exec "$0" "$@" < /run/agent/prompt/prompt',
        "tool",
        "--file=/run/agent/prompt/prompt",
      ],
      env: [
        { name: "PATH", value: "/opt/tools:/usr/bin:/bin" },
        { name: "HOME", value: "/home/agent" },
      ],
      workingDir: "/home/agent/work",
      volumeMounts: [
        { name: "prompt", mountPath: "/run/agent/prompt", readOnly: true },
        { name: "tools", mountPath: "/opt/tools" },
        { name: "home", mountPath: "/home/agent" },
        { name: "scratch", mountPath: "/tmp" },
      ],
    },
    {
      volumes: [
        { name: "prompt", secret: { secretName: "prompt", defaultMode: 0o400 } },
        { name: "tools", configMap: { name: "tools", defaultMode: 0o755 } },
        { name: "home", emptyDir: {} },
        { name: "scratch", emptyDir: {} },
      ],
    },
  );
  expect(pod.status.phase).toBe("Succeeded");
  // The argument's path is rewritten, the Secret's content is not.
  expect(log).toMatch(/^tool --file=\/.*\/volumes\/prompt\/prompt\ntell me about \/run\/agent\/prompt\n$/u);
});

test.each([
  ["exit 3", "Failed", 3, "Error"],
  ["exit 0", "Succeeded", 0, "Completed"],
  ["kill -TERM $$$$", "Failed", 143, "Error"],
  ["kill -KILL $$$$", "Failed", 137, "Error"],
])("sh -c '%s' ends %s with %i, %s", async (script, phase, exitCode, reason) => {
  const { run } = await start();
  const { pod } = await run("ending", { command: ["sh", "-c", script] });
  expect(pod.status.phase).toBe(phase);
  expect(pod.status.containerStatuses[0].state.terminated).toMatchObject({ exitCode, reason });
});

test.each([
  ["no-such-program", "executable file not found in $PATH"],
  ["/no/such/program", "no such file or directory"],
  ["/etc/passwd", "permission denied"],
])("%s cannot be started: StartError, 128", async (program, words) => {
  const { run } = await start();
  const { pod } = await run("unstartable", { command: [program] });
  expect(pod.status.containerStatuses[0].state.terminated).toMatchObject({
    exitCode: 128,
    reason: "StartError",
    startedAt: "1970-01-01T00:00:00Z",
    message: expect.stringContaining(words),
  });
});

test("an argument over 128 KiB: the container starts, and its runtime says why it ends with 1", async () => {
  const { run } = await start();
  const { pod, log } = await run("long-argument", { command: ["echo", "x".repeat(200_000)] });
  expect(pod.status.containerStatuses[0].state.terminated).toMatchObject({
    reason: "Error",
    exitCode: 1,
  });
  expect(log).toContain("argument list too long");
});

test("standard input is closed, not a terminal and not this process's", async () => {
  const { run } = await start();
  const { log } = await run("stdin", { command: ["sh", "-c", "cat; echo done"] });
  expect(log).toBe("done\n");
});

test("the termination message is read from its file, or from the log's end where the spec wants it", async () => {
  const { run } = await start();
  const written = await run("message", {
    command: ["sh", "-c", "printf told > /dev/termination-log; exit 1"],
  });
  expect(written.pod.status.containerStatuses[0].state.terminated.message).toBe("told");
  const fallback = await run("fallback", {
    command: ["sh", "-c", "echo last words; exit 1"],
    terminationMessagePolicy: "FallbackToLogsOnError",
  });
  expect(fallback.pod.status.containerStatuses[0].state.terminated.message).toBe("last words\n");
});

test("a stop is SIGTERM, the grace, then SIGKILL to everything in the container", async () => {
  const { api, cluster } = await start();
  const deaf = { command: ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"] };
  await api.call("POST", podsPath, podBody("deaf", deaf, { terminationGracePeriodSeconds: 1 }));
  const polite = {
    command: ["sh", "-c", "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.1; done"],
  };
  await api.call("POST", podsPath, podBody("polite", polite));
  const ends: Record<string, number> = {};
  await Promise.all(
    ["deaf", "polite"].map(async (name) => {
      await until(api, podsPath, name, (pod) => pod?.status.phase === "Running");
      const follow = await api.stream(`${podsPath}/${name}/log?follow=true`);
      await follow.until(/ready/u);
      const watch = until(api, podsPath, name, (pod) => pod === null || ended(pod));
      await api.call("DELETE", `${podsPath}/${name}`);
      const pod = await watch;
      ends[name] = pod.status.containerStatuses[0].state.terminated.exitCode;
      // The follow gets the last words before the files go.
      expect(await follow.ended).toBe(name === "polite" ? "ready\nbye\n" : "ready\n");
    }),
  );
  expect(ends).toEqual({ deaf: 137, polite: 7 });
  await expect.poll(() => cluster.inspect().processes).toEqual([]);
});

test("a process that is its namespace's first ignores a SIGTERM without a handler; in a shared namespace it dies", async () => {
  const { api } = await start();
  const sleeper = { command: ["sleep", "60"] };
  await api.call("POST", podsPath, podBody("alone", sleeper, { terminationGracePeriodSeconds: 1 }));
  await api.call(
    "POST",
    podsPath,
    podBody("shared", sleeper, { terminationGracePeriodSeconds: 30, shareProcessNamespace: true }),
  );
  const codes = await Promise.all(
    ["alone", "shared"].map(async (name) => {
      await until(api, podsPath, name, (pod) => pod?.status.phase === "Running");
      const watch = until(api, podsPath, name, ended);
      await api.call("DELETE", `${podsPath}/${name}`);
      return (await watch).status.containerStatuses[0].state.terminated.exitCode;
    }),
  );
  expect(codes).toEqual([137, 143]);
});

test("init containers run first, one after the other, and a failing one ends the pod", async () => {
  const { api, run } = await start();
  const shared = { volumeMounts: [{ name: "work", mountPath: "/work" }] };
  const step = (name: string, script: string) => ({
    name,
    image: "busybox:1",
    command: ["sh", "-c", script],
    ...shared,
  });
  const { log } = await run(
    "prepared",
    { command: ["cat", "/work/file"], ...shared },
    {
      volumes: [{ name: "work", emptyDir: {} }],
      initContainers: [step("one", "echo one > /work/file"), step("two", "echo two >> /work/file")],
    },
  );
  expect(log).toBe("one\ntwo\n");

  await api.call(
    "POST",
    podsPath,
    podBody(
      "unprepared",
      { command: ["true"] },
      { volumes: [{ name: "work", emptyDir: {} }], initContainers: [step("bad", "exit 4")] },
    ),
  );
  const pod = await until(api, podsPath, "unprepared", ended);
  expect(pod.status).toMatchObject({
    phase: "Failed",
    initContainerStatuses: [{ name: "bad", state: { terminated: { exitCode: 4 } } }],
    containerStatuses: [{ name: "main", state: { waiting: { reason: "PodInitializing" } } }],
  });
  const refused = await api.call("GET", `${podsPath}/unprepared/log`);
  expect(refused.json.message).toBe(
    'container "main" in pod "unprepared" is waiting to start: PodInitializing',
  );
});

test("a Secret that comes late is waited for, as a volume and as a variable", async () => {
  const { api } = await start();
  await api.call(
    "POST",
    podsPath,
    podBody(
      "waiting",
      { command: ["cat", "/late/key"], volumeMounts: [{ name: "late", mountPath: "/late" }] },
      { volumes: [{ name: "late", secret: { secretName: "late" } }] },
    ),
  );
  const events = await api.stream("/api/v1/namespaces/default/events?watch=true");
  await events.until(/MountVolume\.SetUp failed for volume \\"late\\" : secret \\"late\\" not found/u);
  events.close();
  const log = await api.call("GET", `${podsPath}/waiting/log`);
  expect([log.status, log.json.message]).toEqual([
    400,
    'container "main" in pod "waiting" is waiting to start: ContainerCreating',
  ]);
  await api.call("POST", secretsPath, { metadata: { name: "late" }, data: { key: base64("here\n") } });
  await until(api, podsPath, "waiting", ended);
  expect((await api.call("GET", `${podsPath}/waiting/log`)).text).toBe("here\n");
});

test("the pod's own deadline ends it and keeps its log", async () => {
  const { run } = await start();
  const { pod, log } = await run(
    "overdue",
    { command: ["sh", "-c", "trap 'exit 9' TERM; echo started; while :; do sleep 0.1; done"] },
    { activeDeadlineSeconds: 1 },
  );
  expect(pod.status).toMatchObject({
    phase: "Failed",
    reason: "DeadlineExceeded",
    message: "Pod was active on the node longer than the specified deadline",
  });
  expect(log).toBe("started\n");
});

test("a pod stopped before its container started ends unknown, and is never told as running", async () => {
  const { api } = await start({ images: () => ({ kind: "not-found" }) });
  const stuck = { imagePullPolicy: "Never" };
  await api.call("POST", podsPath, podBody("stuck", stuck, { terminationGracePeriodSeconds: 1 }));
  const watch = await api.stream(`${podsPath}?watch=true&fieldSelector=metadata.name%3Dstuck`);
  await watch.until(/ErrImageNeverPull/u);
  await api.call("DELETE", `${podsPath}/stuck`);
  const text = await watch.until(/"type":"DELETED"/u);
  watch.close();
  expect(text).toContain('"reason":"ContainerStatusUnknown"');
  expect(text).toContain('"phase":"Failed"');
  expect(text).not.toContain('"phase":"Running"');
});
