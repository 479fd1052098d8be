/** A folder of ours → the volume under it, if another pod can mount that. Pure. */

import { posix } from "node:path";
import type { V1Volume } from "../cluster/kubernetes-types.ts";
import type { OwnMount, OwnPod, SharedFolder } from "../types/own-pod.ts";

/** Kinds that are one pod's own, or are no place for files. Every other kind, those to come included, is somebody's storage. */
const unshared: ReadonlySet<string> = new Set([
  "configMap",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "gitRepo",
  "image",
  "projected",
  "secret",
]);

/** `folder`: absolute, as we see it. The mount with the longest path counts, as for the kernel. */
export function sharedFolderOf(pod: Pick<OwnPod, "mounts">, folder: string): SharedFolder {
  const path = posix.resolve("/", folder);
  const mount = mountUnder(pod.mounts, path);
  if (mount === null) return { kind: "not-shared", reason: "no-volume", volumeName: null };
  const { volume, readOnly, subPath } = mount;
  const refused = (reason: "own-volume" | "read-only" | "unknown-part"): SharedFolder => ({
    kind: "not-shared",
    reason,
    volumeName: volume.name,
  });
  if (isUnshared(volume)) return refused("own-volume");
  if (readOnly) return refused("read-only");
  if (subPath === null) return refused("unknown-part");
  const below = posix.relative(normalized(mount.mountPath), path);
  return { kind: "shared", volume, subPath: posix.join(subPath, below).replace(/^\.$/, ""), mountPath: path };
}

function mountUnder(mounts: readonly OwnMount[], path: string): OwnMount | null {
  const under = mounts.filter(({ mountPath }) => {
    const place = normalized(mountPath);
    return place === "/" || path === place || path.startsWith(`${place}/`);
  });
  return under.reduce<OwnMount | null>(
    (longest, mount) =>
      longest === null || normalized(mount.mountPath).length > normalized(longest.mountPath).length
        ? mount
        : longest,
    null,
  );
}

function normalized(path: string): string {
  return posix.resolve("/", path);
}

function isUnshared(volume: V1Volume): boolean {
  const kinds = Object.entries(volume)
    .filter(([name, value]) => name !== "name" && value !== undefined && value !== null)
    .map(([name]) => name);
  return kinds.length !== 1 || kinds.some((kind) => unshared.has(kind));
}
