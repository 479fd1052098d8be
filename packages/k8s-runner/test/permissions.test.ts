/** The Roles are enough for every path, and no verb of them is one too many: each path with exactly its Role, and what it asked for. */

import { expect, test } from "vitest";
import {
  ensureClaim,
  jobManifest,
  listClaims,
  removeClaim,
  requiredPermissions,
  upkeepPermissions,
} from "../src/index.ts";
import type { ApiAnswer, Cluster, Permission, RunSpec } from "../src/index.ts";
import { resourceOf } from "../src/permissions.ts";
import { connectAs } from "./limited.ts";
import { describeWorlds, drain, execute, failureOf, runOf, shell, specOf } from "./world.ts";

test("nothing that starts runs may list or read Secrets", () => {
  expect(granted(requiredPermissions).filter((right) => right.endsWith(" secrets"))).toEqual([
    "create secrets",
    "delete secrets",
  ]);
});

describeWorlds("the Role for runs", (world) => {
  test("is enough for every path, and has no verb that none of them uses", { timeout: 180_000 }, async () => {
    const used = new Set<string>();
    const refused = new Set<string>();
    const cluster = recording(await connectAs(world(), "runs"), used, refused);
    const runner = () => world().runner({ cluster, leaseSeconds: 5, sealKey: "the-key-of-the-tests" });
    const payload = { stdin: "in\n", secretEnv: { KEY: "value" } } satisfies Partial<RunSpec>;
    const paths: Record<string, () => Promise<unknown>> = {
      async "a run, kept and removed"() {
        const spec = specOf(world(), { ...payload, command: shell("cat") });
        const kept = await execute(runner(), spec);
        expect(kept.output).toBe("in\n");
        await kept.run.cleanUp({ keepJobSeconds: 600 });
        const next = await execute(runner(), { ...spec, runId: "next" }, { waitSeconds: 30 });
        await next.run.cleanUp({ keepJobSeconds: 0 });
      },
      async "a run under a cap, and one that waits for it"() {
        const cap = { name: "permissions", limit: 1 };
        const runs = [1, 2].map(async () => {
          const { run } = await execute(runner(), specOf(world(), { cap, command: shell("sleep 1") }));
          await run.cleanUp({ keepJobSeconds: 0 });
        });
        await Promise.all(runs);
      },
      async "a run whose process is gone is adopted"() {
        const spec = specOf(world(), { ...payload, command: shell("echo one; sleep 3; echo two") });
        const first = runner();
        await first.start(spec);
        await first.close();
        const start = await runner().start(spec, { waitSeconds: 30 });
        expect(start.kind).toBe("adopted");
        const { output, run } = await drain(runOf(start));
        expect(output).toBe("one\ntwo\n");
        await run.cleanUp({ keepJobSeconds: 0 });
      },
      async "a run that is stopped"() {
        const run = runOf(
          await runner().start(specOf(world(), { command: shell("trap '' TERM; echo up; sleep 60") })),
        );
        const ended = drain(run, () => void run.stop({ graceSeconds: 1, reason: "test" }));
        expect((await ended).exit.kind).toBe("stopped");
        await run.cleanUp({ keepJobSeconds: 0 });
      },
      async "a run that is stopped with the grace that its pod has"() {
        const spec = specOf(world(), { command: shell("echo up; sleep 60"), graceSeconds: 2 });
        const run = runOf(await runner().start(spec));
        const ended = drain(run, () => void run.stop({ reason: "test" }));
        expect((await ended).exit.kind).toBe("stopped");
        await run.cleanUp({ keepJobSeconds: 0 });
      },
      async "a run that crashes"() {
        const { exit, run } = await execute(runner(), specOf(world(), { command: shell("exit 3") }));
        expect(exit).toMatchObject({ kind: "exited", exitCode: 3 });
        expect(exit.evidence.unavailable).toEqual([]);
        await run.cleanUp({ keepJobSeconds: 0 });
      },
      async "a start without its image"() {
        const spec = specOf(world(), { image: "lab/not-there:1", imagePullPolicy: "Never" });
        const { exit, run } = await execute(runner(), spec);
        expect(failureOf(exit).kind).toMatch(/^image-/);
        expect(exit.evidence.events).not.toEqual([]);
        await run.cleanUp({ keepJobSeconds: 0 });
      },
      async "a start without its service account"() {
        const spec = specOf(world(), { serviceAccountName: "not-there", budgets: { podCreationSeconds: 3 } });
        const { exit, run } = await execute(runner(), spec);
        expect(failureOf(exit).kind).toBe("service-account-missing");
        await run.cleanUp({ keepJobSeconds: 0 });
      },
      async "a run that is only rehearsed"() {
        const spec = specOf(world(), { serviceAccountName: "not-there", nodeSelector: { none: "such" } });
        expect((await runner().rehearse(spec)).kind).toBe("refused");
      },
      async "a run that somebody deletes"() {
        const run = runOf(await runner().start(specOf(world(), { command: shell("echo up; sleep 60") })));
        const path = `/apis/batch/v1/namespaces/${run.ref.namespace}/jobs/${run.ref.jobName}`;
        const ended = drain(
          run,
          () => void world().request("DELETE", path, { propagationPolicy: "Background" }),
        );
        expect(failureOf((await ended).exit).kind).toBe("deleted-externally");
        await run.cleanUp({ keepJobSeconds: 0 });
      },
    };
    await Promise.all(Object.values(paths).map((path) => path()));
    expect([...refused].filter((right) => !right.endsWith(" nodes"))).toEqual([]);
    const spare = granted(requiredPermissions).filter((right) => !used.has(right));
    expect(spare.filter((right) => !right.endsWith(" nodes"))).toEqual([]);
  });
});

