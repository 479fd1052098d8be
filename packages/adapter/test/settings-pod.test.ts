import type { FailureCode } from "@claude-k8s/diagnostics";
import { type RunSpec, jobManifest } from "@claude-k8s/k8s-runner";
import { describe, expect, test } from "vitest";

import { isRetained } from "../src/retention.ts";
import { specOfSettings } from "../src/claude/settings-spec.ts";
import { withinMaximum } from "../src/operator/limits.ts";
import { parseSettings } from "../src/settings/parse.ts";
import type { ParsedSettings } from "../src/settings/settings.ts";

/** What the settings of the pod's placement become: from the host's text to the Job that is sent. */

const image = "lab/claude:1";

function read(config: Record<string, unknown>): Extract<ParsedSettings, { kind: "valid" }> {
  const parsed = parseSettings({ agent: { image, ...config } });
  if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
  return parsed;
}

function specOf(config: Record<string, unknown>): RunSpec {
  const { settings } = read(config);
  return {
    ...specOfSettings(settings),
    secretEnvFrom: settings.envReferences,
    namespace: "agents",
    slot: "s",
    runId: "r",
    command: ["claude"],
  };
}

function problems(config: Record<string, unknown>) {
  const parsed = parseSettings({ agent: { image, ...config } });
  return parsed.kind === "invalid" ? parsed.problems : [];
}

describe("each placement setting arrives in the pod", () => {
  const login = { name: "login" };
  const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const antiAffinity = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { a: "b" } } },
      ],
    },
  };
  const spread = {
    topologyKey: "topology.kubernetes.io/zone",
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { a: "b" } },
  };
  const rows: readonly [string, Record<string, unknown>, object][] = [
    ["a priority class", { priorityClassName: "agents" }, { priorityClassName: "agents" }],
    ["a number as a name", { priorityClassName: 7 }, { priorityClassName: "7" }],
    ["a runtime class", { runtimeClassName: "gvisor" }, { runtimeClassName: "gvisor" }],
    ["affinity as an object", { affinity: antiAffinity }, { affinity: antiAffinity }],
    ["affinity as JSON", { affinity: JSON.stringify(antiAffinity) }, { affinity: antiAffinity }],
    ["spread as an object", { topologySpreadConstraints: [spread] }, { topologySpreadConstraints: [spread] }],
    [
      "spread as YAML",
      { topologySpreadConstraints: "- topologyKey: zone\n  maxSkew: 2\n  whenUnsatisfiable: DoNotSchedule" },
      {
        topologySpreadConstraints: [{ topologyKey: "zone", maxSkew: 2, whenUnsatisfiable: "DoNotSchedule" }],
      },
    ],
    [
      "host aliases",
      { hostAliases: "[{ip: 10.0.0.5, hostnames: [registry.internal, git]}]" },
      { hostAliases: [{ ip: "10.0.0.5", hostnames: ["registry.internal", "git"] }] },
    ],
    [
      "registry logins with commas",
      { registryLogins: "login, other" },
      { imagePullSecrets: [login, { name: "other" }] },
    ],
    [
      "as a YAML list",
      { registryLogins: "- login\n- other" },
      { imagePullSecrets: [login, { name: "other" }] },
    ],
    ["a number as their name", { registryLogins: 7 }, { imagePullSecrets: [{ name: "7" }] }],
    [
      "numbers in a reference",
      { envReferences: { A: { name: 7, key: 1 } } },
      { containers: [{ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "7", key: "1" } } }] }] },
    ],
    ["as a list", { registryLogins: ["login"] }, { imagePullSecrets: [login] }],
    ["as a pod says it", { registryLogins: [login] }, { imagePullSecrets: [login] }],
    ["by Kubernetes' own name", { imagePullSecrets: [login] }, { imagePullSecrets: [login] }],
    [
      "ours before Kubernetes' name",
      { registryLogins: "login", imagePullSecrets: "b" },
      { imagePullSecrets: [login] },
    ],
    [
      "an init container, restricted",
      { initContainers: "[{name: fetch, image: 'tools:1', command: [fetch]}]" },
      {
        initContainers: [
          { name: "fetch", image: "tools:1", command: ["fetch"], securityContext: restricted },
        ],
      },
    ],
    [
      "what it says itself of its security stands",
      {
        initContainers: [
          { name: "a", image: "b", securityContext: { runAsUser: 5, readOnlyRootFilesystem: true } },
        ],
      },
      {
        initContainers: [{ securityContext: { ...restricted, runAsUser: 5, readOnlyRootFilesystem: true } }],
      },
    ],
    [
      "a capability that it adds is added to none",
      { initContainers: [{ name: "a", image: "b", securityContext: { capabilities: { add: ["CHOWN"] } } }] },
      { initContainers: [{ securityContext: { capabilities: { drop: ["ALL"], add: ["CHOWN"] } } }] },
    ],
    [
      "a container beside",
      { extraContainers: [{ name: "db", image: "postgres:17", ports: [{ containerPort: 5432 }] }] },
      {
        containers: [
          { name: "main", image },
          { name: "db", image: "postgres:17", ports: [{ containerPort: 5432 }], securityContext: restricted },
        ],
      },
    ],
    [
      "a variable of a Secret, as a line",
      { envReferences: "API=anthropic/api-key # ours" },
      {
        containers: [
          { env: [{ name: "API", valueFrom: { secretKeyRef: { name: "anthropic", key: "api-key" } } }] },
        ],
      },
    ],
    [
      "as a pod says it, and as the runner does",
      {
        secretEnvFrom: {
          A: { name: "s", key: "k", optional: true },
          B: { secretName: "s", key: "l" },
        },
      },
      {
        containers: [
          {
            env: [
              { name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: true } } },
              { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "l" } } },
            ],
          },
        ],
      },
    ],
  ];
  test.each(rows)("%s", (_what, config, expected) => {
    expect(jobManifest(specOf(config)).spec?.template.spec).toMatchObject(expected);
  });

  test("a Kueue queue is the run's, which the runner hands its Job to", () => {
    expect(specOf({ queueName: "agents" }).queueName).toBe("agents");
  });

  test("the waits before the start are the runner's budgets", () => {
    expect(specOf({ queueWaitSec: 60, nodeWaitSec: "70", imageWaitSec: 80 }).budgets).toEqual({
      queueSeconds: 60,
      schedulingSeconds: 70,
      imagePullSeconds: 80,
    });
    expect(specOf({}).budgets).toEqual({});
  });
});

