/** Which folders of the server an agent's pod sees of a shared volume. Pure. */

import path from "node:path";

import type { OwnPod, SharedFolder } from "@claude-k8s/k8s-runner";
import { sharedFolderOf } from "@claude-k8s/k8s-runner";

import type { Settings } from "../../settings/settings.ts";
import { notSharedWords } from "../choose-mode.ts";

/** A folder of the server by the name that the host has for it, and by its real one. */
export interface ServerFolder {
  readonly name: string;
  readonly realPath: string;
}

export interface WantedFolders {
  readonly scope: Settings["workspace"]["scope"];
  /** The run's workspace folder. */
  readonly workspace: ServerFolder;
  /** Of the agent: its home and its instructions, as far as they are there. */
  readonly agent: readonly ServerFolder[];
  /** Of the company: its projects. */
  readonly company: readonly ServerFolder[];
}

/** A folder of the server in the pod, under the same name. */
export interface SharedPart {
  readonly server: string;
  readonly mountPath: string;
  readonly subPath: string;
  readonly volume: Extract<SharedFolder, { kind: "shared" }>["volume"];
}

/** What lies in another one of them is in the pod with it. */
export function foldersOf({ scope, workspace, agent, company }: WantedFolders): readonly ServerFolder[] {
  const wanted = scope === "company" ? [...company, ...agent, workspace] : [workspace, ...agent];
  return wanted.filter(
    (folder, index) =>
      !wanted.some(
        (other, place) =>
          place !== index && contains(other, folder) && !(contains(folder, other) && place > index),
      ),
  );
}

function contains(outer: ServerFolder, inner: ServerFolder): boolean {
  return isAtOrBelow(inner.name, outer.name) && isAtOrBelow(inner.realPath, outer.realPath);
}

export function isAtOrBelow(folder: string, root: string): boolean {
  const below = path.posix.relative(root, folder);
  return below === "" || (below !== ".." && !below.startsWith("../"));
}

export type PartAnswer =
  | { readonly kind: "part"; readonly part: SharedPart }
  /** As a clause. */
  | { readonly kind: "none"; readonly why: string };

/** Where a folder lies, for a pod of the namespace `namespace`. */
export function partOf(
  pod: Pick<OwnPod, "mounts" | "namespace">,
  { name, realPath }: ServerFolder,
  namespace: string,
): PartAnswer {
  const found = sharedFolderOf(pod, realPath);
  if (found.kind === "not-shared") return { kind: "none", why: notSharedWords(found) };
  const { volume, subPath } = found;
  if (pod.namespace !== namespace && namesAnObject(volume))
    return {
      kind: "none",
      why: `volume ${volume.name} belongs to namespace ${pod.namespace}, and the run is in ${namespace}`,
    };
  return { kind: "part", part: { server: name, mountPath: name, subPath, volume } };
}

/** Claims and Secrets are of one namespace; a disk that is named by its address is everybody's. */
function namesAnObject(volume: SharedPart["volume"]): boolean {
  return (
    volume.persistentVolumeClaim !== undefined ||
    /"(secretRef|secretName|nodePublishSecretRef)"/.test(JSON.stringify(volume))
  );
}

/** The whole volume under a folder, as the server has it mounted. */
export function wholePart(pod: Pick<OwnPod, "mounts">, part: SharedPart): SharedPart {
  const mount = pod.mounts
    .filter(
      ({ volume, mountPath }) => volume.name === part.volume.name && isAtOrBelow(part.server, mountPath),
    )
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
  if (mount === undefined) return part;
  return { ...part, server: mount.mountPath, mountPath: mount.mountPath, subPath: mount.subPath ?? "" };
}
