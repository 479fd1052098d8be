import type { ClusterEvidence } from "../evidence/cluster.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type Fields, fields, isPresent, list, texts, words } from "../facts/read.ts";
import { isLostTrack } from "../naming/pod-reasons.ts";
import { signalName, signalOfExitCode } from "../words/signals.ts";
import { eventEvidence } from "./event.ts";
import { jobEvidence, nodeEvidence, nodeNameOf } from "./job-and-node.ts";
import { mainOf, podEvidence } from "./pod.ts";
import { rememberedPod } from "./remembered-pod.ts";

/** Objects as `kubectl get … -o json` prints them. All may be missing; of a `List` its items count. */
export interface KubernetesObjects {
  /**
   * Of several pods (a list) the newest is the one, the others are told as further ones. An empty list, or `null`: it was looked
   * for, and is not there. Left out: nothing is known of it.
   */
  readonly pod?: object | null;
  readonly job?: object | null;
  /** Events of core/v1 or of events.k8s.io/v1, in any order; those of other pods and Jobs are left out. */
  readonly events?: object | readonly object[] | null;
  readonly node?: object | null;
  /** The container that runs Claude. Default: the one that `kubectl` takes by default, else the first. */
  readonly container?: string;
  /** The last lines of its log, as `kubectl logs --tail=50` prints them. */
  readonly lastLines?: readonly string[];
}

/**
 * Evidence for `diagnose` from the objects in hand: nothing is asked of a cluster, and what the objects do not hold stays
 * unknown. Of a pod that is gone the events tell an eviction, a preemption and a drain. Add `summary` where the log was read
 * by `@claude-k8s/stream-parser`. A pod that is still running has no ending: the diagnosis then says so.
 */
export function evidenceOf(objects: KubernetesObjects): Evidence {
  const pods = items(objects.pod).toSorted((one, other) => created(one).localeCompare(created(other)));
  const events = items(objects.events)
    .map(eventEvidence)
    .toSorted((one, other) => (one.lastSeen ?? "").localeCompare(other.lastSeen ?? ""));
  const pod = pods.at(-1) ?? rememberedPod(events);
  const job = items(objects.job).at(-1) ?? null;
  const node = items(objects.node).at(-1) ?? null;
  const main = pod === null ? null : mainOf(pod, objects.container ?? null);
  const named = (object: Fields | null): string | null => words(fields(object?.["metadata"])["name"]);
  const owners = [...pods, ...(job === null ? [] : [job]), ...(node === null ? [] : [node])].map(named);
  const nodeName = nodeNameOf(pod, node);
  const seen: ClusterEvidence = {
    ...given("namespace", words(fields((pod ?? job)?.["metadata"])["namespace"])),
    ...given("jobName", named(job) ?? jobNameOf(pod)),
    ...((pod !== null || objects.pod !== undefined) && { pod: pod === null ? null : podEvidence(pod, main) }),
    otherPods: pods.slice(0, -1).map((other) => podEvidence(other, null)),
    job: job === null ? null : jobEvidence(job),
    events: events.filter(({ object }) => concerns(object, owners, nodeName)),
    node: node === null ? null : nodeEvidence(node),
    lastLines: texts(objects.lastLines),
  };
  const state = seen.pod?.containers?.find(({ init }) => init !== true)?.state;
  const exitCode = state?.kind === "terminated" ? (state.exitCode ?? null) : null;
  const known = isLostTrack(state?.reason ?? null, exitCode) ? null : exitCode;
  return {
    exit: {
      kind: "exited",
      exitCode: known,
      signal: signalName(state?.signal ?? null) ?? signalOfExitCode(known),
      evidence: seen,
    },
  };
}

function items(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap(items);
  if (!isPresent(value)) return [];
  const object = fields(value);
  const kind = words(object["kind"]) ?? "";
  return kind.endsWith("List") || (kind === "" && Array.isArray(object["items"]))
    ? list(object["items"]).filter(isPresent).map(fields)
    : [object];
}

function created(pod: Fields): string {
  return words(fields(pod["metadata"])["creationTimestamp"]) ?? "";
}

function jobNameOf(pod: Fields | null): string | null {
  const labels = fields(fields(pod?.["metadata"])["labels"]);
  return words(labels["batch.kubernetes.io/job-name"]) ?? words(labels["job-name"]);
}

/** `kubectl get events` prints a namespace's events, of everybody's objects. */
function concerns(
  object: string | undefined,
  owners: readonly (string | null)[],
  nodeName: string | null,
): boolean {
  const name = (object ?? "").split("/").slice(1).join("/");
  const known = owners.filter((owner) => owner !== null);
  return known.length === 0 || known.includes(name) || name === nodeName;
}

function given<Key extends string>(key: Key, value: string | null): { readonly [K in Key]?: string } {
  return value === null ? {} : ({ [key]: value } as { readonly [K in Key]?: string });
}