describe("values that cannot be used", () => {
  test.each([
    ["priorityClassName", "Upper Case"],
    ["runtimeClassName", "a/b"],
    ["affinity", "nodeAfinity: {}"],
    ["affinity", "[a, list]"],
    ["topologySpreadConstraints", "[{maxSkew: 1}]"],
    ["topologySpreadConstraints", "topologyKey: zone"],
    ["hostAliases", "[{ip: 10.0.0.1, host: a}]"],
    ["registryLogins", "Login Name"],
    ["registryLogins", "***REDACTED***"],
    ["initContainers", "[{name: fetch}]"],
    ["initContainers", "[{name: A_b, image: c}]"],
    ["extraContainers", "name: db"],
    ["queueName", "a b"],
    ["queueWaitSec", -1],
    ["nodeWaitSec", "long"],
    ["retain", "sometimes"],
    ["envReferences", "A=secret"],
    ["envReferences", "A=secret/key/more"],
    ["envReferences", { "1A": "s/k" }],
    ["resources.limits.cpu", "none at all"],
  ])("%s: %j", (field, value) => {
    expect(problems({ [field]: value })).toMatchObject([{ field, value: expect.any(String) }]);
  });

  test("a secret that somebody took the references for is not repeated", () => {
    const secret = ["sk", "ant", "0123456789abcdef"].join("-");
    const text = JSON.stringify(problems({ envReferences: `ANTHROPIC_API_KEY=${secret}` }));
    expect(text).toContain("envReferences");
    expect(text).not.toContain(secret);
  });
});

