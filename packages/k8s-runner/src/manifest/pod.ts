/** Spec → pod template, Pod Security "restricted" by default. */

import type {
  V1Container,
  V1EnvVar,
  V1PodSecurityContext,
  V1PodSpec,
  V1PodTemplateSpec,
  V1SecurityContext,
  V1VolumeMount,
} from "../cluster/kubernetes-types.ts";
import type { RunSpec } from "../types/spec.ts";
import { announceScript, mostHoldAfterDeletionSeconds, planCopies, programPath } from "./copies.ts";
import type { CopiesPlan } from "./copies.ts";
import { announceRecordScript, recordRedirection } from "../record/script.ts";
import { planRecord } from "./record.ts";
import type { RecordPlan } from "./record.ts";
import { announceRepositoryScript, isForGitAlone, planRepository } from "./repository.ts";
import type { RepositoryPlan } from "./repository.ts";
import { escapeDollars } from "./escape.ts";
import { ownLabels } from "./job-labels.ts";
import { mainContainer } from "./names.ts";
import { mergeStrategically } from "./overlay.ts";
import { stdinPath } from "./payload.ts";
import type { Payload } from "./payload.ts";
import type { Supervision } from "./supervision.ts";

const defaultUser = 1000;
const temporaryFolder = "/tmp";

export interface PodPlan {
  readonly supervision: Supervision;
  readonly podDeadlineSeconds: number | null;
}

export function podTemplateOf(spec: RunSpec, payload: Payload, plan: PodPlan): V1PodTemplateSpec {
  const own = ownLabels(spec);
  const template: V1PodTemplateSpec = {
    metadata: { labels: { ...spec.labels, ...own } },
    spec: podSpecOf(spec, payload, plan),
  };
  const merged = mergeStrategically(template, spec.podTemplate);
  // The runner finds its pods by these, and network policies and quotas find theirs by the caller's.
  return mergeStrategically(merged, { metadata: { labels: { ...spec.labels, ...own } } });
}

function podSpecOf(spec: RunSpec, payload: Payload, { supervision, podDeadlineSeconds }: PodPlan): V1PodSpec {
  const copies = copiesOf(spec, payload, supervision);
  const repository = planRepository(spec, supervision, payload.mounts);
  const record = planRecord(spec, supervision);
  const initContainers = [
    ...(payload.initContainer === null ? [] : [restricted(payload.initContainer, spec)]),
    ...(repository?.preparing ?? []).map((container) => restricted(container, spec)),
    ...(copies === null ? [] : [restricted(copies.receiver, spec)]),
    ...(spec.initContainers ?? []),
  ];
  const mountsTemporary = temporaryIsFree(spec);
  return {
    restartPolicy: "Never",
    // The command is then not process 1: signals end it that it has no handler for, and its orphans are reaped.
    shareProcessNamespace: true,
    automountServiceAccountToken: spec.mountServiceAccountToken ?? false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: supervision.graceSeconds + holdAfterDeletion(supervision),
    ...(podDeadlineSeconds === null ? {} : { activeDeadlineSeconds: podDeadlineSeconds }),
    securityContext: podSecurityOf(spec),
    ...given("serviceAccountName", spec.serviceAccountName),
    ...given("nodeSelector", spec.nodeSelector),
    ...given("tolerations", spec.tolerations && [...spec.tolerations]),
    ...given("affinity", spec.affinity),
    ...given(
      "topologySpreadConstraints",
      spec.topologySpreadConstraints && [...spec.topologySpreadConstraints],
    ),
    ...given("hostAliases", spec.hostAliases && [...spec.hostAliases]),
    ...given("dnsPolicy", spec.dnsPolicy),
    ...given("dnsConfig", spec.dnsConfig),
    ...given("priorityClassName", spec.priorityClassName),
    ...given("runtimeClassName", spec.runtimeClassName),
    ...given(
      "imagePullSecrets",
      spec.imagePullSecrets?.map((name) => ({ name })),
    ),
    volumes: [
      ...(mountsTemporary ? [{ name: "tmp", emptyDir: given("sizeLimit", spec.temporarySize) }] : []),
      ...writableFolders(spec).map(({ name }) => ({ name, emptyDir: {} })),
      ...payload.volumes,
      ...(copies?.volumes ?? []),
      ...(repository?.volumes ?? []),
      ...(record?.volumes ?? []),
      ...(spec.volumes ?? []),
    ],
    ...given("initContainers", initContainers.length === 0 ? undefined : initContainers),
    containers: [
      restricted(mainContainerOf(spec, payload, [copies, repository, record], mountsTemporary), spec),
      ...(copies === null ? [] : [restricted(copies.holder, spec)]),
      ...(repository === null ? [] : [restricted(repository.closing, spec)]),
      ...(record === null ? [] : [restricted(record.recorder, spec)]),
      ...(spec.extraContainers ?? []),
    ],
  };
}

