/** Writes `docs/evidence/end-to-end.md`: what ran end to end, when, against which versions. A file that did not run keeps its entry. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { root } from "./packages.ts";

const folder = join(root, "docs/evidence");
const file = join(folder, "end-to-end.md");
const marks = { passed: "passed", failed: "FAILED", skipped: "skipped", pending: "not run" } as const;

export default class EndToEndReporter implements Reporter {
  /** After each file: what was interrupted keeps what came before. */
  onTestModuleEnd(module: TestModule): void {
    const section = sectionOf(module);
    if (section === null) return;
    const sections = existsSync(file) ? sectionsOf(readFileSync(file, "utf8")) : new Map<string, string>();
    sections.set(relative(join(root, "e2e"), module.moduleId).replace(/\.test\.ts$/, ""), section);
    const sorted = [...sections].toSorted(([one], [other]) => (one < other ? -1 : 1));
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      file,
      `${head}${sorted.map(([name, text]) => `## ${name}\n\n${text.trim()}\n`).join("\n")}`,
    );
  }
}

const head = `# End to end

<!-- Made by \`pnpm e2e --all\` (\`--report\` with some files only); edit nothing here. -->

The adapter inside a real Paperclip server, with the real Claude Code on a real Kubernetes against a scripted Messages API: each file with the day it last ran. What each test looks at: \`e2e/\`.

`;

function sectionsOf(page: string): Map<string, string> {
  const parts = page.split(/^## /m).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end).trim(), part.slice(end)];
    }),
  );
}

/** \`null\`: none of its tests ran, so that an older entry says more. */
function sectionOf(module: TestModule): string | null {
  const tests = [...module.children.allTests()];
  const ran = tests.filter((test) => ["passed", "failed"].includes(test.result().state));
  if (ran.length === 0) return null;
  const failed = ran.filter((test) => test.result().state === "failed").length;
  const seconds = Math.round(module.diagnostic().duration / 1000);
  const counts = `${ran.length - failed} passed, ${failed} failed, ${tests.length - ran.length} not run`;
  const rows = tests.map((test) => `| ${wordsOf(test)} | ${stateOf(test)} | ${timeOf(test)} |`);
  return [
    `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC, ${versions()}: ${counts}, ${seconds} s.`,
    "",
    "| test | | seconds |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

const wordsOf = (test: TestCase): string => test.name.replaceAll("|", "\\|");
const stateOf = (test: TestCase): string => marks[test.result().state];
const timeOf = (test: TestCase): string => ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(0);

function versions(): string {
  const { E2E_VERSIONS = "" } = process.env;
  const { version } = JSON.parse(readFileSync(join(root, "packages/adapter/package.json"), "utf8"));
  return [`adapter ${version}`, E2E_VERSIONS, `Node.js ${process.versions.node}`].filter(Boolean).join(", ");
}
