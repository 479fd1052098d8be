import { posix } from "node:path";

import type { RunSpec } from "@claude-k8s/k8s-runner";

import type { Settings } from "../settings/settings.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { podPaths } from "./paths.ts";
import { resourcesOf } from "./resources.ts";

/** The part of a run's spec that its settings alone decide. */
export function specOfSettings(
  settings: Settings,
  workspace?: Workspace,
): Omit<RunSpec, "namespace" | "slot" | "runId" | "command" | "stdin"> {
  const { pod, life } = settings;
  const volumes = ownVolumes(pod, workspace);
  return {
    image: pod.image,
    workingDirectory: workspace?.workingDirectory ?? pod.workingDirectory ?? podPaths.workingDirectory,
    volumes: volumes.map(({ name, sizeLimit }) => ({ name, emptyDir: sizeLimit ? { sizeLimit } : {} })),
    volumeMounts: volumes.map(({ name, mountPath }) => ({ name, mountPath })),
    temporarySize: pod.temporarySize,
    resources: resourcesOf(pod),
    nodeSelector: pod.nodeSelector,
    tolerations: pod.tolerations,
    ...listed("topologySpreadConstraints", pod.topologySpreadConstraints),
    ...listed("hostAliases", pod.hostAliases),
    ...listed("imagePullSecrets", pod.registryLogins),
    ...listed("initContainers", pod.initContainers.map(restricted)),
    ...listed("extraContainers", pod.extraContainers.map(restricted)),
    labels: pod.labels,
    graceSeconds: life.graceSeconds,
    ttlSecondsAfterFinished: life.ttlSecondsAfterFinished,
    budgets: {
      ...(life.queueWaitSeconds !== null && { queueSeconds: life.queueWaitSeconds }),
      ...(life.nodeWaitSeconds !== null && { schedulingSeconds: life.nodeWaitSeconds }),
      ...(life.imageWaitSeconds !== null && { imagePullSeconds: life.imageWaitSeconds }),
    },
    ...(pod.imagePullPolicy !== null && { imagePullPolicy: pod.imagePullPolicy }),
    ...(pod.serviceAccountName !== null && { serviceAccountName: pod.serviceAccountName }),
    ...(pod.affinity !== null && { affinity: pod.affinity }),
    ...(pod.priorityClassName !== null && { priorityClassName: pod.priorityClassName }),
    ...(pod.runtimeClassName !== null && { runtimeClassName: pod.runtimeClassName }),
    ...(pod.queueName !== null && { queueName: pod.queueName }),
    ...(pod.podTemplate !== null && { podTemplate: pod.podTemplate }),
    ...(settings.recordOutput && { recordOutput: {} }),
    ...(life.deadlineSeconds !== null && { deadlineSeconds: life.deadlineSeconds }),
  };
}

function listed<K extends keyof RunSpec, V>(field: K, values: readonly V[]): { [name in K]?: V[] } {
  return values.length === 0 ? {} : ({ [field]: [...values] } as { [name in K]: V[] });
}

type Container = NonNullable<RunSpec["extraContainers"]>[number];

/** As the runner does it for the container of the run: what is not said is as Pod Security "restricted" wants it. */
function restricted(container: Container): Container {
  const given = container.securityContext;
  const capabilities = Object.assign({ drop: ["ALL"] }, given?.capabilities);
  const securityContext = Object.assign({ allowPrivilegeEscalation: false }, given, { capabilities });
  return Object.assign({}, container, { securityContext });
}

interface OwnVolume {
  readonly name: string;
  readonly mountPath: string;
  readonly sizeLimit?: string;
}

/** Empty volumes for the folders that nothing else brings: the root of an image belongs to root, and the agent is user 1000. */
function ownVolumes(pod: Settings["pod"], workspace: Workspace | undefined): readonly OwnVolume[] {
  const workingDirectory = workspace?.workingDirectory ?? podPaths.workingDirectory;
  const wanted = [
    ...(pod.workingDirectory === null ? [{ name: "workspace", mountPath: workingDirectory }] : []),
    ...(pod.homeDirectory === null ? [] : [{ name: "home", mountPath: pod.homeDirectory }]),
    // Elsewhere the home goes with the pod, and its caches with it.
    ...(workspace === undefined || workspace.lastingHome === null
      ? []
      : [{ name: "cache", mountPath: podPaths.cache, sizeLimit: pod.cacheSize }]),
  ];
  const mounted = [
    ...mountPathsOf(pod.podTemplate),
    ...(workspace === undefined ? [] : mountedBy(workspace)),
  ];
  return wanted.filter(({ mountPath }) => !mounted.some((path) => isAtOrBelow(mountPath, path)));
}

/** An empty volume there would hide what lasts. */
function isAtOrBelow(path: string, mounted: string): boolean {
  return path === mounted || mounted === "/" || path.startsWith(`${mounted}/`);
}

function mountedBy({ spec }: Workspace): readonly string[] {
  const folders = spec.copies?.folders ?? [];
  return [
    ...(spec.volumeMounts ?? []).map(({ mountPath }) => mountPath),
    ...folders.map(({ path }) => path),
    ...(spec.repository === undefined ? [] : [posix.dirname(spec.repository.path)]),
  ];
}

function mountPathsOf(template: Settings["pod"]["podTemplate"]): ReadonlySet<string> {
  const containers = Array.isArray(template?.spec?.containers) ? template.spec.containers : [];
  const mounts = containers.flatMap((container) =>
    Array.isArray(container.volumeMounts) ? container.volumeMounts : [],
  );
  return new Set(mounts.flatMap((mount) => mount.mountPath?.replace(/(?<=^\/|[^/])\/+$/, "") ?? []));
}
