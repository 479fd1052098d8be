/** What the API refused → the failure it means. Pure. */

import type { ApiError } from "../cluster/cluster.ts";
import { reachSeconds } from "../timings.ts";
import type { RunFailure } from "../types/exit.ts";

export interface Attempted {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly server: string;
  /** Default: as long as an API server is waited for while nothing exists yet. */
  readonly triedSeconds?: number;
}

export function refusal(error: ApiError, attempted: Attempted): RunFailure {
  const { message } = error;
  switch (error.kind) {
    case "unavailable":
      return {
        kind: "api-unreachable",
        server: attempted.server,
        message,
        triedSeconds: attempted.triedSeconds ?? reachSeconds,
      };
    case "unauthorized":
      return { kind: "kubeconfig-invalid", field: "users", message };
    case "not-found":
      return { kind: "namespace-missing", namespace: attempted.namespace };
    case "forbidden":
      return forbidden(error, attempted);
    case "already-exists":
    case "conflict":
    case "gone":
    case "rejected":
      return admission(error) ?? createRejected(error, attempted.resource);
  }
}

function forbidden(error: ApiError, { verb, resource, namespace }: Attempted): RunFailure {
  const { message } = error;
  if (isTerminating(error)) return { kind: "namespace-terminating", namespace, message };
  const byRole = / cannot (?:create|get|list|watch|patch|update|delete) resource /.test(message);
  return (byRole ? null : admission(error)) ?? { kind: "forbidden", verb, resource, namespace, message };
}

function isTerminating({ causes }: ApiError): boolean {
  return causes.some(({ reason }) => reason === "NamespaceTerminating");
}

/** The API answers 403 for quota, policy and missing rights alike; its words tell them apart. */
function admission({ message }: ApiError): RunFailure | null {
  if (/exceeded quota/i.test(message)) return { kind: "quota-exceeded", message };
  if (/violates PodSecurity|admission webhook|ValidatingAdmissionPolicy|denied the request/i.test(message))
    return { kind: "admission-rejected", message };
  return null;
}

function createRejected({ httpStatus, reason, message, causes }: ApiError, resource: string): RunFailure {
  return { kind: "create-rejected", resource, httpStatus, reason, message, causes };
}
