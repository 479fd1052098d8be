import type { SettingRefusal } from "@claude-k8s/diagnostics";

import type { SettingOrigin } from "../settings/layers.ts";
import { type PatternValues, matchesAny } from "./patterns.ts";
import { takeEverything } from "./taking-variables.ts";

/**
 * Where secrets go. Variables that settings bring may not send a secret elsewhere that they did not bring themselves: the
 * run's token, a key of the operator's defaults, one of the host's environment or project.
 */

/** Who brought a variable, as far as it can be known. */
export type VariableOrigin =
  /** Stands in the agent's own stored configuration with this value. */
  | "agent"
  /** In the run's configuration but not in the agent's: of an environment, project or routine, or of one issue's override. */
  | "elsewhere"
  /** Of the operator's file. */
  | "operator";

export interface Variable {
  readonly name: string;
  /** `null`: it comes from somewhere that only the cluster knows. */
  readonly value: string | null;
  readonly origin: VariableOrigin;
}

/** No program reads a longer one, and every name is held against every rule. */
const longestName = 256;

const secretName = /key|token|secret|passw|authorization|credential|cookie|jwt|private|headers$/i;

/** What a part of a name calls an address. */
const address =
  /(^|_)(URL|URLS|URI|HOST|HOSTS|HOSTNAME|ENDPOINTS?|SERVER|REGISTRY|ORIGIN|DOMAIN|SOCKET|ADDR|ADDRESS|RESOURCE|GATEWAY|BASE|HEADERS|ASKPASS|PROXY|PROXY_COMMAND|CONFIG_FILE)(_|$)|^GIT_CONFIG/i;

const families: readonly (readonly [RegExp, string])[] = [
  // Keys of models go to whichever of these addresses the command line takes.
  [/^(ANTHROPIC|CLAUDE|AWS|GOOGLE|GCLOUD|GCE|CLOUDSDK|CLOUD|VERTEX|BEDROCK|AZURE|FOUNDRY)(_|$)/i, "model"],
  [/^(GIT|GH|GITHUB|GLAB|GITLAB|BITBUCKET|GITEA)(_|$)/i, "git"],
  [/^(NPM|NODE_AUTH|YARN|PNPM)(_|$)/i, "npm"],
];

function familyOf(name: string): string {
  const known = families.find(([pattern]) => pattern.test(name));
  return known?.[1] ?? (name.split("_", 1)[0] ?? name).toUpperCase();
}

/** Does a variable say where the keys of a model's provider go? */
export function isModelAddress(name: string): boolean {
  return name.length <= longestName && address.test(name) && familyOf(name) === "model";
}

export interface DestinationContext {
  /** To be judged. */
  readonly variables: readonly Variable[];
  /** Others that the container has. */
  readonly beside?: readonly Variable[];
  /** `allow.env` of the operator's file. */
  readonly allowed: readonly string[];
  readonly values: PatternValues;
}

export function refusedVariables({
  variables,
  beside = [],
  allowed,
  values,
}: DestinationContext): readonly SettingRefusal[] {
  const secrets = secretsOf([...variables, ...beside]);
  return variables.flatMap((variable) => {
    const { name, origin } = variable;
    if (origin === "operator" || matchesAny(allowed, name, values)) return [];
    const rule = ruleAgainst(variable, secrets);
    // Its value may hold a password.
    return rule === null ? [] : [{ setting: `env.${name.slice(0, longestName)}`, rule, allow: "allow.env" }];
  });
}

type Secrets = ReadonlyMap<string, readonly Variable[]>;

/**
 * Two of each bringer in each family: enough for a variable to find one that is another's and not itself. With all of them,
 * tens of thousands of addresses beside as many keys would be compared each with each.
 */
