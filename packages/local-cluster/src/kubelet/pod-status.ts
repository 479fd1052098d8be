import { setCondition } from "../controllers/conditions.ts";
import type {
  Condition,
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodStatus,
} from "../objects/types.ts";

/** What the kubelet knows of one container. */
export interface ContainerFacts {
  readonly spec: Container;
  readonly isInit: boolean;
  readonly id: string | null;
  readonly imageId: string;
  readonly imageName: string;
  readonly state: ContainerState;
  /** How the container before this one ended. */
  readonly lastState: ContainerState;
  readonly restartCount: number;
  /** It has ended and will be started again. */
  readonly willRestart: boolean;
}

export interface PodFacts {
  readonly containers: readonly ContainerFacts[];
  readonly sandboxReady: boolean;
  readonly startTime: string;
  readonly podIP: string | null;
  readonly hostIP: string;
  /** Eviction or deadline: the pod fails whatever its containers did. */
  readonly ending: { readonly reason: string; readonly message: string } | null;
  /** All containers have ended and nothing more will happen: only now may the phase be final. */
  readonly settled: boolean;
}

export function buildPodStatus(pod: Pod, facts: PodFacts, now: string): PodStatus {
  const inits = facts.containers.filter((container) => container.isInit);
  const mains = facts.containers.filter((container) => !container.isInit);
  const phase = phaseOf(facts, inits, mains);
  const conditions = structuredClone(pod.status.conditions ?? []);
  for (const condition of conditionsOf(pod, facts, inits, mains, phase))
    setCondition(conditions, condition, now);
  const order = [
    "DisruptionTarget",
    "PodReadyToStartContainers",
    "Initialized",
    "Ready",
    "ContainersReady",
    "PodScheduled",
  ];
  conditions.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  return {
    ...(pod.status.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
    phase,
    conditions,
    ...(facts.ending === null || phase !== "Failed" ? {} : facts.ending),
    hostIP: facts.hostIP,
    hostIPs: [{ ip: facts.hostIP }],
    ...(facts.podIP === null ? {} : { podIP: facts.podIP, podIPs: [{ ip: facts.podIP }] }),
    startTime: facts.startTime,
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits.map((entry) => statusOf(entry)) }),
    containerStatuses: mains.map((entry) => statusOf(entry)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    observedGeneration: pod.metadata.generation ?? 1,
  };
}

function phaseOf(
  facts: PodFacts,
  inits: readonly ContainerFacts[],
  mains: readonly ContainerFacts[],
): PodStatus["phase"] {
  const codes = mains.map((container) => container.state.terminated?.exitCode ?? null);
  const initFailed = inits.some((container) => (container.state.terminated?.exitCode ?? 0) !== 0);
  if (facts.settled) {
    const failed = facts.ending !== null || initFailed || codes.some((code) => code !== 0);
    return failed ? "Failed" : "Succeeded";
  }
  // One that waits to be started again has been running.
  const neverRan = ({ state, lastState }: ContainerFacts): boolean =>
    state.waiting !== undefined && lastState.terminated === undefined;
  if (mains.some((container) => neverRan(container))) return "Pending";
  return "Running";
}

function conditionsOf(
  pod: Pod,
  facts: PodFacts,
  inits: readonly ContainerFacts[],
  mains: readonly ContainerFacts[],
  phase: PodStatus["phase"],
): Condition[] {
  const observedGeneration = pod.metadata.generation ?? 1;
  const make = (type: string, status: boolean, reason?: string, message?: string): Condition => ({
    type,
    status: status ? "True" : "False",
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    lastProbeTime: null,
    observedGeneration,
  });
  const allEnded = mains.every(
    (container) => container.state.terminated !== undefined && !container.willRestart,
  );
  const incomplete = inits.filter((container) => container.state.terminated?.exitCode !== 0);
  const unready = mains.filter((container) => container.state.running === undefined);
  const names = (list: readonly ContainerFacts[]) => list.map((container) => container.spec.name).join(" ");

  const completed =
    (phase === "Succeeded" || allEnded) && mains.every((entry) => entry.state.terminated?.exitCode === 0);
  const failed = phase === "Failed" || (allEnded && !completed);
  const initialized =
    incomplete.length > 0
      ? make(
          "Initialized",
          false,
          "ContainersNotInitialized",
          `containers with incomplete status: [${names(incomplete)}]`,
        )
      : make("Initialized", true, ...(phase === "Succeeded" ? ["PodCompleted"] : []));
  const ready = (type: string): Condition => {
    if (failed) return make(type, false, "PodFailed");
    if (completed) return make(type, false, "PodCompleted");
    if (unready.length === 0) return make(type, true);
    return make(type, false, "ContainersNotReady", `containers with unready status: [${names(unready)}]`);
  };
  return [
    make("PodReadyToStartContainers", facts.sandboxReady && !facts.settled),
    initialized,
    ready("Ready"),
    ready("ContainersReady"),
    make("PodScheduled", true),
  ];
}

function statusOf(container: ContainerFacts): ContainerStatus {
  const { running } = container.state;
  const ready = container.isInit ? container.state.terminated?.exitCode === 0 : running !== undefined;
  return {
    ...(container.id === null ? {} : { containerID: container.id }),
    image: container.id === null ? container.spec.image : container.imageName,
    imageID: container.id === null ? "" : container.imageId,
    lastState: container.lastState,
    name: container.spec.name,
    ready,
    ...(container.id === null ? {} : { resources: container.spec.resources ?? {} }),
    restartCount: container.restartCount,
    started: running !== undefined,
    state: container.state,
    ...(container.spec.volumeMounts === undefined
      ? {}
      : {
          volumeMounts: container.spec.volumeMounts.map(({ name, mountPath, readOnly }) => ({
            name,
            mountPath,
            ...(readOnly === true ? { readOnly, recursiveReadOnly: "Disabled" } : {}),
          })),
        }),
  };
}
