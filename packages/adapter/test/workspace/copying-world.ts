/** Server processes with one disk, a real cluster and the real Claude Code against a scripted Messages API. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { kubeconfigOfCluster, machine, missing } from "../../../../e2e/support/machine.ts";
import { type Reply, startMessagesApi, say } from "../../../../e2e/support/messages-api.ts";
import { connectRunner } from "../../src/connect.ts";
import { createConnections } from "../../src/connections.ts";
import { execute } from "../../src/execute.ts";
import { createExecRight } from "../../src/sessions/exec-right.ts";
import { createSessions } from "../../src/sessions/sessions.ts";
import { createSessionStore } from "../../src/sessions/store.ts";
import { type FakeHost, fakeHost, fakeServer } from "../host-context.ts";

export const whyNot =
  process.env["KUBECONFIG"] === undefined ? "needs KUBECONFIG" : missing("cluster", "messagesApi");

export const done: Reply = say("Done.");

/** What the agent is told to do in a run, and what Paperclip says of it. */
export interface Turn {
  readonly replies: readonly Reply[];
  readonly runtime?: Parameters<typeof fakeHost>[0]["runtime"];
  readonly workspace?: Record<string, unknown>;
  readonly config?: Record<string, unknown>;
}

export interface RealWorld {
  readonly namespace: string;
  readonly folder: string;
  readonly core: CoreV1Api;
  /** A folder of the agent's below Paperclip's home. */
  workspaceFolder(name: string): string;
  /** A host that asks for a run; and a server process that carries it out. */
  host(runId: string, turn: Turn): Promise<FakeHost>;
  process(): Parameters<typeof execute>[1];
  close(): Promise<void>;
}

const agent = "agent-of-the-workspace";

export async function openRealWorld(name: string): Promise<RealWorld> {
  const namespace = `e2e-${name}-${Date.now()}`;
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `e2e-${name}-`)));
  const kubeconfig = kubeconfigOfCluster();
  const closing: (() => unknown)[] = [];
  const config = new KubeConfig();
  config.loadFromString(readFileSync(kubeconfig, "utf8"));
  const core = config.makeApiClient(CoreV1Api);
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  const instance = path.join(folder, "instances", "default");
  return {
    namespace,
    folder,
    core,
    workspaceFolder(below) {
      const made = path.join(instance, "workspaces", agent, below);
      mkdirSync(made, { recursive: true });
      return made;
    },
    async host(runId, { replies, runtime = {}, workspace = {}, config: changes = {} }) {
      const api = await startMessagesApi({
        rules: [
          { when: { agent: "main" }, replies, repeat: true },
          { replies: [say("{}")], repeat: true },
        ],
      });
      closing.push(() => api.close());
      return fakeHost({
        runId,
        agentId: agent,
        runtime: { taskKey: "task", ...runtime },
        context: { paperclipWorkspace: workspace },
        config: {
          kubeconfig,
          namespace,
          image: `lab/claude:${machine.claudeVersion}`,
          imagePullPolicy: "Never",
          graceSec: 5,
          env: {
            ANTHROPIC_BASE_URL: api.url,
            ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
          },
          ...changes,
        },
      });
    },
    process() {
      const connections = createConnections((choice) =>
        connectRunner(choice, { spoolFolder: path.join(folder, "spool"), leaseSeconds: 5 }),
      );
      closing.unshift(() => connections.close());
      const home = { folder, instance };
      return {
        connections,
        server: fakeServer({ kubeconfigFolders: [path.dirname(kubeconfig)] }, { home }),
        sessions: createSessions(createSessionStore(path.join(folder, "sessions")), createExecRight()),
      };
    },
    async close() {
      for (const close of closing) await close();
      await core.deleteNamespace({ name: namespace });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
