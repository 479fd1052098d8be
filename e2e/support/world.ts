/** Everything between a click and a pod: a cluster with the real Claude Code, a scripted Messages API, a real Paperclip server. */

import { mkdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { BatchV1Api, CoreV1Api, KubeConfig, type V1PolicyRule } from "@kubernetes/client-node";
import { expect } from "vitest";
import { documentedRole, kubeconfigOfAccount } from "./access.ts";
import { type Board, createBoard, installAdapter } from "./board.ts";
import { keepEvidence } from "./evidence.ts";
import { kubeconfigOfCluster, machine } from "./machine.ts";
import { type MessagesApi, type Scenario, startMessagesApi } from "./messages-api.ts";
import { type Paperclip, createPaperclip } from "./paperclip.ts";
import { freePort } from "../../scripts/free-port.ts";
import { forwardFromPods } from "./ports.ts";

export interface EndToEndWorld {
  readonly paperclip: Paperclip;
  readonly namespace: string;
  readonly admin: KubeConfig;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  board(): Promise<Board>;
  messagesApi(scenario: Scenario): Promise<MessagesApi>;
  /** Settings of an agent that runs the real Claude Code against that API. */
  settings(api: MessagesApi, more?: Record<string, unknown>): Record<string, unknown>;
  /** Names of what is left of runs in the namespace. */
  leftOver(): Promise<readonly string[]>;
  /** Waits until nothing is left: the host shows a run's end before the API server has removed what belonged to its Job. */
  isEmpty(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Part of its namespace's name. */
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ui?: boolean;
  /** Folder of the adapter that is installed. Default: that of this checkout. `null`: none. */
  readonly adapterFolder?: string | null;
  /** More of the operator's file; it gets the address of Paperclip for pods. */
  readonly operator?: (namespace: string, addressForPods: string) => Readonly<Record<string, unknown>>;
  /** Rights of the server beyond the documented Role's. */
  readonly moreRules?: readonly V1PolicyRule[];
  /** Kubeconfigs that agents may name by alias, beside the server's own, which has the documented Role and no more. */
  readonly clusters?: (admin: KubeConfig, namespace: string) => Promise<Readonly<Record<string, string>>>;
}

export async function openWorld(options: WorldOptions): Promise<EndToEndWorld> {
  const namespace = `e2e-${options.name}-${Date.now()}`;
  const admin = new KubeConfig();
  admin.loadFromFile(kubeconfigOfCluster());
  const core = admin.makeApiClient(CoreV1Api);
  const batch = admin.makeApiClient(BatchV1Api);
  await core.createNamespace({
    body: {
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    },
  });
  const evidence = await keepEvidence(admin, namespace, [namespace]);
  const closers: (() => unknown)[] = [() => core.deleteNamespace({ name: namespace })];
  mkdirSync(machine.paperclipRoot, { recursive: true });
  // The server runs as nobody where it was started by root.
  const forServer = async (name: string, text: string): Promise<string> => {
    const file = path.join(machine.paperclipRoot, `${namespace}.${name}`);
    await writeFile(file, text, { mode: 0o644 });
    closers.push(() => rm(file, { force: true }));
    return file;
  };
  const role = documentedRole(namespace);
  role.rules!.push(...(options.moreRules ?? []));
  const own = await kubeconfigOfAccount(admin, namespace, "paperclip", role);
  const clusters: Record<string, unknown> = {};
  for (const [alias, text] of Object.entries((await options.clusters?.(admin, namespace)) ?? {}))
    clusters[alias] = { kubeconfig: await forServer(`${alias}.kubeconfig`, text) };
  const port = await freePort();
  const paperclip = createPaperclip({
    port,
    results: evidence.folder,
    databasePort: await freePort(),
    environment: {
      KUBECONFIG: await forServer("kubeconfig", own),
      // Every JSON is YAML.
      CLAUDE_K8S_CONFIG: await forServer(
        "operator.yaml",
        JSON.stringify({
          clusters,
          allow: { claims: ["*"] },
          ...options.operator?.(namespace, `http://${machine.addressForPods}:${port}`),
        }),
      ),
      PAPERCLIP_ALLOWED_HOSTNAMES: machine.addressForPods,
      ...options.environment,
    },
    ...(options.ui !== undefined && { ui: options.ui }),
  });
  const close = async (): Promise<void> => {
    try {
      await paperclip.stop();
    } finally {
      evidence.finish(path.join(machine.paperclipRoot, "home/.paperclip"));
      await Promise.all(closers.map((closer) => closer()));
    }
  };
  try {
    await paperclip.start();
    const forwarded = await forwardFromPods(port);
    closers.push(() => forwarded.close());
    const folder = options.adapterFolder;
    if (folder !== null)
      await installAdapter(paperclip, folder ?? path.join(machine.root, "packages/adapter"));
  } catch (error) {
    // What it leaves would be in the way of the next file, and the reason is this one.
    await close().catch(() => undefined);
    throw error;
  }
  const leftOver = async (): Promise<readonly string[]> => {
    const [jobs, pods, secrets] = await Promise.all([
      batch.listNamespacedJob({ namespace }),
      core.listNamespacedPod({ namespace }),
      core.listNamespacedSecret({ namespace }),
    ]);
    return [...jobs.items, ...pods.items, ...secrets.items].flatMap(({ metadata }) => metadata?.name ?? []);
  };
  return {
    paperclip,
    namespace,
    admin,
    core,
    batch,
    board: () => createBoard(paperclip),
    async messagesApi(scenario) {
      const api = await startMessagesApi(scenario);
      closers.push(() => api.close());
      return api;
    },
    settings: (api, more = {}) => ({
      namespace,
      image: `lab/claude:${machine.claudeVersion}`,
      imagePullPolicy: "Never",
      // The node of a test is small, and many runs share it.
      "resources.requests.cpu": "10m",
      "resources.requests.memory": "64Mi",
      paperclipApiUrl: `http://${machine.addressForPods}:${port}`,
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
        ...(more["env"] as Record<string, string> | undefined),
      },
    }),
    leftOver,
    isEmpty: () => expect.poll(leftOver, { timeout: 120_000, interval: 500 }).toEqual([]),
    close,
  };
}
