/** What the server's own pod has, in an agent's pod on a real cluster. */

import type { V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machine, missing } from "../../../../e2e/support/machine.ts";
import { execute } from "../../src/execute.ts";
import { type RealWorld, createRealWorld, done } from "./real-world.ts";

const reason =
  process.env["KUBECONFIG"] === undefined ? "needs KUBECONFIG" : missing("cluster", "messagesApi");

describe.skipIf(reason !== "")(`[real] inheritance${reason && ` (skipped: ${reason})`}`, () => {
  let world: RealWorld;
  const key = ["sk", "ant", "of", "the", "server"].join("-");
  beforeAll(async () => {
    world = await createRealWorld("e2e-inherit");
    await world.core.createNamespacedSecret({
      namespace: world.namespace,
      body: { metadata: { name: "server" }, stringData: { model: key, database: "postgres://all" } },
    });
    const reference = (name: string) => ({ valueFrom: { secretKeyRef: { name: "server", key: name } } });
    await world.startServerPod({
      tolerations: [{ key: "agents", operator: "Exists" }],
      hostAliases: [{ ip: "10.87.0.9", hostnames: ["gateway.internal"] }],
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["10.87.0.8"] },
      imagePullSecrets: [{ name: "registry" }],
      containers: [
        {
          name: "paperclip",
          image: `lab/claude:${machine.claudeVersion}`,
          env: [
            { name: "ANTHROPIC_API_KEY", ...reference("model") },
            { name: "DATABASE_URL", ...reference("database") },
          ],
        },
      ],
    });
    await world.script([done, done]);
  }, 600_000);
  afterAll(async () => {
    await world?.close();
  }, 120_000);

  test("an agent without an image has the server's, its names, tolerations and logins, and the one key by reference", async () => {
    const host = world.host("heir", {
      config: { image: "", env: {}, retain: "always", workspaceMode: "empty" },
    });
    const rules = { defaults: { env: { ANTHROPIC_BASE_URL: world.url() } } };
    expect(await execute(host.context, world.process(rules))).toMatchObject({
      exitCode: 0,
      errorMessage: null,
    });
    const pod = await podOf("heir");
    expect(pod.spec).toMatchObject({
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["10.87.0.8"] },
      hostAliases: [{ ip: "10.87.0.9", hostnames: ["gateway.internal"] }],
      imagePullSecrets: [{ name: "registry" }],
      tolerations: expect.arrayContaining([expect.objectContaining({ key: "agents" })]),
    });
    const main = pod.spec?.containers.find(({ name }) => name === "main");
    expect(main?.image).toBe(`lab/claude:${machine.claudeVersion}`);
    expect(
      main?.env?.find(({ name }) => name === "ANTHROPIC_API_KEY")?.valueFrom?.secretKeyRef,
    ).toMatchObject({
      name: "server",
      key: "model",
    });
    expect(main?.env?.map(({ name }) => name)).not.toContain("DATABASE_URL");
    expect(JSON.stringify([pod, host.events, host.invocations])).not.toContain(key);
    expect(host.invocations[0]?.commandNotes?.join("\n")).toContain("ANTHROPIC_API_KEY");
  }, 120_000);

  test("an overlay gets no other key of that Secret", async () => {
    const env = [{ name: "X", valueFrom: { secretKeyRef: { name: "server", key: "database" } } }];
    const podTemplate = JSON.stringify({ spec: { containers: [{ name: "main", env }] } });
    const host = world.host("thief", { config: { image: "", podTemplate } });
    const rules = { allow: { images: ["lab/claude"] } };
    expect(await execute(host.context, world.process(rules))).toMatchObject({
      errorMessage: expect.stringContaining("Secret"),
      errorCode: expect.not.stringMatching(/^$/),
    });
    expect(host.invocations).toEqual([]);
  });

  async function podOf(runId: string): Promise<V1Pod> {
    const { namespace } = world;
    const labelSelector = `paperclip.io/run-id=${runId}`;
    const { items } = await world.core.listNamespacedPod({ namespace, labelSelector });
    const [pod] = items;
    if (pod === undefined) throw new Error("the Job was not kept");
    return pod;
  }
});
