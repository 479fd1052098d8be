import type { Settings } from "../settings/settings.ts";
import type { Bundle } from "./bundle.ts";
import { podPaths } from "./paths.ts";

/** The command of the container; the prompt comes on stdin. The image's PATH says which `claude`. */
export function claudeCommand(
  settings: Settings["claude"],
  environment: Readonly<Record<string, string>>,
  bundle: Bundle,
  sessionId: string | null,
  /** Further ones that the agent may read and write. */
  folders: readonly string[] = [],
): readonly string[] {
  const model = modelArgument(settings.model, environment);
  return [
    "claude",
    "--print",
    "--output-format",
    "stream-json",
    "--verbose",
    ...(sessionId === null ? [] : ["--resume", sessionId]),
    ...(settings.skipPermissions ? ["--dangerously-skip-permissions"] : []),
    ...(settings.allowedTools.length === 0 ? [] : ["--allowedTools", ...settings.allowedTools]),
    ...(settings.disallowedTools.length === 0 ? [] : ["--disallowedTools", ...settings.disallowedTools]),
    ...(model === null ? [] : ["--model", model]),
    ...(settings.fallbackModel === null ? [] : ["--fallback-model", settings.fallbackModel]),
    ...(settings.effort === null ? [] : ["--effort", settings.effort]),
    ...(settings.maxTurns === null ? [] : ["--max-turns", String(settings.maxTurns)]),
    ...(settings.jsonSchema === null ? [] : ["--json-schema", JSON.stringify(settings.jsonSchema)]),
    ...(settings.maxBudgetUsd === null ? [] : ["--max-budget-usd", String(settings.maxBudgetUsd)]),
    // A resumed session has its instructions already; the CLI may refuse both together.
    ...(bundle.hasInstructions && sessionId === null
      ? ["--append-system-prompt-file", podPaths.instructions]
      : []),
    ...(bundle.mcpServers.length > 0 ? ["--mcp-config", podPaths.mcpConfig, "--strict-mcp-config"] : []),
    ...(bundle.hasFolder ? ["--add-dir", podPaths.bundle] : []),
    ...folders.flatMap((folder) => ["--add-dir", folder]),
    ...settings.extraArgs,
  ];
}

/**
 * Lets Claude Code write its transcripts into the volume that is copied. Its folder of settings is the image's own, with what an
 * image brings there, so that no volume can be mounted over it; and where it lies, only the container knows. A folder of transcripts
 * that is there already is left alone.
 */
export function keepingSessions(command: readonly string[]): readonly string[] {
  return ["/bin/sh", "-c", linkScript, scriptName, ...command];
}

const linkScript = [
  'd="${CLAUDE_CONFIG_DIR:-$HOME/.claude}"',
  '{ [ -e "$d/projects" ] || { mkdir -p "$d" && rm -f "$d/projects" && ln -s ' +
    podPaths.sessions +
    ' "$d/projects"; }; } 2>/dev/null',
  'exec "$@"',
].join("; ");

/** A home on a volume begins as a folder that nobody has made. */
export function inHomeOfItsOwn(command: readonly string[]): readonly string[] {
  return ["/bin/sh", "-c", homeScript, scriptName, ...command];
}

/** A script of the workspace's own comes first. */
export function after(script: string, command: readonly string[]): readonly string[] {
  return ["/bin/sh", "-c", `${script}\nexec "$@"`, scriptName, ...command];
}

/** By which a script of ours is known. */
const scriptName = "claude-k8s";

const homeScript = 'mkdir -p "$HOME" "${CLAUDE_CONFIG_DIR:-$HOME/.claude}" 2>/dev/null; exec "$@"';

/** The command itself, without what prepares it. */
export function bareCommand(command: readonly string[]): readonly string[] {
  const [program, option, , name] = command;
  const isOurs = program === "/bin/sh" && option === "-c" && name === scriptName;
  return isOurs ? bareCommand(command.slice(4)) : command;
}

/** Bedrock knows models by names of its own; a name of Anthropic's API is an error there, so the CLI's own choice stands. */
function modelArgument(model: string | null, environment: Readonly<Record<string, string>>): string | null {
  if (model === null || !usesBedrock(environment)) return model;
  return /^([a-z-]+\.)?anthropic\.|^arn:/.test(model) ? model : null;
}

export function usesBedrock(environment: Readonly<Record<string, string>>): boolean {
  const flag = environment["CLAUDE_CODE_USE_BEDROCK"];
  return flag === "1" || flag === "true" || Boolean(environment["ANTHROPIC_BEDROCK_BASE_URL"]?.trim());
}
