import { settingNames } from "@claude-k8s/diagnostics";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";

import { settingFields } from "../src/settings/fields.ts";
import { parseSettings } from "../src/settings/parse.ts";
import { advancedKey, settingsForm } from "../src/settings/form.ts";
import type { Settings } from "../src/settings/settings.ts";

const image = "lab/claude:2.1.330";

function valid(config: Record<string, unknown>): Settings {
  const parsed = parseSettings({ agent: { image, ...config } });
  if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}

function problems(config: Record<string, unknown>) {
  const parsed = parseSettings({ agent: { image, ...config } });
  return parsed.kind === "invalid" ? parsed.problems : [];
}

test("what the form stores for fields that nobody filled means not set", () => {
  const empty = valid({
    namespace: "",
    kubeconfig: "",
    timeoutSec: 0,
    graceSec: 0,
    ttlSecondsAfterFinished: 0,
    maxTurnsPerRun: 0,
    "resources.limits.memory": "",
    labels: "",
    tolerations: "",
    podTemplate: "",
    extraArgs: [],
    model: null,
    retainJobs: false,
  });
  expect(empty).toEqual(valid({}));
  expect(empty.life).toEqual({
    deadlineSeconds: null,
    graceSeconds: 30,
    busyWaitSeconds: 45,
    concurrency: "task",
    adoptsOrphans: true,
    maxConcurrentRuns: null,
    maxConcurrentRunsPer: "agent",
    retain: "never",
    sessionMode: null,
    testRun: false,
    ttlSecondsAfterFinished: 3600,
    invocationType: "claude_local",
    queueWaitSeconds: null,
    nodeWaitSeconds: null,
    imageWaitSeconds: null,
  });
  expect(empty.claude.skipPermissions).toBe(true);
});

describe("values are read in the forms in which they come", () => {
  const table: readonly [string, Record<string, unknown>, (settings: Settings) => unknown, unknown][] = [
    [
      "flat resources",
      { "resources.limits.memory": "4Gi", "resources.requests.cpu": 2 },
      (s) => s.pod.resources,
      { requests: { cpu: "2" }, limits: { memory: "4Gi" } },
    ],
    [
      "nested resources",
      { resources: { limits: { cpu: "500m" } } },
      (s) => s.pod.resources.limits,
      { cpu: "500m" },
    ],
    [
      "flat wins over nested",
      { resources: { limits: { cpu: "1" } }, "resources.limits.cpu": "2" },
      (s) => s.pod.resources.limits,
      { cpu: "2" },
    ],
    [
      "an empty flat value does not hide a nested one",
      { resources: { limits: { cpu: "1" } }, "resources.limits.cpu": "" },
      (s) => s.pod.resources.limits,
      { cpu: "1" },
    ],
    [
      "label lines with comments",
      { labels: "team=web # ours\n\n# none\ntier = front" },
      (s) => s.pod.labels,
      { team: "web", tier: "front" },
    ],
    ["labels as YAML", { labels: "team: web\ntier: 1" }, (s) => s.pod.labels, { team: "web", tier: "1" }],
    ["labels as an object", { labels: { team: "web", n: 3 } }, (s) => s.pod.labels, { team: "web", n: "3" }],
    [
      "tolerations as JSON",
      { tolerations: '[{"key":"a","operator":"Exists"}]' },
      (s) => s.pod.tolerations,
      [{ key: "a", operator: "Exists" }],
    ],
    [
      "tolerations as YAML",
      { tolerations: "- key: a\n  operator: Exists" },
      (s) => s.pod.tolerations,
      [{ key: "a", operator: "Exists" }],
    ],
    [
      "an overlay as YAML",
      { podTemplate: "spec:\n  priorityClassName: low" },
      (s) => s.pod.podTemplate,
      { spec: { priorityClassName: "low" } },
    ],
    [
      "arguments as a line",
      { extraArgs: '--add-dir \'/a b\' --x "q\\""' },
      (s) => s.claude.extraArgs,
      ["--add-dir", "/a b", "--x", 'q"'],
    ],
    ["arguments as a list", { extraArgs: ["--a", "b c"] }, (s) => s.claude.extraArgs, ["--a", "b c"]],
    ["numbers as text", { timeoutSec: "90" }, (s) => s.life.deadlineSeconds, 90],
    ["the create form's key for effort", { thinkingEffort: "high" }, (s) => s.claude.effort, "high"],
    [
      "effort before thinkingEffort",
      { effort: "low", thinkingEffort: "high" },
      (s) => s.claude.effort,
      "low",
    ],
    [
      "a prompt template keeps its blanks",
      { promptTemplate: " a\n " },
      (s) => s.claude.promptTemplate,
      " a\n ",
    ],
    [
      "variables in the forms of the host",
      { env: { A: "1", B: { type: "plain", value: "2" }, C: 3, D: true, E: null } },
      (s) => s.env,
      { A: "1", B: "2", C: "3", D: "true" },
    ],
    ["a number where a text is meant", { model: 4, nodeSelector: { rank: 2 } }, (s) => s.claude.model, "4"],
    [
      "resources of other names, flat and nested",
      {
        resources: { limits: { "nvidia.com/gpu": 1, "ephemeral-storage": "2Gi" } },
        "resources.requests.amd.com/gpu": "1",
      },
      (s) => s.pod.resources,
      { requests: { "amd.com/gpu": "1" }, limits: { "nvidia.com/gpu": "1", "ephemeral-storage": "2Gi" } },
    ],
    ["a budget with cents", { maxBudgetUsd: "2.50" }, (s) => s.claude.maxBudgetUsd, 2.5],
  ];
  test.each(table)("%s", (_name, config, take, expected) => {
    expect(take(valid(config))).toEqual(expected);
  });
});

