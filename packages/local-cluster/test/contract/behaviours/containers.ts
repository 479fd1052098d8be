// The assertions run inside the tests that contract.test.ts makes of these behaviours.
// oxlint-disable vitest/no-standalone-expect
import { expect, vi } from "vitest";

import type { Json } from "../http-client.ts";
import {
  condition,
  isOver,
  isRunning,
  isTerminated,
  sh,
  stateOf,
  UNTIL_TERM,
  waitsFor,
  watchEvents,
  type Behaviour,
  type Scene,
} from "../subject.ts";

const ended = (pod: Json): boolean => isOver(pod) && isTerminated(pod);

async function terminated(scene: Scene, container: Json, pod: Json = {}): Promise<Json> {
  await scene.pod("p", container, { pod });
  return stateOf(await scene.until("pods", ended, "p")).terminated;
}

/** What is missing is named; the kubelet gives the same reason while its cache of Secrets has not answered yet. */
const lacks = (pod: Json): boolean =>
  waitsFor("CreateContainerConfigError")(pod) && !/failed to sync/.test(stateOf(pod).waiting.message);

const MEMORY_HOG = "const held = []; setInterval(() => held.push(Buffer.alloc(8 << 20, 1)), 5);";
const MEMORY_LIMIT: Json = { resources: { limits: { memory: "96Mi" } } };

