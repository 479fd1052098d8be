import type { OperatorWord } from "../operator/operator.ts";
import { isObject } from "../settings/values.ts";
import type { Provider } from "./known-models.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** Claude Code's own switches. `null`: nothing is said of it. */
export function providerOf(variables: Variables): Provider | null {
  const isOn = (name: string): boolean => ["1", "true"].includes(variables[name]?.trim().toLowerCase() ?? "");
  if (isOn("CLAUDE_CODE_USE_BEDROCK") || isSet(variables["ANTHROPIC_BEDROCK_BASE_URL"])) return "bedrock";
  if (isOn("CLAUDE_CODE_USE_VERTEX") || isSet(variables["ANTHROPIC_VERTEX_BASE_URL"])) return "vertex";
  const names = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];
  return names.some((name) => isSet(variables[name])) ? "anthropic" : null;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}

/** What the operator gives to all pods: the only variables of theirs that are known without an agent. */
export function variablesOfAllPods(word: OperatorWord): Variables {
  const env = word.kind === "rules" ? word.rules.defaults?.["env"] : undefined;
  if (!isObject(env)) return {};
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? [[name, String(value)]]
        : [],
    ),
  );
}
