import { describe, expect, test } from "vitest";

import { ofTheFormerAdapter } from "../generated/former/former-adapter.ts";
import { ofTheLocalAdapter } from "../generated/former/local-adapter.ts";
import { formerCodes } from "../generated/former/codes.ts";
import { formerSettings } from "../generated/former/settings.ts";
import { courses } from "../src/host/courses.ts";
import { settingField } from "../src/settings/fields.ts";
import { parseSettings } from "../src/settings/parse.ts";

/** The keys that 0.1 read, from its form, from Paperclip and from its API. */
const keys = [
  "maxTurnsPerRun",
  "serviceAccountName",
  "namespace",
  "image",
  "imagePullPolicy",
  "kubeconfig",

  "ttlSecondsAfterFinished",
  "retainJobs",
  "reattachOrphanedJobs",
  "nodeSelector",
  "tolerations",
  "labels",
  ...["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"].map((name) => `resources.${name}`),
  "enableRtk",
  "rtkMaxOutputBytes",
  "model",
  "effort",
  "instructionsFilePath",
  "timeoutSec",
  "graceSec",
  "extraArgs",
  "env",
  "cwd",
  "promptTemplate",
  "bootstrapPromptTemplate",
  "dangerouslySkipPermissions",
  "secretRef",
];

test("every setting of 0.1 has its row", () => {
  expect(formerSettings.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
});

describe("a value of 0.1", () => {
  test.each(formerSettings.filter(({ now }) => now !== null))(
    "$key is read without a word",
    ({ key, value }) => {
      expect(parseSettings({ agent: { image: "a:1", [key]: value } })).toMatchObject({
        kind: "valid",
        warnings: [],
      });
    },
  );
  test.each(formerSettings.filter(({ now }) => now === null))("$key is warned of", ({ key, value }) => {
    const parsed = parseSettings({ agent: { image: "a:1", [key]: value } });
    expect(parsed).toMatchObject({
      kind: "valid",
      warnings: [expect.stringContaining(`${key} has no effect`)],
    });
  });
  test("what is said of a default is so", () => {
    const words = (key: string) => formerSettings.find((each) => each.key === key)?.words ?? "";
    for (const [key, unset] of [
      ["graceSec", "30"],
      ["ttlSecondsAfterFinished", "3600"],
    ] as const) {
      expect(settingField(key).unset).toContain(unset);
      expect(words(key)).toContain(`${unset} when not set`);
    }
  });
});

test("every code of 0.1 has its row, and leads to codes that there are", () => {
  const codes = [
    "k8s_agent_id_invalid",
    "k8s_concurrency_guard_unreachable",
    "k8s_concurrent_run_blocked",
    "k8s_orphan_task_unknown",
    "k8s_orphan_session_mismatch",
    "k8s_prompt_secret_create_failed",

    "k8s_job_create_failed",
    "k8s_pod_schedule_failed",
    "k8s_pod_reattach_failed",
    "cancelled",
    "timeout",
    "k8s_job_state_mismatch",
    "session_unavailable",
    "k8s_job_deleted_externally",
    "llm_api_error",
    "claude_truncated",
  ];
  expect(formerCodes.flatMap(({ code }) => code ?? []).toSorted()).toEqual(codes.toSorted());
  for (const { now } of formerCodes) for (const code of now) expect(Object.keys(courses)).toContain(code);
});

test("each behaviour stands once and says something", () => {
  for (const table of [ofTheFormerAdapter, ofTheLocalAdapter]) {
    const names = table.map(({ behaviour }) => behaviour);
    expect(new Set(names).size).toBe(names.length);
    for (const { here } of table) expect(here).toMatch(/\.$/);
  }
});
