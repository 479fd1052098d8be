/** Somebody else's Jobs and pods, under our names: refused, and left as they are. The legitimate use next to each. */

import { expect, test } from "vitest";
import { createRunner, jobManifest } from "../../src/index.ts";
import type { Cluster, Runner, RunSpec } from "../../src/index.ts";
import { describeWorlds, drain, execute, runOf, shell, specOf } from "../world.ts";
import type { World } from "../world.ts";

type Json = any;

const sealKey = "the-key-of-this-server";

describeWorlds("foreign Jobs", (world) => {
  const jobsPath = () => `/apis/batch/v1/namespaces/${world().namespace}/jobs`;
  const sealed = (options: Partial<Parameters<World["runner"]>[0]> = {}): Runner =>
    world().runner({ sealKey, leaseSeconds: 5, ...options });

  async function forge(spec: RunSpec, change: (job: Json) => void = () => undefined): Promise<Json> {
    const job: Json = JSON.parse(
      JSON.stringify(jobManifest(spec, { attempt: "aaaaaaaa", supervisor: null })),
    );
    job.spec.suspend = false;
    job.metadata.annotations["claude-k8s.io/released-at"] = "2026-01-01T00:00:00Z";
    change(job);
    const answer = await world().request("POST", jobsPath(), job);
    expect(answer.status).toBe(201);
    return answer.body;
  }
  async function jobOf(name: string): Promise<Json> {
    const { status, body } = await world().request("GET", `${jobsPath()}/${name}`);
    return status === 200 ? body : null;
  }
  async function untouched(forged: Json): Promise<void> {
    const { metadata, spec } = await jobOf(forged.metadata.name);
    expect(metadata).toMatchObject({
      uid: forged.metadata.uid,
      annotations: forged.metadata.annotations,
      labels: forged.metadata.labels,
    });
    expect(metadata.deletionTimestamp).toBeUndefined();
    expect(spec).toEqual(forged.spec);
  }
  /** Ends like a process that died: nothing is removed, and its Lease runs out. */
  async function orphan(runner: Runner, spec: RunSpec): Promise<string> {
    const { ref } = runOf(await runner.start(spec));
    await runner.close();
    return ref.jobUid;
  }

  test("a Job under a slot's name without a seal is not adopted", async () => {
    const spec = specOf(world(), { command: shell("sleep 60") });
    const forged = await forge(spec);
    expect(await sealed().start(spec)).toMatchObject({
      kind: "refused",
      failure: { kind: "slot-foreign", jobName: forged.metadata.name, reason: "it carries no seal" },
    });
    await untouched(forged);
  });
  test("with a copy of the seal that the slot's last Job had", async () => {
    const spec = specOf(world(), { command: shell("sleep 60") });
    const runner = sealed();
    const first = runOf(await runner.start(spec));
    const { ref } = first;
    const { annotations } = (await jobOf(ref.jobName)).metadata;
    expect(annotations["claude-k8s.io/seal"]).toMatch(/^1\.[\w-]{43}$/);
    const run = runOf(await runner.attach(ref, { observe: true }));
    void drain(run);
    await first.stop({ reason: "over", graceSeconds: 0 });
    await world().request("DELETE", `${jobsPath()}/${ref.jobName}`, { propagationPolicy: "Background" });
    await expect.poll(() => jobOf(ref.jobName), { timeout: 20_000 }).toBeNull();
    const forged = await forge(spec, (job) => Object.assign(job.metadata.annotations, annotations));
    expect(await sealed().start(spec)).toMatchObject({ failure: { kind: "slot-foreign" } });
    expect(await sealed().attach({ namespace: spec.namespace, slot: spec.slot })).toMatchObject({
      failure: { kind: "slot-foreign" },
    });
    await untouched(forged);
  });
  test("a finished one makes no room, and is no run to be read", async () => {
    const spec = specOf(world(), { command: shell("echo FORGED") });
    const forged = await forge(spec);
    await expect
      .poll(async () => (await jobOf(forged.metadata.name)).status?.succeeded, { timeout: 20_000 })
      .toBe(1);
    expect(await sealed().start(spec)).toMatchObject({ failure: { kind: "slot-foreign" } });
    const target = { namespace: spec.namespace, jobName: forged.metadata.name };
    expect(await sealed().attach(target, { observe: true })).toMatchObject({
      failure: { kind: "slot-foreign" },
    });
    expect((await jobOf(forged.metadata.name)).metadata.uid).toBe(forged.metadata.uid);
  });
  test("one that says it was never released is not swept, nor does it make room", async () => {
    const spec = specOf(world());
    const forged = await forge(spec, (job) => {
      job.spec.suspend = true;
      delete job.metadata.annotations["claude-k8s.io/released-at"];
    });
    expect(await sealed().start(spec)).toMatchObject({ failure: { kind: "slot-foreign" } });
    const sweep = { namespace: spec.namespace, dryRun: false, olderThanSeconds: 0 };
    const swept = await sealed().sweep(sweep);
    expect(swept.map(({ object }) => object)).not.toContain(`jobs/${forged.metadata.name}`);
    await untouched(forged);
  });
  test("a run of a dead process of ours is adopted, with an older key, too", async () => {
    const spec = specOf(world(), { command: shell("echo one; sleep 3; echo two") });
    const uid = await orphan(sealed(), spec);
    const stranger = world().runner({ sealKey: "the-key-of-another-server", leaseSeconds: 5 });
    expect(await stranger.start(spec)).toMatchObject({
      failure: {
        kind: "slot-foreign",
        reason: "its seal was made with another key, or for another Job or pod template",
      },
    });
    const rotated = sealed({ sealKey: ["the-new-key-of-this-server", sealKey] });
    const start = await rotated.start(spec, { waitSeconds: 20 });
    expect(start).toMatchObject({ kind: "adopted", run: { ref: { jobUid: uid } } });
    const ended = await drain(runOf(start));
    expect(ended.output).toBe("one\ntwo\n");
    await ended.run.cleanUp({ keepJobSeconds: 0 });
  });
  test("what a process of ours claimed and never released makes room", async () => {
    const spec = specOf(world());
    const { cluster } = world();
    const dying = createRunner({ cluster: withoutSecrets(cluster), sealKey, leaseSeconds: 5 });
    const abort = new AbortController();
    const claimed = Promise.withResolvers<void>();
    const starting = dying
      .start({ ...spec, stdin: "x" }, { signal: abort.signal, onEvent: () => claimed.resolve() })
      .catch(() => null);
    await claimed.promise;
    const runner = sealed();
    await dying.close();
    await starting;
    const ended = await execute(runner, spec, { waitSeconds: 20 });
    expect(ended.output).toBe("hello\n");
    await ended.run.cleanUp({ keepJobSeconds: 0 });
  });
  test("a creation whose answer was lost is made again: a copy may stand in its place", async () => {
    const spec = specOf(world(), { stdin: "x", command: shell("cat") });
    const created: string[] = [];
    const ended = await execute(sealed({ cluster: losingFirstCreation(world().cluster, created) }), spec);
    expect(ended.output).toBe("x");
    expect(created).toHaveLength(2);
    expect(ended.run.ref.jobUid).toBe(created[1]);
    await ended.run.cleanUp({ keepJobSeconds: 0 });
  });
  test("a Job that is put in the place of ours before its release is not released", async () => {
    const spec = specOf(world(), { stdin: "x" });
    let forged: Json = null;
    const swapping = afterCreation(world().cluster, async ({ metadata }) => {
      await world().request("DELETE", `${jobsPath()}/${metadata.name}`, { propagationPolicy: "Background" });
      await expect.poll(() => jobOf(metadata.name), { timeout: 20_000 }).toBeNull();
      forged = await forge(spec, (job) => {
        job.metadata.annotations = metadata.annotations;
        job.spec.suspend = true;
      });
    });
    expect(await sealed({ cluster: swapping }).start(spec)).toMatchObject({ kind: "refused" });
    await untouched(forged);
  });
  test("a pod template that is changed before its release does not run", async () => {
    const spec = specOf(world(), { stdin: "x", command: shell("sleep 60") });
    const name = jobManifest(spec).metadata?.name ?? "";
    const changing = afterCreation(world().cluster, async () => {
      const annotations = { "container.apparmor.security.beta.kubernetes.io/main": "unconfined" };
      const body = { spec: { template: { metadata: { annotations } } } };
      expect((await world().request("PATCH", `${jobsPath()}/${name}`, body)).status).toBe(200);
    });
    expect(await sealed({ cluster: changing }).start(spec)).toMatchObject({
      kind: "refused",
      failure: {
        kind: "slot-foreign",
        reason: "its pod template was changed between its creation and its release",
      },
    });
    await expect.poll(() => jobOf(name), { timeout: 20_000 }).toBeNull();
  });

  test("somebody's Job is not attached to, stopped, listed or swept, with and without a key", async () => {
    const forged = await forge(specOf(world(), { command: shell("sleep 60") }), (job) => {
      job.metadata.name = "nightly-backup";
      job.metadata.annotations = { "claude-k8s.io/slot": "\u001B]0;OWNED\u0007\nfake-row" };
    });
    for (const runner of [sealed(), world().runner()]) {
      const target = { namespace: world().namespace, jobName: "nightly-backup" };
      expect(await runner.attach(target)).toMatchObject({
        kind: "refused",
        failure: { kind: "slot-foreign", reason: "its name is not that of its slot" },
      });
      const listed = await runner.list({ namespace: world().namespace });
      expect(listed.map(({ ref }) => ref.jobName)).not.toContain("nightly-backup");
    }
    await untouched(forged);
  });
  test("a list says which Jobs are sealed", async () => {
    const [ours, forgedSpec] = [specOf(world()), specOf(world(), { command: shell("sleep 60") })];
    const { run } = await execute(sealed(), ours);
    const forged = await forge(forgedSpec);
    const sealsIn = async (runner: Runner) =>
      Object.fromEntries(
        (await runner.list({ namespace: ours.namespace })).map(({ ref, sealed: is }) => [ref.jobName, is]),
      );
    expect(await sealsIn(sealed())).toMatchObject({ [run.ref.jobName]: true, [forged.metadata.name]: false });
    expect(await sealsIn(world().runner())).toMatchObject({ [run.ref.jobName]: null });
    await run.cleanUp({ keepJobSeconds: 0 });
  });
});