describe("a value that cannot be used is told with field, value, rule and example", () => {
  const table: readonly [string, unknown][] = [
    ["namespace", "My Namespace"],
    ["kubeconfig", "relative/path"],
    ["image", "an image"],
    ["imagePullPolicy", "Sometimes"],
    ["serviceAccountName", "UPPER"],
    ["resources.limits.memory", "4 GB"],
    ["resources.requests.cpu", true],
    ["labels", "no equals sign"],
    ["nodeSelector", "- a list"],
    ["tolerations", "key: not-a-list"],
    ["podTemplate", "{spec: [1]}"],
    ["podTemplate", "{containers: []}"],
    ["podTemplate", "a: [unclosed"],
    ["timeoutSec", -1],
    ["timeoutSec", "soon"],
    ["graceSec", 4000],
    ["ttlSecondsAfterFinished", 1.5],
    ["retainJobs", "perhaps"],
    ["model", "two words"],
    ["extraArgs", "--open 'quote"],
    ["maxTurnsPerRun", -5],
    ["cwd", "workspace"],
    ["paperclipApiUrl", "paperclip:3100"],
    ["maxBudgetUsd", "-1"],
    ["resources.limits.nvidia.com/gpu", "many"],
    ["env", ["A=1"]],
    ["env", { A: ["no text"] }],
  ];
  test.each(table)("%s: %j", (field, value) => {
    const [problem, ...others] = problems({ [field]: value });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ field, value: expect.any(String) });
    expect(problem?.rule).not.toBe("");
    expect(problem?.example).not.toBe("");
  });

  test("all at once", () => {
    const fields = problems({ timeoutSec: -1, namespace: "A", image: "" }).map((problem) => problem.field);
    expect(fields.sort()).toEqual(["image", "namespace", "timeoutSec"]);
  });

  test("an image that is not set", () => {
    const parsed = parseSettings({ agent: {} });
    expect(parsed).toMatchObject({ kind: "invalid", problems: [{ field: "image", value: null }] });
  });

  test("never with a value of the environment", () => {
    const secret = ["s3cr3t", "v4lue"].join("-");
    expect(JSON.stringify(problems({ env: { "not a name": secret } }))).not.toContain(secret);
  });

  test.each([
    ["brackets", `spec: ${"[".repeat(100_000)}`],
    ["brackets and braces", `spec: ${"[{a: ".repeat(50_000)}`],
    ["dashes", `spec:\n  ${"- ".repeat(50_000)}x`],
    ["indents", Array.from({ length: 900 }, (_, level) => `${" ".repeat(level)}a:`).join("\n")],
    ["length", `spec: {a: ${"x".repeat(200_000)}}`],
  ])("a text that would overflow whoever reads it is refused: %s", (_what, podTemplate) => {
    expect(problems({ podTemplate })).toMatchObject([{ field: "podTemplate" }]);
    expect(problems({ tolerations: podTemplate })).toMatchObject([{ field: "tolerations" }]);
  });

  test("so is an object of such a depth", () => {
    let spec: unknown = {};
    for (let level = 0; level < 20_000; level += 1) spec = { spec };
    for (const field of ["podTemplate", "labels", "image", "env"])
      expect(problems({ [field]: spec })).toMatchObject([{ field }]);
  });

  test("texts that make a slow pattern stand still are read at once", () => {
    const blank = "\n ".repeat(200_000);
    expect(problems({ labels: `${blank}x` })).toMatchObject([{ field: "labels" }]);
    expect(problems({ extraArgs: `${blank}'` })).toMatchObject([{ field: "extraArgs" }]);
    const keys = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`imagePull${index}`, 1]));
    expect(problems(keys)).toEqual([]);
  });

  test("more variables than a program can be started with", () => {
    const variables = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, "x"]));
    expect(problems({ env: variables(2001) })).toMatchObject([{ field: "env" }]);
    expect(problems({ env: variables(2000) })).toEqual([]);
  });

  test("values over the API have the same limit as a text", () => {
    const many = Array.from({ length: 40_000 }, (_, index) => ({ name: `c${index}` }));
    const some = many.slice(0, 1000);
    expect(problems({ podTemplate: { spec: { initContainers: many } } })).toMatchObject([
      { field: "podTemplate" },
    ]);
    expect(problems({ podTemplate: { spec: { initContainers: some } } })).toEqual([]);
    expect(problems({ tolerations: many })).toMatchObject([{ field: "tolerations" }]);
    expect(problems({ labels: Object.fromEntries(many.map(({ name }) => [name, name])) })).toMatchObject([
      { field: "labels" },
    ]);
  });

  test("thousands of keys are compared at once, and one that stands twice is refused", () => {
    const keys = (from: number) =>
      Array.from({ length: 9000 }, (_, index) => `k${index + from}: 1`).join(", ");
    let comparisons = 0;
    const some = Array.prototype.some;
    const spied = vi.spyOn(Array.prototype, "some").mockImplementation(function some_(
      this: unknown[],
      isWanted,
    ) {
      return some.call(this, (...given) => {
        comparisons += 1;
        return isWanted(...given);
      });
    });
    expect(problems({ podTemplate: `spec: {${keys(0)}}` })).toEqual([]);
    spied.mockRestore();
    // The parser's own check holds each key against all before it: forty millions.
    expect(comparisons).toBeLessThan(9000 * 10);
    expect(problems({ podTemplate: `spec: {${keys(0)}, k7: 2}` })).toMatchObject([{ field: "podTemplate" }]);
    expect(problems({ podTemplate: 'spec: {a: 1, "a": 2}' })).toMatchObject([{ field: "podTemplate" }]);
    expect(problems({ podTemplate: "spec: &s {x: {a: 1}, y: {a: 1}}\nmetadata: *s" })).toEqual([]);
  });

  test("a comment with line ends of another kind", () => {
    const hostile = `a=b${" #".repeat(60_000)}\rx`;
    const harmless = `a=b${" x".repeat(60_000)}\rx`;
    const work = (labels: string): number => {
      const { user, system } = process.threadCpuUsage();
      for (let round = 0; round < 2; round += 1) expect(problems({ labels })).toEqual([]);
      const after = process.threadCpuUsage();
      return after.user + after.system - user - system;
    };
    work(harmless);
    // Looked at again from each of its signs it is thousands of times the work of a text of the same length.
    expect(work(hostile) / Math.max(1000, work(harmless))).toBeLessThan(100);
    expect(problems({ labels: `a=b${" #".repeat(500_000)}\rx` })).toMatchObject([{ field: "labels" }]);
  });

  test("an alias bomb with few aliases is refused, and nothing throws", () => {
    const bomb = (names: string) =>
      names
        .split("")
        .map(
          (name, index) =>
            `  ${name}: &${name} [${index === 0 ? "x, x" : `*${names[index - 1]}, *${names[index - 1]}`}]`,
        )
        .join("\n");
    expect(problems({ podTemplate: `spec:\n${bomb("abcdefgh")}` })).toMatchObject([{ field: "podTemplate" }]);
    expect(problems({ podTemplate: `spec:\n${bomb("abc")}` })).toEqual([]);
  });

  test("an alias bomb is refused, not expanded", () => {
    const lines = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? "a0: &a0 [x,x,x,x,x,x,x,x,x,x]"
        : `a${level}: &a${level} [${Array(10)
            .fill(`*a${level - 1}`)
            .join(",")}]`,
    );
    expect(problems({ podTemplate: `spec:\n  ${lines.join("\n  ")}` })).toHaveLength(1);
  });
});

