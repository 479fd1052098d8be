import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Container, Pod, Volume } from "../objects/types.ts";
import type { Store } from "../store/store.ts";
import { ConfigProblem, configMapValues, fieldValue, secretValues } from "./environment.ts";

/** A volume that cannot be mounted yet: `FailedMount`, tried again. */
export class MountProblem extends Error {
  override readonly name = "MountProblem";
}

interface Item {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

/** Makes the pod's volumes as real folders below `directory`; returns each volume's folder. */
export function mountVolumes(store: Store, pod: Pod, directory: string): Map<string, string> {
  const folders = new Map<string, string>();
  for (const volume of pod.spec.volumes ?? []) {
    try {
      folders.set(volume.name, mountVolume(store, pod, volume, join(directory, volume.name)));
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      throw new MountProblem(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`);
    }
  }
  return folders;
}

function mountVolume(store: Store, pod: Pod, volume: Volume, folder: string): string {
  const namespace = pod.metadata.namespace ?? "";
  if (volume.hostPath !== undefined) return volume.hostPath.path;
  if (volume.persistentVolumeClaim !== undefined) {
    throw new MountProblem(
      `MountVolume.SetUp failed for volume "${volume.name}" : persistentvolumeclaim "${volume.persistentVolumeClaim.claimName}" not found`,
    );
  }
  mkdirSync(folder, { recursive: true });
  if (volume.secret !== undefined) {
    const { secretName, items, optional = false, defaultMode } = volume.secret;
    project(folder, secretValues(store, namespace, secretName, optional), items, defaultMode);
  }
  if (volume.configMap !== undefined) {
    const { name, items, optional = false, defaultMode } = volume.configMap;
    project(folder, configMapValues(store, namespace, name, optional), items, defaultMode);
  }
  if (volume.downwardAPI !== undefined) {
    for (const item of volume.downwardAPI.items ?? []) {
      put(
        folder,
        item.path,
        fieldValue(pod, item.fieldRef?.fieldPath ?? ""),
        item.mode ?? volume.downwardAPI.defaultMode,
      );
    }
  }
  for (const source of volume.projected?.sources ?? []) {
    const mode = volume.projected?.defaultMode;
    if (source.secret !== undefined) {
      const { name, items, optional = false } = source.secret;
      project(folder, secretValues(store, namespace, name, optional), items, mode);
    }
    if (source.configMap !== undefined) {
      const { name, items, optional = false } = source.configMap;
      project(folder, configMapValues(store, namespace, name, optional), items, mode);
    }
    for (const item of source.downwardAPI?.items ?? []) {
      put(folder, item.path, fieldValue(pod, item.fieldRef?.fieldPath ?? ""), item.mode ?? mode);
    }
  }
  return folder;
}

function project(
  folder: string,
  values: Record<string, Buffer> | null,
  items: readonly Item[] | undefined,
  mode: number | undefined,
): void {
  if (values === null) return;
  const wanted = items ?? Object.keys(values).map((key): Item => ({ key, path: key }));
  for (const item of wanted) {
    const value = values[item.key];
    if (value === undefined) throw new ConfigProblem(`references non-existent config key: ${item.key}`);
    put(folder, item.path, value, item.mode ?? mode);
  }
}

function put(folder: string, path: string, value: string | Buffer, mode = 0o644): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value, { mode });
}

/** Mount path → real path for one container. A path below a volume (`subPath`) is made when it is missing. */
export function mountsOf(container: Container, folders: ReadonlyMap<string, string>): Map<string, string> {
  const mounts = new Map<string, string>();
  for (const mount of container.volumeMounts ?? []) {
    const folder = folders.get(mount.name);
    if (folder === undefined) continue;
    const path = mount.subPath === undefined ? folder : join(folder, mount.subPath);
    if (mount.subPath !== undefined) makeMissing(path);
    mounts.set(mount.mountPath, path);
  }
  return mounts;
}

function makeMissing(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    // A subPath may name a file of a Secret or ConfigMap.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
