/** A user of a kubeconfig: who we are, as written there. */

import { InvalidKubeconfigError } from "../../errors.ts";
import { dataOf, isFields, quote, refuseBoth, textOf, textsOf, wrongType } from "./fields.ts";
import type { Entry } from "./fields.ts";
import type { KubeconfigUser } from "./kubeconfig.ts";
import { execOf } from "./plugin-fields.ts";
import { providerOf } from "./provider-fields.ts";

export function toUser(entry: Entry): KubeconfigUser {
  const certificateData = dataOf(entry, "client-certificate-data");
  const keyData = dataOf(entry, "client-key-data");
  // With only one of the two the server would see nobody, and say that an anonymous user may not.
  const certificate = certificateData !== null || textOf(entry, "client-certificate") !== null;
  const key = keyData !== null || textOf(entry, "client-key") !== null;
  if (certificate && !key) throw lacking(entry, "client-key", "a client certificate without its key");
  if (key && !certificate) throw lacking(entry, "client-certificate", "a client key without its certificate");
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
    authProvider: providerOf(entry),
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