/** Secrets are never made: a start hangs between claim and release. */
function withoutSecrets(cluster: Cluster): Cluster {
  const hanging = ((resource: string, ...rest: any[]) =>
    resource === "secrets"
      ? new Promise((_resolve, reject) => {
          const { signal } = rest[2] ?? {};
          signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        })
      : (cluster.create as any)(resource, ...rest)) as Cluster["create"];
  const silent = ((resource: string, ...rest: any[]) =>
    resource === "jobs"
      ? Promise.resolve({ kind: "error", error: { kind: "forbidden", message: "dead", causes: [] } })
      : (cluster.delete as any)(resource, ...rest)) as Cluster["delete"];
  return { ...cluster, create: hanging, delete: silent };
}

function afterCreation(cluster: Cluster, then: (job: Json) => Promise<void>): Cluster {
  const create = (async (resource: string, ...rest: any[]) => {
    const answer = await (cluster.create as any)(resource, ...rest);
    if (resource === "jobs" && answer.kind === "ok") await then(answer.value);
    return answer;
  }) as Cluster["create"];
  return { ...cluster, create };
}

/** The first creation is carried out, and its answer lost. */
function losingFirstCreation(cluster: Cluster, created: string[]): Cluster {
  const create = (async (resource: string, ...rest: any[]) => {
    const answer = await (cluster.create as any)(resource, ...rest);
    if (resource !== "jobs" || answer.kind !== "ok") return answer;
    created.push(answer.value.metadata.uid);
    if (created.length > 1) return answer;
    const error = {
      kind: "unavailable",
      httpStatus: null,
      reason: null,
      message: "cut",
      causes: [],
      retryAfterSeconds: null,
    };
    return { kind: "error", error };
  }) as Cluster["create"];
  return { ...cluster, create };
}
