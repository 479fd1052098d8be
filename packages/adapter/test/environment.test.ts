import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { KubeConfig } from "@kubernetes/client-node";
import { type ContainerContext, type LocalCluster, startLocalCluster } from "@claude-k8s/local-cluster";
import { requiredPermissions } from "@claude-k8s/k8s-runner";
import { afterAll, beforeAll, expect, test } from "vitest";

import { connectRunner } from "../src/connect.ts";
import { createConnections } from "../src/connections.ts";
import type { Ask } from "../src/environment-test/checks.ts";
import { testEnvironment } from "../src/environment-test/environment-test.ts";
import type { EnvironmentTestResult } from "../src/host/contract.ts";
import type { OperatorFile } from "../src/operator/file-schema.ts";
import { fakeServer } from "./host-context.ts";
import { recordingText } from "./scenario/world.ts";

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
  const ofTheRole = [createJobs, ...others].flatMap(({ verbs, apiGroups, resources }) =>
    resources.includes("nodes") ? [] : [{ verbs, apiGroups, resources, namespaces: ["default"] }],
  );
  const token = ["token", "for", "tests"].join("-");
  cluster = await startLocalCluster({
    namespaces: ["others"],
    images: (image) => ({ kind: image === "lab/absent:1" ? "not-found" : "present" }),
    containers: claudeIn,
    users: [
      { name: "all", token: `${token}-1`, rules: [createJobs, ...others, reviews] },
      { name: "few", token: `${token}-2`, rules: [...others, reviews] },
      {
        name: "role",
        token: `${token}-3`,
        rules: [reviews, ...ofTheRole],
      },
    ],
  });
});
afterAll(async () => {
  await connections.close();
  await cluster.close();
  rmSync(folder, { recursive: true });
});

/** What the image prints in the place of Claude Code. */
function claudeIn({ image }: ContainerContext) {
  const recording = image === "lab/claude:refused" ? "auth-401" : "simple-text";
  const ending = { exitCode: image === "lab/claude:refused" ? 1 : 0 };
  return {
    steps: [{ stdout: "2.1.330 (Claude Code)\n" }, { stdout: recordingText(recording) }],
    ending,
  };
}

const asked: string[] = [];
/** Paperclip answers; nobody else does. */
const paperclipOnly: Ask = async (url) => {
  asked.push(url);
  if (url.startsWith("http://paperclip.test:3100/")) return new Response("{}");
  throw new TypeError("fetch failed", { cause: Object.assign(new Error(url), { code: "ENOTFOUND" }) });
};

function check(
  config: Record<string, unknown>,
  { ask = paperclipOnly, rules = {} }: { readonly ask?: Ask; readonly rules?: OperatorFile } = {},
): Promise<EnvironmentTestResult> {
  const allow = { apiOrigins: ["http://paperclip.test:3100", "http://localhost:3100"], ...rules.allow };
  return testEnvironment(
    { companyId: "c", adapterType: "claude_k8s", config },
    { connections, server: fakeServer({ kubeconfigFolders: [folder], ...rules, allow }), ask },
  );
}

const key = ["sk", "ant", "api03", "0123456789abcdefghij"].join("-");

/** Settings with which everything is well. */
function configOf(kubeconfig: string, name: string): Record<string, unknown> {
  const file = path.join(folder, name);
  writeFileSync(file, kubeconfig);
  return {
    image: "lab/claude:1",
    kubeconfig: file,
    namespace: "default",
    paperclipApiUrl: "http://paperclip.test:3100",
    env: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: "http://gateway.test" },
  };
}
const all = () => configOf(cluster.kubeconfigFor("all"), "all");

const wrong = ({ checks }: EnvironmentTestResult) => checks.filter(({ level }) => level !== "info");
const codes = ({ checks }: EnvironmentTestResult) => checks.map(({ code }) => code);

test("all is allowed, and nothing is made", async () => {
  const result = await check(all());
  expect(wrong(result)).toEqual([]);
  expect(result.status).toBe("pass");
  expect(codes(result)).toEqual(["settings_valid", "k8s_permissions", "paperclip_address"]);
  const { runner } = await connections.open({
    kubeconfig: String(all()["kubeconfig"]),
    context: null,
    trust: { folders: [folder] },
  });
  expect(await runner.list({ namespace: "default" })).toEqual([]);
});