function secretsOf(variables: readonly Variable[]): Secrets {
  const secrets = new Map<string, Variable[]>();
  for (const variable of variables) {
    const { name, origin } = variable;
    if (name.length > longestName || !secretName.test(name)) continue;
    const family = familyOf(name);
    const kept = secrets.get(family) ?? [];
    secrets.set(family, kept);
    const same = kept.filter((other) => other.origin === origin);
    if (same.length < 2 && same.every((other) => other.name !== name)) kept.push(variable);
  }
  return secrets;
}

function ruleAgainst({ name, value, origin }: Variable, secrets: Secrets): string | null {
  if (name.length > longestName) return `a name has at most ${longestName} characters`;
  const everything = takeEverything.find(({ names }) => names.test(name));
  if (everything !== undefined && (value === null || everything.harmless?.test(value) !== true))
    return "it could send the run's token elsewhere, or load code that does, so only the operator may set it";
  if (!address.test(name)) return null;
  const family = familyOf(name);
  // The run's token is Paperclip's, and no setting brings it. The address itself is always the run's own, whatever `env` says.
  if (name === "PAPERCLIP_API_URL") return null;
  if (family === "PAPERCLIP" && !name.startsWith("PAPERCLIP_GITHUB_"))
    return "Paperclip's own variables say where the run's token goes";
  const foreign = secrets
    .get(family)
    ?.find((other) => other.name !== name && !broughtTogether(origin, other.origin));
  return foreign === undefined
    ? null
    : `it says where ${foreign.name} goes, which ${bringerOf[foreign.origin]} gave; whoever gives the one must give the other`;
}

/** An environment or a project of the host that gives a gateway gives its key as well. */
function broughtTogether(one: VariableOrigin, other: VariableOrigin): boolean {
  return one === other;
}

const bringerOf: Readonly<Record<VariableOrigin, string>> = {
  agent: "the agent's own configuration",
  elsewhere: "an environment, a project or one issue",
  operator: "the operator",
};

/** Which of the variables stand in the agent's own stored configuration, and which came from somewhere else. */
export function variablesOf(
  env: Readonly<Record<string, string>>,
  layers: Readonly<Record<string, SettingOrigin>>,
  stored: Readonly<Record<string, unknown>>,
): readonly Variable[] {
  // The host clears variables by empty texts.
  const set = Object.entries(env).filter(([, value]) => value !== "");
  return set.map(([name, value]) => ({
    name,
    value,
    origin: layers[name] !== "agent" ? "operator" : isStored(stored, name, value) ? "agent" : "elsewhere",
  }));
}

function isStored(stored: Readonly<Record<string, unknown>>, name: string, value: string): boolean {
  if (!Object.hasOwn(stored, name)) return false;
  const binding = stored[name];
  if (typeof binding !== "object" || binding === null) return String(binding) === value;
  const { type, value: plain } = binding as { readonly type?: unknown; readonly value?: unknown };
  // What a reference stands for is known to the host alone.
  return type === "plain" ? String(plain) === value : true;
}

/** Origins that are Paperclip's own: those by which the server knows itself, and those that the operator gives. */
export function ownOrigins(
  environment: Readonly<Record<string, string | undefined>>,
  given: readonly unknown[],
): ReadonlySet<string> {
  const port = environment["PAPERCLIP_LISTEN_PORT"] ?? environment["PORT"] ?? "3100";
  const hosts = (environment["PAPERCLIP_ALLOWED_HOSTNAMES"] ?? "").split(",").map((host) => host.trim());
  const addresses = [
    ...["PAPERCLIP_API_URL", "PAPERCLIP_PUBLIC_URL", "PAPERCLIP_RUNTIME_API_URL"].map(
      (name) => environment[name],
    ),
    ...hosts.flatMap((host) => (host === "" ? [] : [`http://${host}:${port}`, `https://${host}`])),
    ...given,
  ];
  return new Set(addresses.flatMap((each) => originOf(each) ?? []));
}

/** `null`: it is no http address, or it carries a name or password. */
export function originOf(address_: unknown): string | null {
  const url = typeof address_ === "string" ? URL.parse(address_) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    return null;
  return url.origin;
}
