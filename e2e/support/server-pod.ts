/** A real Paperclip server in a pod of the cluster: its programs and its data lie on volumes, and agents reach it at one address. */

import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  AppsV1Api,
  type CoreV1Api,
  type KubeConfig,
  type V1Container,
  type V1PodSpec,
  type V1VolumeMount,
} from "@kubernetes/client-node";
import { machine } from "./machine.ts";
import { type PaperclipApi, callApi } from "./paperclip.ts";
import { freePort } from "../../scripts/free-port.ts";
import { forwardFromPods } from "./ports.ts";
import { createServerVolumes, places, serverUser } from "./server-volumes.ts";

/** Replicas of a server have the same. */
export const serverSecret = "test-only-secret-0123456789abcdef";
const ports = { server: 3100, database: 54329, front: 3101 } as const;

export interface ServerInPod {
  readonly origin: string;
  /** Of the volume with the server's data, on this machine. */
  readonly dataFolder: string;
  /** The adapter's folder as the server sees it. */
  readonly adapterFolder: string;
  readonly api: PaperclipApi;
  log(): Promise<string>;
  /** As `kubectl rollout restart` does it: the old pod is ended, then there is another. */
  restart(): Promise<void>;
  /** What a pod needs that is to see the same volumes with the same user and the same account. */
  podSpec(program: Program): V1PodSpec;
  close(): Promise<void>;
}

export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

export interface ServerInPodOptions {
  readonly admin: KubeConfig;
  readonly core: CoreV1Api;
  readonly namespace: string;
  readonly serviceAccount: string;
}

export async function startServerInPod(options: ServerInPodOptions): Promise<ServerInPod> {
  const { admin, core, namespace, serviceAccount } = options;
  const apps = admin.makeApiClient(AppsV1Api);
  const volumes = await createServerVolumes(core, namespace);
  const port = await freePort();
  const origin = `http://${machine.addressForPods}:${port}`;
  const specOf = (containers: V1Container[], restartPolicy?: "Never"): V1PodSpec => ({
    serviceAccountName: serviceAccount,
    terminationGracePeriodSeconds: 30,
    volumes: volumes.volumes,
    securityContext: { runAsUser: serverUser, runAsGroup: serverUser, runAsNonRoot: true },
    containers,
    ...(restartPolicy !== undefined && { restartPolicy }),
  });
  await apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata: { name: "paperclip" },
      spec: {
        // Two servers on one embedded database would destroy it.
        strategy: { type: "Recreate" },
        selector: { matchLabels: { app: "paperclip" } },
        template: {
          metadata: { labels: { app: "paperclip" } },
          spec: specOf([containerOf(serverProgram(port), volumes.mounts), containerOf(frontProgram, [])]),
        },
      },
    },
  });
  const living = async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: "app=paperclip" });
    return items.find(
      ({ metadata, status }) =>
        metadata?.deletionTimestamp === undefined &&
        status?.podIP !== undefined &&
        status.phase === "Running",
    );
  };
  // As a Service would do it in a cluster that has them: one address, whichever pod it is.
  const service = await forwardFromPods(port, async () => {
    const host = (await living())?.status?.podIP;
    return host === undefined ? null : { host, port: ports.front };
  });
  const log = async (): Promise<string> => {
    const name = (await living())?.metadata?.name;
    return name === undefined ? "" : core.readNamespacedPodLog({ namespace, name, container: "paperclip" });
  };
  const answering = async (): Promise<void> => {
    const until = performance.now() + 180_000;
    // The server listens before it is usable, so that only its own word counts.
    while (!(await isHealthy(origin))) {
      if (performance.now() > until)
        throw new Error(`the server in the pod does not answer:\n${(await log()).slice(-4000)}`);
      await delay(500);
    }
  };
  const close = async (): Promise<void> => {
    service.close();
    await apps.deleteNamespacedDeployment({ namespace, name: "paperclip" });
    await core.deletePersistentVolume({ name: `${namespace}-data` });
    await core.deletePersistentVolume({ name: `${namespace}-programs` });
  };
  await answering().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    origin,
    dataFolder: volumes.dataFolder,
    adapterFolder: path.posix.join(places.programs, "adapters/node_modules/paperclip-adapter-claude-k8s"),
    api: (...request) => callApi(origin, ...request),
    log,
    async restart() {
      const before = (await living())?.metadata?.uid;
      await apps.patchNamespacedDeployment({
        namespace,
        name: "paperclip",
        body: [
          {
            op: "add",
            path: "/spec/template/metadata/annotations",
            value: { restarted: String(Date.now()) },
          },
        ],
      });
      while ([undefined, before].includes((await living())?.metadata?.uid)) await delay(250);
      await answering();
    },
    podSpec: (program) => specOf([containerOf(program, volumes.mounts)], "Never"),
    close,
  };
}

