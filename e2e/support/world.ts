/** Everything between a click and a pod: a cluster with the real Claude Code, a scripted Messages API, a real Paperclip server. */

import { execFileSync } from "node:child_process";
import { copyFileSync, chmodSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CoreV1Api, BatchV1Api, KubeConfig } from "@kubernetes/client-node";
import { type Board, createBoard, installAdapter } from "./board.ts";
import { machine } from "./machine.ts";
import { type Paperclip, createPaperclip } from "./paperclip.ts";

/** A script of the Messages API: rules with replies, see the head of its file. */
export type Scenario = Readonly<Record<string, unknown>>;

export interface MessagesApi {
  readonly url: string;
  requests(): number;
  close(): Promise<void>;
}

export interface EndToEndWorld {
  readonly paperclip: Paperclip;
  readonly namespace: string;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  board(): Promise<Board>;
  messagesApi(scenario: Scenario): Promise<MessagesApi>;
  /** Settings of an agent that runs the real Claude Code against that API. */
  settings(api: MessagesApi, more?: Record<string, unknown>): Record<string, unknown>;
  /** Names of what is left of runs in the namespace. */
  leftOver(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly port: number;
  readonly databasePort: number;
  readonly namespace: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ui?: boolean;
}

export async function openWorld(options: WorldOptions): Promise<EndToEndWorld> {
  const { namespace } = options;
  const admin = kubeconfigOfCluster();
  const config = new KubeConfig();
  config.loadFromFile(admin);
  const core = config.makeApiClient(CoreV1Api);
  const batch = config.makeApiClient(BatchV1Api);
  await core.createNamespace({
    body: {
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    },
  });
  // The server runs as nobody where it was started by root.
  mkdirSync(machine.paperclipRoot, { recursive: true });
  const readable = path.join(machine.paperclipRoot, `${namespace}.kubeconfig`);
  copyFileSync(admin, readable);
  chmodSync(readable, 0o644);
  const paperclip = createPaperclip({
    port: options.port,
    databasePort: options.databasePort,
    environment: { KUBECONFIG: readable, ...options.environment },
    ...(options.ui !== undefined && { ui: options.ui }),
  });
  await paperclip.start();
  await installAdapter(paperclip, path.join(machine.root, "packages/adapter"));
  const apis: MessagesApi[] = [];
  return {
    paperclip,
    namespace,
    core,
    batch,
    board: () => createBoard(paperclip),
    async messagesApi(scenario) {
      const api = await startMessagesApi(scenario);
      apis.push(api);
      return api;
    },
    settings: (api, more = {}) => ({
      namespace,
      image: `lab/claude:${machine.claudeVersion}`,
      imagePullPolicy: "Never",
      graceSec: 5,
      ...more,
      env: {
        ANTHROPIC_BASE_URL: api.url,
        ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_TELEMETRY: "1",
        DISABLE_AUTOUPDATER: "1",
        ...(more["env"] as Record<string, string> | undefined),
      },
    }),
    async leftOver() {
      const [jobs, pods, secrets] = await Promise.all([
        batch.listNamespacedJob({ namespace }),
        core.listNamespacedPod({ namespace }),
        core.listNamespacedSecret({ namespace }),
      ]);
      return [...jobs.items, ...pods.items, ...secrets.items].flatMap(({ metadata }) => metadata?.name ?? []);
    },
    async close() {
      await paperclip.stop();
      await Promise.all(apis.map((api) => api.close()));
      await core.deleteNamespace({ name: namespace });
    },
  };
}

function kubeconfigOfCluster(): string {
  const output = execFileSync(machine.cluster.path, ["up"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  execFileSync(machine.cluster.path, ["claude-image", machine.claudeVersion], { stdio: "ignore" });
  const kubeconfig = output.trim().split("\n").at(-1) ?? "";
  readFileSync(kubeconfig);
  return kubeconfig;
}

async function startMessagesApi(scenario: Scenario): Promise<MessagesApi> {
  const { startFakeAnthropic } = await import(machine.messagesApi.path);
  let seen = 0;
  const server = await startFakeAnthropic({ scenario, host: machine.addressForPods, log: () => (seen += 1) });
  return { url: server.url, requests: () => seen, close: async () => void (await server.close()) };
}
