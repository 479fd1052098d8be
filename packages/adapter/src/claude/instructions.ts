import path from "node:path";

import type { SettingRefusal } from "@claude-k8s/diagnostics";
import type { PayloadFile } from "@claude-k8s/k8s-runner";

import { type FileAccess, outsideRule, refusalWords } from "../host/file-access.ts";
import { readServerFile, readServerFolder } from "../host/server-files.ts";
import { settingField } from "../settings/fields.ts";
import type { SettingProblem } from "../settings/settings.ts";
import { podPaths } from "./paths.ts";
import { words } from "./wake.ts";

export type Instructions =
  | {
      readonly kind: "read";
      /** `null`: there are none. */
      readonly text: string | null;
      /** What lies beside them. */
      readonly files: readonly PayloadFile[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: "not-allowed"; readonly refusals: readonly SettingRefusal[] }
  | { readonly kind: "invalid"; readonly problems: readonly SettingProblem[] };

/** Claude Code reads it into every request. */
const largestInstructions = 1024 * 1024;
/** What is beside them is read when it is needed. */
const largestBeside = 2 * 1024 * 1024;
const mostBeside = 100;
const passedOver = new Set([".git", "node_modules"]);
const nothing = { kind: "read", text: null, files: [], warnings: [] } as const;

/** The instructions of an agent and the files beside them, which they name by relative paths. */
export async function readInstructions(
  config: Readonly<Record<string, unknown>>,
  file: string | null,
  access: FileAccess,
): Promise<Instructions> {
  if (file === null) return nothing;
  const maximumBytes = Math.min(largestInstructions, access.maximumBytes ?? largestInstructions);
  const read = await readServerFile(file, { fences: access.files, maximumBytes });
  if (read.kind === "missing")
    return {
      ...nothing,
      warnings: [`the instructions ${path.basename(file)} could not be read (${read.code})`],
    };
  const setting = "instructionsFilePath";
  if (read.kind === "outside")
    return {
      kind: "not-allowed",
      refusals: [{ setting, value: file, rule: outsideRule, allow: "fileFolders" }],
    };
  if (read.kind !== "read") {
    const rule = `a regular file on the server: ${refusalWords(read)}`;
    const { example } = settingField(setting);
    return { kind: "invalid", problems: [{ field: setting, value: file, rule, example }] };
  }
  const beside = await filesBeside(config, file, access);
  const text = read.content.toString("utf8") + directive(path.basename(file));
  return { kind: "read", text, ...beside };
}

/** The agent finds what its instructions name; relative paths in them are not those of its working directory. */
function directive(name: string): string {
  return `\n\nThese instructions are the file ${name}. The files that they name, such as ./HEARTBEAT.md, ./SOUL.md or ./TOOLS.md, lie beside it in ${podPaths.besideInstructions}: read relative paths in them from there, and from no other folder.\n`;
}

/** All of a folder that the host keeps for the agent's instructions; of any other folder only its own Markdown. */
async function filesBeside(
  config: Readonly<Record<string, unknown>>,
  file: string,
  access: FileAccess,
): Promise<{ readonly files: readonly PayloadFile[]; readonly warnings: readonly string[] }> {
  const kept = words(config["instructionsRootPath"]);
  const isKept = kept !== null && path.dirname(file).startsWith(path.resolve(kept));
  const folder = isKept ? kept : path.dirname(file);
  const read = await readServerFolder(folder, {
    fences: access.files,
    maximumBytes: Math.min(largestBeside, access.maximumBytes ?? largestBeside),
    maximumFiles: mostBeside,
    skip: passedOver,
    ...(!isKept && { only: isMarkdownBeside }),
  });
  if (read.kind !== "read")
    return { files: [], warnings: [`the files beside the instructions are left out: ${refusalWords(read)}`] };
  // Relative to the instructions, wherever in their folder they lie.
  const from = path.relative(folder, path.dirname(file));
  const files = read.files.flatMap(({ name, content }) => {
    const relative = path.relative(from, name);
    return relative.startsWith("..") ? [] : [{ path: `${podPaths.besideInstructions}/${relative}`, content }];
  });
  const outside = read.files.length - files.length;
  return {
    files,
    warnings: outside === 0 ? [] : [`${outside} files above the folder of the instructions are left out`],
  };
}

function isMarkdownBeside(name: string): boolean {
  return !name.includes(path.sep) && /\.md$/i.test(name);
}
