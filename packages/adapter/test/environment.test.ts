import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type LocalCluster, startLocalCluster } from "@claude-k8s/local-cluster";
import { requiredPermissions } from "@claude-k8s/k8s-runner";
import { afterAll, beforeAll, expect, test } from "vitest";

import { connectRunner } from "../src/connect.ts";
import { createConnections } from "../src/connections.ts";
import { fakeServer } from "./host-context.ts";
import { testEnvironment } from "../src/host/environment-test.ts";

const folder = mkdtempSync(path.join(tmpdir(), "adapter-environment-"));
const connections = createConnections((kubeconfig) => connectRunner(kubeconfig, { spoolFolder: null }));
let cluster: LocalCluster;

beforeAll(async () => {
  const [createJobs, ...others] = requiredPermissions.map(({ verb, group, resource, subresource }) => ({
    verbs: [verb],
    apiGroups: [group],
    resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
  }));
  if (createJobs === undefined) throw new Error("no permissions are listed");
  const reviews = {
    verbs: ["create"],
    apiGroups: ["authorization.k8s.io"],
    resources: ["selfsubjectaccessreviews"],
  };
  const token = ["token", "for", "tests"].join("-");
  cluster = await startLocalCluster({
    users: [
      { name: "all", token: `${token}-1`, rules: [createJobs, ...others, reviews] },
      { name: "few", token: `${token}-2`, rules: [...others, reviews] },
      {
        name: "role",
        token: `${token}-3`,
        rules: [createJobs, ...others, reviews].filter(({ resources }) => !resources.includes("nodes")),
      },
    ],
  });
});
afterAll(async () => {
  await connections.close();
  await cluster.close();
  rmSync(folder, { recursive: true });
});

function check(config: Record<string, unknown>) {
  return testEnvironment(
    { companyId: "c", adapterType: "claude_k8s", config },
    { connections, server: fakeServer({ kubeconfigFolders: [folder] }) },
  );
}

function configOf(kubeconfig: string, name: string): Record<string, unknown> {
  const file = path.join(folder, name);
  writeFileSync(file, kubeconfig);
  return { image: "x", kubeconfig: file, namespace: "default" };
}

test("all is allowed", async () => {
  const result = await check(configOf(cluster.kubeconfigFor("all"), "all"));
  expect(result.status).toBe("pass");
  expect(result.checks.map((each) => each.code)).toEqual(["settings_valid", "k8s_permissions"]);
});

test("what is not allowed is named, with what it is needed for", async () => {
  const result = await check(configOf(cluster.kubeconfigFor("few"), "few"));
  expect(result.status).toBe("fail");
  expect(result.checks).toContainEqual(
    expect.objectContaining({
      code: "k8s_forbidden",
      level: "error",
      message: "create jobs is not allowed in namespace default.",
      detail: "Needed for claiming a slot.",
    }),
  );
});

test("what a Role cannot give is told and no warning", async () => {
  const result = await check(configOf(cluster.kubeconfigFor("role"), "role"));
  expect(result.status).toBe("pass");
  expect(result.checks.at(-1)).toMatchObject({
    code: "k8s_forbidden",
    level: "info",
    message: "get nodes is not allowed in the cluster.",
  });
});

test("a namespace that does not exist, in which everything would be allowed", async () => {
  const result = await check({ ...configOf(cluster.kubeconfigFor("all"), "all"), namespace: "absent" });
  expect(result.status).toBe("fail");
  expect(result.checks).toContainEqual(
    expect.objectContaining({ code: "k8s_namespace_not_found", level: "error" }),
  );
});

test("settings, kubeconfig, address", async () => {
  expect(await check({ image: "x", namespace: "A" })).toMatchObject({
    status: "fail",
    checks: [{ code: "settings_invalid" }],
  });
  const broken = await check(configOf("clusters: {", "broken"));
  expect(broken).toMatchObject({ status: "fail", checks: [{}, { code: "kubeconfig_invalid" }] });
  const port = new URL(cluster.url).port;
  const nobody = cluster.kubeconfig.replaceAll(`:${port}`, ":1");
  expect(await check(configOf(nobody, "nobody"))).toMatchObject({
    status: "fail",
    checks: [{}, { code: "k8s_api_unreachable" }],
  });
});

test("an image that is not set yet is a warning, also where the operator lists images", async () => {
  const { image: _image, ...config } = configOf(cluster.kubeconfigFor("all"), "no-image");
  const rules = { kubeconfigFolders: [folder], allow: { images: ["ghcr.io/acme/*"] } };
  const result = await testEnvironment(
    { companyId: "c", adapterType: "claude_k8s", config },
    { connections, server: fakeServer(rules) },
  );
  expect(result.status).toBe("warn");
  expect(result.checks[0]).toMatchObject({
    code: "image_not_set",
    level: "warn",
    hint: expect.stringContaining("Edit configuration"),
  });
  expect(result.checks.map((each) => each.code)).toContain("k8s_permissions");
});

test("what the operator does not allow fails here as it would fail a run", async () => {
  const attacks: readonly [Record<string, unknown>, string][] = [
    [{ kubeconfig: "/proc/self/environ" }, "kubeconfigFolders"],
    [{ instructionsFilePath: "/etc/passwd" }, "fileFolders"],
    [{ podTemplate: { spec: { hostNetwork: true } } }, "allow.podTemplate"],
    [{ env: { LD_PRELOAD: "/x.so" } }, "allow.env"],
    [{ namespace: "kube-system" }, "allow.namespaces"],
  ];
  const rules = { kubeconfigFolders: [folder], allow: { namespaces: ["default"] } };
  for (const [settings, allow] of attacks) {
    const config = { ...configOf(cluster.kubeconfigFor("all"), "attacked"), ...settings };
    const result = await testEnvironment(
      { companyId: "c", adapterType: "claude_k8s", config },
      { connections, server: fakeServer(rules) },
    );
    expect(result.status).toBe("fail");
    expect(result.checks).toContainEqual(
      expect.objectContaining({ code: "not_allowed_by_operator", hint: expect.stringContaining(allow) }),
    );
  }
});
