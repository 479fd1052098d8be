/** Claims that outlive runs, on a real API server: found again, never another's, removed only by name and UID. */

import { expect, test } from "vitest";
import { ensureClaim, listClaims, markClaim, removeClaim } from "../../src/index.ts";
import type { ApiAnswer, Cluster } from "../../src/index.ts";
import { describeReal } from "../world.ts";

describeReal("volume claims", (world) => {
  const spec = (name: string) => ({
    namespace: world().namespace,
    name,
    size: "1Gi",
    accessMode: "ReadWriteMany" as const,
    storageClass: "none",
    labels: { "example.com/agent": "a" },
    annotations: { "example.com/why": "a test" },
  });

  test("one is made once, whoever asks", async () => {
    const { cluster } = world();
    const both = await Promise.all([ensureClaim(cluster, spec("once")), ensureClaim(cluster, spec("once"))]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(["found", "made"]);
    const again = await ensureClaim(cluster, { ...spec("once"), size: "5Gi" });
    expect(again).toMatchObject({
      kind: "found",
      claim: {
        size: "1Gi",
        accessModes: ["ReadWriteMany"],
        storageClass: "none",
        annotations: { "example.com/why": "a test" },
      },
    });
  });

  test("listed are the runner's own, by their labels; removed is the one that was listed", async () => {
    const { cluster, namespace } = world();
    await ensureClaim(cluster, spec("listed"));
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
    const foreign = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    const labels = { "example.com/agent": "a" };
    await world().request("POST", path, { metadata: { name: "foreign", labels }, spec: foreign });
    const listed = await listClaims(cluster, { namespace, labels: { "example.com/agent": "a" } });
    expect(listed.map(({ name }) => name)).not.toContain("foreign");
    const found = listed.find(({ name }) => name === "listed")!;
    expect(await ensureClaim(cluster, spec("foreign"))).toMatchObject({ kind: "taken" });
    expect(await removeClaim(cluster, { ...found, uid: "00000000-0000-4000-8000-000000000000" })).toBe(
      "changed",
    );
    expect(await removeClaim(cluster, found)).toBe("removed");
    expect(await listClaims(cluster, { namespace, labels: { "no.such/label": "x" } })).toEqual([]);
  });

  test("a mark stays on it", async () => {
    const { cluster } = world();
    const made = await ensureClaim(cluster, spec("marked"));
    const claim = made.kind === "made" ? made.claim : null;
    expect(claim && (await markClaim(cluster, claim, { "example.com/filled": "true" }))).toBe(true);
    expect(await ensureClaim(cluster, spec("marked"))).toMatchObject({
      claim: { annotations: { "example.com/filled": "true", "example.com/why": "a test" } },
    });
    expect(await markClaim(cluster, { namespace: world().namespace, name: "none" }, {})).toBe(false);
  });

  test("what the API server does not take is told with its words", async () => {
    const answer = await ensureClaim(world().cluster, { ...spec("wrong"), size: "many" });
    expect(answer).toMatchObject({
      kind: "refused",
      failure: { kind: "create-rejected", resource: "persistentvolumeclaims" },
    });
  });
});

test("an answer that was lost is looked up", async () => {
  const error = {
    kind: "unavailable",
    httpStatus: null,
    reason: null,
    message: "reset",
    causes: [],
    retryAfterSeconds: null,
  };
  const missing = { ...error, kind: "not-found", httpStatus: 404 };
  const labels = { "app.kubernetes.io/managed-by": "claude-k8s" };
  const answers = [
    { kind: "error", error: missing },
    { kind: "ok", value: { metadata: { name: "a", uid: "u", labels } }, serverTime: null },
  ];
  const cluster = {
    server: "https://cluster",
    get: async () => answers.shift() as unknown as ApiAnswer<never>,
    create: async () => ({ kind: "error", error }) as unknown as ApiAnswer<never>,
  } satisfies Partial<Cluster>;
  const spec = { namespace: "n", name: "a", size: "1Gi" };
  expect(await ensureClaim(cluster, spec)).toMatchObject({ kind: "found", claim: { uid: "u" } });
});
