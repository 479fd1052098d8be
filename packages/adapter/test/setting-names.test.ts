import { settingNames } from "@claude-k8s/diagnostics";
import { expect, test } from "vitest";
import { settingFields } from "../src/settings/fields.ts";

test("every setting that a diagnosis may name is one of ours, under the label that the form shows", () => {
  const labels = Object.fromEntries(settingFields.map(({ key, label }) => [key, label]));
  for (const [key, label] of Object.entries(settingNames))
    expect(`${key}: ${labels[key]}`).toBe(`${key}: ${label}`);
});
