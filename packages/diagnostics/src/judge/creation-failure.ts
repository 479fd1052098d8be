import type { FailureCode } from "../codes.ts";
import type { Facts } from "../facts/facts.ts";
import { fields, list, number, words } from "../facts/read.ts";
import { isPassingRefusal } from "../naming/pod-reasons.ts";
import { oneLine } from "../words/quote.ts";
import { said, waited } from "./place-words.ts";
import type { Verdict } from "./verdict.ts";

type CreationKind =
  | "quota-exceeded"
  | "admission-rejected"
  | "service-account-missing"
  | "create-rejected"
  | "forbidden"
  | "namespace-missing"
  | "namespace-terminating"
  | "api-unreachable";

/** The cluster did not take the Job, or not its pod. */
export function creationFailure(kind: CreationKind, facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  switch (kind) {
    case "quota-exceeded":
      return plain("k8s_quota_exceeded", "The namespace has no room for the pod", message);
    case "admission-rejected":
      return admission(message);
    case "service-account-missing": {
      const name = words(failure["name"]);
      return {
        ...plain(
          "k8s_service_account_missing",
          `Service account ${name ?? "of the pod"} does not exist in namespace ${facts.cluster.namespace ?? "of the run"}`,
          message,
        ),
        names: { serviceAccount: name },
      };
    }
    case "create-rejected":
      return rejected(facts, message);
    case "forbidden": {
      const verb = words(failure["verb"]) ?? "?";
      const resource = words(failure["resource"]) ?? "?";
      const namespace = words(failure["namespace"]) ?? "?";
      // A namespace that is going away answers 403 as well; only RBAC says who cannot do what.
      const refuser = / cannot /.test(message ?? " cannot ")
        ? "RBAC does not allow"
        : "Kubernetes answers 403";
      return {
        code: "k8s_forbidden",
        cause: `${refuser} to ${verb} ${resource} in namespace ${namespace}: ${said(message)}`,
        detail: `${verb} ${resource}`,
        names: { verb, resource, namespace },
      };
    }
    case "namespace-missing":
    case "namespace-terminating": {
      const namespace = words(failure["namespace"]) ?? "?";
      const missing = kind === "namespace-missing";
      return {
        code: "k8s_job_create_failed",
        cause: `Namespace ${namespace} ${missing ? "does not exist" : "is being deleted, and takes nothing new"}.`,
        detail: missing ? "namespace missing" : "namespace terminating",
        names: { namespace },
      };
    }
    case "api-unreachable": {
      const server = words(failure["server"]);
      return {
        code: "k8s_api_unreachable",
        cause: `The Kubernetes API at ${server ?? "an unknown address"} did not answer; tried for${waited(failure["triedSeconds"]) || " an unknown time"}. Last: ${said(message)}`,
        detail: message,
        names: { server },
      };
    }
  }
}

/** A webhook that does not answer refuses as well, but says nothing against the pod. */
function admission(message: string | null): Verdict {
  if (isPassingRefusal(message ?? ""))
    return {
      ...plain(
        "k8s_admission_rejected",
        "The cluster failed to answer when the pod was to be admitted",
        message,
      ),
      family: "transient_upstream",
      conditions: ["webhook"],
    };
  const verdict = plain("k8s_admission_rejected", "The cluster's policy rejected the pod", message);
  return /must specify/i.test(message ?? "") ? { ...verdict, conditions: ["counted"] } : verdict;
}

function plain(code: FailureCode, happened: string, message: string | null): Verdict {
  return { code, cause: `${happened}: ${said(message)}`, detail: message };
}

function rejected(facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  const status = number(failure["httpStatus"]);
  const causes = list(failure["causes"]).flatMap((cause) => {
    const text = words(fields(cause)["message"]);
    const field = words(fields(cause)["field"]);
    return text === null ? [] : [field === null ? oneLine(text, 200) : `${field}: ${oneLine(text, 200)}`];
  });
  const answer = [status === null ? null : `HTTP ${status}`, words(failure["reason"])].filter(
    (part) => part !== null,
  );
  return {
    code: "k8s_job_create_failed",
    cause: `The API refused to create the ${words(failure["resource"]) ?? "Job"}${
      answer.length === 0 ? "" : ` (${answer.join(" ")})`
    }: ${said(message)}${causes.length === 0 ? "" : ` Causes: ${causes.slice(0, 10).join("; ")}.`}`,
    detail: causes[0] ?? message,
  };
}