test("keys that no setting has are told in one line; the host's own are not among them", async () => {
  const result = await check({ ...all(), gpuPool: "a100", costCentre: 17, paperclipSkillSync: {}, cwd: "" });
  expect(result.status).toBe("pass");
  expect(result.checks.filter(({ code }) => code === "settings_unknown")).toEqual([
    {
      code: "settings_unknown",
      level: "info",
      message: "gpuPool, costCentre: no settings of this adapter have these names, and they are left alone.",
    },
  ]);
  const misspelt = await check({ ...all(), namespaec: "default" });
  expect(codes(misspelt)).toContain("settings_warning");
  expect(codes(misspelt)).not.toContain("settings_unknown");
});

test("the documented Role passes: what it cannot give is told in one line and warns nobody", async () => {
  const result = await check(configOf(cluster.kubeconfigFor("role"), "role"));
  expect(result.status).toBe("pass");
  expect(result.checks.filter(({ code }) => code === "k8s_forbidden")).toEqual([
    expect.objectContaining({
      level: "info",
      message: "get nodes, list nodes: not allowed; runs work without.",
    }),
  ]);
});

test("a record of the output that nobody could read is a warning", async () => {
  const config = configOf(cluster.kubeconfigFor("role"), "role");
  const result = await check({ ...config, recordOutput: true });
  expect(result.status).toBe("warn");
  expect(wrong(result)).toEqual([
    expect.objectContaining({
      code: "record_unreadable",
      level: "warn",
      message: expect.stringContaining("create and get pods/exec: not allowed in namespace default"),
      hint: expect.stringContaining("Record output"),
    }),
  ]);
  expect((await check({ ...config, recordOutput: false })).status).toBe("pass");
});

test("what is not allowed is named, with what it is needed for", async () => {
  const result = await check(configOf(cluster.kubeconfigFor("few"), "few"));
  expect(result.status).toBe("fail");
  expect(wrong(result)).toEqual([
    expect.objectContaining({
      code: "k8s_forbidden",
      level: "error",
      message: "create jobs: not allowed in namespace default.",
      detail: "Needed for claiming a slot.",
    }),
  ]);
});

test("a namespace of others is one line", async () => {
  const config = { ...configOf(cluster.kubeconfigFor("role"), "role"), namespace: "others" };
  const result = await check(config);
  expect(wrong(result)).toEqual([
    expect.objectContaining({
      level: "error",
      message: "Nothing that a run needs is allowed in namespace others.",
      hint: expect.stringContaining("Namespace"),
    }),
  ]);
});

test("a namespace that does not exist, in which everything would be allowed", async () => {
  const result = await check({ ...all(), namespace: "absent" });
  expect(wrong(result)).toEqual([
    expect.objectContaining({
      code: "k8s_namespace_not_found",
      level: "error",
      message: "The cluster has no namespace absent.",
    }),
  ]);
});

test("a service account that does not exist", async () => {
  const result = await check({ ...all(), serviceAccountName: "absent" });
  expect(wrong(result)).toEqual([
    expect.objectContaining({
      code: "k8s_service_account_missing",
      level: "error",
      message: expect.stringContaining("absent"),
      hint: expect.stringContaining("Service account"),
    }),
  ]);
});

test("a node selector that no node has", async () => {
  const result = await check({ ...all(), nodeSelector: "disk=none" });
  expect(wrong(result)).toEqual([
    expect.objectContaining({
      code: "k8s_unschedulable",
      level: "warn",
      message: expect.stringContaining("no node has the labels disk=none"),
    }),
  ]);
});

test("a Job that the API server would not take", async () => {
  const result = await check({
    ...all(),
    "resources.requests.memory": "2Gi",
    "resources.limits.memory": "1Gi",
  });
  expect(wrong(result)).toEqual([expect.objectContaining({ code: "k8s_job_create_failed", level: "error" })]);
});

test("settings and kubeconfig", async () => {
  expect(await check({ image: "x", namespace: "A" })).toMatchObject({
    status: "fail",
    checks: [{ code: "settings_invalid" }],
  });
  expect(wrong(await check(configOf("clusters: {", "broken")))).toMatchObject([
    { code: "kubeconfig_invalid" },
  ]);
});

test("a server that is dead is one line with its address and the error", async () => {
  const port = new URL(cluster.url).port;
  const nobody = cluster.kubeconfig.replaceAll(`:${port}`, ":1");
  expect(wrong(await check(configOf(nobody, "nobody")))).toEqual([
    expect.objectContaining({
      code: "k8s_api_unreachable",
      level: "error",
      message: expect.stringMatching(/^The cluster at https:\/\/[\w.]+:1 does not answer: .*ECONNREFUSED/),
    }),
  ]);
});

