/** The volumes of a server in a pod: its programs, which it only reads, and its data, which its agents share. */

import { chmodSync, chownSync, copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { CoreV1Api, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import { machine } from "./machine.ts";

/** User of the server and of its agents' pods, so that each can write what the other wrote. */
export const serverUser = 1000;

/** Where they are in the pod. */
export const places = { programs: "/opt/paperclip", data: "/data" } as const;

/** What PostgreSQL and the server's image library need of the C library beyond what the agents' image has. */
const libraries = ["librt.so.1", "libresolv.so.2"];
const libraryFolder = "/lib/x86_64-linux-gnu";

export interface ServerVolumes {
  /** The one with the server's data, on this machine. */
  readonly dataFolder: string;
  readonly volumes: V1Volume[];
  readonly mounts: V1VolumeMount[];
}

export async function createServerVolumes(core: CoreV1Api, namespace: string): Promise<ServerVolumes> {
  const dataFolder = path.join(machine.paperclipRoot, "volumes", namespace);
  for (const folder of [dataFolder, path.join(dataFolder, "home")]) {
    mkdirSync(folder, { recursive: true });
    if (process.getuid?.() === 0) chownSync(folder, serverUser, serverUser);
    else chmodSync(folder, 0o777);
  }
  provideLibraries();
  await createVolume(core, namespace, "data", dataFolder);
  await createVolume(core, namespace, "programs", machine.paperclipRoot);
  const volume = (name: string): V1Volume => ({ name, persistentVolumeClaim: { claimName: name } });
  return {
    dataFolder,
    volumes: [volume("data"), volume("programs")],
    mounts: [
      { name: "data", mountPath: places.data },
      ...["server", "node24", "adapters"].map((subPath) => ({
        name: "programs",
        mountPath: `${places.programs}/${subPath}`,
        subPath,
        readOnly: true,
      })),
      ...libraries.map((name) => ({
        name: "programs",
        // Its database is started without an environment that could name another folder.
        mountPath: `${libraryFolder}/${name}`,
        subPath: `lib/${name}`,
        readOnly: true,
      })),
    ],
  };
}

function provideLibraries(): void {
  const folder = path.join(machine.paperclipRoot, "lib");
  mkdirSync(folder, { recursive: true });
  for (const name of libraries) copyFileSync(path.join(libraryFolder, name), path.join(folder, name));
}

async function createVolume(core: CoreV1Api, namespace: string, name: string, folder: string): Promise<void> {
  const size = { storage: "1Gi" };
  const volumeName = `${namespace}-${name}`;
  await core.createPersistentVolume({
    body: {
      metadata: { name: volumeName },
      spec: {
        capacity: size,
        accessModes: ["ReadWriteMany"],
        hostPath: { path: folder },
        claimRef: { namespace, name },
      },
    },
  });
  await core.createNamespacedPersistentVolumeClaim({
    namespace,
    body: {
      metadata: { name },
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        volumeName,
        resources: { requests: size },
      },
    },
  });
}
