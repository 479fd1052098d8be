import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

import { connectRunner } from "../../src/connect.ts";
import { type Connections, createConnections } from "../../src/connections.ts";
import type { HostServer } from "../../src/host/server.ts";
import { fakeServer } from "../host-context.ts";

const recordings = new URL("../../../stream-parser/test/fixtures/recordings/", import.meta.url);

/** A cluster, a namespace of its own, and a program named `claude` that the pod template brings into every pod. */
export interface World {
  readonly name: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly connections: Connections;
  /** Its operator lets settings name the kubeconfig of this world. */
  readonly server: HostServer;
  /** Those of another process on the same machine, which finds the spool of the first. */
  otherConnections(): Connections;
  /** Settings of an agent that runs the program. */
  settings(plan: object): Record<string, unknown>;
  /** Pods of a task, and Secrets of any, that are still there. */
  leftOver(task: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

const mountPath = "/fake-claude";

export async function createWorld(options: {
  readonly name: string;
  readonly kubeconfig: string;
  readonly image: string;
  readonly close?: () => Promise<void>;
}): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), "adapter-world-"));
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, options.kubeconfig, { mode: 0o600 });
  const config = new KubeConfig();
  config.loadFromString(options.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const namespace = `adapter-${randomBytes(4).toString("hex")}`;
  await api.createNamespace({
    body: {
      metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    },
  });
  await api.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: "claude" }, data: programFiles() },
  });
  const connect = (): Connections =>
    createConnections((given) =>
      connectRunner(given, {
        spoolFolder: path.join(folder, "spool"),
        leaseSeconds: 5,
        sealKey: [Buffer.alloc(32, 7)],
      }),
    );
  const connections = connect();
  const podTemplate = {
    spec: {
      volumes: [{ name: "claude", configMap: { name: "claude", defaultMode: 0o555 } }],
      containers: [
        {
          name: "main",
          env: [
            {
              name: "PATH",
              value: `${mountPath}:${options.name === "local" ? process.env["PATH"] : "/usr/local/bin:/usr/bin:/bin"}`,
            },
            { name: "FAKE_CLAUDE_FOLDER", value: mountPath },
          ],
          volumeMounts: [{ name: "claude", mountPath }],
        },
      ],
    },
  };
  return {
    name: options.name,
    kubeconfig,
    namespace,
    connections,
    server: fakeServer({ kubeconfigFolders: [folder] }),
    otherConnections: connect,
    settings: (plan) => ({
      kubeconfig,
      namespace,
      image: options.image,
      imagePullPolicy: "IfNotPresent",
      // The node of a test is small, and many runs share it.
      "resources.requests.cpu": "10m",
      "resources.requests.memory": "64Mi",
      podTemplate: JSON.stringify(podTemplate),
      busyWaitSec: 1,
      graceSec: 5,
      env: { FAKE_CLAUDE: JSON.stringify(plan) },
    }),
    async leftOver(task) {
      const [pods, secrets] = await Promise.all([
        api.listNamespacedPod({ namespace, labelSelector: `paperclip.io/run-id=run-${task}` }),
        api.listNamespacedSecret({ namespace }),
      ]);
      return [...pods.items, ...secrets.items].flatMap((item) => item.metadata?.name ?? []);
    },
    async close() {
      await connections.close();
      await api.deleteNamespace({ name: namespace });
      await options.close?.();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function recordingText(name: string): string {
  return readFileSync(new URL(`${name}.ndjson`, recordings), "utf8");
}

function programFiles(): Record<string, string> {
  const names = ["simple-text", "tool-parallel", "resume-unknown", "long-bash", "model-404"];
  return {
    // Not every image has an /usr/bin/env for a first line of another kind.
    claude: '#!/bin/sh\nexec node "$FAKE_CLAUDE_FOLDER/claude.mjs" "$@"\n',
    "claude.mjs": readFileSync(new URL("claude.mjs", import.meta.url), "utf8"),
    ...Object.fromEntries(names.map((name) => [`${name}.ndjson`, recordingText(name)])),
  };
}