export const containerBehaviours: readonly Behaviour[] = [
  {
    name: "a pod's way: Pending, Running, Succeeded, with its times, addresses and ids",
    async show({ client, pods, pod, nodeName, namespace }) {
      const made = await pod("p", sh("sleep 2; exit 0"));
      expect(made.status).toMatchObject({ phase: "Pending", qosClass: "BestEffort" });
      const phases: string[] = [];
      let last: Json = made;
      const query = `?watch=true&fieldSelector=metadata.name%3Dp&resourceVersion=${made.metadata.resourceVersion}`;
      for await (const { object } of watchEvents(client, pods + query, AbortSignal.timeout(45_000))) {
        last = object;
        if (phases.at(-1) !== object.status.phase) phases.push(object.status.phase);
        if (ended(object)) break;
      }
      expect(phases).toEqual(["Pending", "Running", "Succeeded"]);
      expect(last.spec.nodeName).toBe(nodeName);
      expect(last.metadata.namespace).toBe(namespace);
      expect(last.status.startTime).toMatch(/Z$/);
      expect(last.status.hostIP).toMatch(/^[\d.]+$/);
      expect(last.status.containerStatuses[0]).toMatchObject({
        name: "main",
        ready: false,
        started: false,
        restartCount: 0,
        containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
      });
      const { startedAt, finishedAt, ...rest } = stateOf(last).terminated;
      expect(rest).toMatchObject({
        exitCode: 0,
        reason: "Completed",
        containerID: expect.stringMatching(/^containerd:/),
      });
      expect(Date.parse(finishedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
    },
  },
  {
    name: "a running pod's conditions are true, an ended one's say why not",
    async show({ pod, until }) {
      await pod("p", UNTIL_TERM, { pod: { activeDeadlineSeconds: 12 } });
      const running = await until("pods", (seen) => condition(seen, "Ready")?.status === "True", "p");
      for (const type of ["PodScheduled", "Initialized", "ContainersReady", "Ready"]) {
        expect(condition(running, type)).toMatchObject({ status: "True" });
      }
      expect(stateOf(running).running.startedAt).toMatch(/Z$/);
      const over = await until("pods", ended, "p");
      expect(condition(over, "PodScheduled").status).toBe("True");
      expect(condition(over, "Ready")).toMatchObject({ status: "False", reason: "PodFailed" });
    },
  },
  {
    name: "a pod that succeeded is not ready because it completed",
    async show({ pod, until }) {
      await pod("p", sh("exit 0"));
      const over = await until("pods", ended, "p");
      expect(condition(over, "Ready")).toMatchObject({ status: "False", reason: "PodCompleted" });
      expect(condition(over, "Initialized")).toMatchObject({ status: "True", reason: "PodCompleted" });
    },
  },
  ...[0, 1, 42, 255].map((exitCode): Behaviour => ({
    name: `exit code ${exitCode}`,
    async show(scene) {
      expect(await terminated(scene, sh(`exit ${exitCode}`))).toMatchObject({
        exitCode,
        reason: exitCode === 0 ? "Completed" : "Error",
      });
    },
  })),
  ...(
    [
      ["KILL", 137],
      ["TERM", 143],
      ["SEGV", 139],
      ["INT", 130],
    ] as const
  ).map(([signal, exitCode]): Behaviour => ({
    name: `a process ended by SIG${signal} has exit code ${exitCode}, reason Error, and no signal number`,
    async show(scene) {
      const state = await terminated(scene, sh(`kill -${signal} $$$$; sleep 5`), {
        shareProcessNamespace: true,
      });
      expect(state).toMatchObject({ exitCode, reason: "Error" });
      expect(state.signal).toBeUndefined();
    },
  })),
  {
    name: "the termination message is what the container wrote there",
    async show(scene) {
      const state = await terminated(scene, {
        ...sh('printf "the reason" > "$MESSAGE"; exit 3'),
        env: [{ name: "MESSAGE", value: "/tmp/contract-termination-message" }],
        terminationMessagePath: "/tmp/contract-termination-message",
      });
      expect(state).toMatchObject({ exitCode: 3, message: "the reason" });
    },
  },
  {
    name: "FallbackToLogsOnError takes the end of the log of a failed container",
    async show(scene) {
      const state = await terminated(scene, {
        ...sh("echo first; echo last; exit 3"),
        terminationMessagePolicy: "FallbackToLogsOnError",
      });
      expect(state.message).toBe("first\nlast\n");
    },
  },
  {
    name: "commands, arguments and environment: $(NAME) is replaced, $$(NAME) is not, $$ is $",
    async show(scene) {
      await terminated(scene, {
        command: [
          "node",
          "-e",
          "console.log(JSON.stringify([process.argv.slice(1), process.env.CHAIN, process.env.LATE]))",
        ],
        args: ["$(FIRST)", "$$(FIRST)", "$(ABSENT)", "a$$b", "$FIRST", "$", "50$%"],
        env: [
          { name: "FIRST", value: "one" },
          { name: "CHAIN", value: "$(FIRST)-two" },
          { name: "LATE", value: "$(AFTER)" },
          { name: "AFTER", value: "x" },
        ],
      });
      expect(JSON.parse((await scene.log("p")).text)).toEqual([
        ["one", "$(FIRST)", "$(ABSENT)", "a$b", "$FIRST", "$", "50$%"],
        "one-two",
        "$(AFTER)",
      ]);
    },
  },
  {
    name: "the environment from Secrets, ConfigMaps and the pod's own fields",
    async show(scene) {
      const { create, path, namespace, nodeName } = scene;
      await create(path("secrets"), {
        metadata: { name: "keys" },
        stringData: { token: "s3cret", OTHER: "o" },
      });
      await create(path("configmaps"), { metadata: { name: "settings" }, data: { MODE: "fast" } });
      await terminated(scene, {
        ...sh('echo "$TOKEN $MODE $S_OTHER $POD $SPACE $NODE ${OPTIONAL-none}"'),
        env: [
          { name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } },
          { name: "OPTIONAL", valueFrom: { secretKeyRef: { name: "absent", key: "x", optional: true } } },
          { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          { name: "SPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
          { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        ],
        envFrom: [{ configMapRef: { name: "settings" } }, { prefix: "S_", secretRef: { name: "keys" } }],
      });
      expect((await scene.log("p")).text).toBe(`s3cret fast o p ${namespace} ${nodeName} none\n`);
    },
  },
  {
    name: "Secrets and ConfigMaps as files, with their mode, and an emptyDir that init and main share",
    async show(scene) {
      const { create, path, namespace } = scene;
      const root = `/tmp/contract/${namespace}`;
      await create(path("secrets"), {
        metadata: { name: "payload" },
        stringData: { prompt: "do it\n", other: "x" },
      });
      const volumeMounts = [
        { name: "payload", mountPath: `${root}/payload`, readOnly: true },
        { name: "work", mountPath: `${root}/work` },
      ];
      await terminated(
        scene,
        {
          ...sh(
            `cat ${root}/work/made; cat ${root}/payload/renamed; ls ${root}/payload; stat -L -c %a ${root}/payload/renamed`,
          ),
          volumeMounts,
        },
        {
          volumes: [
            {
              name: "payload",
              secret: {
                secretName: "payload",
                defaultMode: 0o440,
                items: [{ key: "prompt", path: "renamed" }],
              },
            },
            { name: "work", emptyDir: {} },
          ],
          initContainers: [
            {
              name: "prepare",
              image: scene.image,
              imagePullPolicy: "Never",
              ...sh(`echo made by init > ${root}/work/made`),
              volumeMounts,
            },
          ],
        },
      );
      expect((await scene.log("p")).text).toBe("made by init\ndo it\nrenamed\n440\n");
    },
  },
  {
    name: "stdin is closed: a read ends at once",
    async show(scene) {
      await terminated(scene, sh("cat; echo read all"));
      expect((await scene.log("p")).text).toBe("read all\n");
    },
  },
  {
    name: "the working directory",
    async show(scene) {
      await terminated(scene, { ...sh("pwd"), workingDir: "/tmp" });
      expect((await scene.log("p")).text).toBe("/tmp\n");
    },
  },
  {
    name: "a missing Secret: CreateContainerConfigError; when it comes, the container starts",
    async show(scene) {
      const { create, path, until } = scene;
      await scene.pod("p", {
        ...sh("echo $TOKEN"),
        env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "late", key: "token" } } }],
      });
      const waiting = await until("pods", waitsFor("CreateContainerConfigError"), "p");
      expect(stateOf(waiting).waiting.message).toBe('secret "late" not found');
      expect(waiting.status.phase).toBe("Pending");
      await create(path("secrets"), { metadata: { name: "late" }, stringData: { token: "here" } });
      await until("pods", ended, "p");
      expect((await scene.log("p")).text).toBe("here\n");
    },
  },
  {
    name: "a missing key of a Secret, a missing ConfigMap: CreateContainerConfigError with their names",
    async show(scene) {
      const { create, path, until, namespace } = scene;
      await create(path("secrets"), { metadata: { name: "keys" }, stringData: { other: "x" } });
      await scene.pod("p", {
        ...sh("env"),
        env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } }],
      });
      const key = await until("pods", lacks, "p");
      expect(stateOf(key).waiting.message).toBe(`couldn't find key token in Secret ${namespace}/keys`);
      await scene.pod("q", { ...sh("env"), envFrom: [{ configMapRef: { name: "absent" } }] });
      const map = await until("pods", lacks, "q");
      expect(stateOf(map).waiting.message).toBe('configmap "absent" not found');
    },
  },
  {
    name: "a volume from a missing Secret: the pod stays ContainerCreating, an event says FailedMount",
    async show(scene) {
      await scene.pod(
        "p",
        { ...sh("true"), volumeMounts: [{ name: "v", mountPath: `/tmp/contract/${scene.namespace}/v` }] },
        { pod: { volumes: [{ name: "v", secret: { secretName: "absent" } }] } },
      );
      const waiting = await scene.until("pods", waitsFor("ContainerCreating"), "p");
      expect(waiting.status.phase).toBe("Pending");
      const event = await scene.until(
        "events",
        (seen) => seen.reason === "FailedMount" && seen.message.endsWith("not found"),
      );
      expect(event).toMatchObject({
        type: "Warning",
        message: 'MountVolume.SetUp failed for volume "v" : secret "absent" not found',
        involvedObject: { kind: "Pod", name: "p" },
      });
    },
  },
  {
    name: "an image that cannot be pulled: ErrImagePull, then ImagePullBackOff",
    async show(scene) {
      await scene.pod("p", { image: scene.missingImage, imagePullPolicy: "IfNotPresent" });
      const first = await scene.until("pods", waitsFor("ErrImagePull", "ImagePullBackOff"), "p");
      expect(first.status.phase).toBe("Pending");
      const later = await scene.until("pods", waitsFor("ImagePullBackOff"), "p");
      expect(stateOf(later).waiting.message).toContain(`Back-off pulling image "${scene.missingImage}"`);
    },
  },
  {
    name: "imagePullPolicy Never without the image: ErrImageNeverPull",
    async show(scene) {
      await scene.pod("p", { image: scene.missingImage, imagePullPolicy: "Never" });
      const waiting = await scene.until("pods", waitsFor("ErrImageNeverPull"), "p");
      expect(stateOf(waiting).waiting.message).toBe(
        `Container image "${scene.missingImage}" is not present with pull policy of Never`,
      );
    },
  },
  {
    name: "an image name that is no reference: InvalidImageName",
    async show(scene) {
      await scene.pod("p", { image: "Not/A:Valid:Name", imagePullPolicy: "IfNotPresent" });
      const waiting = await scene.until("pods", waitsFor("InvalidImageName"), "p");
      expect(stateOf(waiting).waiting.message).toContain("couldn't parse image name");
    },
  },
  {
    name: "a command that does not exist: StartError, exit code 128",
    async show(scene) {
      const state = await terminated(scene, { command: ["/no/such/command"] });
      expect(state).toMatchObject({ exitCode: 128, reason: "StartError", startedAt: "1970-01-01T00:00:00Z" });
      expect(state.message).toContain(
        'exec: "/no/such/command": stat /no/such/command: no such file or directory',
      );
    },
  },
  {
    name: "an argument over 128 KiB: exit code 1 and the runtime's words in the log",
    async show(scene) {
      expect(await terminated(scene, { command: ["sh", "-c", "true", "x".repeat(131_072)] })).toMatchObject({
        exitCode: 1,
        reason: "Error",
      });
      expect((await scene.log("p")).text).toContain("argument list too long");
    },
  },
  {
    name: "init containers run one after the other, before the main one",
    async show(scene) {
      const init = (name: string): Json => ({
        name,
        image: scene.image,
        imagePullPolicy: "Never",
        ...sh(`cat /proc/uptime; sleep 0.1; echo ${name}`),
      });
      await terminated(scene, sh("echo main"), { initContainers: [init("one"), init("two")] });
      const pod = (await scene.client.get(`${scene.pods}/p`)).json;
      expect(pod.status.initContainerStatuses).toMatchObject([
        { name: "one", ready: true, state: { terminated: { exitCode: 0 } } },
        { name: "two", ready: true, state: { terminated: { exitCode: 0 } } },
      ]);
      const [first, second] = await Promise.all(
        ["one", "two"].map((name) => scene.log("p", `?container=${name}`)),
      );
      expect(Number(first?.text.split(" ")[0])).toBeLessThan(Number(second?.text.split(" ")[0]));
    },
  },
  {
    name: "an init container that fails ends the pod; the main one stays PodInitializing",
    async show(scene) {
      const init = {
        name: "prepare",
        image: scene.image,
        imagePullPolicy: "Never",
        ...sh("echo trying; exit 2"),
      };
      await scene.pod("p", sh("echo never"), { pod: { initContainers: [init] } });
      const over = await scene.until("pods", isOver, "p");
      expect(over.status.phase).toBe("Failed");
      expect(stateOf(over, "prepare").terminated).toMatchObject({ exitCode: 2, reason: "Error" });
      expect(stateOf(over).waiting.reason).toBe("PodInitializing");
      expect(condition(over, "Initialized")).toMatchObject({
        status: "False",
        reason: "ContainersNotInitialized",
      });
    },
  },
  {
    name: "a deleted pod gets SIGTERM and ends within its grace",
    async show({ client, pods, pod, until, untilGone }) {
      await pod("p", UNTIL_TERM, { pod: { terminationGracePeriodSeconds: 20 } });
      await until("pods", isRunning, "p");
      const answer = await client.open(`${pods}/p/log?follow=true`);
      let text = "";
      const reading = (async (): Promise<void> => {
        for await (const chunk of answer.body) text += chunk.toString("utf8");
      })();
      await vi.waitFor(() => expect(text).toBe("started\n"), 15_000);
      const deleted = await client.delete(`${pods}/p`);
      expect(deleted.json.metadata).toMatchObject({ deletionGracePeriodSeconds: 20 });
      await reading;
      expect(text).toBe("started\nstopping\n");
      await untilGone("pods", "p");
    },
  },
  {
    name: "a deleted pod that ignores SIGTERM is killed after its grace: 137",
    async show({ client, pods, job, podOf }) {
      await job("run", sh("trap '' TERM; echo started; sleep 600"), {
        pod: { terminationGracePeriodSeconds: 1 },
      });
      const running = await podOf("run", isRunning);
      const list = await client.get(pods);
      await client.delete(`${pods}/${running.metadata.name}`);
      let last: Json = null;
      const query = `?watch=true&resourceVersion=${list.json.metadata.resourceVersion}`;
      for await (const { type, object } of watchEvents(client, pods + query, AbortSignal.timeout(30_000))) {
        last = object;
        if (type === "DELETED") break;
      }
      expect(last.status.phase).toBe("Failed");
      expect(stateOf(last).terminated).toMatchObject({ exitCode: 137, reason: "Error" });
    },
  },
  {
    name: "out of memory: OOMKilled, 137",
    async show(scene) {
      await scene.job("run", { command: ["node", "-e", MEMORY_HOG], ...MEMORY_LIMIT });
      const over = await scene.podOf("run", ended);
      expect(stateOf(over).terminated).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
      expect(over.status.phase).toBe("Failed");
    },
  },
  {
    name: "a child out of memory: the main process's own exit code, and reason OOMKilled",
    async show(scene) {
      await scene.job("run", { ...sh(`node -e '${MEMORY_HOG}'; echo child ended; exit 0`), ...MEMORY_LIMIT });
      const over = await scene.podOf("run", ended);
      expect(stateOf(over).terminated).toMatchObject({ exitCode: 0, reason: "OOMKilled" });
      expect(over.status.phase).toBe("Succeeded");
      expect((await scene.log(over.metadata.name)).text).toContain("child ended\n");
    },
  },
  {
    name: "a pod that fits no node: Unschedulable, in the scheduler's words",
    async show(scene) {
      await scene.pod("p", { ...sh("true"), resources: { requests: { cpu: "900" } } });
      const waiting = await scene.until("pods", (seen) => condition(seen, "PodScheduled") !== undefined, "p");
      expect(condition(waiting, "PodScheduled")).toMatchObject({ status: "False", reason: "Unschedulable" });
      expect(condition(waiting, "PodScheduled").message).toMatch(
        /^0\/\d+ nodes are available: \d+ Insufficient cpu\./,
      );
      expect(waiting.spec.nodeName).toBeUndefined();
      const event = await scene.until("events", (seen) => seen.reason === "FailedScheduling");
      expect(event.type).toBe("Warning");
    },
  },
  {
    name: "a pod whose claim is not there: Unschedulable, with the claim's name",
    async show(scene) {
      const volumes = [{ name: "work", persistentVolumeClaim: { claimName: "absent" } }];
      await scene.pod("p", sh("true"), { pod: { volumes } });
      const waiting = await scene.until("pods", (seen) => condition(seen, "PodScheduled") !== undefined, "p");
      expect(condition(waiting, "PodScheduled")).toMatchObject({ status: "False", reason: "Unschedulable" });
      expect(condition(waiting, "PodScheduled").message).toMatch(
        /^0\/\d+ nodes are available: persistentvolumeclaim "absent" not found\./,
      );
    },
  },
  {
    name: "a scheduling gate holds a pod back until it is taken away, and none can be added",
    async show(scene) {
      await scene.pod("p", sh("true"), { pod: { schedulingGates: [{ name: "lab.example/quota" }] } });
      const held = await scene.until("pods", (seen) => condition(seen, "PodScheduled") !== undefined, "p");
      expect(condition(held, "PodScheduled")).toMatchObject({ status: "False", reason: "SchedulingGated" });
      const change = (names: readonly string[]) =>
        scene.client.patch(`${scene.pods}/p`, { spec: { schedulingGates: names.map((name) => ({ name })) } });
      const refused = await change(["lab.example/quota", "lab.example/more"]);
      expect(refused.status).toBe(422);
      expect(refused.json.message).toContain(
        "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'lab.example/more'",
      );
      expect((await change([])).status).toBe(200);
      await scene.until("pods", isOver, "p");
    },
  },
  {
    name: "the kubelet's events of a run: Scheduled, Pulled, Created, Started",
    async show(scene) {
      await terminated(scene, sh("exit 0"));
      await scene.until("events", (seen) => seen.reason === "Started");
      const events = (await scene.client.get(`${scene.path("events")}?fieldSelector=involvedObject.name%3Dp`))
        .json.items;
      expect(events.map((event: Json) => event.reason).toSorted()).toEqual([
        "Created",
        "Pulled",
        "Scheduled",
        "Started",
      ]);
      const started = events.find((event: Json) => event.reason === "Started");
      expect(started).toMatchObject({
        type: "Normal",
        involvedObject: { kind: "Pod", name: "p", fieldPath: "spec.containers{main}" },
        source: { component: "kubelet" },
      });
    },
  },
  {
    name: "the eviction API: DisruptionTarget, EvictionByEvictionAPI, a graceful end",
    async show(scene) {
      const { client, pods } = scene;
      await scene.job("run", UNTIL_TERM);
      const running = await scene.podOf("run", isRunning);
      const { name } = running.metadata;
      const eviction = {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace: scene.namespace },
      };
      const version: string = (await client.get(pods)).json.metadata.resourceVersion;
      const evicted = await client.post(`${pods}/${name}/eviction`, eviction);
      expect(evicted.status).toBe(201);
      expect(evicted.json).toMatchObject({ kind: "Status", status: "Success" });
      let last: Json = null;
      for await (const { type, object } of watchEvents(
        client,
        `${pods}?watch=true&resourceVersion=${version}`,
        AbortSignal.timeout(30_000),
      )) {
        last = object;
        if (type === "DELETED") break;
      }
      expect(condition(last, "DisruptionTarget")).toMatchObject({
        status: "True",
        reason: "EvictionByEvictionAPI",
        message: "Eviction API: evicting",
      });
      expect(stateOf(last).terminated.exitCode).toBe(143);
      expect(
        (await client.post(`${pods}/absent/eviction`, { ...eviction, metadata: { name: "absent" } })).status,
      ).toBe(404);
    },
  },
  {
    name: "a running pod can be selected by phase and node",
    async show(scene) {
      const { client, pods, nodeName } = scene;
      await scene.pod("up", UNTIL_TERM);
      await scene.pod("done", sh("exit 0"));
      await scene.until("pods", isRunning, "up");
      await scene.until("pods", ended, "done");
      const names = async (selector: string): Promise<string[]> =>
        (await client.get(`${pods}?fieldSelector=${encodeURIComponent(selector)}`)).json.items.map(
          (item: Json) => item.metadata.name,
        );
      expect(await names("status.phase=Running")).toEqual(["up"]);
      expect(await names("status.phase!=Running")).toEqual(["done"]);
      expect(await names(`spec.nodeName=${nodeName},metadata.name=up`)).toEqual(["up"]);
    },
  },
];
