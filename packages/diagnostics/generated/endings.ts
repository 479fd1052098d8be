import { catalog } from "../src/catalog/catalog.ts";
import { type CatalogEntry, fixConditions } from "../src/catalog/entry.ts";
import { noteCatalog } from "../src/catalog/notes.ts";
import { stopReasons } from "../src/evidence/exit.ts";
import { decisiveTextRules } from "../src/judge/rules/decisive.ts";
import { fallbackTextRules } from "../src/judge/rules/fallback.ts";
import type { TextRule } from "../src/judge/rules/rule.ts";
import { type SettingName, settingNames } from "../src/setting-names.ts";

/** `docs/endings.md`: every code that can be told, as the code itself knows it. */
export function generated(): { readonly path: string; readonly content: string } {
  return { path: "docs/endings.md", content: `${page().join("\n\n")}\n` };
}

function page(): readonly string[] {
  return [
    "# How a run can end",
    "<!-- Made from the catalogue of @claude-k8s/diagnostics by `pnpm generate`; edit that. -->",
    "A run ends in **success**, perhaps with notes, or in **failure** with exactly one code. Codes are stable: rules may be written on them. *Retry* is the family that the host goes by: `transient_upstream` and `provider_quota` are tried again by it, everything else waits for a person or a change. *Bootstrap*: the agent never started, so running again repeats nothing. *Session*: what to do with Claude's session.",
    "## Which ending counts",
    [
      "1. Claude's last result, when it says success, is success, whatever stopped or killed the process afterwards. (A refusal, and an empty answer without any content in the whole run, are not.)",
      `2. What we did ourselves: a stop by the host, the run's deadline, the budget, a stall. The reasons that mean something else than a cancellation: ${Object.values(
        stopReasons,
      )
        .map((reason) => `\`${reason}\``)
        .join(", ")}.`,
      "3. A failed last result. If it only says that it was interrupted, it is the trace of a signal: whoever sent it, as far as the cluster tells, is the cause.",
      "4. What the cluster says about the container, the pod and the Job.",
      "5. What the stream shows without a result.",
    ].join("\n"),
    "Structured fields come before words, and only the last result counts. Words are searched only inside a failed result and in the error lines of a run that never got to content; the answer of a successful run is never searched.",
    "## Codes",
    table(
      ["Code", "What happened", "Retry", "Bootstrap", "Session"],
      catalog.map((entry) => [
        `[\`${entry.code}\`](#${entry.code})`,
        entry.title,
        entry.family === null ? "–" : `\`${entry.family}\``,
        entry.bootstrap ? "yes" : "–",
        entry.session,
      ]),
    ),
    ...catalog.map(section),
    "## Notes",
    "True beside an ending, most of them beside a success.",
    table(
      ["Note", "When"],
      noteCatalog.map(({ code, when }) => [`\`${code}\``, when]),
    ),
    "## Words",
    "What Claude Code, an API or a gateway tells in words only, with an example for each rule and where it was seen. The rules are wider than their examples. The first table wins over structured fields and the HTTP status, which are blunter in just these cases; the second is read when no structured field decides. An answer of the model is never searched.",
    ruleTable(decisiveTextRules),
    ruleTable(fallbackTextRules),
  ];
}

function section(entry: CatalogEntry): string {
  const family = entry.familyNote === undefined ? [] : [`Retry: ${entry.familyNote}.`];
  const session = entry.sessionNote === undefined ? [] : [`Session: ${entry.sessionNote}.`];
  return [
    `### ${entry.code}`,
    `**${entry.title}.** ${entry.when}`,
    ...family,
    ...session,
    entry.fix
      .map((fix) =>
        typeof fix === "string"
          ? `- ${withLabels(fix)}`
          : `- (${fixConditions[fix.when]}) ${withLabels(fix.text)}`,
      )
      .join("\n"),
  ].join("\n\n");
}

function withLabels(template: string): string {
  return template
    .replaceAll(/\{setting:([^}]+)\}/g, (_whole, key: string) => `*${settingNames[key as SettingName]}*`)
    .replaceAll(/\{([a-zA-Z]+)\}/g, (_whole, name: string) => name.toUpperCase());
}

function ruleTable(rules: readonly TextRule[]): string {
  return table(
    ["For example", "Code", "Session", "Seen in"],
    rules.map(({ example, code, session, seenIn }) => [
      `\`\` ${example.replaceAll("|", String.raw`\|`)} \`\``,
      `\`${code}\``,
      session ?? "",
      seenIn.replaceAll("|", String.raw`\|`),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
