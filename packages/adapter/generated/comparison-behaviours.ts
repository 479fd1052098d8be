import { ofTheFormerAdapter } from "./former/former-adapter.ts";
import { ofTheLocalAdapter } from "./former/local-adapter.ts";
import type { Behaviour } from "./former/verdicts.ts";
import { cell, table } from "./former/table.ts";

export const generated = () => ({ path: "docs/comparison-behaviours.md", content: page() });

function page(): string {
  return `${[
    "# Behaviours compared",
    "",
    "What people know from the adapter before this one and from Paperclip's local one, and what became of it. Made from `packages/adapter/generated/former` by `pnpm generate`: do not edit. What to do when moving: [from-0.1.md](from-0.1.md).",
    "",
    "## `paperclip-adapter-claude-k8s` 0.1",
    "",
    ...rows(ofTheFormerAdapter),
    "",
    "## `@paperclipai/adapter-claude-local` 2026.916.1",
    "",
    ...rows(ofTheLocalAdapter),
  ].join("\n")}\n`;
}

function rows(behaviours: readonly Behaviour[]): readonly string[] {
  return table(
    ["there", "here", "how, or why not"],
    behaviours.map(({ behaviour, verdict, here }) => [cell(behaviour), `**${verdict}**`, cell(here)]),
  );
}
