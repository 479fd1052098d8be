/** A user of a kubeconfig: who we are, as written there. */

import { InvalidKubeconfigError } from "../../errors.ts";
import { dataOf, flagOf, isFields, quote, refuseBoth, textOf, textsOf, wrongType } from "./fields.ts";
import type { Entry } from "./fields.ts";
import type { ExecPlugin, KubeconfigUser } from "./kubeconfig.ts";

export function toUser(entry: Entry): KubeconfigUser {
  const certificateData = dataOf(entry, "client-certificate-data");
  const keyData = dataOf(entry, "client-key-data");
  const provider = entry.fields["auth-provider"] ?? null;
  // With only one of the two the server would see nobody, and say that an anonymous user may not.
  const certificate = certificateData !== null || textOf(entry, "client-certificate") !== null;
  const key = keyData !== null || textOf(entry, "client-key") !== null;
  if (certificate && !key) throw lacking(entry, "client-key", "a client certificate without its key");
  if (key && !certificate) throw lacking(entry, "client-certificate", "a client key without its certificate");
  if (provider !== null && !isFields(provider)) throw wrongType(entry, "auth-provider", "a mapping");
  for (const [field, other] of exclusive)
    refuseBoth(entry, field, other, "keep the one that is right, and remove the other");
  return {
    name: entry.name,
    token: tokenOf(entry),
    tokenFile: textOf(entry, "tokenFile"),
    username: textOf(entry, "username"),
    password: textOf(entry, "password"),
    certificateData,
    certificateFile: certificateData === null ? textOf(entry, "client-certificate") : null,
    keyData,
    keyFile: keyData === null ? textOf(entry, "client-key") : null,
    impersonation: impersonationOf(entry),
    exec: execOf(entry),
    authProvider: provider,
  };
}

/** Which of the two was meant nobody can tell. */
const exclusive: readonly (readonly [string, string])[] = [
  ["username", "token"],
  ["username", "tokenFile"],
  ["client-certificate", "client-certificate-data"],
  ["client-key", "client-key-data"],
  ["auth-provider", "exec"],
];

function lacking(entry: Entry, field: string, what: string): InvalidKubeconfigError {
  return new InvalidKubeconfigError(
    field,
    `user ${quote(entry.name)} of the kubeconfig has ${what}; add ${field} or ${field}-data`,
  );
}

function tokenOf(entry: Entry): string | null {
  const token = textOf(entry, "token");
  if (token === null || /^[\x21-\x7e]+$/.test(token)) return token;
  throw wrongType(entry, "token", "a token, which has no spaces and no line ends");
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonationOf(entry: Entry): KubeconfigUser["impersonation"] {
  const headers: Record<string, string | string[]> = {};
  const user = textOf(entry, "as");
  const uid = textOf(entry, "as-uid");
  const groups = textsOf(entry, "as-groups");
  if (user !== null) headers["impersonate-user"] = user;
  if (uid !== null) headers["impersonate-uid"] = uid;
  if (groups.length > 0) headers["impersonate-group"] = [...groups];
  const extra = entry.fields["as-user-extra"] ?? {};
  if (!isFields(extra)) throw wrongType(entry, "as-user-extra", "a mapping of lists");
  if (user === null && (uid !== null || groups.length > 0 || Object.keys(extra).length > 0))
    throw new InvalidKubeconfigError(
      "as",
      `user ${quote(entry.name)} of the kubeconfig asks for the groups, the uid or the extra of another user, and names none; add as`,
    );
  for (const key of Object.keys(extra))
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = [
      ...textsOf({ ...entry, fields: extra }, key),
    ];
  return headers;
}

const pluginGroup = "client.authentication.k8s.io";
const pluginVersions: ReadonlySet<string> = new Set([`${pluginGroup}/v1`, `${pluginGroup}/v1beta1`]);

function execOf(entry: Entry): ExecPlugin | null {
  const found = entry.fields["exec"] ?? null;
  if (found === null) return null;
  if (!isFields(found)) throw wrongType(entry, "exec", "a mapping");
  const inside: Entry = { ...entry, fields: found };
  const command = textOf(inside, "command");
  if (command === null) throw wrongType(entry, "exec", "a mapping with a command");
  if (textOf(inside, "interactiveMode") === "Always")
    throw new InvalidKubeconfigError(
      "exec",
      `the credential plugin ${quote(command)} of user ${quote(entry.name)} asks for a terminal (interactiveMode: Always), and there is none`,
    );
  const apiVersion = textOf(inside, "apiVersion") ?? `${pluginGroup}/v1`;
  if (!pluginVersions.has(apiVersion))
    throw new InvalidKubeconfigError(
      "exec",
      `the credential plugin ${quote(command)} of user ${quote(entry.name)} speaks ${quote(apiVersion)}, which kubectl dropped in 1.24; v1 and v1beta1 are supported: update the plugin and write the kubeconfig anew`,
    );
  return {
    apiVersion,
    command,
    args: textsOf(inside, "args"),
    env: environmentOf(inside),
    installHint: textOf(inside, "installHint"),
    provideClusterInfo: flagOf(inside, "provideClusterInfo"),
  };
}

function environmentOf(entry: Entry): Readonly<Record<string, string>> {
  const found = entry.fields["env"] ?? [];
  if (!Array.isArray(found)) throw wrongType(entry, "env", "a list");
  const variables = found.map((variable: unknown) => {
    const { name, value } = isFields(variable) ? variable : {};
    if (typeof name !== "string" || typeof value !== "string")
      throw wrongType(entry, "env", "a list of names and values");
    return [name, value] as const;
  });
  return Object.fromEntries(variables);
}