describeWorlds("the Role for upkeep", (world) => {
  test("is enough to list and to sweep, has no verb too many, and starts nothing", async () => {
    const used = new Set<string>();
    const refused = new Set<string>();
    const cluster = recording(await connectAs(world(), "upkeep"), used, refused);
    const spec = specOf(world());
    const { run } = await execute(world().runner(), spec);
    const { namespace } = world();
    const hash = "0123456789abcdefghij";
    const labels = { "app.kubernetes.io/managed-by": "claude-k8s" };
    const renewTime = "2020-01-01T00:00:00.000000Z";
    await world().cluster.create("secrets", namespace, {
      metadata: { name: `run-${hash}-aaaaaaaa-0`, labels: { ...labels, "claude-k8s.io/slot": hash } },
      immutable: true,
    });
    await world().cluster.create("leases", namespace, {
      metadata: { name: "dead", labels },
      spec: { holderIdentity: "dead", leaseDurationSeconds: 20, renewTime },
    });
    const unreleased = specOf(world());
    await world().cluster.create("jobs", namespace, neverReleased(unreleased));
    const runner = world().runner({ cluster });
    expect(await runner.list({ namespace })).toHaveLength(2);
    const swept = await runner.sweep({ namespace, dryRun: false, olderThanSeconds: 0 });
    expect(swept.filter(({ removed }) => removed)).toHaveLength(3);
    // The local cluster has no claims.
    const hasClaims = world().local === null;
    if (hasClaims) {
      await ensureClaim(world().cluster, { namespace, name: "kept", size: "1Gi" });
      for (const claim of await listClaims(cluster, { namespace })) await removeClaim(cluster, claim);
    }
    expect([...refused]).toEqual([]);
    const spare = granted(upkeepPermissions).filter((right) => !used.has(right));
    expect(spare.filter((right) => hasClaims || !right.endsWith(" persistentvolumeclaims"))).toEqual([]);
    expect(await runner.start(spec)).toMatchObject({ kind: "refused", failure: { kind: "forbidden" } });
    await run.cleanUp({ keepJobSeconds: 0 });
  });

  function neverReleased(spec: RunSpec): any {
    const job: any = JSON.parse(JSON.stringify(jobManifest(spec)));
    job.metadata.annotations["claude-k8s.io/supervisor"] = "long-dead";
    return job;
  }
});

function granted(permissions: readonly Permission[]): readonly string[] {
  return permissions.map((permission) => `${permission.verb} ${resourceOf(permission)}`);
}

/** Every right that is asked for, and every one that the API server refuses. */
function recording(cluster: Cluster, used: Set<string>, refused: Set<string>): Cluster {
  const note = async <T>(right: string, answer: Promise<ApiAnswer<T>>): Promise<ApiAnswer<T>> => {
    used.add(right);
    const result = await answer;
    if (result.kind === "error" && result.error.kind === "forbidden") refused.add(right);
    return result;
  };
  return {
    ...cluster,
    create: (resource, ...rest) => note(`create ${resource}`, cluster.create(resource, ...rest)),
    get: (resource, ...rest) => note(`get ${resource}`, cluster.get(resource, ...rest)),
    list: (resource, ...rest) => note(`list ${resource}`, cluster.list(resource, ...rest)),
    patch: (resource, ...rest) => note(`patch ${resource}`, cluster.patch(resource, ...rest)),
    replace: (resource, ...rest) => note(`update ${resource}`, cluster.replace(resource, ...rest)),
    delete: (resource, ...rest) => note(`delete ${resource}`, cluster.delete(resource, ...rest)),
    watch: (resource, ...rest) => note(`watch ${resource}`, cluster.watch(resource, ...rest)),
    logs: {
      ...cluster.logs,
      open(...rest: Parameters<Cluster["logs"]["open"]>) {
        used.add("get pods/log");
        return cluster.logs.open(...rest);
      },
    },
  };
}
