import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

import type { RunSpec } from "@claude-k8s/k8s-runner";
import type { Command } from "commander";
import {
  type Bundle,
  type Settings,
  claudeCommand,
  isObject,
  parseSettings,
  specOfSettings,
} from "paperclip-adapter-claude-k8s/cli-parts";
import { parse as parseYaml } from "yaml";

import { type ClusterOptions, addClusterOptions } from "./cluster-options.ts";
import { UsageError } from "./exit-codes.ts";

export interface RunOptions extends ClusterOptions {
  readonly image?: string;
  readonly model?: string;
  readonly env?: readonly string[];
  readonly timeout?: string;
  readonly memory?: string;
  readonly cpu?: string;
  readonly podTemplate?: string;
  readonly config?: string;
  readonly slot?: string;
  readonly retain?: boolean;
}

export function addRunOptions(command: Command): Command {
  return addClusterOptions(command)
    .option("--image <image>", "image with claude on its PATH")
    .option("--model <name>", "model for claude")
    .option("-e, --env <name=value...>", "variables, kept in a Secret; a name alone takes this shell's value")
    .option("--timeout <seconds>", "deadline, counted from the container's start")
    .option("--memory <quantity>", "memory limit")
    .option("--cpu <quantity>", "CPU limit")
    .option("--pod-template <file>", "YAML or JSON, merged over the pod template")
    .option("--config <file>", "settings as in docs/settings.md, YAML or JSON; options win over it")
    .option("--slot <name>", "at most one live run has it (default: one of its own)")
    .option("--retain", "keep the finished Job until its time to live");
}

export interface PlannedRun {
  readonly settings: Settings;
  readonly config: Readonly<Record<string, unknown>>;
  specFor(namespace: string): RunSpec;
}

/** Options and settings file → a run. Throws `UsageError` with every setting that cannot be used. */
export async function planRun(
  options: RunOptions,
  prompt: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<PlannedRun> {
  const config = await readConfig(options, environment);
  const parsed = parseSettings({ agent: config });
  if (parsed.kind === "invalid")
    throw new UsageError(
      parsed.problems
        .map(({ field, value, rule, example }) => {
          const given = value === null ? "is not set" : `is ${value}`;
          return `${field} ${given}; it must be ${rule}, for example ${example}`;
        })
        .join("\n"),
    );
  const { settings } = parsed;
  const runId = randomUUID();
  return {
    settings,
    config,
    specFor: (namespace) => ({
      ...specOfSettings(settings),
      namespace,
      slot: options.slot === undefined ? `cli/${runId}` : `cli/${options.slot}`,
      runId,
      command: claudeCommand(settings.claude, settings.env, emptyBundle, null),
      stdin: prompt,
      secretEnv: settings.env,
    }),
  };
}

const emptyBundle: Bundle = {
  files: [],
  hasInstructions: false,
  skills: [],
  mcpServers: [],
  key: "",
  mcpIdentity: "",
  warnings: [],
};

async function readConfig(
  options: RunOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, unknown>> {
  const file: unknown = options.config === undefined ? {} : parseYaml(await readText(options.config));
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
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const fileEnv = isObject(file["env"]) ? file["env"] : {};
  return {
    ...file,
    ...Object.fromEntries(set),
    env: { ...fileEnv, ...variables(options.env ?? [], environment) },
  };
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
