/** A volume that several pods share, and this machine sees: for sessions and files that outlive a pod. */

import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { machine } from "./machine.ts";
import type { EndToEndWorld } from "./world.ts";

export interface SharedVolume {
  /** On this machine; `work` in it is the agents' working directory. */
  readonly folder: string;
  /** Settings that mount it: the home directory and the working directory lie there. */
  readonly settings: Readonly<Record<string, unknown>>;
  remove(): Promise<void>;
}

export async function createSharedVolume({ core, namespace }: EndToEndWorld): Promise<SharedVolume> {
  const folder = path.join(machine.paperclipRoot, "volumes", namespace);
  for (const part of ["", "home", "work"]) {
    mkdirSync(path.join(folder, part), { recursive: true });
    // Agents are user 1000, whoever runs the tests.
    chmodSync(path.join(folder, part), 0o777);
  }
  const size = { storage: "1Gi" };
  await core.createPersistentVolume({
    body: {
      metadata: { name: namespace },
      spec: {
        capacity: size,
        accessModes: ["ReadWriteMany"],
        hostPath: { path: folder },
        claimRef: { namespace, name: "shared" },
      },
    },
  });
  await core.createNamespacedPersistentVolumeClaim({
    namespace,
    body: {
      metadata: { name: "shared" },
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        volumeName: namespace,
        resources: { requests: size },
      },
    },
  });
  const mounts = [
    { name: "shared", mountPath: "/home/agent", subPath: "home" },
    { name: "shared", mountPath: "/work", subPath: "work" },
  ];
  return {
    folder,
    settings: {
      homeDirectory: "/home/agent",
      cwd: "/work",
      podTemplate: {
        spec: {
          volumes: [{ name: "shared", persistentVolumeClaim: { claimName: "shared" } }],
          containers: [{ name: "main", volumeMounts: mounts }],
        },
      },
    },
    remove: async () => void (await core.deletePersistentVolume({ name: namespace })),
  };
}
