import type { OwnPod } from "@claude-k8s/k8s-runner";
import { describe, expect, test } from "vitest";

import { inheritFrom } from "../src/own-pod/inherit.ts";
import { parseSettings } from "../src/settings/parse.ts";

const pod: OwnPod = {
  namespace: "paperclip",
  name: "paperclip-0",
  nodeName: "n1",
  image: "paperclip:1",
  imagePullPolicy: "Always",
  imagePullSecrets: ["registry"],
  serviceAccountName: "paperclip",
  dnsPolicy: "None",
  dnsConfig: { nameservers: ["10.0.0.1"] },
  hostAliases: [{ ip: "10.0.0.2", hostnames: ["gateway"] }],
  nodeSelector: { pool: "agents" },
  tolerations: [{ key: "agents", operator: "Exists" }],
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
    podAntiAffinity: {},
  },
  runtimeClassName: "gvisor",
  runAsUser: null,
  runAsGroup: null,
  fsGroup: null,
  mounts: [
    {
      mountPath: "/var/gcp",
      subPath: "",
      readOnly: true,
      volume: { name: "gcp", secret: { secretName: "gcp" } },
    },
  ],
  secretVariables: [
    { name: "ANTHROPIC_API_KEY", secretName: "model", key: "anthropic", optional: false },
    { name: "DATABASE_URL", secretName: "model", key: "database", optional: false },
    { name: "BETTER_AUTH_SECRET", secretName: "model", key: "auth", optional: false },
  ],
};

function inherit(
  agent: Record<string, unknown> = {},
  {
    namespace = "paperclip",
    environment = {},
    rules = {},
    own = pod,
    defaults = {},
  }: Partial<Parameters<typeof inheritFrom>[1]> & { own?: OwnPod; defaults?: Record<string, unknown> } = {},
) {
  const parsed = parseSettings({ agent, defaults }, { imageMayBeMissing: true });
  if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
  const { settings, origins, envOrigins } = parsed;
  return inheritFrom(
    { kind: "pod", pod: own, user: null },
    { settings, origins, envOrigins, rules, namespace, environment },
  );
}

test("where no setting says otherwise, it is as in the server's pod, and each is told", () => {
  const { settings, inherited } = inherit();
  expect(settings.pod).toMatchObject({
    image: "paperclip:1",
    imagePullPolicy: "Always",
    nodeSelector: { pool: "agents" },
    tolerations: [{ key: "agents", operator: "Exists" }],
    runtimeClassName: "gvisor",
    hostAliases: [{ ip: "10.0.0.2", hostnames: ["gateway"] }],
    registryLogins: ["registry"],
  });
  expect(inherited.spec).toMatchObject({ dnsPolicy: "None", dnsConfig: { nameservers: ["10.0.0.1"] } });
  const told = inherited.notes.join("\n");
  for (const word of [
    "image",
    "nodeSelector",
    "tolerations",
    "affinity",
    "runtimeClassName",
    "hostAliases",
    "dnsPolicy",
    "registry",
    "ANTHROPIC_API_KEY",
  ])
    expect(told).toContain(word);
});

test("of its affinity only that to nodes: the rest keeps the server's own replicas apart", () => {
  const { nodeAffinity } = pod.affinity ?? {};
  expect(inherit().settings.pod.affinity).toEqual({ nodeAffinity });
});

test("only keys of the model's provider, by reference", () => {
  const { settings, inherited } = inherit();
  expect(settings.envReferences).toEqual({
    ANTHROPIC_API_KEY: { secretName: "model", key: "anthropic", optional: true },
  });
  expect(inherited.keys).toEqual([{ variable: "ANTHROPIC_API_KEY", secretName: "model", key: "anthropic" }]);
});

test("a file with credentials, as it is mounted", () => {
  const environment = { GOOGLE_APPLICATION_CREDENTIALS: "/var/gcp/key.json" };
  const { inherited } = inherit({}, { environment });
  const volume = { name: "inherited-0", secret: { secretName: "gcp" } };
  expect(inherited.spec).toMatchObject({
    volumes: [volume],
    volumeMounts: [{ name: "inherited-0", mountPath: "/var/gcp", readOnly: true }],
    env: environment,
  });
  expect(inherited.lent).toEqual([{ volume, subPaths: [""] }]);
  const elsewhere = { GOOGLE_APPLICATION_CREDENTIALS: "/etc/key.json" };
  expect(inherit({}, { environment: elsewhere }).inherited.spec.volumes).toEqual([]);
});

