import { mostVariables, record } from "../plain-values.ts";
import type { NamedSecrets } from "../output/redaction.ts";
import type { ExecutionContext } from "./contract.ts";

const telltaleName =
  /key|token|secret|passw|passphrase|pass$|pwd$|_pat$|auth|credential|cookie|jwt|private|mnemonic|dsn$/i;
const openName = /^(?:PAPERCLIP_GITHUB_AUTH_MODE|SSH_AUTH_SOCK|PWD|OLDPWD)$/;

/**
 * The values that must not appear anywhere: the run's own token, those of MCP servers and of the runtime tools, passwords in
 * addresses, and every variable that its name, its binding or its looks call a secret. The host resolves plain and secret
 * bindings into one map of strings; `agent.adapterConfig` still tells them apart.
 */
export function knownSecrets(host: ExecutionContext, env: Readonly<Record<string, unknown>>): NamedSecrets {
  const bindings = record(record(host.agent.adapterConfig)["env"]);
  const tools = record(host.context["paperclipRuntimeTools"])["bearerToken"];
  const servers = host.runtimeMcp?.getServers() ?? [];
  const tokens = [
    ["PAPERCLIP_API_KEY", host.authToken],
    ["PAPERCLIP_RUNTIME_TOOLS_TOKEN", tools],
    ...servers.map(({ name, token }) => [`MCP_${name}`, token]),
  ];
  return {
    // Each for itself: what an issue's text holds must not use up what is looked at of the settings.
    ...addressPasswords("CONTEXT_PASSWORD", host.context),
    ...addressPasswords("URL_PASSWORD", [env, host.config, servers.map(({ url }) => url)]),
    ...valuesOf(env, bindings),
    ...(Object.fromEntries(
      tokens.filter(([, value]) => typeof value === "string" && value !== ""),
    ) as NamedSecrets),
  };
}

/** The same without a host: what a variable's name or looks tell. */
export function knownValues(env: Readonly<Record<string, unknown>>): NamedSecrets {
  return { ...addressPasswords("URL_PASSWORD", env), ...valuesOf(env, {}) };
}

/** A variable that its name or its looks call a secret. */
export function isTelling(name: string, value: string): boolean {
  return (
    (telltaleName.test(name) && !openName.test(name) && !/^(?:true|false|\d{1,3})$/i.test(value)) ||
    looksRandom(value)
  );
}

function valuesOf(
  env: Readonly<Record<string, unknown>>,
  bindings: Readonly<Record<string, unknown>>,
): NamedSecrets {
  const telling = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" && (isTelling(name, value) || isSecretBinding(bindings[name]))
      ? [[name, value]]
      : [],
  );
  return Object.fromEntries(telling.slice(0, mostVariables));
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

const mostStrings = 10_000;
/** Each is looked for in all output, in a dozen forms. Others are masked by the form of an address all the same. */
const mostPasswords = 500;

/** Passwords, and tokens as users, in the addresses that settings and a wake hold: of repositories, of servers, of databases. */
function addressPasswords(label: string, value: unknown): NamedSecrets {
  const found = new Set<string>();
  const open: unknown[] = [value];
  for (let count = 0; open.length > 0 && count < mostStrings; count += 1) {
    const next = open.pop();
    if (typeof next === "object" && next !== null) for (const part of Object.values(next)) open.push(part);
    if (typeof next !== "string" || !next.includes("@")) continue;
    for (const [address] of next.matchAll(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>]{1,2000}/gi)) {
      const { username = "", password = "" } = URL.parse(address) ?? {};
      for (const part of [password, looksRandom(username) ? username : ""])
        if (part !== "") found.add(decoded(part));
      if (found.size >= mostPasswords) return named();
    }
  }
  return named();

  function named(): NamedSecrets {
    return Object.fromEntries([...found].map((password, index) => [`${label}_${index + 1}`, password]));
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
