import { diagnose } from "@claude-k8s/diagnostics";
import { type Cluster, type Runner, preflight } from "@claude-k8s/k8s-runner";
import type { KubeConfig } from "@kubernetes/client-node";

import { quotaCheck, rotationCheck, versionCheck } from "./api-facts.ts";
import { type Check, fine, unknown } from "./check.ts";
import { roundTrip } from "./round-trip.ts";
import { volumeCheck } from "./volumes.ts";

export interface Patient {
  readonly cluster: Cluster;
  readonly runner: Runner;
  readonly config: KubeConfig;
  readonly namespace: string;
  /** `null`: no Job is made. */
  readonly image: string | null;
  readonly signal: AbortSignal;
}

/** Longer than the API server's own patience for one request. */
const patienceMilliseconds = 30_000;

/** What would stop or hinder a run in this namespace, from the outside in: where the first step fails, the others say nothing. */
export async function examine(patient: Patient): Promise<readonly Check[]> {
  const { cluster, namespace, config } = patient;
  const signal = AbortSignal.any([patient.signal, AbortSignal.timeout(patienceMilliseconds)]);
  const found = await reach(cluster, namespace, signal);
  if (found.some(({ level }) => level === "error")) return found;
  const [permissions, ...facts] = await Promise.all([
    permissionChecks(cluster, namespace, signal),
    versionCheck(config),
    quotaCheck(config, namespace),
    rotationCheck(config),
    volumeCheck(config, namespace),
  ]);
  const checks = [...found, ...facts, ...permissions];
  if (permissions.some(({ level }) => level === "error")) return checks;
  const rehearsed = await rehearsal(patient, signal);
  const mayExec = !permissions.some(({ title }) => title.endsWith(" pods/exec"));
  if (patient.image === null || rehearsed.level === "error")
    return [
      ...checks,
      rehearsed,
      ...(patient.image === null
        ? [unknown("round-trip", "A Job with your image", "not tried; --image IMAGE does it")]
        : []),
    ];
  return [
    ...checks,
    rehearsed,
    ...(await roundTrip(patient, { namespace, image: patient.image, mayExec, signal: patient.signal })),
    ...(mayExec
      ? []
      : [unknown("exec", "A program started in the pod (exec)", "not tried, as it is not allowed")]),
  ];
}

/** Further apart, and ages and deadlines of the two cannot be compared any more. */
const mostSkewSeconds = 5;

async function reach(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<readonly Check[]> {
  const asked = Date.now();
  const answer = await cluster.get("namespaces", null, namespace, { signal });
  const title = "API server";
  if (answer.kind === "ok") {
    const middle = (asked + Date.now()) / 2;
    return [
      fine("api", title, "answers"),
      fine("namespace", `Namespace ${namespace}`, podSecurityOf(answer.value.metadata?.labels ?? {})),
      ...skewCheck(answer.serverTime, middle),
    ];
  }
  const { kind, message } = answer.error;
  if (kind === "not-found")
    return [
      fine("api", title, "answers"),
      {
        code: "namespace",
        level: "error",
        title: `Namespace ${namespace}`,
        found: "there is none",
        fix: [`kubectl create namespace ${namespace}`],
      },
    ];
  if (kind === "forbidden")
    return [
      fine("api", title, "answers"),
      unknown("namespace", `Namespace ${namespace}`, "not known: the account may not read it"),
    ];
  return [
    {
      code: "api",
      level: "error",
      title,
      found: kind === "unauthorized" ? "does not accept these credentials" : message,
      fix: [kind === "unauthorized" ? "kubectl auth whoami" : `curl -k ${cluster.server}/version`],
    },
  ];
}

function podSecurityOf(labels: Readonly<Record<string, string>>): string {
  const level = labels["pod-security.kubernetes.io/enforce"];
  return level === undefined ? "is there" : `is there, enforces Pod Security "${level}", which runs keep`;
}

function skewCheck(serverTime: number | null, here: number): readonly Check[] {
  const title = "Clocks";
  if (serverTime === null) return [unknown("clock", title, "the API server does not tell its time")];
  // It tells whole seconds.
  const seconds = Math.max(0, Math.abs(here - serverTime - 500) - 500) / 1000;
  if (seconds <= mostSkewSeconds) return [fine("clock", title, "of this machine and the API server agree")];
  return [
    {
      code: "clock",
      level: "warning",
      title,
      found: `this machine and the API server are ${Math.round(seconds)} s apart; runs are judged by one clock each, ages shown here are not`,
      fix: ["timedatectl set-ntp true"],
    },
  ];
}

async function permissionChecks(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const report = await preflight(cluster, namespace, { signal, features: ["copies", "claims"] });
  const missing = report.checks.filter(({ allowed }) => allowed !== true);
  const given = report.checks.length - missing.length;
  const summary = fine("permissions", "Permissions", `${given} of ${report.checks.length} are given`);
  return [
    ...(missing.length === 0 || given > 0 ? [summary] : []),
    ...missing.map(({ verb, resource, allowed, optional, neededFor }): Check => {
      const isClusterWide = resource === "nodes";
      // Copies are for runs with folders only, and claims for those that keep a volume.
      const isOfFeature = resource === "pods/exec" || resource === "persistentvolumeclaims";
      const isMild = optional || allowed === null || isOfFeature;
      return {
        code: "permission",
        level: isClusterWide ? "info" : isMild ? "warning" : "error",
        title: `${verb} ${resource}`,
        found: `${allowed === null ? "could not be asked" : "is not allowed"}; for ${neededFor}${isClusterWide ? " (only a ClusterRole can give it)" : ""}`,
        fix: isClusterWide ? [] : [`claude-k8s doctor --rbac -n ${namespace} | kubectl apply -f -`],
      };
    }),
  ];
}

/** The API server's own word on a Job of ours: admission, webhooks, Pod Security. */
async function rehearsal({ runner, namespace, image }: Patient, signal: AbortSignal): Promise<Check> {
  const title = "Admission of a run's Job";
  const rehearsed = await runner.rehearse(
    { namespace, image: image ?? "none", slot: "doctor/rehearsal", runId: "doctor", command: ["claude"] },
    { signal },
  );
  if (rehearsed.kind === "refused") {
    const {
      title: what,
      cause,
      fix,
      code,
    } = diagnose({
      exit: { kind: "refused", failure: rehearsed.failure },
    });
    return { code: code ?? "admission", level: "error", title: what, found: cause, fix };
  }
  return fine("admission", title, "the API server would take it");
}