/** The holder ends the command after its grace, and itself as soon as the files are fetched. */
function holdAfterDeletion({ holdSeconds, closingSeconds, recordSeconds }: Supervision): number {
  const longest = Math.max(holdSeconds ?? 0, closingSeconds ?? 0, recordSeconds ?? 0);
  return Math.min(longest, mostHoldAfterDeletionSeconds);
}

function copiesOf(spec: RunSpec, payload: Payload, supervision: Supervision): CopiesPlan | null {
  const program = payload.mounts.find(({ mountPath }) => mountPath === programPath);
  return program === undefined ? null : planCopies(spec, supervision, program);
}

function mainContainerOf(
  spec: RunSpec,
  payload: Payload,
  plans: readonly (CopiesPlan | RepositoryPlan | RecordPlan | null)[],
  mountsTemporary: boolean,
): V1Container {
  const mounts: readonly V1VolumeMount[] = [
    ...(mountsTemporary ? [{ name: "tmp", mountPath: temporaryFolder }] : []),
    ...writableFolders(spec).map(({ name, path }) => ({ name, mountPath: path })),
    ...payload.mounts.filter((mount) => !isForGitAlone(mount)),
    ...plans.flatMap((plan) => plan?.mounts ?? []),
    ...(spec.volumeMounts ?? []),
  ];
  return {
    name: mainContainer,
    image: spec.image,
    ...given("imagePullPolicy", spec.imagePullPolicy),
    command: commandOf(spec).map(escapeDollars),
    ...given("workingDir", spec.workingDirectory),
    env: envOf(spec, payload),
    ...given("resources", spec.resources),
    volumeMounts: [...mounts],
  };
}

/** The shell replaces itself by the command, so that signals and the exit code are the command's own. */
function commandOf({ command, stdin, copies, repository, recordOutput }: RunSpec): readonly string[] {
  const announce = [
    copies === undefined ? "" : announceScript,
    repository === undefined ? "" : announceRepositoryScript,
    recordOutput === undefined ? "" : announceRecordScript,
  ].join("");
  if (stdin === undefined && announce === "") return command;
  const exec = stdin === undefined ? 'exec "$@"' : 'exec "$@" < "$0"';
  const redirection = recordOutput === undefined ? "" : recordRedirection;
  return ["/bin/sh", "-c", `${announce}${exec}${redirection}`, stdinPath, ...command];
}

function envOf(spec: RunSpec, payload: Payload): V1EnvVar[] {
  return [
    ...Object.entries(spec.env ?? {}).map(([name, value]) => ({ name, value: escapeDollars(value) })),
    ...payload.env,
    ...Object.entries(spec.secretEnvFrom ?? {}).map(([name, { secretName, key, optional }]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secretName, key, ...given("optional", optional) } },
    })),
  ];
}

function podSecurityOf(spec: RunSpec): V1PodSecurityContext {
  const user = spec.runAsUser ?? defaultUser;
  return {
    runAsNonRoot: user !== 0,
    runAsUser: user,
    runAsGroup: spec.runAsGroup ?? user,
    ...(spec.fsGroup !== null && {
      fsGroup: spec.fsGroup ?? spec.runAsGroup ?? user,
      // Without it, the kubelet walks the whole volume before every start.
      fsGroupChangePolicy: "OnRootMismatch",
    }),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

const containerSecurity: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};

function restricted(
  container: V1Container,
  { readOnlyRootFilesystem }: Pick<RunSpec, "readOnlyRootFilesystem">,
): V1Container {
  const own = mergeStrategically(containerSecurity, given("readOnlyRootFilesystem", readOnlyRootFilesystem));
  const securityContext = mergeStrategically(own, container.securityContext);
  return mergeStrategically(container, { securityContext });
}

function writableFolders(spec: RunSpec): readonly { readonly name: string; readonly path: string }[] {
  return (spec.writablePaths ?? []).map((path, index) => ({ name: `writable-${index}`, path }));
}

function temporaryIsFree(spec: RunSpec): boolean {
  return !(spec.volumeMounts ?? []).some(
    ({ mountPath }) => mountPath.replace(/(?<!\/)\/+$/, "") === temporaryFolder,
  );
}

function given<K extends string, V>(name: K, value: V | undefined): { [name in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [name in K]: V });
}
