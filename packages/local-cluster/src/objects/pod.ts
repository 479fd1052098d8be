import type { ApiObject, Condition } from "./object.ts";

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: {
    secretKeyRef?: { name: string; key: string; optional?: boolean };
    configMapKeyRef?: { name: string; key: string; optional?: boolean };
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { containerName?: string; resource: string };
  };
}

export interface Container {
  name: string;
  image: string;
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvironmentVariable[];
  envFrom?: {
    prefix?: string;
    secretRef?: { name: string; optional?: boolean };
    configMapRef?: { name: string; optional?: boolean };
  }[];
  volumeMounts?: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  restartPolicy?: string;
  terminationMessagePath?: string;
  terminationMessagePolicy?: "File" | "FallbackToLogsOnError";
  securityContext?: Record<string, unknown>;
  stdin?: boolean;
  lifecycle?: unknown;
}

interface VolumeItem {
  key: string;
  path: string;
  mode?: number;
}

export interface VolumeSource {
  secret?: { secretName: string; defaultMode?: number; optional?: boolean; items?: VolumeItem[] };
  configMap?: { name: string; defaultMode?: number; optional?: boolean; items?: VolumeItem[] };
  emptyDir?: { medium?: string; sizeLimit?: string };
  hostPath?: { path: string; type?: string };
  persistentVolumeClaim?: { claimName: string };
  downwardAPI?: {
    defaultMode?: number;
    items?: { path: string; mode?: number; fieldRef?: { fieldPath: string } }[];
  };
  projected?: {
    defaultMode?: number;
    sources?: {
      secret?: { name: string; optional?: boolean; items?: VolumeItem[] };
      configMap?: { name: string; optional?: boolean; items?: VolumeItem[] };
      downwardAPI?: { items?: { path: string; mode?: number; fieldRef?: { fieldPath: string } }[] };
      serviceAccountToken?: { path: string };
    }[];
  };
}

export interface Volume extends VolumeSource {
  name: string;
}

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
  restartPolicy?: "Never" | "OnFailure" | "Always";
  terminationGracePeriodSeconds?: number;
  activeDeadlineSeconds?: number;
  serviceAccountName?: string;
  serviceAccount?: string;
  automountServiceAccountToken?: boolean;
  shareProcessNamespace?: boolean;
  schedulerName?: string;
  schedulingGates?: { name: string }[];
  dnsPolicy?: string;
  enableServiceLinks?: boolean;
  priority?: number;
  priorityClassName?: string;
  preemptionPolicy?: string;
  hostname?: string;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  imagePullSecrets?: { name: string }[];
  securityContext?: Record<string, unknown>;
}

export interface TerminatedState {
  containerID?: string;
  exitCode: number;
  signal?: number;
  reason: string;
  message?: string;
  startedAt?: string | null;
  finishedAt?: string | null;
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: TerminatedState;
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
  resources?: unknown;
  volumeMounts?: unknown[];
}

export interface PodStatus {
  phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
  hostIP?: string;
  hostIPs?: { ip: string }[];
  podIP?: string;
  podIPs?: { ip: string }[];
  message?: string;
  reason?: string;
  nominatedNodeName?: string;
  qosClass?: string;
  startTime?: string;
  observedGeneration?: number;
}

export interface Pod extends ApiObject {
  spec: PodSpec;
  status: PodStatus;
}
