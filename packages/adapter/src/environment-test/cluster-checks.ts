import { type Failure, diagnose, formatPlain } from "@claude-k8s/diagnostics";
import { type RunFailure, type RunSpec, mayUse, preflight } from "@claude-k8s/k8s-runner";

import type { Connection } from "../connections.ts";
import type { EnvironmentCheck } from "../host/contract.ts";
import { permissionChecks } from "./permission-checks.ts";

export interface ClusterCircumstances {
  readonly connection: Connection;
  readonly spec: RunSpec;
  /** Flat, for the names of settings in a diagnosis. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** What the cluster says to the Job of a run, and to who we are. Of a cluster that cannot be asked there is one line. */
export async function clusterChecks(given: ClusterCircumstances): Promise<readonly EnvironmentCheck[]> {
  const { connection, spec, config, signal } = given;
  const { cluster, runner } = connection;
  const { namespace } = spec;
  const [rehearsed, report, found, recorded] = await Promise.all([
    runner.rehearse(spec, { signal }),
    preflight(cluster, namespace, { signal }),
    cluster.get("namespaces", null, namespace, { signal }),
    spec.recordOutput === undefined ? true : mayUse(cluster, namespace, "copies", { signal }),
  ]);
  const allowed = [...permissionChecks(report), ...(recorded === false ? [unreadRecord(namespace)] : [])];
  if (rehearsed.kind === "accepted")
    return [...allowed, ...rehearsed.doubts.map((doubt) => checkOf(doubt, config, "warn"))];
  const { failure } = rehearsed;
  if (failure.kind === "api-unreachable")
    return [
      {
        code: "k8s_api_unreachable",
        level: "error",
        message: `The cluster at ${failure.server} does not answer: ${failure.message}`,
        hint: "Is the address right, and reachable from the Paperclip server?",
      },
    ];
  if (failure.kind === "kubeconfig-invalid")
    return [
      {
        code: "kubeconfig_invalid",
        level: "error",
        message: `The cluster at ${cluster.server} answers, and refuses the server's credentials: ${failure.message}`,
        hint: "Its token or certificate has expired or is of another cluster: make a new kubeconfig.",
      },
    ];
  if (failure.kind === "namespace-missing") return [noNamespace(namespace)];
  // Rights can be given in a namespace that does not exist. Who may not read it does not learn whether it does.
  if (found.kind === "error" && found.error.kind === "not-found") return [noNamespace(namespace)];
  const told = permissionChecks(report);
  return failure.kind === "forbidden" ? told : [...told, checkOf(failure, config, "error")];
}

const noNamespace = (namespace: string): EnvironmentCheck => ({
  code: "k8s_namespace_not_found",
  level: "error",
  message: `The cluster has no namespace ${namespace}.`,
  hint: `Create it (kubectl create namespace ${namespace}), or correct the setting Namespace.`,
});

/** The record is made all the same, and the run works; what it is made for does not. */
const unreadRecord = (namespace: string): EnvironmentCheck => ({
  code: "record_unreadable",
  level: "warn",
  message: `create and get pods/exec: not allowed in namespace ${namespace}; Record output is on, and nobody can read the record.`,
  detail: "Needed for output that the pod's log has lost; without it, the transcript tells a gap there.",
  hint: "Allow both (`claude-k8s doctor --rbac` prints the Role), or switch Record output off.",
});

/** In the words in which a run would have failed. */
function checkOf(
  failure: RunFailure,
  config: ClusterCircumstances["config"],
  level: "warn" | "error",
): EnvironmentCheck {
  const diagnosis = diagnose({ exit: { kind: "refused", failure }, settings: config });
  if (diagnosis.outcome === "success") throw new Error(`${failure.kind} was taken for a success`);
  return toCheck(diagnosis, level);
}

export function toCheck(failure: Failure, level: "warn" | "error"): EnvironmentCheck {
  const whole = formatPlain(failure);
  const [message = whole, steps] = whole.split(" What to do: ", 2);
  return {
    code: failure.code,
    level,
    message,
    ...(steps !== undefined && { hint: steps }),
  };
}
