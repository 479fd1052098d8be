/** What can be known of a run before there is one: told by the API server, and nothing is made. */

import { KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { connect } from "../src/index.ts";
import type { Rehearsal, RunSpec } from "../src/index.ts";
import { misfitOf } from "../src/rehearse/fitting-nodes.ts";
import { connectAs } from "./limited.ts";
import { type World, describeWorlds, specOf } from "./world.ts";

describeWorlds("a rehearsal", (world) => {
  const rehearse = (more: Partial<RunSpec> = {}) => world().runner().rehearse(specOf(world(), more));

  test("accepts a run that would start, and makes nothing", async () => {
    const spec = specOf(world());
    expect(await world().runner().rehearse(spec)).toEqual({ kind: "accepted", doubts: [], unchecked: [] });
    const jobs = await world().cluster.list("jobs", world().namespace, {});
    const names = jobs.kind === "ok" ? jobs.value.items.map(({ metadata }) => metadata?.annotations) : null;
    expect(JSON.stringify(names)).not.toContain(spec.slot);
  });

  test("a namespace that is not there", async () => {
    expect(failure(await rehearse({ namespace: "not-there" }))).toEqual({
      kind: "namespace-missing",
      namespace: "not-there",
    });
  });

  test("a service account that is not there, also where the overlay names it", async () => {
    const missing = { kind: "service-account-missing", name: "not-there" };
    expect(failure(await rehearse({ serviceAccountName: "not-there" }))).toMatchObject(missing);
    const podTemplate = { spec: { serviceAccountName: "not-there" } };
    expect(failure(await rehearse({ podTemplate }))).toMatchObject(missing);
    expect((await rehearse({ serviceAccountName: "default" })).kind).toBe("accepted");
  });

  test("a node selector that no node has is a doubt: an autoscaler may know one", async () => {
    const rehearsed = await rehearse({ nodeSelector: { "example.test/disk": "none" } });
    expect(rehearsed).toMatchObject({
      kind: "accepted",
      doubts: [{ kind: "unschedulable", message: "no node has the labels example.test/disk=none" }],
    });
    expect(await rehearse({ nodeSelector: { "kubernetes.io/os": "linux" } })).toMatchObject({ doubts: [] });
  });

  test("a Job that the API server does not take", async () => {
    const refused = failure(
      await rehearse({ resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } }),
    );
    expect(refused).toMatchObject({
      kind: "create-rejected",
      resource: "jobs",
      httpStatus: 422,
      message: expect.stringContaining("must be less than or equal to memory limit"),
    });
  });

  test("a policy of ours", async () => {
    const spec = specOf(world(), { podTemplate: { spec: { hostNetwork: true } }, policy: {} });
    expect(failure(await world().runner().rehearse(spec)).kind).toBe("policy-violated");
  });

  test("what may not be looked at is told, and what may not be made is refused", async () => {
    const runner = world().runner({ cluster: await connectAs(world(), "runs") });
    const spec = specOf(world(), { nodeSelector: { "kubernetes.io/os": "linux" } });
    expect(await runner.rehearse(spec)).toEqual({ kind: "accepted", doubts: [], unchecked: ["nodes"] });
    const upkeep = world().runner({ cluster: await connectAs(world(), "upkeep") });
    expect(failure(await upkeep.rehearse(spec))).toMatchObject({
      kind: "forbidden",
      verb: "create",
      resource: "jobs",
    });
  });

  test("an address where nobody listens, and credentials that are refused", async () => {
    const port = new URL(world().cluster.server).port;
    const kubeconfig = world().kubeconfig;
    const nobody = await failureAt(world(), kubeconfig.replaceAll(`:${port}`, ":1"));
    expect(nobody).toMatchObject({
      kind: "api-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    expect(nobody.kind === "api-unreachable" && nobody.server).toMatch(/:1$/);
    const token = ["not", "the", "token"].join("-");
    expect(await failureAt(world(), withToken(kubeconfig, token))).toMatchObject({
      kind: "kubeconfig-invalid",
      field: "users",
    });
  });
});

test("which taints keep a pod from every node", () => {
  const node = (...taints: { key: string; value?: string; effect: string }[]) => ({ spec: { taints } });
  const fits = /: one fits$/;
  const gpu = { key: "gpu", value: "yes", effect: "NoSchedule" };
  const nodeSelector = { pool: "a" };
  const rows: readonly [string, Parameters<typeof misfitOf>[0], object[], RegExp][] = [
    ["none", [node()], [], fits],
    ["one of two", [node(gpu), node()], [], fits],
    ["all", [node(gpu), node(gpu)], [], /: the 2 nodes with the labels pool=a .*: gpu=yes$/],
    ["a preference", [node({ ...gpu, effect: "PreferNoSchedule" })], [], fits],
    ["one that evicts", [node({ key: "gone", effect: "NoExecute" })], [], /: gone$/],
    ["tolerated by value", [node(gpu)], [{ key: "gpu", value: "yes" }], fits],
    ["of another value", [node(gpu)], [{ key: "gpu", operator: "Equal", value: "no" }], /gpu/],
    ["tolerated by key", [node(gpu)], [{ key: "gpu", operator: "Exists" }], fits],
    ["of another key", [node(gpu)], [{ key: "cpu", operator: "Exists" }], /gpu/],
    ["tolerated as all are", [node(gpu)], [{ operator: "Exists" }], fits],
    ["of another effect", [node(gpu)], [{ operator: "Exists", effect: "NoExecute" }], /gpu/],
    ["no such node", [], [], /: no node has the labels pool=a$/],
  ];
  for (const [name, nodes, tolerations, expected] of rows) {
    const said = misfitOf(nodes, { nodeSelector, tolerations });
    expect(`${name}: ${said ?? "one fits"}`).toMatch(expected);
  }
});

function failure(rehearsed: Rehearsal): Extract<Rehearsal, { kind: "refused" }>["failure"] {
  if (rehearsed.kind === "accepted") throw new Error("it was accepted");
  return rehearsed.failure;
}

async function failureAt(world: World, kubeconfig: string) {
  const cluster = await connect({ kubeconfig });
  world.onClose(() => cluster.close());
  return failure(await world.runner({ cluster }).rehearse(specOf(world)));
}

function withToken(kubeconfig: string, token: string): string {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const parsed = JSON.parse(config.exportConfig());
  for (const entry of parsed.users) entry.user = { token };
  return JSON.stringify(parsed);
}
