/** The table of the Pod Security Standards, each row with its near miss; and against the admission of a real API server. */

import { describe, expect, test } from "vitest";
import { podSecurityViolations } from "../../src/index.ts";
import { describeReal } from "../world.ts";
import { variantOf, variants } from "./variants.ts";

describe("Pod Security", () => {
  test.each(variants.map((variant) => [variant.name, variant] as const))("%s", (_name, variant) => {
    const template = variantOf(variant);
    const restricted = podSecurityViolations(template).map(({ rule }) => rule);
    const baseline = podSecurityViolations(template, "baseline").map(({ rule }) => rule);
    expect(
      restricted.filter((rule) => variant.breaks === null || rule === variant.breaks).slice(0, 1),
    ).toEqual(variant.breaks === null ? [] : [variant.breaks]);
    expect(baseline.length > 0).toBe(variant.level === "baseline");
  });

  test("a violation names field, value, rule and what must be there", () => {
    const template = { spec: { hostPID: true, containers: [{ name: "main" }] } };
    expect(podSecurityViolations(template, "baseline")).toEqual([
      {
        field: "spec.hostPID",
        value: "true",
        rule: "hostNamespaces",
        source: "baseline",
        requirement: "must be absent or false",
      },
    ]);
  });

  test("ephemeral containers are containers", () => {
    const template = {
      spec: { ephemeralContainers: [{ name: "x", securityContext: { privileged: true } }] },
    };
    expect(podSecurityViolations(template, "baseline").map(({ field }) => field)).toEqual([
      "spec.ephemeralContainers[0].securityContext.privileged",
    ]);
  });

  test("each field is reported once, by the control of the lower level", () => {
    const template = {
      spec: { containers: [{ securityContext: { seccompProfile: { type: "Unconfined" } } }] },
    };
    const found = podSecurityViolations(template).filter(({ field }) => field.includes("seccompProfile"));
    expect(found.map(({ rule }) => rule)).toEqual(["seccompProfile_baseline"]);
  });
});

describeReal("Pod Security as the API server judges it", (world) => {
  test("same verdicts", { timeout: 60_000 }, async () => {
    const { namespace } = world();
    const differing: unknown[] = [];
    for (const level of ["restricted", "baseline"] as const) {
      await world().request("PATCH", `/api/v1/namespaces/${namespace}`, {
        metadata: { labels: { "pod-security.kubernetes.io/enforce": level } },
      });
      // The admission reads the namespace from a cache of its own.
      await untilEnforced(level);
      for (const variant of variants) {
        const { spec, metadata } = variantOf(variant);
        const answer = await world().request("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { ...metadata, name: "probe" },
          spec,
        });
        const message: string = answer.body?.message ?? "";
        const server =
          answer.status === 201 ? "allowed" : /violates PodSecurity/.test(message) ? "refused" : message;
        const ours = podSecurityViolations({ metadata, spec }, level).length === 0 ? "allowed" : "refused";
        if (server !== ours) differing.push({ level, variant: variant.name, server, ours });
      }
    }
    expect(differing).toEqual([]);
  });

  async function untilEnforced(level: "baseline" | "restricted"): Promise<void> {
    const { namespace } = world();
    const spec = { containers: [{ name: "a", image: "a" }] };
    for (let tries = 0; tries < 100; tries += 1) {
      const plain = await world().request("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
        metadata: { name: "probe" },
        spec,
      });
      const hostile = await world().request("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
        metadata: { name: "probe" },
        spec: { ...spec, hostPID: true },
      });
      if (hostile.status === 403 && (plain.status === 403) === (level === "restricted")) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the namespace does not enforce ${level}`);
  }
});
