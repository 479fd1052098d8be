/** `clean --claims`: the real API server keeps, lists and removes the claims, with the protection of those that pods mount. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { connect, ensureClaim, type Cluster } from "@claude-k8s/k8s-runner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { run } from "./run-program.ts";

const kubeconfig = process.env["KUBECONFIG"];
const execute = promisify(execFile);
const namespace = `cli-clean-${Date.now()}`;
const kubectl = async (...args: readonly string[]): Promise<string> =>
  (await execute("kubectl", args)).stdout;

describe.skipIf(kubeconfig === undefined)("[real] clean --claims (needs KUBECONFIG)", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await connect({ kubeconfig: { path: kubeconfig ?? "" } });
    await kubectl("create", "namespace", namespace);
  }, 60_000);
  afterAll(async () => {
    await cluster?.close();
    await kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
  }, 60_000);

  test("tells of the claims of agents, removes them when it is told to, and leaves those of others", async () => {
    const annotations = { "paperclip.io/agent-name": "Coder" };
    const labels = { "paperclip.io/task-id": "SHOP-12" };
    const claims = [
      { namespace, name: "claude-coder", size: "1Gi", annotations, labels },
      { namespace, name: "claude-nobody", size: "2Gi" },
    ];
    for (const claim of claims) expect(await ensureClaim(cluster, claim)).toMatchObject({ kind: "made" });
    const foreign = { metadata: { name: "database" }, spec: claimSpec };
    expect(await cluster.create("persistentvolumeclaims", namespace, foreign)).toMatchObject({ kind: "ok" });
    const here = ["--kubeconfig", kubeconfig ?? "", "-n", namespace];

    const told = await run(["clean", "--claims", "--older-than", "0s", ...here]);
    expect(told).toMatchObject({ exitCode: 0, errors: expect.stringContaining("Nothing was removed") });
    expect(told.output).toMatch(/claude-coder +\d+s +left +of agent Coder, for task SHOP-12, 1Gi/);
    expect(told.output).toMatch(/claude-nobody +\d+s +left +of nobody known, 2Gi/);
    expect(told.output).not.toContain("database");
    // None of them is an hour old, which is what --help promises to spare.
    const young = await run(["clean", "--claims", "--remove", ...here]);
    expect(young).toMatchObject({ exitCode: 0, output: "nothing to clean\n" });

    const removed = await run(["clean", "--claims", "--remove", "--older-than", "0s", "-o", "name", ...here]);
    expect(removed).toMatchObject({ exitCode: 0, errors: "" });
    const objects = claims.map(({ name }) => `persistentvolumeclaim/${name}`);
    expect(removed.output.trim().split("\n").toSorted()).toEqual(objects);
    // The cluster takes its finalizer away before a claim is gone.
    await kubectl("wait", "--for=delete", "--timeout=60s", "-n", namespace, ...objects);
    expect(await kubectl("get", "pvc", "-n", namespace, "-o", "name")).toBe(
      "persistentvolumeclaim/database\n",
    );
  }, 120_000);
});

const claimSpec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
