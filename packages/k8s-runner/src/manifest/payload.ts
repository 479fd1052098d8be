/** Files, standard input and secret variables, packed into immutable Secrets. */

import type { V1Container, V1EnvVar, V1Volume, V1VolumeMount } from "../cluster/kubernetes-types.ts";
import type { RunSpec } from "../types/spec.ts";
import { copiesPayload } from "./copies.ts";
import { escapeDollars } from "./escape.ts";
import { repositoryPayload } from "./repository.ts";
import { payloadContainer, payloadSecretName } from "./names.ts";

export interface PayloadSecret {
  readonly name: string;
  readonly data: Readonly<Record<string, Uint8Array>>;
}

export interface Payload {
  readonly secrets: readonly PayloadSecret[];
  readonly volumes: readonly V1Volume[];
  readonly mounts: readonly V1VolumeMount[];
  readonly env: readonly V1EnvVar[];
  /** Joins what did not fit into one Secret. */
  readonly initContainer: V1Container | null;
}

export const stdinPath = "/payload/stdin";

/** A Secret holds at most 1,048,576 bytes. */
const secretBytes = 1_000_000;
const defaultMode = 0o444;
const partsFolder = "/payload-parts";
const joinedFolder = "/payload-joined";
const joinScript = `set -e
while [ $# -gt 0 ]; do
  cat ${partsFolder}/"$1".* > ${joinedFolder}/"$1"
  chmod "$2" ${joinedFolder}/"$1"
  shift 2
done`;

export function planPayload(spec: RunSpec, jobName: string, attempt: string): Payload {
  const files = filesOf(spec);
  const packed = pack(
    [
      ...files.flatMap((file) => file.parts),
      ...Object.entries(spec.secretEnv ?? {}).map(([name, value]) => ({
        key: `env.${name}`,
        bytes: Buffer.from(value),
      })),
    ],
    (index) => payloadSecretName(jobName, attempt, index),
  );
  const whole = files.filter(({ parts }) => parts.length === 1);
  const split = files.filter(({ parts }) => parts.length > 1);
  return {
    secrets: packed.secrets,
    volumes: [...wholeVolumes(whole, packed), ...splitVolumes(split, packed)],
    mounts: [
      ...whole.map(({ key, path }) => mountOf(volumeOf(packed, key), key, path)),
      ...split.map(({ key, path }) => mountOf("payload-joined", key, path)),
    ],
    env: Object.keys(spec.secretEnv ?? {}).map((name) => ({
      name,
      valueFrom: { secretKeyRef: { name: packed.secretOf(`env.${name}`), key: `env.${name}` } },
    })),
    initContainer: split.length === 0 ? null : joiningContainer(spec, split),
  };
}

interface PlannedFile {
  readonly key: string;
  readonly path: string;
  readonly mode: number;
  readonly parts: readonly Part[];
}

interface Part {
  readonly key: string;
  readonly bytes: Uint8Array;
}

interface Packed {
  readonly secrets: readonly PayloadSecret[];
  secretOf(key: string): string;
}

function filesOf(spec: RunSpec): readonly PlannedFile[] {
  const files = [
    ...(spec.stdin === undefined ? [] : [{ path: stdinPath, content: spec.stdin }]),
    ...(spec.files ?? []),
    ...copiesPayload(spec),
    ...repositoryPayload(spec),
  ];
  return files.map((file, index) => {
    const key = `file-${index}`;
    const bytes = typeof file.content === "string" ? Buffer.from(file.content) : file.content;
    const mode = "mode" in file ? (file.mode ?? defaultMode) : defaultMode;
    return { key, path: file.path, mode, parts: partsOf(key, bytes) };
  });
}

function partsOf(key: string, bytes: Uint8Array): readonly Part[] {
  if (bytes.length <= secretBytes) return [{ key, bytes }];
  const parts: Part[] = [];
  for (let start = 0; start < bytes.length; start += secretBytes)
    parts.push({
      key: `${key}.${String(parts.length).padStart(6, "0")}`,
      bytes: bytes.subarray(start, start + secretBytes),
    });
  return parts;
}

function pack(parts: readonly Part[], nameOf: (index: number) => string): Packed {
  const bins: { readonly name: string; readonly data: Record<string, Uint8Array>; free: number }[] = [];
  const places = new Map<string, string>();
  for (const { key, bytes } of parts) {
    let bin = bins.find(({ free }) => free >= bytes.length);
    if (bin === undefined) bins.push((bin = { name: nameOf(bins.length), data: {}, free: secretBytes }));
    bin.data[key] = bytes;
    bin.free -= bytes.length;
    places.set(key, bin.name);
  }
  return {
    secrets: bins.map(({ name, data }) => ({ name, data })),
    secretOf: (key) => places.get(key) ?? "",
  };
}

function volumeOf(packed: Packed, key: string): string {
  return `payload-${packed.secrets.findIndex(({ name }) => name === packed.secretOf(key))}`;
}

function wholeVolumes(files: readonly PlannedFile[], packed: Packed): readonly V1Volume[] {
  return packed.secrets.flatMap(({ name: secretName, data }, index) => {
    const items = files.filter(({ key }) => key in data).map(({ key, mode }) => ({ key, path: key, mode }));
    return items.length === 0 ? [] : [{ name: `payload-${index}`, secret: { secretName, items } }];
  });
}

function splitVolumes(files: readonly PlannedFile[], packed: Packed): readonly V1Volume[] {
  if (files.length === 0) return [];
  const sources = files
    .flatMap(({ parts }) => parts)
    .map(({ key }) => ({ secret: { name: packed.secretOf(key), items: [{ key, path: key }] } }));
  return [
    { name: "payload-parts", projected: { sources } },
    { name: "payload-joined", emptyDir: {} },
  ];
}

/** By `subPath`, as a mounted folder would hide what the image has beside the file. */
function mountOf(volume: string, key: string, path: string): V1VolumeMount {
  return { name: volume, mountPath: path, subPath: key, readOnly: true };
}

function joiningContainer(spec: RunSpec, files: readonly PlannedFile[]): V1Container {
  const names = files.flatMap(({ key, mode }) => [key, mode.toString(8).padStart(4, "0")]);
  return {
    name: payloadContainer,
    image: spec.image,
    ...(spec.imagePullPolicy === undefined ? {} : { imagePullPolicy: spec.imagePullPolicy }),
    command: ["/bin/sh", "-c", escapeDollars(joinScript), payloadContainer, ...names],
    ...(spec.resources === undefined ? {} : { resources: spec.resources }),
    volumeMounts: [
      { name: "payload-parts", mountPath: partsFolder, readOnly: true },
      { name: "payload-joined", mountPath: joinedFolder },
    ],
  };
}
