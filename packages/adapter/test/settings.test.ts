import { settingNames } from "@claude-k8s/diagnostics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { settingFields } from "../src/settings/fields.ts";
import { parseSettings } from "../src/settings/parse.ts";
import { configSchema } from "../src/settings/schema.ts";
import type { Settings } from "../src/settings/settings.ts";

const image = "lab/claude:2.1.330";

function valid(config: Record<string, unknown>): Settings {
  const parsed = parseSettings({ image, ...config });
  if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}

function problems(config: Record<string, unknown>) {
  const parsed = parseSettings({ image, ...config });
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
    retainJobs: false,
    ttlSecondsAfterFinished: 3600,
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
      "what is no string in env is not the pod's",
      { env: { A: "1", B: { type: "secret_ref" } } },
      (s) => s.env,
      { A: "1" },
    ],
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
    const parsed = parseSettings({});
    expect(parsed).toMatchObject({ kind: "invalid", problems: [{ field: "image", value: null }] });
  });

  test("never with a value of the environment", () => {
    const secret = ["s3cr3t", "v4lue"].join("-");
    expect(JSON.stringify(problems({ env: { "not a name": secret } }))).not.toContain(secret);
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
        expect(["valid", "invalid"]).toContain(parseSettings(config).kind);
      },
    ),
    { numRuns: 300 },
  );
});

test("the form shows no field that the host would take for a secret", () => {
  const redacted = /api_?key|access_?token|auth|token|secret|password|credential|jwt|private_?key|cookie/i;
  const { fields } = configSchema();
  expect(fields.map((field) => field.key).filter((key) => redacted.test(key))).toEqual([]);
  expect(fields.map((field) => field.key)).not.toContain("command");
  expect(new Set(fields.map((field) => field.key)).size).toBe(fields.length);
});

test("settings that a diagnosis names are called the same here", () => {
  const labels = Object.fromEntries(settingFields.map((field) => [field.key, field.label]));
  expect(labels).toMatchObject(settingNames);
});
