import { loadSettings } from "paperclip-adapter-claude-k8s/cli-parts";
import { stringify } from "yaml";

import { exitCodes } from "../exit-codes.ts";
import { type FormatOptions, formatOf } from "../options.ts";
import { markdownTable, table } from "../screen/table.ts";
import { type Streams, tableWidthOf } from "../streams.ts";

const columns = [
  { head: "SETTING" },
  { head: "WHAT IT IS", least: 24 },
  { head: "NOT SET", least: 12, dispensable: 2 },
  { head: "EXAMPLE", least: 12, dispensable: 1 },
];

/** `settings`: what a file for `--config` may hold. */
export async function settingsCommand({ output }: Streams, options: FormatOptions): Promise<number> {
  const { settingFields } = await loadSettings();
  const settings = settingFields.map(({ key, label, hint, rule, unset, example }) => ({
    key,
    label,
    hint,
    rule,
    unset,
    example,
  }));
  const rows = settings.map(({ key, hint, unset, example }) => [key, hint, unset, example]);
  const format = formatOf(options, "table");
  if (format === "json") output.write(`${JSON.stringify(settings)}\n`);
  else if (format === "yaml") output.write(stringify(settings));
  else if (format === "name") output.write(settings.map(({ key }) => `${key}\n`).join(""));
  else if (format === "markdown") output.write(markdownTable(columns, rows));
  else output.write(table(columns, rows, tableWidthOf(output)));
  return exitCodes.success;
}
