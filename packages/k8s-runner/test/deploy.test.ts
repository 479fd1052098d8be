/** What `deploy/` promises, on a real API server: the attacks are refused there, and our own runs pass. */

import { readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { connect, jobManifest } from "../src/index.ts";
import type { Cluster, RunSpec } from "../src/index.ts";
import { describeReal, drain, execute, runOf, shell, specOf } from "./world.ts";

type Json = any;

const folder = new URL("../../../deploy/", import.meta.url);
const admission = "/apis/admissionregistration.k8s.io/v1";

describeReal("deploy/", (world) => {
  let server: Cluster;
  const applied: string[] = [];

  beforeAll(async () => {
    for (const file of ["namespace-per-company.yaml", "network-policy.yaml", "admission-policy.yaml"])
      for (const object of objectsOf(file)) await apply(object);
    server = await connect({ kubeconfig: as(`system:serviceaccount:${world().namespace}:server`) });
    await untilEnforced();
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    for (const path of applied.filter((one) => one.startsWith(admission)))
      await world().request("DELETE", path);
  });

  /** With names of this test alone: other tests use the cluster at the same time. */
  function objectsOf(file: string): readonly Json[] {
    const { namespace } = world();
    const text = readFileSync(new URL(file, folder), "utf8")
      .replaceAll("agents-acme", namespace)
      .replaceAll("system:serviceaccount:paperclip:paperclip", `system:serviceaccount:${namespace}:server`)
      .replaceAll("name: paperclip, namespace: paperclip", `name: server, namespace: ${namespace}`)
      .replaceAll("claude-k8s.io/agents", `claude-k8s.io/${namespace}`)
      .replaceAll(/claude-k8s-(jobs|pods|secrets)\b/g, `claude-k8s-$1-${namespace}`);
    return parseAllDocuments(text).map((document) => document.toJS());
  }
  async function apply(object: Json): Promise<void> {
    const path = pathOf(object);
    applied.push(`${path}/${object.metadata.name}`);
    const made = await world().request("POST", path, object);
    if (made.status === 201) return;
    expect(made.status).toBe(409);
    expect((await world().request("PATCH", `${path}/${object.metadata.name}`, object)).status).toBe(200);
  }
  function as(user: string): string {
    const config = new KubeConfig();
    config.loadFromString(world().kubeconfig);
    const kubeconfig = JSON.parse(config.exportConfig());
    for (const entry of kubeconfig.users) entry.user.as = user;
    return JSON.stringify(kubeconfig);
  }
  /** Policies take effect a moment after they are written. */
  async function untilEnforced(): Promise<void> {
    const twice = () => create(jobOf(specOf(world()), ({ spec }) => (spec.parallelism = 2)));
    await until(
      async () =>
        (await server.create("secrets", world().namespace, { metadata: { name: "probe" } })).kind === "error",
    );
    await until(async () => denied(await twice()).includes("a run happens once"));
    await until(async () => (await forgedPod()).status === 403);
  }
  function jobOf(spec: RunSpec, change: (job: Json) => unknown = () => undefined): Json {
    const job: Json = JSON.parse(JSON.stringify(jobManifest(spec)));
    change(job);
    return job;
  }
  const create = (job: Json) => server.create("jobs", world().namespace, job);
  function denied(answer: Awaited<ReturnType<typeof create>>): string {
    return answer.kind === "error" ? answer.error.message : "allowed";
  }
  /** By an administrator: no right of RBAC stands in the way. */
  function forgedPod() {
    return world().request("POST", `/api/v1/namespaces/${world().namespace}/pods`, {
      metadata: {
        name: "forged",
        labels: { "batch.kubernetes.io/controller-uid": "11111111-1111-4111-8111-111111111111" },
      },
      spec: ordinaryPod(),
    });
  }
  function ordinaryPod(): Json {
    const { spec } = jobManifest(specOf(world())).spec!.template;
    return JSON.parse(JSON.stringify(spec));
  }

  test(
    "our own runs pass, with everything that the server's account needs",
    { timeout: 120_000 },
    async () => {
      const runner = world().runner({ cluster: server, sealKey: "the-key-of-the-tests", policy: {} });
      const payload = { stdin: "in\n", secretEnv: { KEY: "value" }, command: shell("cat; sleep 1") };
      const { output, exit, run } = await execute(runner, specOf(world(), payload));
      expect(output).toBe("in\n");
      expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
      await run.cleanUp({ keepJobSeconds: 0 });
      const long = runOf(await runner.start(specOf(world(), { command: shell("echo up; sleep 60") })));
      const ended = drain(long, () => void long.stop({ reason: "test", graceSeconds: 1 }));
      expect((await ended).exit.kind).toBe("stopped");
      await long.cleanUp({ keepJobSeconds: 600 });
    },
  );

  const pod = (change: (spec: Json) => unknown) => (job: Json) => change(job.spec.template.spec);
  test.each<readonly [string, (job: Json) => unknown, string]>([
    [
      "a path of the node",
      pod(({ volumes }) => volumes.push({ name: "x", hostPath: { path: "/" } })),
      "mounts no path of its node",
    ],
    [
      "a privileged container",
      pod(({ containers }) =>
        Object.assign(containers[0].securityContext, { privileged: true, allowPrivilegeEscalation: true }),
      ),
      "ordinary user",
    ],
    ["user 0", pod(({ securityContext }) => (securityContext.runAsUser = 0)), "ordinary user"],
    ["the node's network", pod((spec) => (spec.hostNetwork = true)), "no namespace and no port"],
    ["a token", pod((spec) => (spec.automountServiceAccountToken = true)), "no service-account token"],
    [
      "a projected token",
      pod(({ volumes }) =>
        volumes.push({ name: "x", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }),
      ),
      "and no token",
    ],
    [
      "another's Secret as a volume",
      pod(({ volumes }) => volumes.push({ name: "x", secret: { secretName: "api-keys" } })),
      "only its own Secrets",
    ],
    [
      "another's Secret as a variable",
      pod(({ containers }) =>
        containers[0].env.push({ name: "X", valueFrom: { secretKeyRef: { name: "api-keys", key: "k" } } }),
      ),
      "only from its own Secrets",
    ],
    [
      "another's Secret as all variables of an init container",
      pod(
        (spec) =>
          (spec.initContainers = [
            { ...spec.containers[0], name: "i", envFrom: [{ secretRef: { name: "api-keys" } }] },
          ]),
      ),
      "only from its own Secrets",
    ],
    ["a driver", pod(({ volumes }) => volumes.push({ name: "x", csi: { driver: "d" } })), "no inline driver"],
    ["a node", pod((spec) => (spec.nodeName = "node-1")), "the scheduler chooses"],
    [
      "labels of its own",
      ({ metadata }) => (metadata.labels = { team: "x" }),
      "makes only Jobs with the label",
    ],
    ["another name", ({ metadata }) => (metadata.name = "nightly-backup"), "not the name of a run's Job"],
    [
      "another attempt's Secrets",
      ({ metadata }) => (metadata.annotations["claude-k8s.io/attempt"] = ""),
      "not the name of a run's Job",
    ],
  ])("a Job of the server's account with %s is refused", async (_name, change, message) => {
    const job = jobOf(specOf(world(), { stdin: "x" }));
    change(job);
    expect(denied(await create(job))).toContain(message);
  });
  test("a Job with our label by anybody else is refused, and one without it is not our business", async () => {
    const path = `/apis/batch/v1/namespaces/${world().namespace}/jobs?dryRun=All`;
    const forged = await world().request("POST", path, jobOf(specOf(world())));
    expect(forged).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining("only the server makes") },
    });
    const own = await world().request(
      "POST",
      path,
      jobOf(specOf(world()), ({ metadata }) => (metadata.labels = { team: "x" })),
    );
    expect(own.status).toBe(201);
  });
  test("a pod that claims to be a run's is refused, also when it exists already", async () => {
    expect((await forgedPod()).body.message).toContain("only the Job controller makes pods of runs");
    const path = `/api/v1/namespaces/${world().namespace}/pods`;
    const own = await world().request("POST", path, {
      metadata: { name: "own" },
      spec: { ...ordinaryPod(), schedulingGates: [{ name: "example.com/wait" }] },
    });
    expect(own.status).toBe(201);
    const labels = { "batch.kubernetes.io/controller-uid": "11111111-1111-4111-8111-111111111111" };
    const patched = await world().request("PATCH", `${path}/own`, { metadata: { labels } });
    expect(patched).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining("does not become one of a run") },
    });
    expect(
      (await world().request("PATCH", `${path}/own`, { metadata: { labels: { team: "x" } } })).status,
    ).toBe(200);
  });
  test("the server's account makes no token for itself, and touches no other Secret", async () => {
    const { namespace } = world();
    const token = {
      metadata: {
        name: "run-0123456789abcdefghij-aaaaaaaa-0",
        annotations: { "kubernetes.io/service-account.name": "default" },
      },
      type: "kubernetes.io/service-account-token",
    };
    const made = await server.create("secrets", namespace, token);
    expect(made).toMatchObject({
      error: { message: expect.stringContaining("no token of a service account") },
    });
    await world().request("POST", `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name: "api-keys" },
    });
    expect(await server.delete("secrets", namespace, "api-keys", {})).toMatchObject({
      error: { message: expect.stringContaining("only Secrets of runs") },
    });
    expect(await server.get("secrets", namespace, "api-keys")).toMatchObject({
      error: { kind: "forbidden" },
    });
    expect(await server.list("secrets", namespace, {})).toMatchObject({ error: { kind: "forbidden" } });
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the policies are not enforced");
}

/** The collection of an object. */
function pathOf({ apiVersion, kind, metadata }: Json): string {
  const group = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const plural = kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  const resource = plural.toLowerCase();
  return metadata.namespace === undefined
    ? `${group}/${resource}`
    : `${group}/namespaces/${metadata.namespace}/${resource}`;
}
