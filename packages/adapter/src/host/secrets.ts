import { record } from "../claude/wake.ts";
import type { ExecutionContext } from "./contract.ts";

/** Below this a value says little, and hiding it would black out half the transcript. */
const shortestSecret = 8;

const telltaleName = /key|token|secret|passw|authorization|credential|cookie|jwt|private/i;

/**
 * The values that must not appear in a log: the run's own token, those of MCP servers and of the runtime tools, and every
 * variable that its name, its binding or its looks call a secret. The host resolves plain and secret bindings into one map
 * of strings; `agent.adapterConfig` still tells them apart.
 */
export function knownSecrets(
  host: ExecutionContext,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const bindings = record(record(host.agent.adapterConfig)["env"]);
  const tools = record(host.context["paperclipRuntimeTools"])["bearerToken"];
  const all = [
    host.authToken,
    tools,
    ...(host.runtimeMcp?.getServers() ?? []).map((server) => server.token),
    ...valuesOf(env, bindings),
  ];
  return longEnough(all);
}

/** The same without a host: what a variable's name or looks tell. */
export function knownValues(env: Readonly<Record<string, string>>): readonly string[] {
  return longEnough(valuesOf(env, {}));
}

function valuesOf(
  env: Readonly<Record<string, string>>,
  bindings: Readonly<Record<string, unknown>>,
): readonly (string | null)[] {
  return Object.entries(env).flatMap(([name, value]) => {
    const credentials = URL.parse(value)?.password;
    const isSecret = telltaleName.test(name) || isSecretBinding(bindings[name]) || looksRandom(value);
    return [isSecret ? value : null, credentials ? decodeURIComponent(credentials) : null];
  });
}

function longEnough(values: readonly unknown[]): readonly string[] {
  const secrets = values.filter((value) => typeof value === "string" && value.length >= shortestSecret);
  return [...new Set(secrets as string[])];
}

function isSecretBinding(binding: unknown): boolean {
  const { type } = record(binding);
  return typeof type === "string" && type.endsWith("secret_ref");
}

/** A long word of letters and digits that is no path, address or version. */
function looksRandom(value: string): boolean {
  return (
    value.length >= 24 && /^[A-Za-z0-9+/=_-]+$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value)
  );
}
