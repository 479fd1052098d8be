import { setCondition } from "../controllers/conditions.ts";
import { timestamp } from "../objects/time.ts";
import type { Pod } from "../objects/types.ts";
import { readFields } from "./body.ts";
import type { Exchange } from "./http/exchange.ts";
import type { DeleteOptions } from "./deletion.ts";
import type { Registry } from "./registry.ts";
import { resourceOf } from "./resources.ts";
import { notFound } from "./status.ts";

interface Disruption {
  readonly reason: string;
  readonly message: string;
}

const success = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

/** `POST …/pods/NAME/eviction`, what a drain does: told in a condition, then deleted with its grace. */
export async function serveEviction(
  registry: Registry,
  namespace: string,
  name: string,
  exchange: Exchange,
): Promise<object> {
  const body = (await readFields(exchange, (why) => `error decoding eviction: ${why}`)) as {
    deleteOptions?: DeleteOptions;
  };
  const options = body.deleteOptions ?? {};
  const isDryRun = exchange.query.get("dryRun") === "All" || options.dryRun?.includes("All") === true;
  if (isDryRun && registry.store.get("pods", namespace, name) !== undefined) return success;
  disrupt(
    registry,
    namespace,
    name,
    { reason: "EvictionByEvictionAPI", message: "Eviction API: evicting" },
    options,
  );
  return success;
}

/** Marks the pod as disrupted and deletes it. */
export function disrupt(
  registry: Registry,
  namespace: string,
  name: string,
  why: Disruption,
  options: DeleteOptions = {},
): void {
  const pod = registry.store.get("pods", namespace, name) as Pod | undefined;
  if (pod === undefined) throw notFound(resourceOf("pods"), name);
  const ended = pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
  if (!ended) markDisrupted(registry, pod, why);
  registry.remove(resourceOf("pods"), namespace, name, options);
}

export function markDisrupted(registry: Registry, pod: Pod, why: Disruption): void {
  registry.mutate<Pod>("pods", pod.metadata.namespace ?? "", pod.metadata.name, (draft) => {
    setCondition(
      (draft.status.conditions ??= []),
      {
        type: "DisruptionTarget",
        status: "True",
        ...why,
        lastProbeTime: null,
        observedGeneration: draft.metadata.generation ?? 1,
      },
      timestamp(registry.clock),
    );
  });
}