test("a token that the cluster refuses is not a cluster that is out of reach", async () => {
  const config = new KubeConfig();
  config.loadFromString(cluster.kubeconfig);
  const parsed = JSON.parse(config.exportConfig());
  parsed.users[0].user = { token: ["no", "such", "token"].join("-") };
  expect(wrong(await check(configOf(JSON.stringify(parsed), "refused")))).toEqual([
    expect.objectContaining({
      code: "kubeconfig_invalid",
      level: "error",
      message: expect.stringMatching(/^The cluster at \S+ answers, and refuses the server's credentials/),
    }),
  ]);
});

test("an image that is not set yet is a warning, also where the operator lists images", async () => {
  const { image: _image, ...config } = all();
  const result = await check(config, { rules: { allow: { images: ["ghcr.io/acme/*"] } } });
  expect(result.status).toBe("warn");
  expect(wrong(result)).toEqual([
    expect.objectContaining({
      code: "image_not_set",
      level: "warn",
      hint: expect.stringContaining("Edit configuration"),
    }),
  ]);
  expect(codes(result)).toContain("k8s_permissions");
});

test("what the operator does not allow fails here as it would fail a run", async () => {
  const attacks: readonly [Record<string, unknown>, string][] = [
    [{ kubeconfig: "/proc/self/environ" }, "kubeconfigFolders"],
    [{ instructionsFilePath: "/etc/passwd" }, "fileFolders"],
    [{ podTemplate: { spec: { hostNetwork: true } } }, "allow.podTemplate"],
    [{ env: { LD_PRELOAD: "/x.so" } }, "allow.env"],
    [{ namespace: "kube-system" }, "allow.namespaces"],
  ];
  for (const [settings, allow] of attacks) {
    const result = await check({ ...all(), ...settings }, { rules: { allow: { namespaces: ["default"] } } });
    expect(result.status).toBe("fail");
    expect(result.checks).toContainEqual(
      expect.objectContaining({ code: "not_allowed_by_operator", hint: expect.stringContaining(allow) }),
    );
  }
});

test("Paperclip's address, as far as a pod can use it", async () => {
  const answer = (status: number) => async () => new Response("", { status });
  const failing = (code: string) => async () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
  };
  const rows: readonly [string | undefined, Ask, string, "info" | "warn", RegExp][] = [
    ["http://paperclip.test:3100", answer(200), "paperclip_address", "info", /answers at/],
    [undefined, answer(200), "paperclip_address_loopback", "warn", /no other address is set/],
    ["http://localhost:3100", answer(200), "paperclip_address_loopback", "warn", /the pod itself/],
    ["http://127.0.0.9:3100", answer(200), "paperclip_address_loopback", "warn", /the pod itself/],
    ["http://[::1]:3100", answer(200), "paperclip_address_loopback", "warn", /the pod itself/],
    ["http://localhost.test:3100", answer(200), "paperclip_address", "info", /answers at/],
    ["http://paperclip.test:3100", answer(403), "paperclip_address_refused", "warn", /403/],
    ["http://paperclip.test:3100", answer(404), "paperclip_address_wrong", "warn", /404/],
    [
      "http://paperclip.test:3100",
      failing("ECONNREFUSED"),
      "paperclip_address_unreachable",
      "warn",
      /ECONNREFUSED/,
    ],
    [
      "http://paperclip.test:3100",
      failing("ENOTFOUND"),
      "paperclip_address_unreachable",
      "warn",
      /ENOTFOUND/,
    ],
    [
      "http://paperclip.agents.svc:3100",
      failing("ENOTFOUND"),
      "paperclip_address_unknown",
      "info",
      /name of the cluster/,
    ],
  ];
  for (const [paperclipApiUrl, ask, code, level, message] of rows) {
    const { paperclipApiUrl: _ours, ...config } = all();
    const apiOrigins = paperclipApiUrl === undefined ? [] : [paperclipApiUrl];
    const result = await check({ ...config, paperclipApiUrl }, { ask, rules: { allow: { apiOrigins } } });
    expect(result.checks).toContainEqual(
      expect.objectContaining({ code, level, message: expect.stringMatching(message) }),
    );
  }
});

