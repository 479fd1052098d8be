import {
  ClusterRequestError,
  InvalidKubeconfigError,
  type PermissionReport,
  preflight,
} from "@claude-k8s/k8s-runner";

import type { Connections } from "../connections.ts";
import { parseSettings } from "../settings/parse.ts";
import { adapterType } from "./adapter-type.ts";
import type { EnvironmentCheck, EnvironmentTestContext, EnvironmentTestResult } from "./contract.ts";

/** The button "Test": what would stop a run, told before there is one. Advisory; it makes nothing in the cluster. */
export async function testEnvironment(
  context: EnvironmentTestContext,
  dependencies: { readonly connections: Connections; readonly now?: () => Date },
): Promise<EnvironmentTestResult> {
  const checks = await runChecks(context, dependencies.connections);
  const levels = new Set(checks.map((check) => check.level));
  return {
    adapterType,
    status: levels.has("error") ? "fail" : levels.has("warn") ? "warn" : "pass",
    checks,
    testedAt: (dependencies.now?.() ?? new Date()).toISOString(),
  };
}

async function runChecks(
  context: EnvironmentTestContext,
  connections: Connections,
): Promise<EnvironmentCheck[]> {
  const parsed = parseSettings({ agent: context.config });
  if (parsed.kind === "invalid")
    return parsed.problems.map((problem) => ({
      code: "settings_invalid",
      level: "error",
      message: `${problem.field}: ${problem.value === null ? "is not set" : `${problem.value} cannot be used`}`,
      hint: `It must be ${problem.rule}, for example ${problem.example}.`,
    }));
  const settingsChecks: EnvironmentCheck[] = [
    { code: "settings_valid", level: "info", message: "The settings can be used." },
    ...parsed.warnings.map((message): EnvironmentCheck => ({
      code: "settings_warning",
      level: "warn",
      message,
    })),
  ];
  const { cluster } = parsed.settings;
  try {
    const connection = await connections.open(cluster.kubeconfig);
    const namespace = cluster.namespace ?? connection.defaultNamespace;
    // The host's request waits for the answer.
    const report = await preflight(connection.cluster, namespace, { signal: AbortSignal.timeout(15_000) });
    return [...settingsChecks, ...permissionChecks(report)];
  } catch (error) {
    return [...settingsChecks, toCheck(error)];
  }
}

/** One line for what is allowed, one for each permission that is not: a list of twenty times yes hides the one no. */
function permissionChecks({ checks, namespace }: PermissionReport): EnvironmentCheck[] {
  if (checks.every((check) => check.allowed === null))
    return [
      {
        code: "k8s_api_unreachable",
        level: "error",
        message: `The cluster did not answer what is allowed in namespace ${namespace}.`,
        hint: "Is the server of the kubeconfig reachable from the Paperclip server?",
      },
    ];
  const denied = checks.filter((check) => check.allowed === false);
  const unknown = checks.filter((check) => check.allowed === null);
  const missing = [...denied, ...unknown].map((check): EnvironmentCheck => {
    const permission = `${check.verb} ${check.resource}`;
    return {
      code: check.allowed === false ? "k8s_forbidden" : "k8s_permission_unknown",
      level: check.optional || check.allowed === null ? "warn" : "error",
      message: `${permission} ${check.allowed === false ? "is not allowed" : "could not be checked"} in namespace ${namespace}.`,
      detail: `Needed for ${check.neededFor}.`,
      hint: "`claude-k8s doctor --role` prints a Role that allows all.",
    };
  });
  const summary: EnvironmentCheck = {
    code: "k8s_permissions",
    level: "info",
    message: `The cluster answers; ${checks.length - missing.length} of ${checks.length} permissions are given in namespace ${namespace}.`,
  };
  return [summary, ...missing];
}

function toCheck(error: unknown): EnvironmentCheck {
  const message = error instanceof Error ? error.message : String(error);
  if (ClusterRequestError.isInstance(error) && error.error.kind === "forbidden")
    return { code: "k8s_forbidden", level: "error", message };
  return InvalidKubeconfigError.isInstance(error)
    ? { code: "kubeconfig_invalid", level: "error", message, hint: "Correct the setting Kubeconfig." }
    : { code: "k8s_api_unreachable", level: "error", message, hint: "Is the server's address reachable?" };
}
