import { expect, test } from "vitest";

import { judgeVersion, versionInImage } from "../../src/guards/claude-version.ts";
import { parseSettings } from "../../src/settings/parse.ts";

test.each([
  ["2.1.330", ">=2.1.300 <3", "in"],
  ["2.1.299", ">=2.1.300 <3", "out"],
  ["2.1.330", "2.1", "in"],
  ["3.0.0", "^2.1.0", "out"],
  ["3.0.0-beta.1", ">=3.0.0-0", "in"],
  ["2.2.0-rc.1", ">=2.1.0 <3", "in"],
  [null, ">=2.1.0", "unknown"],
  ["latest", ">=2.1.0", "unknown"],
] as const)("release %s against %s: %s", (version, range, verdict) => {
  expect(judgeVersion(version, range)).toBe(verdict);
});

test.each([
  ["claude-code:2.1.330", "2.1.330"],
  ["ghcr.io/acme/claude:v2.1.330", "2.1.330"],
  ["registry:5000/acme/claude-code:2.1.330-bookworm", "2.1.330"],
  ["claude-code:2.1.330@sha256:00", "2.1.330"],
  ["acme/agent:claude-2.1.330", "2.1.330"],
  ["acme/agent:7.0.1-claude-code-2.1.330", "2.1.330"],
  // Versions of the image itself, or none.
  ["acme/agent:1.4.0", null],
  ["acme/claude-agent:1.4.0", null],
  ["claude-code:latest", null],
  ["claude-code:2", null],
  ["claude-code", null],
  ["localhost:5000/claude-code", null],
])("the image %s has %s", (image, version) => {
  expect(versionInImage(image)).toBe(version);
});

test("a range that is none is told with the setting", () => {
  const parsed = parseSettings({ agent: { image: "i", claudeVersion: "newest" } });
  expect(parsed).toMatchObject({ kind: "invalid", problems: [{ field: "claudeVersion" }] });
});
