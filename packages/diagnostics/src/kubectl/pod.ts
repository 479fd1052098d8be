import type { ContainerLike, ContainerStateLike, PodLike } from "../evidence/cluster.ts";
import { readConditions } from "../facts/conditions.ts";
import { type Fields, fields, isPresent, list, number, text, time, words } from "../facts/read.ts";

const defaultContainer = "kubectl.kubernetes.io/default-container";

/** Name of the container that runs Claude. */
export function mainOf(pod: Fields, wanted: string | null): string | null {
  const names = list(fields(pod["spec"])["containers"]).map((container) => words(fields(container)["name"]));
  const annotated = words(fields(fields(pod["metadata"])["annotations"])[defaultContainer]);
  return [wanted, annotated].find((name) => name !== null && names.includes(name)) ?? names[0] ?? null;
}

/** The main container stands first among those that are no init containers: that is how it is known. */
export function podEvidence(pod: Fields, main: string | null): PodLike {
  const metadata = fields(pod["metadata"]);
  const spec = fields(pod["spec"]);
  const status = fields(pod["status"]);
  const init = containers(spec["initContainers"], status["initContainerStatuses"], true);
  const others = containers(spec["containers"], status["containerStatuses"], false);
  const first = others.filter(({ name }) => name === main);
  return {
    name: words(metadata["name"]) ?? "?",
    phase: words(status["phase"]),
    reason: words(status["reason"]),
    message: words(status["message"]),
    nodeName: words(spec["nodeName"]),
    createdAt: time(metadata["creationTimestamp"]),
    deletionTimestamp: time(metadata["deletionTimestamp"]),
    deletionGracePeriodSeconds: number(metadata["deletionGracePeriodSeconds"]),
    terminationGracePeriodSeconds: number(spec["terminationGracePeriodSeconds"]),
    activeDeadlineSeconds: number(spec["activeDeadlineSeconds"]),
    conditions: readConditions(status["conditions"]),
    containers: [...init, ...first, ...others.filter(({ name }) => name !== main)],
  };
}

function containers(specs: unknown, statuses: unknown, init: boolean): readonly ContainerLike[] {
  const byName = new Map(list(statuses).map((item) => [words(fields(item)["name"]), fields(item)] as const));
  const known = list(specs).filter(isPresent).map(fields);
  // A pod whose spec is not in hand still has its containers' states.
  const all = known.length > 0 ? known : [...byName.values()];
  return all.map((spec) => containerEvidence(spec, byName.get(words(spec["name"])), init, known.length > 0));
}

function containerEvidence(
  spec: Fields,
  status: Fields | undefined,
  init: boolean,
  specKnown: boolean,
): ContainerLike {
  const resources = fields(spec["resources"]);
  const seen = {
    name: words(spec["name"]) ?? "?",
    init,
    restartPolicy: words(spec["restartPolicy"]),
    image: words(spec["image"]) ?? words(status?.["image"]),
    restartCount: number(status?.["restartCount"]) ?? 0,
    state: stateOf(status),
  };
  return specKnown
    ? {
        ...seen,
        resources: { requests: quantities(resources["requests"]), limits: quantities(resources["limits"]) },
      }
    : seen;
}

/** Of a container that waits to be started again, its last ending is what there is to explain. */
function stateOf(status: Fields | undefined): ContainerStateLike {
  const state = fields(status?.["state"]);
  const waiting = fields(state["waiting"]);
  const last = fields(fields(status?.["lastState"])["terminated"]);
  if (isPresent(state["terminated"])) return terminated(fields(state["terminated"]));
  if (isPresent(state["running"]))
    return { kind: "running", startedAt: time(fields(state["running"])["startedAt"]) };
  if (words(waiting["reason"]) === "CrashLoopBackOff" && number(last["exitCode"]) !== null)
    return terminated(last);
  return isPresent(state["waiting"])
    ? { kind: "waiting", reason: words(waiting["reason"]), message: words(waiting["message"]) }
    : { kind: "unknown" };
}

function terminated(state: Fields): ContainerStateLike {
  return {
    kind: "terminated",
    exitCode: number(state["exitCode"]),
    signal: number(state["signal"]),
    reason: words(state["reason"]),
    message: words(state["message"]),
    startedAt: time(state["startedAt"]),
    finishedAt: time(state["finishedAt"]),
  };
}

function quantities(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields(value)).flatMap(([name, quantity]) => {
      const told = text(quantity) ?? (number(quantity) === null ? null : String(quantity));
      return told === null ? [] : [[name, told]];
    }),
  );
}
