/** Recorded output → what the pod needs for it. Pure. */

import type { V1Container, V1Volume, V1VolumeMount } from "../cluster/kubernetes-types.ts";
import { recordFolder, recorderScript } from "../record/script.ts";
import type { RunSpec } from "../types/spec.ts";
import { escapeDollars } from "./escape.ts";
import { recorderContainer } from "./names.ts";
import type { Supervision } from "./supervision.ts";

export interface RecordPlan {
  readonly volumes: readonly V1Volume[];
  /** Of the command's container. */
  readonly mounts: readonly V1VolumeMount[];
  readonly recorder: V1Container;
}

const volume = "run-record";
const defaultLimitBytes = 1024 ** 3;
/** For the command's container, which starts before this one, to come so far. */
const startMarginSeconds = 300;
/** It holds nothing itself; a namespace with a quota admits only what has limits. */
const resources = { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "128Mi" } };

export function planRecord(spec: RunSpec, supervision: Supervision): RecordPlan | null {
  const { recordOutput } = spec;
  if (recordOutput === undefined) return null;
  const { graceSeconds, budgets, recordSeconds } = supervision;
  const limit = recordOutput.limitBytes ?? defaultLimitBytes;
  const seconds = [
    budgets.imagePullSeconds + budgets.startSeconds + startMarginSeconds,
    graceSeconds,
    recordSeconds ?? 0,
  ];
  const mount = { name: volume, mountPath: recordFolder };
  return {
    // The kubelet evicts a pod beyond it, so that it lies above the size at which the file's beginning is given up.
    volumes: [{ name: volume, emptyDir: { sizeLimit: String(Math.ceil(limit * (7 / 6)) + 16 * 1024 ** 2) } }],
    mounts: [mount],
    recorder: {
      name: recorderContainer,
      image: spec.image,
      ...(spec.imagePullPolicy === undefined ? {} : { imagePullPolicy: spec.imagePullPolicy }),
      command: ["/bin/sh", "-c", recorderScript, "sh", ...[...seconds, limit].map(String)].map(escapeDollars),
      resources,
      volumeMounts: [mount],
    },
  };
}
