import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

import type { RunSpec } from "@claude-k8s/k8s-runner";
import {
  type Ending,
  type HandChoice,
  type HandPlace,
  type SettingProblem,
  type Settings,
  type Workspace,
  loadSettings,
  refusalOf,
} from "paperclip-adapter-claude-k8s/cli-parts";
import { parse as parseYaml } from "yaml";

import { UsageError } from "./exit-codes.ts";
import type { CommonOptions } from "./options.ts";
import { type WorkspaceOptions, placeOf, workspaceSettings } from "./workspace-options.ts";

export interface RunOptions extends CommonOptions, WorkspaceOptions {
  readonly image?: string;
  readonly model?: string;
  readonly env?: readonly string[];
  readonly timeout?: number | string;
  readonly memory?: string;
  readonly cpu?: string;
  readonly budget?: number | string;
  readonly resume?: string;
  readonly podTemplate?: string;
  readonly config?: string;
  readonly slot?: string;
  readonly retain?: boolean;
}

type SettingsParts = Awaited<ReturnType<typeof loadSettings>>;

export interface PlannedRun {
  readonly settings: Settings;
  readonly config: Readonly<Record<string, unknown>>;
  readonly choice: HandChoice;
  /** What was left alone in the settings, and why. */
  readonly warnings: readonly string[];
  /** Where the run works, made ready. Rejects with the signal's reason, or `UsageError`. */
  specFor(place: HandPlace): Promise<PlacedRun>;
}

export type PlacedRun =
  | {
      readonly kind: "ready";
      readonly spec: RunSpec;
      readonly workspace: Workspace;
      /** The mode, why it was chosen and what there is to say of it, a line each. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "refused"; readonly ending: Ending };

/** Options and settings file → a run. Throws `UsageError` with every setting that cannot be used. */
export async function planRun(
  options: RunOptions,
  prompt: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<PlannedRun> {
  if (prompt.trim() === "")
    throw new UsageError(
      "the prompt is empty: give it as words behind the options, or on standard input (`claude-k8s run … < prompt.md`)",
    );
  const parts = await loadSettings();
  const config = await readConfig(options, environment, parts);
  const parsed = parts.parseSettings({ agent: config });
  if (parsed.kind === "invalid") throw new UsageError(problemWords(parsed.problems));
  const { settings } = parsed;
  const unknown = unknownKeys(config, parts);
  const runId = randomUUID();
  const choice = await placeOf(settings, options);
  const run = { settings, choice, slot: `cli/${options.slot ?? runId}`, runId };
  return {
    settings,
    config,
    choice,
    // What looks like a slip is told there, too, but of some unknown keys nothing is: they may be the host's, and here is none.
    warnings: [
      ...unknown,
      ...parsed.warnings.filter((warning) => !warning.includes("there is no setting of this name")),
    ],
    async specFor(place) {
      const answer = await parts.workspaceByHand(run, place);
      if (answer.kind === "unusable") throw new UsageError(problemWords(answer.problems));
      if (answer.kind === "refused") return { kind: "refused", ending: refusalOf(answer.failure, config) };
      const { workspace } = answer;
      const { namespace } = place;
      const spec = parts.specByHand(run, workspace, { namespace, prompt, resume: options.resume ?? null });
      return { kind: "ready", spec, workspace, notes: parts.workspaceNotes(workspace) };
    },
  };
}

function problemWords(problems: readonly SettingProblem[]): string {
  return problems
    .map(({ field, value, rule, example }) => {
      const given = value === null ? "is not set" : `is ${value}`;
      return `${field} ${given}; it must be ${rule}, for example ${example}`;
    })
    .join("\n");
}

/** Every key of the file that is no setting. */
function unknownKeys(
  config: Readonly<Record<string, unknown>>,
  { settingFields, nearestName }: SettingsParts,
): readonly string[] {
  const known = settingFields.flatMap(({ key, alias }) => (alias === undefined ? [key] : [key, alias]));
  return Object.keys(config)
    .filter(
      (key) => key !== "resources" && !key.startsWith("resources.") && !known.some((name) => name === key),
    )
    .map((key) => {
      const near = nearestName(key, known);
      const advice =
        near === null ? "`claude-k8s settings` lists those that there are" : `did you mean ${near}?`;
      return `${JSON.stringify(key.slice(0, 80))} is no setting, and it is left alone; ${advice}`;
    });
}

async function readConfig(
  options: RunOptions,
  environment: Readonly<Record<string, string | undefined>>,
  parts: SettingsParts,
): Promise<Record<string, unknown>> {
  const { isObject } = parts;
  const file = options.config === undefined ? {} : yamlOf(options.config, await readText(options.config));
  if (!isObject(file))
    throw new UsageError(`${options.config ?? "the settings"} holds no object of settings`);
  const given = {
    image: options.image,
    model: options.model,
    namespace: options.namespace,
    timeoutSec: options.timeout,
    "resources.limits.memory": options.memory,
    "resources.limits.cpu": options.cpu,
    podTemplate: options.podTemplate === undefined ? undefined : await readText(options.podTemplate),
    retainJobs: options.retain,
    maxBudgetUsd: options.budget,
    ...workspaceSettings(options, parts),
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const fileEnv = isObject(file["env"]) ? file["env"] : {};
  return {
    ...file,
    ...Object.fromEntries(set),
    env: { ...fileEnv, ...variables(options.env ?? [], environment) },
  };
}

function yamlOf(file: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    const [first] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new UsageError(`${file} is neither YAML nor JSON: ${first ?? ""}`, { cause: error });
  }
}

function variables(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf("=");
      if (at > 0) return [each.slice(0, at), each.slice(at + 1)];
      const value = environment[each];
      if (value === undefined) throw new UsageError(`--env ${each}: this shell has no variable of that name`);
      return [each, value];
    }),
  );
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`, {
      cause: error,
    });
  }
}
