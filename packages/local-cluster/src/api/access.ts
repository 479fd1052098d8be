import { randomBytes } from "node:crypto";
import type { AccessRule, UserOptions } from "../options.ts";
import { ApiError } from "./status.ts";

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly rules: readonly AccessRule[] | null;
}

export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Who may do what. Tokens are compared by value; there are few. */
export interface Access {
  adminToken(): string;
  rotate(): string;
  tokenOf(user: string): string | undefined;
  /** 401 for a wrong token; anonymous without one. */
  authenticate(header: string | undefined): User;
  allows(user: User, attributes: Attributes): boolean;
  demand(user: User, attributes: Attributes): void;
}

const anonymous: User = { name: "system:anonymous", groups: ["system:unauthenticated"], rules: [] };

export function createAccess(users: readonly UserOptions[]): Access {
  const newToken = () => randomBytes(24).toString("base64url");
  let admin = newToken();
  const byToken = new Map(users.map((user) => [user.token, user]));

  function allows(user: User, attributes: Attributes): boolean {
    return user.rules === null || user.rules.some((rule) => ruleAllows(rule, attributes));
  }
  return {
    adminToken: () => admin,
    rotate: () => (admin = newToken()),
    tokenOf: (name) => (name === "admin" ? admin : users.find((user) => user.name === name)?.token),
    authenticate(header) {
      if (header === undefined) return anonymous;
      const token = /^Bearer\s+(\S+)$/iu.exec(header)?.[1];
      if (token === admin)
        return { name: "admin", groups: ["system:masters", "system:authenticated"], rules: null };
      const found = byToken.get(token ?? "");
      if (found === undefined) throw new ApiError(401, "Unauthorized", "Unauthorized");
      return {
        name: found.name,
        groups: [...(found.groups ?? []), "system:authenticated"],
        rules: found.rules ?? null,
      };
    },
    allows,
    demand(user, attributes) {
      if (!allows(user, attributes)) throw refusal(user, attributes);
    },
  };
}

function ruleAllows(rule: AccessRule, attributes: Attributes): boolean {
  const resource =
    attributes.subresource === "" ? attributes.resource : `${attributes.resource}/${attributes.subresource}`;
  return (
    matches(rule.verbs, attributes.verb) &&
    matches(rule.apiGroups, attributes.group) &&
    (matches(rule.resources, resource) || rule.resources.includes(`*/${attributes.subresource}`)) &&
    ((rule.namespaces ?? []).length === 0 || matches(rule.namespaces ?? [], attributes.namespace)) &&
    ((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(attributes.name))
  );
}

function matches(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function refusal(user: User, { verb, group, resource, subresource, namespace, name }: Attributes): ApiError {
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const object = name === "" ? qualified : `${qualified} "${name}"`;
  const what = subresource === "" ? resource : `${resource}/${subresource}`;
  const scope = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  return new ApiError(
    403,
    "Forbidden",
    `${object} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${scope}`,
    { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: resource },
  );
}