describe("resources", () => {
  type Row = readonly [what: string, config: Record<string, unknown>, requests: object, limits: object];
  const usual = { cpu: "1000m", memory: "2Gi" };
  const most = { cpu: "4000m", memory: "8Gi" };
  const main = (resources: object) => ({
    podTemplate: { spec: { containers: [{ name: "main", resources }] } },
  });
  const rows: readonly Row[] = [
    ["of nobody who says nothing", {}, usual, most],
    ["what is set stands", { "resources.requests.cpu": "250m" }, { ...usual, cpu: "250m" }, most],
    [
      "a limit below the usual request takes it down",
      { "resources.limits.cpu": "500m" },
      { ...usual, cpu: "500m" },
      { ...most, cpu: "500m" },
    ],
    [
      "a request above the usual limit takes it up",
      { "resources.requests.memory": "16Gi" },
      { ...usual, memory: "16Gi" },
      { ...most, memory: "16Gi" },
    ],
    ["none by the word", { "resources.limits.cpu": "none" }, usual, { memory: "8Gi" }],
    [
      "none by an empty place",
      { resources: { limits: { cpu: "" }, requests: { memory: null } } },
      { cpu: "1000m" },
      { memory: "8Gi" },
    ],
    ["none by an empty part", { resources: { limits: {}, requests: {} } }, {}, {}],
    [
      "an empty field of the form is not set",
      { "resources.limits.cpu": "", "resources.requests.cpu": "" },
      usual,
      most,
    ],
    [
      "other resources pass beside the usual ones",
      { "resources.limits.nvidia.com/gpu": 2 },
      usual,
      { ...most, "nvidia.com/gpu": "2" },
    ],
    [
      "scratch space",
      { resources: { requests: { "ephemeral-storage": "1Gi" } } },
      { ...usual, "ephemeral-storage": "1Gi" },
      most,
    ],
    [
      "a limit of the overlay takes the request down",
      main({ limits: { memory: "1Gi" } }),
      { ...usual, memory: "1Gi" },
      { ...most, memory: "1Gi" },
    ],
    [
      "a request of the overlay takes the limit up",
      main({ requests: { cpu: 6 } }),
      { ...usual, cpu: 6 },
      { ...most, cpu: "6" },
    ],
  ];
  test.each(rows)("%s", (_what, config, requests, limits) => {
    const [container] = jobManifest(specOf(config)).spec?.template.spec?.containers ?? [];
    expect(container?.resources ?? {}).toEqual({ requests, limits });
  });

  test.each<readonly [string, Record<string, unknown>, object, object]>([
    [
      "a maximum below the usual limit is the limit",
      {},
      { cpu: "2", memory: "4Gi" },
      { cpu: "2", memory: "4Gi" },
    ],
    ["a maximum above it changes nothing", {}, { cpu: "8", memory: "64Gi" }, most],
    ["none is the maximum", { resources: { limits: {} } }, { memory: "16Gi" }, { memory: "16Gi" }],
  ])("%s", (_what, config, maximum, limits) => {
    const { settings, origins } = read(config);
    const within = withinMaximum(settings, origins, maximum);
    expect(within.refusals).toEqual([]);
    expect(specOfSettings(within.settings).resources?.limits).toEqual(limits);
  });

  test.each<readonly [string, Record<string, unknown>, object, object, readonly string[]]>([
    ["below the usual", {}, { copySize: "1Gi", copyFiles: 500 }, { maxSize: "1Gi", maxFiles: 500 }, []],
    ["above the usual", {}, { copySize: "1Ti", copyFiles: 9e6 }, { maxSize: "10Gi", maxFiles: 1e6 }, []],
    [
      "above what is set",
      { copyMaxSize: "1024Mi", copyMaxFiles: 500 },
      { copySize: "1Gi", copyFiles: 500 },
      { maxSize: "1024Mi", maxFiles: 500 },
      [],
    ],
    [
      "below what is set",
      { copyMaxSize: "1025Mi", copyMaxFiles: 501 },
      { copySize: "1Gi", copyFiles: 500 },
      { maxSize: "1025Mi", maxFiles: 501 },
      ["copyMaxSize maximum.copySize", "copyMaxFiles maximum.copyFiles"],
    ],
  ])("a maximum of copies %s", (_what, config, maximum, copies, refusals) => {
    const { settings, origins } = read(config);
    const within = withinMaximum(settings, origins, maximum);
    expect(within.settings.copies).toMatchObject(copies);
    expect(within.refusals.map(({ setting, allow }) => `${setting} ${allow}`)).toEqual(refusals);
  });

  test("a maximum below the usual request takes that down too", () => {
    const { settings, origins } = read({});
    const within = withinMaximum(settings, origins, { cpu: "500m", memory: "1Gi" });
    expect(specOfSettings(within.settings).resources).toEqual({
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "500m", memory: "1Gi" },
    });
  });

  test.each([{ limits: { memory: "lots" } }, { limits: "x" }, { requests: { cpu: {} } }])(
    "an overlay that no cluster takes makes nothing throw: %j",
    (resources) => {
      expect(jobManifest(specOf(main(resources))).kind).toBe("Job");
    },
  );
});

