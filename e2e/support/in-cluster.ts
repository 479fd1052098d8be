/** The whole of it inside the cluster: a namespace for the server, one for agents, and an account with the documented Role in both. */

import { writeFileSync } from "node:fs";
import path from "node:path";
import { BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { bindRole, documentedRole } from "./access.ts";
import { type Board, createBoard, installAdapter } from "./board.ts";
import { keepEvidence } from "./evidence.ts";
import { kubeconfigOfCluster } from "./machine.ts";
import { type MessagesApi, type Scenario, startMessagesApi } from "./messages-api.ts";
import { installPacked } from "./packed.ts";
import { type ServerInPod, startServerInPod } from "./server-pod.ts";

export interface InClusterWorld {
  readonly server: ServerInPod;
  /** Of the server's pod, and of the agents that share its volume. */
  readonly serverNamespace: string;
  readonly agentsNamespace: string;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  board(): Promise<Board>;
  messagesApi(scenario: Scenario): Promise<MessagesApi>;
  /** What an agent must be given that has the rest of its server: the model, and no more of the node than a test needs. */
  settings(api: MessagesApi, more?: Record<string, unknown>): Record<string, unknown>;
  /** Names of what is left of runs, in both namespaces. */
  leftOver(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openInClusterWorld(): Promise<InClusterWorld> {
  const admin = new KubeConfig();
  admin.loadFromFile(kubeconfigOfCluster());
  const core = admin.makeApiClient(CoreV1Api);
  const batch = admin.makeApiClient(BatchV1Api);
  const stamp = Date.now();
  const [serverNamespace, agentsNamespace] = [`e2e-server-${stamp}`, `e2e-agents-${stamp}`];
  const account = { namespace: serverNamespace, name: "paperclip" };
  for (const name of [serverNamespace, agentsNamespace])
    await core.createNamespace({
      body: { metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    });
  const namespaces = [serverNamespace, agentsNamespace];
  const evidence = await keepEvidence(admin, serverNamespace, namespaces);
  const removeNamespaces = () => Promise.all(namespaces.map((name) => core.deleteNamespace({ name })));
  await core.createNamespacedServiceAccount({
    namespace: serverNamespace,
    body: { metadata: { name: account.name } },
  });
  for (const namespace of namespaces) await bindRole(admin, documentedRole(namespace), account);
  await installPacked();
  const server = await startServerInPod({
    admin,
    core,
    namespace: serverNamespace,
    serviceAccount: account.name,
  }).catch(async (error: unknown) => {
    await removeNamespaces();
    throw error;
  });
  const apis: MessagesApi[] = [];
  const close = async (): Promise<void> => {
    writeFileSync(path.join(evidence.folder, "server.log"), await server.log());
    evidence.finish(path.join(server.dataFolder, "home/.paperclip"));
    await server.close();
    await Promise.all(apis.map((api) => api.close()));
    await removeNamespaces();
  };
  await installAdapter(server, server.adapterFolder).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    server,
    serverNamespace,
    agentsNamespace,
    core,
    batch,
    board: () => createBoard(server),
    async messagesApi(scenario) {
      const api = await startMessagesApi(scenario);
      apis.push(api);
      return api;
    },
    settings: (api, more = {}) => ({
      "resources.requests.cpu": "10m",
      "resources.requests.memory": "64Mi",
      graceSec: 5,
      ...more,
      env: {
        ANTHROPIC_BASE_URL: api.url,
        ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_TELEMETRY: "1",
        DISABLE_AUTOUPDATER: "1",
        // Else a tool that waits for two minutes goes on in the background, and its agent without it.
        BASH_DEFAULT_TIMEOUT_MS: "600000",
      },
    }),
    async leftOver() {
      const lists = await Promise.all(
        namespaces.flatMap((namespace) => [
          batch.listNamespacedJob({ namespace }),
          core.listNamespacedPod({ namespace, labelSelector: "batch.kubernetes.io/job-name" }),
          core.listNamespacedSecret({ namespace }),
        ]),
      );
      return lists.flatMap(({ items }) => items.flatMap(({ metadata }) => metadata?.name ?? []));
    },
    close,
  };
}
