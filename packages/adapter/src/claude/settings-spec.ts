import type { RunSpec } from "@claude-k8s/k8s-runner";

import type { Settings } from "../settings/settings.ts";
import { podPaths } from "./paths.ts";

/** The part of a run's spec that its settings alone decide. */
export function specOfSettings(
  settings: Settings,
): Omit<RunSpec, "namespace" | "slot" | "runId" | "command" | "stdin"> {
  const { pod, life } = settings;
  const volumes = ownVolumes(pod);
  return {
    image: pod.image,
    workingDirectory: workingDirectoryOf(settings),
    volumes: volumes.map(({ name }) => ({ name, emptyDir: {} })),
    volumeMounts: volumes.map(({ name, mountPath }) => ({ name, mountPath })),
    resources: pod.resources,
    nodeSelector: pod.nodeSelector,
    tolerations: pod.tolerations,
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
    ...(pod.podTemplate !== null && { podTemplate: pod.podTemplate }),
    ...(life.deadlineSeconds !== null && { deadlineSeconds: life.deadlineSeconds }),
  };
}

export function workingDirectoryOf(settings: Settings): string {
  return settings.pod.workingDirectory ?? podPaths.workingDirectory;
}

/** Empty volumes for the folders that nothing else brings: the root of an image belongs to root, and the agent is user 1000. */
function ownVolumes(pod: Settings["pod"]): readonly { readonly name: string; readonly mountPath: string }[] {
  const wanted = [
    ...(pod.workingDirectory === null ? [{ name: "workspace", mountPath: podPaths.workingDirectory }] : []),
    ...(pod.homeDirectory === null ? [] : [{ name: "home", mountPath: pod.homeDirectory }]),
  ];
  const mounted = mountPathsOf(pod.podTemplate);
  return wanted.filter(({ mountPath }) => !mounted.has(mountPath));
}

function mountPathsOf(template: Settings["pod"]["podTemplate"]): ReadonlySet<string> {
  const containers = Array.isArray(template?.spec?.containers) ? template.spec.containers : [];
  const mounts = containers.flatMap((container) =>
    Array.isArray(container.volumeMounts) ? container.volumeMounts : [],
  );
  return new Set(mounts.flatMap((mount) => mount.mountPath?.replace(/(?<=^\/|[^/])\/+$/, "") ?? []));
}
