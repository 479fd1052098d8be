/** docs/picture.md: the packages, as their sources import one another, and the path of a run. */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const packages = join(import.meta.dirname, "../..");

const purposes: Readonly<Record<string, string>> = {
  cli: "the claude-k8s command",
  adapter: "what Paperclip loads",
  "stream-parser": "bytes to events and a summary",
  "k8s-runner": "a Job to output and an exit",
  diagnostics: "evidence to a diagnosis",
  "local-cluster": "a Kubernetes API in this process",
};

export function generated(): { readonly path: string; readonly content: string } {
  return { path: "docs/picture.md", content: `${page().join("\n")}\n` };
}

function page(): readonly string[] {
  const names = readdirSync(packages).toSorted();
  const arrows = names.flatMap((name) =>
    [...importedBy(name)].toSorted().map((other) => `  ${name} --> ${other}`),
  );
  return [
    "# The house in two pictures",
    "",
    "<!-- Made from the imports of the packages' sources by `pnpm generate`; edit packages/cli/generated/picture.ts. -->",
    "",
    "Who imports whom. Four packages stand on the ground and know nothing of each other.",
    "",
    "```mermaid",
    "flowchart TD",
    ...names.map((name) => `  ${name}["${name}<br/><small>${purposes[name] ?? ""}</small>"]`),
    ...arrows,
    "```",
    "",
    "The path of a run; [how a run works](how-a-run-works.md) follows it file by file.",
    "",
    "```mermaid",
    "sequenceDiagram",
    "  participant H as host",
    "  participant A as adapter",
    "  participant R as k8s-runner",
    "  participant K as Kubernetes API",
    "  participant C as claude in its pod",
    "  H->>A: execute(settings, prompt)",
    "  A->>R: start(spec)",
    "  R->>K: create the Job, suspended: its name is the lock",
    "  R->>K: create its Secrets, then release it",
    "  K->>C: the pod starts",
    "  loop until the last record proves the end",
    "    C-->>K: lines into the container's log",
    "    K-->>R: the log, again after every cut",
    "    R-->>A: each line once, or a gap",
    "    A-->>H: transcript, with secrets masked",
    "  end",
    "  R->>K: read pod, Job, events and node: the evidence",
    "  R-->>A: exit",
    "  A->>A: diagnose(exit, summary)",
    "  A-->>H: result: one ending, its reason, what to do",
    "  A->>R: clean up: Secrets at once, the Job after its retention",
    "```",
  ];
}

function importedBy(name: string): ReadonlySet<string> {
  const folder = join(packages, name, "src");
  const found = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, other] of text.matchAll(/from "@claude-k8s\/([a-z0-9-]+)/g)) if (other) found.add(other);
    if (/from "paperclip-adapter-claude-k8s/.test(text)) found.add("adapter");
  }
  found.delete(name);
  return found;
}
