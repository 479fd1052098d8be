import { catalog } from "../src/catalog/catalog.ts";
import { noteCatalog } from "../src/catalog/notes.ts";
import { symptoms } from "./words/symptoms.ts";
import type { Symptom } from "./words/symptoms.ts";

/** `docs/troubleshooting.md`: from what is seen to the ending that explains it. Fails where an ending belongs to no symptom. */
export function generated(): { readonly path: string; readonly content: string } {
  const told = new Set<string>(symptoms.flatMap(({ codes }) => codes));
  const missing = [...catalog, ...noteCatalog].map(({ code }) => code).filter((code) => !told.has(code));
  if (missing.length > 0)
    throw new Error(`no symptom leads to ${missing.join(", ")}: add them to symptoms.ts`);
  return { path: "docs/troubleshooting.md", content: `${page().join("\n\n")}\n` };
}

function page(): readonly string[] {
  return [
    "# Troubleshooting by symptom",
    "<!-- Made from the catalogue of @claude-k8s/diagnostics by `pnpm generate`; edit that. -->",
    "Every failed run names its code, its cause with the numbers, and what to do, on the issue and on the run's page. `claude-k8s explain JOB` tells the same at a terminal, also from a saved transcript or from `kubectl get pod -o json`. This page is for the way back: from what is seen to the codes that look like it. What to do about each stands in [endings.md](endings.md).",
    ...symptoms.flatMap(section),
  ];
}

function section({ title, advice, codes }: Symptom): readonly string[] {
  const rows = codes.map((code) => {
    const entry = catalog.find((one) => one.code === code);
    if (entry !== undefined) return `| [\`${code}\`](endings.md#${code}) | ${entry.title} |`;
    return `| \`${code}\` | ${noteCatalog.find((one) => one.code === code)?.when ?? ""} |`;
  });
  return [`## ${title}`, advice, ["| Code | What it says |", "| --- | --- |", ...rows].join("\n")];
}