describe("a reference to a secret that is left unresolved", () => {
  const reference = {
    type: "secret_ref",
    secretId: "6f1f9f0c-0000-4000-8000-000000000000",
    version: "latest",
  };
  test("names the variable", () => {
    const [problem, ...others] = problems({ env: { GOOD: "1", GITHUB_LOGIN: reference } });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      field: "env.GITHUB_LOGIN",
      value: "a reference to the secret 6f1f9f0c-0000-4000-8000-000000000000 that Paperclip did not resolve",
    });
  });
  test("of a person's own", () => {
    expect(problems({ env: { A: { type: "user_secret_ref", key: "x" } } })).toMatchObject([
      { field: "env.A" },
    ]);
  });
  test("in a setting where the host resolves none", () => {
    expect(problems({ paperclipApiUrl: reference })).toMatchObject([
      {
        field: "paperclipApiUrl",
        value: "a reference to the secret 6f1f9f0c-0000-4000-8000-000000000000",
        rule: expect.stringContaining("only in env"),
      },
    ]);
  });
});

describe("a key that looks like a slip is warned of, with the nearest name", () => {
  const warned: readonly [string, string][] = [
    ["imge", "image"],
    ["Image", "image"],
    ["namespce", "namespace"],
    ["serviceAccount", "serviceAccountName"],
    ["service_account_name", "serviceAccountName"],
    ["timeoutSecs", "timeoutSec"],
    ["retianJobs", "retainJobs"],
    ["pod-template", "podTemplate"],
    ["kubeConfig", "kubeconfig"],
  ];
  test.each(warned)("%s: %s", (key, near) => {
    const parsed = parseSettings({ agent: { image, [key]: "x" } });
    expect(parsed).toMatchObject({ kind: "valid" });
    expect(parsed.kind === "valid" && parsed.warnings).toEqual([
      expect.stringMatching(new RegExp(`^"${key}": .* did you mean ${near}\\?$`)),
    ]);
  });
  test.each(["mode", "paperclipRuntimeSkills", "instructionsRootPath", "workspaceStrategy", "x"])(
    "%s is the host's own",
    (key) => {
      expect(parseSettings({ agent: { image, [key]: "x" } })).toMatchObject({ kind: "valid", warnings: [] });
    },
  );
  test("so is a resource that Kubernetes does not know", () => {
    const parsed = parseSettings({ agent: { image, resources: { limits: { memry: "1Gi" } } } });
    expect(parsed).toMatchObject({
      kind: "valid",
      warnings: [expect.stringContaining("did you mean memory?")],
    });
  });
});

