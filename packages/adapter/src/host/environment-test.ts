import {
  ClusterRequestError,
  InvalidKubeconfigError,
  type PermissionReport,
  type RunSpec,
  preflight,
  requiredPermissions,
} from "@claude-k8s/k8s-runner";

import { specOfSettings } from "../claude/settings-spec.ts";
import type { Connections } from "../connections.ts";
import { refusedKubeconfig } from "../operator/clusters.ts";
import type { Settings } from "../settings/settings.ts";
import { adapterType } from "./adapter-type.ts";
import type { EnvironmentCheck, EnvironmentTestContext, EnvironmentTestResult } from "./contract.ts";
import type { HostServer } from "./server.ts";
import { judgeSettings, refusalCheck } from "./settings-test.ts";

export interface TestDependencies {
  readonly connections: Connections;
  readonly server: HostServer;
  readonly now?: () => Date;
}

/**
 * The button "Test": what would stop a run, told before there is one, by the same rules. Advisory; it makes nothing in the
 * cluster.
 */
export async function testEnvironment(
  context: EnvironmentTestContext,
  dependencies: TestDependencies,
): Promise<EnvironmentTestResult> {
  const checks = await runChecks(context, dependencies);
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
  { connections, server }: TestDependencies,
): Promise<EnvironmentCheck[]> {
  const judged = await judgeSettings(context, server);
  if (judged.kind === "stopped") return [...judged.checks];
  const { permits, file, checks } = judged;
  const { settings } = permits;
  try {
    const connection = await connections.open(permits.cluster);
    const namespace = settings.cluster.namespace ?? connection.defaultNamespace;
    const refusals = permits
      .refusedRun(plannedSpec(settings, namespace))
      // There is none yet, and that is said already.
      .filter(({ setting }) => settings.pod.image !== "" || setting !== "image");
    if (refusals.length > 0) return [...checks, ...refusals.map((refusal) => refusalCheck(refusal, file))];
    // The host's request waits for the answer.
    const signal = AbortSignal.timeout(15_000);
    const [report, found] = await Promise.all([
      preflight(connection.cluster, namespace, { signal }),
      connection.cluster.get("namespaces", null, namespace, { signal }),
    ]);
    // Rights can be given in a namespace that does not exist. Who may not read it does not learn whether it does.
    if (found.kind === "error" && found.error.kind === "not-found")
      return [...checks, noNamespace(namespace)];
    return [...checks, ...permissionChecks(report)];
  } catch (error) {
    const refusal = refusedKubeconfig(error, settings.cluster.kubeconfig);
    return [...checks, refusal === null ? toCheck(error) : refusalCheck(refusal, file)];
  }
}

/** A run of these settings as far as they tell it: enough for the rules of the pod. */
function plannedSpec(settings: Settings, namespace: string): RunSpec {
  return {
    ...specOfSettings(settings),
    // Without an image a run is refused anyway; the other rules can still be asked.
    image: settings.pod.image || "none",
    namespace,
    slot: "test",
    runId: "test",
    command: ["claude"],
  };
}

const noNamespace = (namespace: string): EnvironmentCheck => ({
  code: "k8s_namespace_not_found",
  level: "error",
  message: `The cluster has no namespace ${namespace}.`,
  hint: `Create it (kubectl create namespace ${namespace}), or correct the setting Namespace.`,
});

/** A Role cannot give them: whoever installs what the documentation shows does not have them, and is not to be warned. */
const beyondNamespace = new Set(
  requiredPermissions.filter(({ clusterWide }) => clusterWide === true).map(({ resource }) => resource),
);

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
    const aRoleCannot = beyondNamespace.has(check.resource);
    const where = aRoleCannot ? "in the cluster" : `in namespace ${namespace}`;
    const words = check.allowed === false ? "is not allowed" : "could not be checked";
    const mild = check.optional || check.allowed === null;
    return {
      code: check.allowed === false ? "k8s_forbidden" : "k8s_permission_unknown",
      level: aRoleCannot ? "info" : mild ? "warn" : "error",
      message: `${check.verb} ${check.resource} ${words} ${where}.`,
      detail: `Needed for ${check.neededFor}.`,
      hint: aRoleCannot
        ? "Runs work without it; only a ClusterRole can give it."
        : "`claude-k8s doctor --role` prints a Role that allows all.",
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
