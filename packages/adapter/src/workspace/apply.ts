import type { RunSpec } from "@claude-k8s/k8s-runner";

import { pinned } from "./pin.ts";
import type { Workspace } from "./workspace.ts";

/**
 * A run's spec with what its workspace adds. Its folders are copied before those that the spec has already: what is remembered of
 * the copies lies beside the first one, which every process knows that may take the run over.
 */
export function applyWorkspace(spec: RunSpec, { spec: added, pin }: Workspace): RunSpec {
  const {
    volumes,
    volumeMounts,
    initContainers,
    extraContainers,
    copies,
    env,
    secretEnv,
    secretEnvFrom,
    ...rest
  } = added;
  const joined = joinedCopies(spec.copies, copies);
  return {
    ...spec,
    ...rest,
    ...((spec.volumes ?? volumes) && { volumes: [...(spec.volumes ?? []), ...(volumes ?? [])] }),
    ...((spec.volumeMounts ?? volumeMounts) && {
      volumeMounts: [...(spec.volumeMounts ?? []), ...(volumeMounts ?? [])],
    }),
    ...((spec.initContainers ?? initContainers) && {
      initContainers: [...(initContainers ?? []), ...(spec.initContainers ?? [])],
    }),
    ...((spec.extraContainers ?? extraContainers) && {
      extraContainers: [...(spec.extraContainers ?? []), ...(extraContainers ?? [])],
    }),
    ...(pin !== null && { affinity: pinned(spec.affinity, pin) }),
    ...(joined !== undefined && { copies: joined }),
    env: { ...env, ...spec.env },
    secretEnv: { ...secretEnv, ...spec.secretEnv },
    ...((spec.secretEnvFrom ?? secretEnvFrom) && {
      secretEnvFrom: { ...secretEnvFrom, ...spec.secretEnvFrom },
    }),
  };
}

/** Limits count for all folders together, so that those of both parts are added. */
function joinedCopies(own: RunSpec["copies"], added: RunSpec["copies"]): RunSpec["copies"] {
  if (own === undefined || added === undefined) return own ?? added;
  const sum = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : a + b;
  const bytes = sum(own.limits?.bytes, added.limits?.bytes);
  const entries = sum(own.limits?.entries, added.limits?.entries);
  return {
    ...own,
    ...added,
    folders: [...added.folders, ...own.folders],
    limits: { ...(bytes !== undefined && { bytes }), ...(entries !== undefined && { entries }) },
  };
}