describe("values of the operator lie below those of the agent", () => {
  const defaults = {
    image: "base:1",
    env: { A: "d", B: "d", C: "d" },
    labels: { of: "defaults" },
    timeoutSec: 10,
  };
  const company = { image: "company:1", env: { B: "c", C: "c" }, timeoutSec: 20 };
  const read = (agent: Record<string, unknown>) => {
    const parsed = parseSettings({ agent, company, defaults });
    if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
    return parsed;
  };
  test("the company's before the defaults, the agent's before both", () => {
    expect(read({}).settings.pod.image).toBe("company:1");
    expect(read({ image }).settings.pod.image).toBe(image);
    expect(read({ timeoutSec: 0 }).settings.life.deadlineSeconds).toBe(20);
    expect(read({}).settings.pod.labels).toEqual({ of: "defaults" });
  });
  test("variables are merged by their names", () => {
    const { settings, envOrigins } = read({ env: { C: "a", D: "a" } });
    expect(settings.env).toEqual({ A: "d", B: "c", C: "a", D: "a" });
    expect(envOrigins).toEqual({ A: "defaults", B: "company", C: "agent", D: "agent" });
  });
  test("who gave a setting is known", () => {
    const { origins } = read({ image, labels: "" });
    expect([
      origins.get("image"),
      origins.get("timeoutSec"),
      origins.get("labels"),
      origins.get("model"),
    ]).toEqual(["agent", "company", "defaults", undefined]);
  });
});