describe("a setting stands in the place of each", () => {
  test.each<
    [string, Record<string, unknown>, (settings: ReturnType<typeof inherit>["settings"]) => unknown, unknown]
  >([
    ["image", { image: "other:1" }, ({ pod: own }) => own.image, "other:1"],
    ["nodeSelector", { nodeSelector: "a=b" }, ({ pod: own }) => own.nodeSelector, { a: "b" }],
    ["tolerations", { tolerations: "[{key: x}]" }, ({ pod: own }) => own.tolerations, [{ key: "x" }]],
    ["runtimeClassName", { runtimeClassName: "kata" }, ({ pod: own }) => own.runtimeClassName, "kata"],
    ["registryLogins", { registryLogins: "mine" }, ({ pod: own }) => own.registryLogins, ["mine"]],
    [
      "podTemplate",
      { podTemplate: "spec: {tolerations: [{key: y}]}" },
      ({ pod: own }) => own.tolerations,
      [],
    ],
    [
      "inherit",
      { inherit: "none" },
      ({ pod: own, envReferences }) => [own.image, own.tolerations, own.registryLogins, envReferences],
      ["", [], [], {}],
    ],
    ["some names", { inherit: "image" }, ({ pod: own }) => [own.image, own.tolerations], ["paperclip:1", []]],
  ])("%s", (_name, agent, read, expected) => {
    expect(read(inherit(agent).settings)).toEqual(expected);
  });
});

describe("the server's keys stay where they are", () => {
  test.each<[string, Record<string, unknown>, Parameters<typeof inherit>[1], string]>([
    [
      "an address would say where they go",
      { env: { ANTHROPIC_BASE_URL: "https://elsewhere" } },
      {},
      "ANTHROPIC_BASE_URL",
    ],
    ["an image of the agent's own would get them", { image: "mine:1" }, {}, "the agent's own image"],
    [
      "an overlay of the agent's own would",
      { podTemplate: "spec: {priorityClassName: a}" },
      {},
      "podTemplate",
    ],
    ["the run is in another namespace", {}, { namespace: "agents" }, "the run is in agents"],
  ])("where %s", (_name, agent, more, words) => {
    const { settings, inherited } = inherit(agent, more);
    expect(settings.envReferences).toEqual({});
    expect(inherited.keys).toEqual([]);
    expect(inherited.notes.join("\n")).toMatch(new RegExp(`ANTHROPIC_API_KEY are not inherited: .*${words}`));
  });
  test.each<[string, Record<string, unknown>, Parameters<typeof inherit>[1]]>([
    ["the operator gives the image", {}, { defaults: { image: "ours:1" } }],
    [
      "the operator says which images there may be",
      { image: "ours:1" },
      { rules: { allow: { images: ["ours"] } } },
    ],
    [
      "the operator gives the address, too",
      {},
      { defaults: { env: { ANTHROPIC_BASE_URL: "http://gateway" } } },
    ],
    ["a variable is no address", { env: { ANTHROPIC_MODEL: "x" } }, {}],
  ])("and come where %s", (_name, agent, more) => {
    expect(inherit(agent, more).inherited.keys).toHaveLength(1);
  });
  test("a key of the agent's own takes the place of the server's", () => {
    expect(inherit({ env: { ANTHROPIC_API_KEY: "own" } }).settings.envReferences).toEqual({});
  });
});

test("logins of another namespace are told, not named in the pod", () => {
  const { settings, inherited } = inherit({}, { namespace: "agents" });
  expect(settings.pod.registryLogins).toEqual([]);
  expect(inherited.notes.join("\n")).toContain("logins that are not inherited");
});

test("nothing of what every pod has, and nothing without a pod", () => {
  const plain = { ...pod, dnsPolicy: "ClusterFirst", dnsConfig: null };
  expect(inherit({}, { own: plain }).inherited.spec).not.toHaveProperty("dnsPolicy");
  const parsed = parseSettings({ agent: {} }, { imageMayBeMissing: true });
  if (parsed.kind === "invalid") throw new Error("no settings");
  const heir = { ...parsed, rules: {}, namespace: "paperclip", environment: {} };
  const { settings, inherited } = inheritFrom({ kind: "none", reason: "outside" }, heir);
  expect(settings).toEqual(parsed.settings);
  expect(inherited.notes).toEqual([]);
});