const containerOf = (
  { name, command, variables = {} }: Program,
  volumeMounts: V1VolumeMount[],
): V1Container => ({
  name,
  command: [...command],
  env: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
  // Paperclip's own image has Claude Code in it as well, so that agents may have it of their server.
  image: `lab/claude:${machine.claudeVersion}`,
  imagePullPolicy: "Never",
  volumeMounts,
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
});

/** `port` is that at which agents and people find it. */
function serverProgram(port: number): Program {
  const home = `${places.data}/home`;
  const paperclipHome = `${home}/.paperclip`;
  const config = {
    $meta: { version: 1, updatedAt: "2026-01-01T00:00:00.000Z", source: "onboard" },
    database: {
      mode: "embedded-postgres",
      embeddedPostgresDataDir: `${paperclipHome}/instances/default/db`,
      embeddedPostgresPort: ports.database,
      backup: { enabled: false },
    },
    logging: { mode: "file", logDir: `${paperclipHome}/instances/default/logs` },
    server: {
      deploymentMode: "local_trusted",
      exposure: "private",
      bind: "loopback",
      host: "127.0.0.1",
      port: ports.server,
      serveUi: false,
    },
    telemetry: { enabled: false },
  };
  const variables: Record<string, string> = {
    CONFIG: JSON.stringify(config),
    HOME: home,
    LANG: "C.UTF-8",
    PATH: `${places.programs}/node24/node_modules/.bin:/usr/local/bin:/usr/bin:/bin`,
    HOST: "127.0.0.1",
    PORT: String(ports.server),
    PAPERCLIP_HOME: paperclipHome,
    PAPERCLIP_BIND: "loopback",
    PAPERCLIP_DEPLOYMENT_MODE: "local_trusted",
    PAPERCLIP_MIGRATION_AUTO_APPLY: "true",
    PAPERCLIP_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    PAPERCLIP_ANNOUNCEMENTS_ENABLED: "false",
    PAPERCLIP_DB_BACKUP_ENABLED: "false",
    PAPERCLIP_AGENT_JWT_SECRET: serverSecret,
    PAPERCLIP_ALLOWED_HOSTNAMES: machine.addressForPods,
    // Agents find it where the tests do.
    PAPERCLIP_API_URL: `http://${machine.addressForPods}:${port}`,
  };
  const folder = `${paperclipHome}/instances/default`;
  return {
    name: "paperclip",
    command: [
      "sh",
      "-c",
      `mkdir -p ${folder} && printf '%s' "$CONFIG" >${folder}/config.json && cd ${home} && exec node ${places.programs}/server/node_modules/@paperclipai/server/dist/index.js`,
    ],
    variables,
  };
}

/** A server without login listens on loopback only; what is beside it in the pod lets others in. */
const frontProgram: Program = {
  name: "front",
  command: [
    "node",
    "-e",
    `const net = require("node:net");
     net.createServer((client) => {
       const server = net.connect(${ports.server}, "127.0.0.1");
       client.pipe(server).pipe(client);
       client.on("error", () => server.destroy());
       server.on("error", () => client.destroy());
     }).listen(${ports.front});
     process.on("SIGTERM", () => process.exit());`,
  ],
};

async function isHealthy(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/api/health`);
    return response.ok && ((await response.json()) as { status?: string }).status === "ok";
  } catch {
    return false;
  }
}