test("every field is read: its example changes the settings", () => {
  const nothing = valid({});
  const examples = {
    image: "other:1",
    dangerouslySkipPermissions: "false",
    graceSec: "31",
    ttlSecondsAfterFinished: "60",
  };
  for (const field of settingFields) {
    const example = (examples as Record<string, string>)[field.key] ?? field.example;
    const value: unknown = field.key === "env" ? JSON.parse(example) : example;
    expect({ [field.key]: valid({ [field.key]: value }) }).not.toEqual({ [field.key]: nothing });
  }
});

test("every example is a value that can be used", () => {
  for (const field of settingFields) {
    const value: unknown = field.key === "env" ? JSON.parse(field.example) : field.example;
    expect({ [field.key]: problems({ [field.key]: value }) }).toEqual({ [field.key]: [] });
  }
});

test("no configuration makes parsing throw", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...settingFields.map((f) => f.key)), fc.anything()),
      (config) => {
        expect(["valid", "invalid"]).toContain(parseSettings({ agent: config }).kind);
      },
    ),
    { numRuns: 300 },
  );
});

test("the form shows no field that the host would take for a secret", () => {
  const redacted = /api_?key|access_?token|auth|token|secret|password|credential|jwt|private_?key|cookie/i;
  const { fields } = settingsForm();
  expect(fields.map((field) => field.key).filter((key) => redacted.test(key))).toEqual([]);
  expect(fields.map((field) => field.key)).not.toContain("command");
  expect(new Set(fields.map((field) => field.key)).size).toBe(fields.length);
});