test("keys and models, judged by their looks where nobody can be asked", async () => {
  const env = (value: object) => ({ env: value });
  const oauth = ["sk", "ant", "oat01", "0123456789abcdefghij"].join("-");
  const rows: readonly [string, Record<string, unknown>, readonly string[]][] = [
    ["no key", env({}), ["warn claude_key_missing"]],
    ["an empty key", env({ ANTHROPIC_API_KEY: "" }), ["warn claude_key_missing"]],
    ["another's key", env({ OPENAI_API_KEY: key }), ["warn claude_key_missing"]],
    ["a token of an account", env({ CLAUDE_CODE_OAUTH_TOKEN: oauth }), []],
    ["a token in a key's place", env({ ANTHROPIC_API_KEY: oauth }), ["warn claude_key_mistaken"]],
    ["a key in a token's place", env({ CLAUDE_CODE_OAUTH_TOKEN: key }), ["warn claude_key_mistaken"]],
    ["a key with its line's end", env({ ANTHROPIC_AUTH_TOKEN: `${key}\n` }), ["warn claude_key_mistaken"]],
    ["a cloud", env({ CLAUDE_CODE_USE_VERTEX: "1" }), []],
    [
      "a name of a cloud",
      { ...env({ CLAUDE_CODE_USE_BEDROCK: "1" }), model: "us.anthropic.claude-opus-4-8-v1:0" },
      [],
    ],
    ["a gateway's own model", { model: "company/best" }, []],
    ["a model of others", { ...env({ ANTHROPIC_API_KEY: key }), model: "gpt-5" }, ["warn model_not_found"]],
    ["a slip", { ...env({ ANTHROPIC_API_KEY: key }), model: "claude-opus-4-9" }, ["info model_unknown"]],
    ["a date", { ...env({ ANTHROPIC_API_KEY: key }), model: "claude-haiku-4-5-20251001" }, []],
    ["an alias", { ...env({ ANTHROPIC_API_KEY: key }), model: "sonnet[1m]" }, []],
  ];
  for (const [name, settings, expected] of rows) {
    const { checks } = await check({ ...all(), ...settings });
    const found = checks.filter(({ code }) => /^(claude_|model_)/.test(code));
    expect([name, ...found.map(({ level, code }) => `${level} ${code}`)]).toEqual([name, ...expected]);
  }
  const template = { spec: { containers: [{ name: "main", envFrom: [{ configMapRef: { name: "env" } }] }] } };
  expect(codes(await check({ ...all(), env: {}, podTemplate: template }))).not.toContain(
    "claude_key_missing",
  );
});

test("Anthropic itself is asked where the run would ask it, and nobody that a setting names", async () => {
  const settings = { ...all(), env: { ANTHROPIC_API_KEY: key }, model: "claude-opus-4-8" };
  const rows: readonly [number, string, string][] = [
    [200, "info", "claude_key"],
    [401, "error", "claude_auth_required"],
    [404, "warn", "model_not_found"],
  ];
  for (const [status, level, code] of rows) {
    let header: string | null = null;
    const ask: Ask = async (url, { headers }) => {
      if (!url.startsWith("https://api.anthropic.com/")) return new Response("{}");
      expect(url).toBe("https://api.anthropic.com/v1/models/claude-opus-4-8");
      header = new Headers(headers).get("x-api-key");
      return new Response("{}", { status });
    };
    const result = await check(settings, { ask });
    expect(header).toBe(key);
    expect(result.checks).toContainEqual(expect.objectContaining({ level, code }));
    expect(JSON.stringify(result)).not.toContain(key);
  }
  asked.length = 0;
  await check({ ...settings, env: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: "http://127.0.0.1:9" } });
  await check({ ...settings, image: "127.0.0.1:9/x:1" });
  expect(asked.filter((url) => url.includes("127.0.0.1"))).toEqual([]);
});

test("a pod of trial, where the settings ask for one", async () => {
  const trial = { ...all(), testRun: true };
  const passed = await check(trial);
  expect(passed.status).toBe("pass");
  expect(passed.checks.slice(-2)).toEqual([
    expect.objectContaining({ code: "claude_version", message: "The image has Claude Code 2.1.330." }),
    expect.objectContaining({ code: "claude_answers", level: "info" }),
  ]);
  const refused = await check({ ...trial, image: "lab/claude:refused" });
  expect(refused.status).toBe("fail");
  expect(refused.checks.at(-1)).toMatchObject({ code: "claude_auth_required", level: "error" });
  const absent = await check({ ...trial, image: "lab/absent:1" });
  expect(absent.checks.at(-1)).toMatchObject({
    code: "k8s_image_pull_failed",
    level: "error",
    message: expect.stringContaining("lab/absent:1"),
    hint: expect.stringContaining("Image"),
  });
});
