/** A server in a pod of a real cluster, as far as a run sees it: its Paperclip home on a volume that its pod has mounted. */

import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { CoreV1Api, KubeConfig, type V1Pod } from "@kubernetes/client-node";

import { kubeconfigOfCluster, machine } from "../../../../e2e/support/machine.ts";
import { connectRunner } from "../../src/connect.ts";
import { createConnections } from "../../src/connections.ts";
import type { execute } from "../../src/execute.ts";
import type { OperatorFile } from "../../src/operator/file-schema.ts";
import { createServerPodFinder } from "../../src/own-pod/find.ts";
import { createExecRight } from "../../src/sessions/exec-right.ts";
import { createSessions } from "../../src/sessions/sessions.ts";
import { createSessionStore } from "../../src/sessions/store.ts";
import { fakeHost, fakeServer } from "../host-context.ts";

export const bash = (command: string) => ({
  content: [{ type: "tool_use", name: "Bash", input: { command, description: "Run a command" } }],
});
export const done = { content: [{ type: "text", text: "Done." }] };

/** The user of the images of the tests. */
const agentUser = 1000;
const ids = {
  company: "c0ffee00-0000-4000-8000-00000000000a",
  agent: "a9e17000-0000-4000-8000-00000000000b",
};

export interface RealWorld {
  readonly core: CoreV1Api;
  readonly namespace: string;
  /** Paperclip's home on this machine, and in the server's pod. */
  readonly home: string;
  /** The workspace folder that the host names. */
  readonly project: string;
  readonly ids: typeof ids;
  /** What another process of the server has. */
  process(rules?: OperatorFile): Parameters<typeof execute>[1];
  host(runId: string, more?: Parameters<typeof fakeHost>[0]): ReturnType<typeof fakeHost>;
  /** The pod that the server is taken to run in. */
  startServerPod(spec: Partial<NonNullable<V1Pod["spec"]>>): Promise<void>;
  /** A volume for a claim that somebody else makes, of class `by-hand`. */
  makeVolume(claim: string, folder: string, accessMode: string): Promise<void>;
  /** A claim that is bound to a folder of this machine. */
  makeClaim(name: string, folder: string, accessMode: string): Promise<void>;
  /** Where the Messages API is, for pods. */
  url(): string;
  /** Another script of the Messages API for the runs to come. */
  script(replies: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

export async function createRealWorld(name: string): Promise<RealWorld> {
  const namespace = `${name}-${Date.now()}`;
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  const home = path.join(folder, "paperclip");
  const project = path.join(home, "instances/default/projects", ids.company, "project");
  const kubeconfig = kubeconfigOfCluster();
  const config = new KubeConfig();
  config.loadFromString(readFileSync(kubeconfig, "utf8"));
  const core = config.makeApiClient(CoreV1Api);
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  makeOwned(project);
  makeOwned(path.join(home, "claude-k8s"));
  // Pods reach the folder by its path.
  for (let at = home; at !== tmpdir(); at = path.dirname(at)) chownSync(at, agentUser, agentUser);
  const closing: (() => unknown)[] = [];
  const volumes: string[] = [];
  const environment: Record<string, string> = {};
  let url = "";
  async function volumeFor(claim: string, at: string, accessMode: string, storageClassName: string) {
    const volume = `${namespace}-${claim}`;
    volumes.push(volume);
    await core.createPersistentVolume({
      body: {
        metadata: { name: volume },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: [accessMode],
          storageClassName,
          hostPath: { path: at },
          claimRef: { namespace, name: claim },
        },
      },
    });
  }
  return {
    core,
    namespace,
    home,
    project,
    ids,
    process(rules = {}) {
      const connections = createConnections((choice) =>
        connectRunner(choice, { spoolFolder: path.join(folder, "spool"), leaseSeconds: 5 }),
      );
      closing.push(() => connections.close());
      return {
        connections,
        server: fakeServer(
          { kubeconfigFolders: [path.dirname(kubeconfig)], ...rules },
          { home: { folder: home, instance: path.join(home, "instances/default") }, environment },
        ),
        sessions: createSessions(createSessionStore(path.join(folder, "sessions")), createExecRight()),
        findServerPod: createServerPodFinder(environment, () => null),
      };
    },
    host: (runId, more = {}) =>
      fakeHost({
        runId,
        agentId: ids.agent,
        companyId: ids.company,
        ...more,
        runtime: { taskKey: "task", ...more.runtime },
        context: {
          paperclipWorkspace: { cwd: project, source: "project_primary", agentHome: null },
          ...more.context,
        },
        config: {
          kubeconfig,
          namespace,
          image: `lab/claude:${machine.claudeVersion}`,
          imagePullPolicy: "Never",
          graceSec: 5,
          resources: { requests: { cpu: "10m", memory: "64Mi" } },
          ...more.config,
          env: more.config?.["env"] ?? {
            ANTHROPIC_BASE_URL: url,
            ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
          },
        },
      }),
    async startServerPod(spec) {
      const container = Object.assign(
        {
          name: "paperclip",
          image: "lab/base:1",
          imagePullPolicy: "Never",
          command: ["sleep", "3600"],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
        spec.containers?.[0],
      );
      const securityContext = {
        runAsNonRoot: true,
        runAsUser: agentUser,
        runAsGroup: agentUser,
        seccompProfile: { type: "RuntimeDefault" },
      };
      const body = {
        metadata: { name: "paperclip-0" },
        spec: { terminationGracePeriodSeconds: 0, securityContext, ...spec, containers: [container] },
      };
      const pod = await core.createNamespacedPod({ namespace, body });
      Object.assign(environment, {
        KUBERNETES_SERVICE_HOST: "10.96.0.1",
        POD_NAME: "paperclip-0",
        POD_NAMESPACE: namespace,
        POD_UID: pod.metadata?.uid ?? "",
      });
    },
    makeVolume: (claim, at, accessMode) => volumeFor(claim, at, accessMode, "by-hand"),
    async makeClaim(claim, at, accessMode) {
      await volumeFor(claim, at, accessMode, "");
      await core.createNamespacedPersistentVolumeClaim({
        namespace,
        body: {
          metadata: { name: claim },
          spec: {
            accessModes: [accessMode],
            storageClassName: "",
            volumeName: `${namespace}-${claim}`,
            resources: { requests: { storage: "1Gi" } },
          },
        },
      });
    },
    url: () => url,
    async script(replies) {
      const { startFakeAnthropic } = await import(machine.messagesApi.path);
      const scenario = { rules: [{ when: { agent: "main" }, replies }] };
      const api = await startFakeAnthropic({ scenario, host: machine.addressForPods, log: () => undefined });
      closing.push(() => api.close());
      url = api.url;
    },
    async close() {
      for (const close of closing) await close();
      await core.deleteNamespace({ name: namespace });
      for (const volume of volumes) await core.deletePersistentVolume({ name: volume });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeOwned(folder: string): void {
  const made = mkdirSync(folder, { recursive: true }) ?? folder;
  for (let at = folder; at.startsWith(made); at = path.dirname(at)) chownSync(at, agentUser, agentUser);
}
