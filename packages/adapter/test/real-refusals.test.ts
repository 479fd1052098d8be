/** What a real API server answered → the runner's failure → the diagnosis, without a cluster. */
import { readdirSync, readFileSync } from "node:fs";
import { diagnose, type FailureCode } from "@claude-k8s/diagnostics";
import { describe, expect, test } from "vitest";
import { toApiError } from "../../k8s-runner/src/cluster/api-error.ts";
import { refusal } from "../../k8s-runner/src/start/refusal.ts";

interface Answered {
  readonly request: string;
  readonly answer: { readonly status: number; readonly body: unknown };
}

/** Only what a run asks for and cannot go on without; the other answers are no endings. */
const expected: Readonly<Record<string, readonly [code: FailureCode, says: string]>> = {
  "job-annotations-too-long": ["k8s_job_create_failed", "metadata.annotations: Too long"],
  "job-forbidden": ["k8s_forbidden", "RBAC does not allow to create jobs.batch in namespace agents"],
  "job-invalid-limits": ["k8s_job_create_failed", "resources.requests"],
  "job-invalid-name": ["k8s_job_create_failed", "HTTP 422 Invalid"],
  "job-invalid-quantity": ["k8s_job_create_failed", "quantities must match"],
  "job-invalid-several": ["k8s_job_create_failed", "metadata.labels"],
  "job-malformed": ["k8s_job_create_failed", "HTTP 400 BadRequest"],
  "job-name-too-long": ["k8s_job_create_failed", "HTTP 422 Invalid"],
  "job-namespace-missing": ["k8s_job_create_failed", "Namespace agents does not exist"],
  "job-quota-exceeded": ["k8s_quota_exceeded", "exceeded quota: jobs"],
  "job-request-too-large": ["k8s_job_create_failed", "HTTP 413"],
  "job-too-large": ["k8s_job_create_failed", "HTTP 422 Invalid"],
  "job-wrong-type": ["k8s_job_create_failed", "HTTP 400 BadRequest"],
  "secret-too-large": ["k8s_job_create_failed", "Too long: may not be more than 1048576 bytes"],
  "secrets-forbidden": ["k8s_forbidden", "RBAC does not allow to create secrets"],
  unauthorized: ["kubeconfig_invalid", "Unauthorized"],
};

const folder = new URL("../../diagnostics/test/fixtures/cluster-answers/", import.meta.url);
const captured = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

describe("every refusal that the real API server was made to answer", () => {
  test.each(captured.filter((name) => name in expected))("%s", (name) => {
    const { request, answer } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Answered;
    const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
    const failure = refusal(toApiError({ httpStatus: answer.status, body, retryAfter: null }), {
      verb: "create",
      resource: request.includes("/secrets") ? "secrets" : "jobs.batch",
      namespace: "agents",
      server: "https://cluster.example:6443",
      triedSeconds: 1,
    });
    const diagnosis = diagnose({ exit: { kind: "refused", failure, evidence: null } });
    const [code, says] = expected[name] ?? ["claude_failed", ""];
    expect(diagnosis.code).toBe(code);
    expect(diagnosis.cause).toContain(says);
    expect(diagnosis.bootstrap).toBe(true);
  });
});
