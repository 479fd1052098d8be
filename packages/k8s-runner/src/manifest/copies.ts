/** Copied folders → what the pod needs for them. Pure. */

import type { V1Container, V1Volume, V1VolumeMount } from "../cluster/kubernetes-types.ts";
import { podProgram } from "../files/pod-program.ts";
import { configVariable } from "../files/pod/config.ts";
import type { PodConfig } from "../files/pod/config.ts";
import type { PayloadFile, RunSpec } from "../types/spec.ts";
import { escapeDollars } from "./escape.ts";
import { holderContainer, receiverContainer } from "./names.ts";
import type { Supervision } from "./supervision.ts";

export interface CopiesPlan {
  readonly volumes: readonly V1Volume[];
  /** Of the command's container. */
  readonly mounts: readonly V1VolumeMount[];
  readonly receiver: V1Container;
  readonly holder: V1Container;
}

const root = "/run-files";
export const programPath = `${root}/program.cjs`;
const signalFolder = `${root}/signal`;
const cacheFolder = `${root}/cache`;
const mainFile = `${signalFolder}/main`;
const volumePrefix = "run-files";
/** Added to the command's own grace where a pod is drained or deleted: the kubelet waits so long for the files to be fetched. */
export const mostHoldAfterDeletionSeconds = 120;
/** For the command's image, which may be another one than the holder's, to be pulled. */
const startMarginSeconds = 300;

/** Leaves the command's process id where the holder finds it; the shell becomes the command, so that the id stays. */
export const announceScript = `echo $$ > ${mainFile} && `;

/** The program that runs in both containers. */
export function copiesPayload({ copies }: RunSpec): readonly PayloadFile[] {
  return copies === undefined ? [] : [{ path: programPath, content: podProgram }];
}

export function planCopies(
  spec: RunSpec,
  supervision: Supervision,
  program: V1VolumeMount,
): CopiesPlan | null {
  const { copies } = spec;
  if (copies === undefined) return null;
  const volumes: readonly V1Volume[] = [
    { name: `${volumePrefix}-state`, emptyDir: {} },
    { name: `${volumePrefix}-signal`, emptyDir: {} },
    ...copies.folders.map((_, index) => ({ name: `${volumePrefix}-${index}`, emptyDir: {} })),
  ];
  const { cache } = copies;
  const signal = { name: `${volumePrefix}-signal`, mountPath: signalFolder };
  const helperMounts: readonly V1VolumeMount[] = [
    program,
    signal,
    { name: `${volumePrefix}-state`, mountPath: `${root}/state` },
    ...copies.folders.map((_, index) => ({ name: `${volumePrefix}-${index}`, mountPath: folderOf(index) })),
  ];
  const helper = (name: string, command: string, more: readonly V1VolumeMount[] = []): V1Container => ({
    name,
    image: copies.image ?? spec.image,
    ...(spec.imagePullPolicy === undefined ? {} : { imagePullPolicy: spec.imagePullPolicy }),
    command: [...programCommand(command)],
    env: [{ name: configVariable, value: escapeDollars(JSON.stringify(podConfigOf(copies, supervision))) }],
    resources: helperResources,
    volumeMounts: [...helperMounts, ...more],
  });
  return {
    volumes: cache === undefined ? volumes : [...volumes, cache],
    mounts: [
      signal,
      ...copies.folders.map(({ path }, index) => ({ name: `${volumePrefix}-${index}`, mountPath: path })),
    ],
    // Not the holder's, whose files are within reach of a command that shares its processes and its user.
    receiver: helper(
      receiverContainer,
      "wait",
      cache === undefined ? [] : [{ name: cache.name, mountPath: cacheFolder }],
    ),
    holder: helper(holderContainer, "hold"),
  };
}

/** The number of a copied folder, by the name of its volume; `null`: another volume. */
export function copiedVolumeIndex(name: string): number | null {
  const index = name.startsWith(`${volumePrefix}-`) ? name.slice(volumePrefix.length + 1) : "";
  return /^\d{1,4}$/.test(index) ? Number(index) : null;
}

export function programCommand(...words: readonly string[]): readonly string[] {
  return ["node", programPath, ...words];
}

function folderOf(index: number): string {
  return `${root}/folders/${index}`;
}

/** Both containers hold little, whatever the folders hold; a namespace with a quota admits only what has limits. */
const helperResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

function podConfigOf(copies: NonNullable<RunSpec["copies"]>, supervision: Supervision): PodConfig {
  const { graceSeconds, budgets, holdSeconds } = supervision;
  return {
    folders: copies.folders.map(({ exclude = [], only = [] }, index) => ({
      folder: folderOf(index),
      exclude,
      only,
    })),
    back: copies.folders.flatMap(({ direction }, index) => (direction === "in" ? [] : [index])),
    stateFolder: `${root}/state`,
    cacheFolder: copies.cache === undefined ? null : cacheFolder,
    mainFile,
    graceSeconds,
    holdSeconds: holdSeconds ?? 0,
    startSeconds: budgets.imagePullSeconds + budgets.startSeconds + startMarginSeconds,
  };
}
