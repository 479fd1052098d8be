import type { SettingRefusal } from "@claude-k8s/diagnostics";

/** Options that the adapter passes itself: a second one would change what it reads, or whose session goes on. */
const ours = new Set([
  "-p",
  "--print",
  "--output-format",
  "--input-format",
  "--verbose",
  "-r",
  "--resume",
  "-c",
  "--continue",
  "--session-id",
  "--fork-session",
  "--from-pr",
  "--teleport",
  "--no-session-persistence",
  "--bg",
  "--background",
  "--remote",
  "--remote-control",
  "--replay-user-messages",
  "-w",
  "--worktree",
  "--tmux",
  "--init-only",
]);

/** Options that take settings, servers or code from elsewhere: helpers that run, addresses that get the keys. */
const loading = new Set([
  "--settings",
  "--setting-sources",
  "--managed-settings",
  "--mcp-config",
  "--strict-mcp-config",
  "--plugin-dir",
  "--plugin-url",
  "--channels",
  "--dangerously-load-development-channels",
  "--sdk-url",
  "--ide",
  "--chrome",
  "--permission-prompt-tool",
  "--debug-file",
  "--agents",
  "--advisor-url",
]);

/** `--max-budget-usd 50` beside the operator's maximum. */
const limits: Readonly<Record<string, "budgetUsd">> = { "--max-budget-usd": "budgetUsd" };

/** What `extraArgs` may not hold. `allowed`: `allow.extraArgs` of the operator's file. */
export function refusedArguments(
  words: readonly string[],
  allowed: readonly string[],
  maximum: { readonly budgetUsd?: number | undefined },
): readonly SettingRefusal[] {
  return words.flatMap((word, index): SettingRefusal[] => {
    const option = optionOf(word);
    if (option === null) return [];
    const limit = limits[option];
    if (limit !== undefined && maximum[limit] !== undefined) {
      const value = Number(word.includes("=") ? word.slice(word.indexOf("=") + 1) : words[index + 1]);
      return value <= maximum[limit]
        ? []
        : [
            {
              setting: "extraArgs",
              value: option,
              rule: `at most ${maximum[limit]}`,
              allow: `maximum.${limit}`,
            },
          ];
    }
    if (allowed.includes(option)) return [];
    if (ours.has(option))
      return [
        {
          setting: "extraArgs",
          value: option,
          rule: "the adapter passes this option itself",
          allow: "allow.extraArgs",
        },
      ];
    return loading.has(option)
      ? [
          {
            setting: "extraArgs",
            value: option,
            rule: "it loads settings, servers or code that the run's secrets could be sent by",
            allow: "allow.extraArgs",
          },
        ]
      : [];
  });
}

/** `--settings={…}` is `--settings`; `-pfoo` is `-p`; a word that is a value, such as `-5`, is none. */
function optionOf(word: string): string | null {
  if (word.startsWith("--")) return word.split("=", 1)[0]?.toLowerCase() ?? null;
  return /^-[A-Za-z]/.test(word) ? word.slice(0, 2) : null;
}
