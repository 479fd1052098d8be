/** The README's examples print what it says, and its list of kinds is whole. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as diagnostics from "../src/index.ts";
import type { FailureKind } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
  .filter(([, language]) => language !== "sh")
  .map(([, language, text]) => ({ code: language === "ts", text: text ?? "" }));

/** What the example prints, run as it stands but for its import. */
function printed(code: string): string {
  const lines: string[] = [];
  const imports = /^import (\{[^}]*\}) from "@claude-k8s\/diagnostics";$/m;
  const names = imports.exec(code)?.[1] ?? "{}";
  const body = `const ${names} = diagnostics;\n${code.replace(imports, "")}`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the README is ours
  new Function("diagnostics", "console", body)(diagnostics, {
    log: (...words: readonly string[]) => lines.push(words.join(" ")),
  });
  return lines.join("\n").trim();
}

const shown = blocks.flatMap(({ code, text }, index) => {
  const next = blocks[index + 1];
  return code && next !== undefined && !next.code ? [[text, next.text.trim()] as const] : [];
});

test("six examples show their output", () => expect(shown).toHaveLength(6));

test.each(shown)("the example prints what is shown", (code, output) => {
  expect(printed(code)).toBe(output);
});

test("every kind of failure is listed", () => {
  const kinds: Record<FailureKind, true> = {
    "admission-rejected": true,
    "agent-id-invalid": true,
    "api-unreachable": true,
    "claude-version-unsupported": true,
    "container-config-error": true,
    "container-start-failed": true,
    "create-rejected": true,
    "daily-budget-reached": true,
    "deleted-externally": true,
    drained: true,
    evicted: true,
    "exit-unknown": true,
    forbidden: true,
    "image-invalid": true,
    "image-pull-failed": true,
    "init-container-failed": true,
    "job-deadline-exceeded": true,
    "kubeconfig-invalid": true,
    "namespace-missing": true,
    "namespace-terminating": true,
    "node-lost": true,
    "node-refused": true,
    "node-shutdown": true,
    "not-allowed": true,
    "out-of-memory": true,
    "pod-deadline-exceeded": true,
    "pod-replaced": true,
    "pod-vanished": true,
    "policy-violated": true,
    preempted: true,
    "queue-timeout": true,
    "quota-exceeded": true,
    "reattach-failed": true,
    "service-account-missing": true,
    "settings-invalid": true,
    "skill-not-found": true,
    "slot-foreign": true,
    "start-timeout": true,
    unschedulable: true,
    "volume-unavailable": true,
    "workspace-failed": true,
    "workspace-too-large": true,
  };
  const listed = [...readme.matchAll(/^\| `([a-z-]+)` +\| [^|]+\| (?:`[a-z0-9_]+`|what)/gm)].map(
    ([, kind]) => kind,
  );
  expect(new Set(listed)).toEqual(new Set(Object.keys(kinds)));
});
