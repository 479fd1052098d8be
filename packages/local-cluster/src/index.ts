export { createSystemClock, createVirtualClock } from "./clock.ts";
export type { ClusterClock, VirtualClock, VirtualClockOptions } from "./clock.ts";
export { UnknownObjectError } from "./errors.ts";
export { startLocalCluster } from "./start.ts";
export type {
  AccessRule,
  AdmissionOptions,
  ContainerContext,
  ContainerScript,
  ImageState,
  KubeletOptions,
  LocalClusterOptions,
  NodeOptions,
  ScriptEnding,
  ScriptStep,
  UserOptions,
} from "./options.ts";
export type {
  ApiServerControls,
  ClusterInspection,
  KubeletControls,
  LocalCluster,
  PodReference,
  SchedulerControls,
} from "./types.ts";

export { startFaultProxy } from "./proxy/start.ts";
export type { FaultProxy, FaultProxyOptions } from "./proxy/start.ts";
export type { FaultRule, Incident, InjectedFault, PlanDraw, PlanEntry } from "./proxy/rules.ts";
export type { ProxiedRequest, RequestMatch } from "./proxy/request.ts";
export type { Random } from "./proxy/random.ts";
export { KubeconfigError } from "./proxy/target.ts";
export type {
  CutFault,
  Ending,
  ErrorTextFault,
  Fault,
  GoawayFault,
  GoneFault,
  LatencyFault,
  LostReplyFault,
  RefuseFault,
  SilenceFault,
  StaleFault,
  StatusFault,
  UnauthorizedFault,
  WatchDropFault,
  WatchRepeatFault,
} from "./proxy/faults.ts";
