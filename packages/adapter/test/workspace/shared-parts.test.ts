import type { OwnMount } from "@claude-k8s/k8s-runner";
import { describe, expect, test } from "vitest";

import { foldersOf, partOf, wholePart } from "../../src/workspace/shared/parts.ts";
import { pinned } from "../../src/workspace/pin.ts";
import { userOf } from "../../src/workspace/user.ts";

const folder = (name: string, realPath = name) => ({ name, realPath });
const claim = (name: string) => ({ name, persistentVolumeClaim: { claimName: `${name}-claim` } });
const mount = (mountPath: string, volume: OwnMount["volume"], subPath = ""): OwnMount => ({
  mountPath,
  subPath,
  readOnly: false,
  volume,
});

describe("the folders that a pod sees", () => {
  const workspace = folder("/p/projects/c/app");
  const agent = [folder("/p/workspaces/a")];
  const company = [folder("/p/projects/c")];
  const names = (wanted: Partial<Parameters<typeof foldersOf>[0]>) =>
    foldersOf({ scope: "company", workspace, agent, company, ...wanted }).map(({ name }) => name);

  test.each<[string, Parameters<typeof names>[0], string[]]>([
    ["of a company: its projects, and the workspace within them", {}, ["/p/projects/c", "/p/workspaces/a"]],
    ["of an agent", { scope: "agent" }, ["/p/projects/c/app", "/p/workspaces/a"]],
    [
      "a workspace elsewhere",
      { workspace: folder("/srv/app") },
      ["/p/projects/c", "/p/workspaces/a", "/srv/app"],
    ],
    [
      "a workspace that is the agent's home is mounted once",
      { scope: "agent", workspace: folder("/p/workspaces/a") },
      ["/p/workspaces/a"],
    ],
    [
      "a workspace that only looks as if it lay there",
      { workspace: folder("/p/projects/c/app", "/srv/app") },
      ["/p/projects/c", "/p/workspaces/a", "/p/projects/c/app"],
    ],
    ["a company without projects", { company: [] }, ["/p/workspaces/a", "/p/projects/c/app"]],
    [
      "a neighbour of a longer name",
      { company: [folder("/p/projects/c/ap")] },
      ["/p/projects/c/ap", "/p/workspaces/a", "/p/projects/c/app"],
    ],
  ])("%s", (_name, wanted, expected) => {
    expect(names(wanted)).toEqual(expected);
  });
});

describe("where a folder lies", () => {
  const pod = {
    namespace: "paperclip",
    mounts: [
      mount("/p", claim("data"), "home"),
      mount("/p/projects", { name: "nfs", nfs: { server: "s", path: "/" } }),
    ],
  };
  test("below the longest mount path, its subPath kept, under the host's name", () => {
    expect(partOf(pod, folder("/p/workspaces/a"), "paperclip")).toMatchObject({
      kind: "part",
      part: { mountPath: "/p/workspaces/a", subPath: "home/workspaces/a", volume: { name: "data" } },
    });
    expect(partOf(pod, folder("/link", "/p/projects/c"), "paperclip")).toMatchObject({
      part: { server: "/link", mountPath: "/link", subPath: "c", volume: { name: "nfs" } },
    });
  });
  test("a claim is of its namespace, a disk with an address is everybody's", () => {
    expect(partOf(pod, folder("/p/x"), "agents")).toMatchObject({
      kind: "none",
      why: expect.stringContaining("agents"),
    });
    expect(partOf(pod, folder("/p/projects/x"), "agents")).toMatchObject({ kind: "part" });
    const secret = { name: "ceph", cephfs: { monitors: ["m"], secretRef: { name: "key" } } };
    const ceph = { ...pod, mounts: [mount("/c", secret)] };
    expect(partOf(ceph, folder("/c/x"), "agents")).toMatchObject({ kind: "none" });
  });
  test("elsewhere it is nobody's", () => {
    expect(partOf(pod, folder("/tmp/x"), "paperclip")).toMatchObject({
      kind: "none",
      why: expect.stringContaining("no volume"),
    });
  });
  test("the whole of it is what the server has mounted", () => {
    const found = partOf(pod, folder("/p/workspaces/a"), "paperclip");
    const part = found.kind === "part" ? found.part : null;
    expect(part && wholePart(pod, part)).toMatchObject({ server: "/p", mountPath: "/p", subPath: "home" });
  });
});

describe("a pod that is kept on a node", () => {
  const term = { matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] };
  test("by force", () => {
    expect(pinned(undefined, { kind: "node", node: "n1", strict: true })).toEqual({
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
    });
  });
  test("in each of the alternatives that were asked for", () => {
    const zone = (value: string) => ({
      matchExpressions: [{ key: "zone", operator: "In", values: [value] }],
    });
    const required = { nodeSelectorTerms: [zone("a"), zone("b")] };
    const podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [] };
    const before = {
      podAffinity,
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required },
    };
    expect(pinned(before, { kind: "node", node: "n1", strict: true })).toEqual({
      podAffinity,
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { ...zone("a"), ...term },
            { ...zone("b"), ...term },
          ],
        },
      },
    });
  });
  test("beside the agent's other pods", () => {
    const others = { labelSelector: { matchLabels: { a: "b" } }, topologyKey: "kubernetes.io/hostname" };
    expect(pinned({ nodeAffinity: {} }, { kind: "beside", labels: { a: "b" } })).toEqual({
      nodeAffinity: {},
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [others] },
    });
  });
  test("if it can be", () => {
    expect(pinned(undefined, { kind: "node", node: "n1", strict: false })).toEqual({
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }],
      },
    });
  });
});

test.each([
  [
    "the server's",
    { uid: 501, gid: 20 },
    null,
    { runAsUser: 501, runAsGroup: 20, fsGroup: null, follows: true },
  ],
  [
    "with its fsGroup",
    { uid: 501, gid: 20 },
    7,
    { runAsUser: 501, runAsGroup: 20, fsGroup: 7, follows: true },
  ],
  [
    "never root",
    { uid: 0, gid: 0 },
    null,
    { runAsUser: 1000, runAsGroup: 1000, fsGroup: null, follows: false },
  ],
  ["nobody knows", null, 7, { runAsUser: 1000, runAsGroup: 7, fsGroup: 7, follows: false }],
])("the user of a pod: %s", (_name, user, fsGroup, expected) => {
  expect(userOf({ kind: "pod", user, pod: { fsGroup } as never })).toEqual(expected);
});