describe("the form", () => {
  const fieldsOf = (...given: Parameters<typeof settingsForm>) => settingsForm(...given).fields;
  const field = (key: string, ...given: Parameters<typeof settingsForm>) =>
    fieldsOf(...given).find((each) => each.key === key);

  test("begins with what a person needs, and hides the rest behind one switch", () => {
    const fields = fieldsOf();
    const keys = fields.map(({ key }) => key);
    expect(keys.slice(0, 4)).toEqual(["image", "namespace", "kubeconfig", "paperclipApiUrl"]);
    const at = keys.indexOf(advancedKey);
    const behind = { visibleWhen: { key: advancedKey, value: "true" } };
    expect(fields.slice(0, at + 1).flatMap(({ meta }) => meta ?? [])).toEqual([]);
    expect(fields.slice(at + 1).map(({ meta }) => meta)).toEqual(fields.slice(at + 1).map(() => behind));
    expect(fields[at]?.label).toBe(`Advanced (${fields.length - at - 1} more settings)`);
    // All but those that the host draws itself.
    const shown = settingFields.filter(({ hidden }) => hidden !== true).map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set([...shown, advancedKey]));
  });

  test("shows what holds where nothing is set: as the value of numbers, else behind the label", () => {
    expect(field("nodeWaitSec")).toMatchObject({ default: 1800, label: "Wait for a node (seconds)" });
    expect(field("maxTurnsPerRun")?.label).toBe("Turns at most (0: no limit)");
    expect(field("dailyBudgetUsd")?.label).toBe("Budget of a day (US dollars; 0: no limit)");
    expect(field("serviceAccountName")?.label).toBe("Service account (empty: the namespace's default one)");
    expect(field("imagePullPolicy")?.options?.[0]).toEqual({
      label: "Not set: Kubernetes decides",
      value: "",
    });
    const numbers = fieldsOf().filter(({ type }) => type === "number");
    const silent = numbers.filter(
      ({ label, default: value }) => value === undefined && !label.includes("0: "),
    );
    expect(silent).toEqual([]);
  });

  test("shows what the operator's file gives, and never the text of an object", () => {
    const defaults = { image: "ghcr.io/acme/claude:2", env: { KEY: "value" }, podTemplate: { spec: {} } };
    expect(field("image", { defaults })?.label).toContain("operator's file: ghcr.io/acme/claude:2");
    expect(field("image", { defaults })?.hint).toContain(
      "Not set: ghcr.io/acme/claude:2, by the operator's file.",
    );
    expect(JSON.stringify(fieldsOf({ defaults }))).not.toContain('value"}');
    expect(field("podTemplate", { defaults })).toEqual(field("podTemplate"));
  });

  test("offers the names that the cluster knows, and a text where it knows none", () => {
    const choices = { namespace: ["agents", "others"], serviceAccountName: [] };
    expect(field("namespace", { choices })).toMatchObject({
      type: "combobox",
      options: [
        { label: "agents", value: "agents" },
        { label: "others", value: "others" },
      ],
      label: expect.stringContaining("press Enter"),
    });
    expect(field("serviceAccountName", { choices })).toEqual(field("serviceAccountName"));
  });

  test("what it writes into new agents leaves the operator's word as it is", () => {
    const written = Object.fromEntries(
      fieldsOf().flatMap(({ key, type, default: value }) => {
        // As the host's page fills a new agent.
        const stored = value ?? (type === "number" ? 0 : type === "toggle" ? false : "");
        return stored === "" ? [] : [[key, stored]];
      }),
    );
    expect(valid(written)).toEqual(valid({}));
    const defaults = { nodeWaitSec: 60, stallSec: 0, dangerouslySkipPermissions: false, graceSec: 5 };
    const layered = (agent: object) => {
      const parsed = parseSettings({ agent: { image: "x", ...agent }, defaults });
      return parsed.kind === "valid" ? parsed : null;
    };
    expect(layered(written)?.settings).toEqual(layered({})?.settings);
    expect(layered(written)?.warnings).toEqual([]);
    expect(layered(written)?.settings).toMatchObject({
      life: { nodeWaitSeconds: 60, graceSeconds: 5 },
      guards: { stallSeconds: null },
      claude: { skipPermissions: false },
    });
    expect(layered({ nodeWaitSec: 120 })?.settings.life.nodeWaitSeconds).toBe(120);
  });
});

test("fields of the host that mean nothing in a pod are warned of", () => {
  const warnings = (config: object) => {
    const parsed = parseSettings({ agent: { image: "x", ...config } });
    return parsed.kind === "valid" ? parsed.warnings : null;
  };
  expect(warnings({ command: "/usr/local/bin/claude-beta" })).toEqual([
    expect.stringMatching(/^command: is not obeyed; .*PATH/),
  ]);
  expect(warnings({ networkScope: "deny", filesystemScope: "workspace" })).toHaveLength(2);
  expect(warnings({ command: "claude", chrome: false, networkScope: "", networkAllowlist: [] })).toEqual([]);
});

test("settings that a diagnosis names are called the same here", () => {
  const labels = Object.fromEntries(settingFields.map((field) => [field.key, field.label]));
  expect(labels).toMatchObject(settingNames);
});