describe("which Jobs are retained", () => {
  test.each<readonly [Record<string, unknown>, string]>([
    [{}, "never"],
    [{ retainJobs: true }, "always"],
    [{ retainJobs: false }, "never"],
    [{ retain: "failed" }, "failed"],
    [{ retain: "never", retainJobs: true }, "never"],
    [{ retain: "", retainJobs: true }, "always"],
  ])("%j: %s", (config, expected) => {
    expect(read(config).settings.life.retain).toBe(expected);
  });
});

test.each<
  readonly [retain: string, outcome: "success" | "failure", code: FailureCode | null, expected: boolean]
>([
  ["never", "failure", "k8s_oom_killed", false],
  ["failed", "success", null, false],
  ["failed", "failure", "k8s_oom_killed", true],
  ["failed", "failure", "cancelled", false],
  ["always", "success", null, true],
  ["always", "failure", "cancelled", true],
])("%s: the Job of a %s (%s) stays: %s", (retain, outcome, code, expected) => {
  expect(isRetained(read({ retain }).settings, { outcome, code })).toBe(expected);
});

describe("what is left out is told", () => {
  test("labels that say whose a run is", () => {
    const labels = {
      team: "web",
      "paperclip.io/agent-id": "another",
      "claude-k8s.io/slot": "another",
      "app.kubernetes.io/managed-by": "me",
      "kueue.x-k8s.io/queue-name": "theirs",
      "batch.kubernetes.io/job-name": "x",
      "job-name": "x",
    };
    const { settings, warnings } = read({ labels });
    expect(settings.pod.labels).toEqual({ team: "web" });
    expect(warnings).toHaveLength(6);
    for (const key of Object.keys(labels).slice(1))
      expect(warnings).toContainEqual(expect.stringContaining(`labels.${key} is left out`));
    expect(warnings.join("\n")).toContain("set queueName");
  });

  test.each(["app.kubernetes.io/part-of", "paperclip.io.example.com/x", "my-job-name"])(
    "%s is nobody's",
    (key) => {
      expect(read({ labels: { [key]: "x" } })).toMatchObject({
        warnings: [],
        settings: { pod: { labels: { [key]: "x" } } },
      });
    },
  );

  test("references that would take the place of something", () => {
    const { settings, warnings } = read({
      env: { A: "1" },
      envReferences: { A: "s/a", PAPERCLIP_API_KEY: "s/b", C: "s/c" },
    });
    expect(Object.keys(settings.envReferences)).toEqual(["C"]);
    expect(warnings).toEqual([
      expect.stringMatching(/^envReferences\.A is left out/),
      expect.stringMatching(/^envReferences\.PAPERCLIP_API_KEY is left out/),
    ]);
  });

  test.each<readonly [Record<string, unknown>, readonly string[]]>([
    [{ enableRtk: true, rtkMaxOutputBytes: 50_000 }, ["enableRtk", "rtkMaxOutputBytes"]],
    [{ enableRtk: "true" }, ["enableRtk"]],
    [{ secretRef: "paperclip-secrets" }, ["secretRef"]],
    [{ enableRtk: false, rtkMaxOutputBytes: 0, secretRef: "" }, []],
  ])("keys of the adapter before this one: %j", (config, keys) => {
    expect(read(config).warnings).toEqual(
      keys.map((key) => expect.stringMatching(new RegExp(`^${key} has no effect: `))),
    );
  });

  test.each([
    ["priorityClass", "priorityClassName"],
    ["runtimeClas", "runtimeClassName"],
    ["topologySpreadConstraint", "topologySpreadConstraints"],
    ["hostAlias", "hostAliases"],
    ["initContainer", "initContainers"],
    ["imagePullSecret", "imagePullSecrets"],
    ["secretEnvform", "secretEnvFrom"],
    ["queuename", "queueName"],
  ])("%s is a slip of %s", (key, near) => {
    expect(read({ [key]: "x" }).warnings).toEqual([expect.stringContaining(`did you mean ${near}?`)]);
  });
});
