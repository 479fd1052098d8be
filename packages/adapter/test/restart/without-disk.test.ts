import { describe, expect, test } from "vitest";

import { keyFromSecret } from "../../src/restart/key-from-secret.ts";
import { usualPlaces } from "../../src/restart/usual-places.ts";

const claims = Buffer.from(JSON.stringify({ run_id: "run-of-the-token" })).toString("base64url");
const token = ["head", claims, "signature"].join(".");

function clusterWith(secrets: Record<string, Record<string, string>> | "forbidden") {
  const job = {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: "main",
              env: [
                {
                  name: "PAPERCLIP_API_KEY",
                  valueFrom: { secretKeyRef: { name: "s", key: "env.PAPERCLIP_API_KEY" } },
                },
              ],
            },
          ],
        },
      },
    },
  };
  return {
    get: async (resource: string, _namespace: string, name: string) => {
      if (resource === "jobs") return { kind: "ok", value: job, serverTime: null };
      if (secrets === "forbidden") return { kind: "error", error: { kind: "forbidden", message: "no" } };
      const data = Object.fromEntries(
        Object.entries(secrets[name] ?? {}).map(([key, value]) => [
          key,
          Buffer.from(value).toString("base64"),
        ]),
      );
      return { kind: "ok", value: { data }, serverTime: null };
    },
  } as unknown as Parameters<typeof keyFromSecret>[0];
}

const listing = {
  ref: { namespace: "n", jobName: "j", jobUid: "u", runId: "adopted" },
  labels: { "paperclip.io/agent-id": "a1", "paperclip.io/task-id": "i1" },
} as unknown as Parameters<typeof keyFromSecret>[1];

describe("a server that does not have the disk of the one before", () => {
  test("takes the run's key from its Job's own Secret", async () => {
    const cluster = clusterWith({ s: { "env.PAPERCLIP_API_KEY": token } });
    expect(await keyFromSecret(cluster, listing)).toEqual({
      jobUid: "u",
      runId: "run-of-the-token",
      agentId: "a1",
      issueId: "i1",
      taskKey: "i1",
      token,
    });
  });

  test("has no key where the Role does not let it read Secrets", async () => {
    expect(await keyFromSecret(clusterWith("forbidden"), listing)).toBeNull();
  });

  test("looks where the operator sends all agents or a company's, and in its own namespace", () => {
    const rules = {
      defaults: { namespace: "agents" },
      companies: { c1: { namespace: "company-1", kubeconfig: "other" }, c2: { image: "x" } },
    };
    expect(usualPlaces({ kind: "rules", file: "f", rules, problems: [] }, "paperclip")).toEqual([
      { kubeconfig: null, namespace: "agents", companyId: "" },
      { kubeconfig: "other", namespace: "company-1", companyId: "c1" },
      { kubeconfig: null, namespace: "agents", companyId: "c2" },
      { kubeconfig: null, namespace: "paperclip", companyId: "" },
    ]);
    expect(usualPlaces({ kind: "unusable", file: "f", problems: [] }, null)).toEqual([]);
  });
});
