import { disrupt, markDisrupted } from "./api/eviction.ts";
import type { Registry } from "./api/registry.ts";
import { UnknownObjectError } from "./errors.ts";
import type { ContainerUnit } from "./kubelet/container.ts";
import type { Kubelet } from "./kubelet/kubelet.ts";
import type { PodWorker } from "./kubelet/pod-worker.ts";
import type { EventRecorder } from "./controllers/events.ts";
import type { Pod } from "./objects/types.ts";
import type { KubeletControls, PodReference } from "./types.ts";

/** The hands on the nodes: what a test does to a container, a kubelet, a node. */
export function createKubeletControls(
  registry: Registry,
  kubelets: ReadonlyMap<string, Kubelet>,
  recorderFor: (node: string) => EventRecorder,
): KubeletControls {
  function nodes(name?: string): Kubelet[] {
    if (name === undefined) return [...kubelets.values()];
    const found = kubelets.get(name);
    if (found === undefined) throw new UnknownObjectError(`no node ${name}`);
    return [found];
  }

  function place({ namespace, name }: PodReference): { pod: Pod; kubelet: Kubelet; worker: PodWorker } {
    const pod = registry.store.get("pods", namespace, name) as Pod | undefined;
    const kubelet = kubelets.get(pod?.spec.nodeName ?? "");
    const worker = kubelet?.worker(pod?.metadata.uid ?? "");
    if (pod === undefined || kubelet === undefined || worker === undefined) {
      throw new UnknownObjectError(`pod ${namespace}/${name} is on no node`);
    }
    return { pod, kubelet, worker };
  }

  return {
    async rotateLogs(reference, container) {
      const { kubelet, worker } = place(reference);
      for (const unit of unitsOf(worker, container)) {
        const log = unit.log();
        if (log !== null) kubelet.rotate(log);
      }
    },
    async oomKill(reference, options = {}) {
      const { worker } = place(reference);
      exhaustMemory(unitsOf(worker, options.container), reference, options.child === true);
    },
    async evict(reference, options = {}) {
      const { pod, kubelet, worker } = place(reference);
      await evictPod(registry, pod, worker, recorderFor(kubelet.node.name), options);
    },
    async removeLogs(reference, container) {
      const { worker } = place(reference);
      for (const unit of unitsOf(worker, container)) unit.log()?.remove();
    },
    async restart(options = {}) {
      const chosen = nodes(options.node);
      for (const kubelet of chosen) kubelet.down();
      const milliseconds = options.downMilliseconds ?? 0;
      await new Promise<void>((resolve) => void registry.clock.after(milliseconds, resolve));
      for (const kubelet of chosen) kubelet.up();
    },
    async stop(node) {
      for (const kubelet of nodes(node)) kubelet.down();
    },
    async start(node) {
      for (const kubelet of nodes(node)) kubelet.up();
    },
    async loseNode(node) {
      for (const kubelet of nodes(node).slice(0, 1)) {
        kubelet.lose();
        registry.store.remove("nodes", "", kubelet.node.name);
        collectLostPods(registry, kubelet.node.name);
      }
    },
    stepClock(milliseconds, node) {
      for (const kubelet of nodes(node)) kubelet.node.nodeClock.step(milliseconds);
    },
    setClockGranularity(milliseconds, node) {
      for (const kubelet of nodes(node)) kubelet.node.nodeClock.setGranularity(milliseconds);
    },
    delayTerminated(milliseconds) {
      for (const kubelet of nodes()) kubelet.node.settings.terminatedDelayMilliseconds = milliseconds;
    },
    limitFollows(count) {
      for (const kubelet of nodes()) kubelet.node.settings.followLimit = count;
    },
  };
}

/** One of the pod's containers, or all of them. */
function unitsOf(worker: PodWorker, container?: string): readonly ContainerUnit[] {
  if (container === undefined) return worker.units;
  const unit = worker.unit(container);
  if (unit === undefined)
    throw new UnknownObjectError(`pod ${worker.pod.metadata.name} has no container ${container}`);
  return [unit];
}

/** As the kernel does it to the first container that runs: it kills the container's main process, or a child of it. */
function exhaustMemory(units: readonly ContainerUnit[], { name }: PodReference, child: boolean): void {
  const victim = units.find((unit) => unit.running() !== null);
  if (victim === undefined) throw new UnknownObjectError(`no container of ${name} runs`);
  victim.markOutOfMemory();
  if (!child) victim.running()?.kill();
}

/** As the kubelet does it when its node runs short of something. */
async function evictPod(
  registry: Registry,
  pod: Pod,
  worker: PodWorker,
  recorder: EventRecorder,
  options: Parameters<KubeletControls["evict"]>[1] = {},
): Promise<void> {
  const resource = options.resource ?? "memory";
  const message = options.message ?? `The node was low on resource: ${resource}. `;
  // Disk limits of the pod itself evict without the condition, as seen on the real cluster.
  if (resource === "memory") markDisrupted(registry, pod, { reason: "TerminationByKubelet", message });
  recorder.record(pod, { type: "Warning", reason: "Evicted", message });
  worker.stop(resource === "memory" ? 0 : 1, { reason: "Evicted", message });
  await worker.finished;
  worker.removeFiles();
}

/** As the pod garbage collector does it: nobody is left on the node to answer a graceful deletion. */
function collectLostPods(registry: Registry, node: string): void {
  const disruption = { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" };
  for (const pod of registry.store.list("pods") as Pod[]) {
    if (pod.spec.nodeName !== node) continue;
    const { namespace = "", name } = pod.metadata;
    registry.mutate<Pod>("pods", namespace, name, (draft) => {
      if (draft.status.phase !== "Succeeded") draft.status.phase = "Failed";
    });
    markDisrupted(registry, pod, disruption);
    disrupt(registry, namespace, name, disruption, { gracePeriodSeconds: 0 });
  }
}
