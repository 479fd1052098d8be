import { type PermissionReport, requiredPermissions } from "@claude-k8s/k8s-runner";

import type { EnvironmentCheck } from "../host/contract.ts";

type Checked = PermissionReport["checks"][number];

/** A Role cannot give them: whoever installs what the documentation shows does not have them, and is not to be warned. */
const beyondNamespace = new Set(
  requiredPermissions.filter(({ clusterWide }) => clusterWide === true).map(({ resource }) => resource),
);
/** No run uses them: they only tell something before it. */
const onlyForTelling = new Set(["serviceaccounts"]);

const roleHint = "`claude-k8s doctor --rbac` prints what allows all.";

/** One line for each kind of lack: a list of twenty hides the one that matters. */
export function permissionChecks({ checks, namespace }: PermissionReport): readonly EnvironmentCheck[] {
  const needed = checks.filter(({ optional }) => !optional);
  const lacking = needed.filter(({ allowed }) => allowed === false);
  if (lacking.length === needed.length)
    return [
      {
        code: "k8s_forbidden",
        level: "error",
        message: `Nothing that a run needs is allowed in namespace ${namespace}.`,
        detail: `Not even to create jobs. If ${namespace} is not the namespace that was meant, the setting Namespace is wrong.`,
        hint: `Correct Namespace, or apply the Role of docs/permissions.md there: ${roleHint}`,
      },
    ];
  const given = checks.filter(({ allowed }) => allowed === true).length;
  const optional = checks.filter(({ optional: is, allowed }) => is && allowed === false);
  const mild = optional.filter(
    ({ resource }) => beyondNamespace.has(resource) || onlyForTelling.has(resource),
  );
  return [
    {
      code: "k8s_permissions",
      level: "info",
      message: `The cluster answers; ${given} of ${checks.length} permissions are given in namespace ${namespace}.`,
    },
    ...lineOf("error", lacking, `not allowed in namespace ${namespace}`, roleHint),
    ...lineOf(
      "warn",
      optional.filter((check) => !mild.includes(check)),
      `not allowed in namespace ${namespace}; runs work without`,
      roleHint,
    ),
    ...lineOf(
      "warn",
      checks.filter(({ allowed }) => allowed === null),
      "not known to be allowed, as the cluster does not say",
      roleHint,
    ),
    ...lineOf(
      "info",
      mild,
      "not allowed; runs work without",
      mild.some(({ resource }) => beyondNamespace.has(resource))
        ? "Rights on nodes need a ClusterRole. They only help to explain."
        : roleHint,
    ),
  ];
}

function lineOf(
  level: EnvironmentCheck["level"],
  checks: readonly Checked[],
  words: string,
  hint: string,
): readonly EnvironmentCheck[] {
  if (checks.length === 0) return [];
  const names = checks.map(({ verb, resource }) => `${verb} ${resource}`);
  return [
    {
      code: checks.some(({ allowed }) => allowed === false) ? "k8s_forbidden" : "k8s_permission_unknown",
      level,
      message: `${names.join(", ")}: ${words}.`,
      detail: `Needed for ${[...new Set(checks.map(({ neededFor }) => neededFor))].join("; ")}.`,
      hint,
    },
  ];
}
